//! Partner platforms behind one port.
//!
//! [`Gateway`] is what the rest of the application knows of any partner: ask for a challenge, hand
//! in a signed [`Submission`], get a [`Receipt`] or a [`Rejection`], and find out afterwards
//! whether a submission arrived whose answer was lost. [`StagedGateway`] is the same for partners that take a capture in
//! steps, each of which can be made again. Each partner lives in a module of its own
//! with its own wire structs, blind to the others.
//!
//! Invariants: no panic on anything a partner sends; no secret, document or partner's text in
//! `Debug`, logs or messages; nothing is sent unencrypted except to this machine itself.
//! Lacks on purpose: queueing, waiting for a better moment, and repeating beyond what a partner's own contract asks for
//! within one call; those are decisions of `sync`.

mod challenge;
mod customer;
mod endpoint;
pub mod identity_platform;
mod local_customer;
pub mod onekyc;
mod port;
mod receipt;
mod rejection;
mod retry_after;
mod staged;
mod standing;
mod submission;
pub mod transport;
mod upload;
mod word;

pub use challenge::{ChallengePurpose, ChallengeRequest, FlashChallenge, Rgb};
pub use customer::{CustomerTier, NewCustomer, VerificationRow};
pub use endpoint::{Endpoint, EndpointError};
pub use local_customer::{is_local_customer, local_customer_id};
pub use port::{Answer, Clock, Gateway};
pub use receipt::{
    AssuranceTier, FaceReceipt, FlashDropped, FusedCheck, KycLevel, Receipt, ReceiptOrigin, Verdict,
    VerificationStatus, Voter,
};
pub use rejection::{BlockReason, LossReason, PartnerText, PermanentReason, Rejection, RetryReason};
pub use staged::{Stage, StagedGateway, Step};
pub use standing::Standing;
pub use submission::{ChallengeSecret, Grant, Part, Selfie, Submission, SubmissionError};
pub use upload::Upload;
