//! The picture of a person's card, for the platform's comparison with a selfie. Experimental: the platform's own contract
//! for this call is not published.
//!
//! Invariant: no picture and no address is stored; the address is asked for at the platform and handed through.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{self, ApiError, ErrorBody};
use super::origin::check_caller;
use crate::app::App;
use crate::flow::{Family, FlowKind};
use crate::partner::wire::is_id;
use crate::partner::{OneKyc, PartnerError, Person, Which};

/// What a picture of a card may be called.
const CARD_KEYS: [&str; 2] = ["ktp", "ktp_front"];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReferenceRequest {
    partner_user_id: String,
    partner_user_id_type: String,
}

/// Where the picture of a person's card is.
#[utoipa::path(post, path = "/coe/reference-image", tag = "platform", request_body = Object,
    security(("callback" = [])), responses(
    (status = 200, description = "`{success, data: {referenceImageUrl}}`", body = Object),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 401, description = "`caller_unproven`", body = ErrorBody),
    (status = 403, description = "`foreign_caller`", body = ErrorBody),
    (status = 404, description = "`no_reference_image`", body = ErrorBody),
))]
pub(super) async fn image(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    check_caller(&app, peer, &headers)?;
    let request: ReferenceRequest = serde_json::from_slice(&body).map_err(|_| error::MALFORMED)?;
    if !is_id(&request.partner_user_id) || !is_id(&request.partner_user_id_type) {
        return Err(error::MALFORMED);
    }
    let onekyc = app.onekyc.as_ref().ok_or(error::NO_REFERENCE)?;
    let person = Person { user_id: request.partner_user_id, user_id_type: request.partner_user_id_type };
    let url = find(&app, onekyc, &person).await?;
    Ok(Json(json!({"success": true, "data": {"referenceImageUrl": url}})))
}

/// The card of the person's newest scan that passed.
pub(super) async fn find(app: &App, onekyc: &OneKyc, person: &Person) -> Result<String, ApiError> {
    let submission = app.store.latest_valid(&person.user_id, &person.user_id_type, FlowKind::KtpScan).await?;
    let submission = submission.ok_or(error::NO_REFERENCE)?;
    let which = Which::Submission(&submission);
    let mut details = match onekyc.details(Family::Coe, which, Some(person)).await {
        Err(PartnerError::NotFound) => return Err(error::NO_REFERENCE),
        other => other?,
    };
    if details.submission_id.as_ref().is_some_and(|told| *told != submission) {
        return Err(error::NO_REFERENCE);
    }
    CARD_KEYS.iter().find_map(|key| details.image_urls.remove(*key)).ok_or(error::NO_REFERENCE)
}
