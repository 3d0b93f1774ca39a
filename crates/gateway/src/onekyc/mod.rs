//! OneKYC: card scan, selfie liveness and identity verification over presigned uploads.
//!
//! The vendor's SDKs hide these calls; there is none for a desktop, so this is it. What its pages leave open or say in
//! two ways is noted where it matters. [`OneKyc`] is what a counter uses, with user tokens from a [`TokenSource`];
//! [`Direct`] is what a partner's server uses, with its credentials.
//!
//! Lacks on purpose: callbacks (a server's), screens, and the vendor's hosted page beyond its address.

mod answer;
mod client;
mod config;
mod details;
mod direct;
mod ending;
mod exchange;
mod failure;
mod initiate;
mod journey;
mod lenient;
mod next_action;
mod reason;
mod run;
mod schedule;
mod staged;
mod step;
mod token;
mod upload;
mod words;

pub use answer::{
    CardData, Confirmation, DocumentReport, StatusDecision, StatusReport, UiMessage, Unknown, UploadSlot,
    UploadTicket, decode_confirmation, decode_status, decode_ticket,
};
pub use client::{Confirmed, Family, OneKyc, OneKycError, Session, Upload};
pub use config::{OneKycConfig, UploadParams};
pub use details::{
    CertificateReport, CheckReport, IdentityReport, ImageLink, ReferenceReport, RejectionText,
    SubmissionDetails, decode_details,
};
pub use direct::{DetailsQuery, Direct, DirectConfig, UserTokenWay};
pub use ending::Ending;
pub use failure::{Failure, FailureClass, RefusalItem};
pub use journey::{Advance, Journey, JourneyStage, KeptSlot, Pictures, RunIds, ToldStatus};
pub use next_action::{NextAction, Observation, next_action};
pub use reason::{Advice, ReasonCode};
pub use run::{ContactKind, FlowRun, LaunchOptions, LaunchSource, LaunchTheme, VerifiedContact};
pub use schedule::{Jitter, PollParams, RetryParams};
pub use staged::{Ids, NoTokens, OneKycQueue, flow_of};
pub use step::StepContext;
pub use token::{Launch, Pending, Token, TokenSource, decode_launch, decode_token};
pub use words::{
    DocumentKey, DocumentStatus, ExitReason, Flow, RiskLevel, SubmissionResult, SubmissionStatus,
};
