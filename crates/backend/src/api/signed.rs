//! Requests that a kiosk signed.
//!
//! Invariant: a value of this type was sent once, lately, by an enrolled kiosk that is not revoked, with this body.

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use kiosk::{
    KIOSK_HEADER, NONCE_HEADER, SIGNATURE_HEADER, SignedParts, TIMESTAMP_HEADER, request_text, verify,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::error::{self, ApiError};
use crate::app::App;
use crate::store::Admission;

/// What most requests need.
pub(super) const SMALL_BYTES: usize = 64 * 1024;

/// A signed request of at most `MAX` bytes.
pub(super) struct Signed<const MAX: usize = SMALL_BYTES> {
    /// Who.
    pub(super) kiosk: Uuid,
    /// What.
    pub(super) body: Bytes,
}

impl<const MAX: usize> Signed<MAX> {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body).map_err(|_| error::MALFORMED)
    }
}

struct Claim {
    kiosk: Uuid,
    timestamp_ms: i64,
    nonce: Uuid,
    signature: String,
}

fn claim(headers: &HeaderMap) -> Option<Claim> {
    let text = |name: &str| headers.get(name)?.to_str().ok();
    Some(Claim {
        kiosk: text(KIOSK_HEADER)?.parse().ok()?,
        timestamp_ms: text(TIMESTAMP_HEADER)?.parse().ok()?,
        nonce: text(NONCE_HEADER)?.parse().ok()?,
        signature: text(SIGNATURE_HEADER)?.to_owned(),
    })
}

impl<const MAX: usize> FromRequest<Arc<App>> for Signed<MAX> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, ApiError> {
        let claim = claim(request.headers()).ok_or(error::UNSIGNED)?;
        let tolerance_ms = i64::from(app.config.kiosks.clock_tolerance_seconds) * 1000;
        let now_ms = app.now_ms();
        // The cheap check first: an old request is not worth reading.
        if now_ms.abs_diff(claim.timestamp_ms) > tolerance_ms.unsigned_abs() {
            return Err(error::CLOCK);
        }
        let key = app.kiosk_key(claim.kiosk).await?.ok_or(error::UNKNOWN_KIOSK)?;
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, MAX).await.map_err(|_| error::TOO_LARGE)?;
        let text = request_text(&SignedParts {
            method: parts.method.as_str(),
            path_and_query: parts.uri.path_and_query().map_or("/", |path| path.as_str()),
            body: &body,
            kiosk: claim.kiosk,
            timestamp_ms: claim.timestamp_ms,
            nonce: claim.nonce,
        });
        if !verify(&key, &text, &claim.signature) {
            return Err(error::BAD_SIGNATURE);
        }
        // Later than this the timestamp alone refuses it.
        let expires_ms = claim.timestamp_ms.saturating_add(2 * tolerance_ms);
        match app.store.admit(claim.kiosk, &claim.nonce.to_string(), expires_ms).await? {
            Admission::Admitted => Ok(Self { kiosk: claim.kiosk, body }),
            Admission::Replayed => Err(error::REPLAYED),
            Admission::Revoked => Err(error::REVOKED),
            Admission::Unknown => Err(error::UNKNOWN_KIOSK),
        }
    }
}
