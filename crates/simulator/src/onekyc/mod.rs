//! A strict stand-in for OneKYC: both API families, its storage, and the calls it makes.
//!
//! Purpose: refuses what the contract refuses, in its words; computes every result from the pictures it received; tells
//! results late, twice and out of order if asked. Invariant: shares no type with the client under test.
//! Deliberately lacks the vendor's hosted page, the certificate's life after a verification, and state at rest.

mod auth;
mod call;
mod callback;
mod card_reader;
mod control;
mod initiate;
mod judge;
mod platform;
mod refusal;
mod request;
mod results;
mod routes;
mod running;
mod settings;
mod state;
mod storage;
mod submissions;

pub use call::Call;
pub use card_reader::{CardReader, CardReading};
pub(crate) use control::router as control_router;
pub(crate) use platform::Platform;
pub(crate) use routes::router;
pub use running::OneKyc;
pub use settings::{Account, Behaviour, CallbackTarget, ForcedEnd, ReferenceSource, Spelling};
pub use state::{CallbackRow, RequestRow, SubmissionRow};
