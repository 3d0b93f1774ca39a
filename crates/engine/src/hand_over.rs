//! Hand-over codes at the partner's backend: the way in for links that carry no token.
//!
//! Invariant: a code goes to the backend this machine is enrolled at, and to no other. Deliberately absent: what a launch
//! may name, which is checked where launches come together.

use kiosk::{ClientError, KioskClient};
use launch::{HandOver, HandOverCode, HandOverError, LaunchRequest, PlatformRefusal, Redeeming};
use secrecy::ExposeSecret as _;

use crate::installation::{ConnectError, Installation};

/// Redeems at the partner's backend.
struct AtBackend(KioskClient);

impl HandOver for AtBackend {
    fn redeem<'a>(&'a self, code: &'a HandOverCode) -> Redeeming<'a> {
        Box::pin(async move {
            let request = self.0.redeem(code.reveal()).await.map_err(hand_over_error)?;
            Ok(LaunchRequest::parse(request.expose_secret().as_bytes())?)
        })
    }
}

/// The backend's word is told as the cause: it is one of a closed set, its sentence is not.
fn hand_over_error(error: ClientError) -> HandOverError {
    let refused = |http, cause: String| {
        HandOverError::Refused(PlatformRefusal { http, code: "BACKEND".to_owned(), cause })
    };
    match error {
        ClientError::Unreachable(_) => HandOverError::Unreachable,
        ClientError::Refused(refusal) => refused(refusal.http, refusal.code),
        ClientError::Unreadable => refused(502, "unreadable".to_owned()),
    }
}

impl Installation {
    /// What redeems hand-over codes; connects to nothing yet.
    pub fn hand_over(&self) -> Result<impl HandOver + use<>, ConnectError> {
        Ok(AtBackend(self.kiosk()?))
    }
}
