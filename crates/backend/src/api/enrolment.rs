//! Enrolment: a one-time code for a key.
//!
//! Invariant: a code is worth one kiosk, and only its digest is stored. It has 80 random bits, so guessing is hopeless and
//! needs no lock-out that a stranger could trigger.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::error::{self, ApiError, ErrorBody};
use crate::app::App;
use crate::kiosk::{enrolment_text, verify};
use crate::store::{Enrolled, NewKiosk};

/// Crockford's alphabet: no I, L, O or U, so it can be read out.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH: usize = 16;
const PUBLIC_KEY_BYTES: usize = 32;

/// What a new kiosk presents.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EnrolmentRequest {
    /// As the operator read it out; hyphens, spaces and case do not count.
    #[schema(example = "0000-0000-0000-0000")]
    pub code: String,
    /// Ed25519, 32 bytes, base64.
    pub public_key: String,
    /// Signature of `loket-enrolment-v1\n{code}\n{publicKey}`, base64.
    pub proof: String,
}

/// What it gets.
#[derive(Deserialize, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EnrolmentResponse {
    /// To be named in every request.
    pub kiosk_id: Uuid,
    /// What the operator calls it.
    pub label: String,
}

/// A fresh code, in groups of four. `None` if the system has no randomness.
#[must_use]
pub fn new_code() -> Option<String> {
    let mut bytes = [0_u8; CODE_LENGTH];
    getrandom::fill(&mut bytes).ok()?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Some(groups.join("-"))
}

/// The digest of a code, however it was typed. `None` if it is none.
#[must_use]
pub fn code_digest(code: &str) -> Option<String> {
    let mut plain = String::new();
    for letter in code.chars().filter(|letter| !letter.is_whitespace() && *letter != '-') {
        plain.push(match letter.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
    }
    let is_code = plain.len() == CODE_LENGTH && plain.bytes().all(|byte| ALPHABET.contains(&byte));
    is_code.then(|| hex::encode(Sha256::digest(plain.as_bytes())))
}

/// Presents a code.
#[utoipa::path(post, path = "/kiosk/v1/enrolment", tag = "kiosk", request_body = EnrolmentRequest, responses(
    (status = 201, description = "Enrolled", body = EnrolmentResponse),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 403, description = "`unknown_code`, `code_used`, `code_expired` or `bad_proof`", body = ErrorBody),
))]
pub(super) async fn enrol(
    State(app): State<Arc<App>>,
    body: Bytes,
) -> Result<(StatusCode, Json<EnrolmentResponse>), ApiError> {
    let request: EnrolmentRequest = serde_json::from_slice(&body).map_err(|_| error::MALFORMED)?;
    let digest = code_digest(&request.code).ok_or(error::UNKNOWN_CODE)?;
    let public_key = STANDARD.decode(&request.public_key).map_err(|_| error::MALFORMED)?;
    if public_key.len() != PUBLIC_KEY_BYTES {
        return Err(error::MALFORMED);
    }
    if !verify(&public_key, &enrolment_text(&request.code, &request.public_key), &request.proof) {
        return Err(error::BAD_PROOF);
    }
    let kiosk = NewKiosk { id: Uuid::new_v4(), public_key };
    match app.store.enrol(&digest, &kiosk, app.now_ms()).await? {
        Enrolled::Done { label } => {
            tracing::info!(kiosk = %kiosk.id, "enrolled");
            Ok((StatusCode::CREATED, Json(EnrolmentResponse { kiosk_id: kiosk.id, label })))
        }
        Enrolled::UnknownCode => Err(error::UNKNOWN_CODE),
        Enrolled::CodeUsed => Err(error::CODE_USED),
        Enrolled::CodeExpired => Err(error::CODE_EXPIRED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_survive_being_read_out() {
        let code = new_code().unwrap();
        assert_eq!(code.len(), 19);
        assert_ne!(code, new_code().unwrap());
        let spoken = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(code_digest(&code), code_digest(&spoken));
        assert!(code_digest(&code).is_some());
        assert_eq!(code_digest("0000-0000-0000"), None);
        assert_eq!(code_digest("0000-0000-0000-000U"), None);
    }
}
