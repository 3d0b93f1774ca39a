//! Enrolment: a one-time code for a key.
//!
//! Invariant: a code is worth one kiosk, and only its digest is stored.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kiosk::{enrolment_text, verify};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::code::code_digest;
use super::error::{self, ApiError, ErrorBody};
use crate::app::App;
use crate::partner::OneKyc;
use crate::store::{Enrolled, NewKiosk};

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
    /// OneKYC's address, where this deployment uses it: the kiosk's own setting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub onekyc_base_url: Option<String>,
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
            let onekyc_base_url = app.onekyc.as_ref().map(OneKyc::base_url);
            Ok((StatusCode::CREATED, Json(EnrolmentResponse { kiosk_id: kiosk.id, label, onekyc_base_url })))
        }
        Enrolled::UnknownCode => Err(error::UNKNOWN_CODE),
        Enrolled::CodeUsed => Err(error::CODE_USED),
        Enrolled::CodeExpired => Err(error::CODE_EXPIRED),
    }
}
