//! The port to the partner's backend: a one-time code for a launch request.

use std::future::Future;
use std::pin::Pin;

use crate::ending::{Ending, PlatformRefusal};
use crate::link::HandOverCode;
use crate::request::{LaunchRequest, RequestError};

/// A pending answer of the backend.
pub type Redeeming<'a> = Pin<Box<dyn Future<Output = Result<LaunchRequest, HandOverError>> + Send + 'a>>;

/// Redeems codes. A code is good once, also if the answer is lost.
pub trait HandOver: Send + Sync {
    /// The launch behind a code.
    fn redeem<'a>(&'a self, code: &'a HandOverCode) -> Redeeming<'a>;
}

/// Why there is no launch behind a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandOverError {
    /// No connection to the backend.
    #[error("the partner's backend cannot be reached")]
    Unreachable,
    /// Unknown, spent, expired, or not for this kiosk.
    #[error("the partner's backend refuses the code ({})", .0.http)]
    Refused(PlatformRefusal),
    /// The backend answered with what is no launch request.
    #[error("the partner's backend answered with no launch request: {0}")]
    Unreadable(#[from] RequestError),
}

impl From<HandOverError> for Ending {
    fn from(error: HandOverError) -> Self {
        match error {
            HandOverError::Unreachable => Self::Unreachable,
            HandOverError::Refused(refusal) => Self::Refused(refusal),
            HandOverError::Unreadable(error) => Self::Malformed(error.to_string()),
        }
    }
}
