//! The partner platforms, as a server calls them: OneKYC through `gateway`, Identity Platform by forwarding.
//!
//! Invariants: credentials and tokens leave only towards the configured hosts; no redirect is followed; an error names the
//! HTTP status and the platform's cause, never a body.

mod error;
mod http;
mod identity;
mod onekyc;
pub mod wire;

pub use error::PartnerError;
pub use identity::{Forwarded, IdentityPlatform};
pub use onekyc::{Contact, InitiateRequest, OneKyc, OneKycStartError, Person, Which};
