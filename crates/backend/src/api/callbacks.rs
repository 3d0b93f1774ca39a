//! Callbacks of OneKYC.
//!
//! Invariants: answered with 200 only once the hint is on the disk, and before anything is done about it; nothing of the body
//! but ids and words is kept. They are not signed, so they are believed in nothing: see `worker`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};

use super::error::{self, ApiError, ErrorBody};
use super::origin::check_caller;
use crate::app::App;
use crate::partner::wire::{Details, decode_callback};
use crate::store::NewHint;

/// A submission of the digital identity family has moved.
#[utoipa::path(post, path = "/coe/submissions-callback", tag = "platform", request_body = Object,
    security(("callback" = [])), responses(
    (status = 200, description = "Kept, or known"),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 401, description = "`caller_unproven`", body = ErrorBody),
    (status = 403, description = "`foreign_caller`", body = ErrorBody),
))]
pub(super) async fn coe(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    receive(&app, peer, &headers, &body).await
}

/// A submission of the certificate family has moved. `PUT` and `PATCH` do the same: the method is the partner's choice.
#[utoipa::path(post, path = "/esign/submissions-callback", tag = "platform", request_body = Object,
    security(("callback" = [])), responses(
    (status = 200, description = "Kept, or known"),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 401, description = "`caller_unproven`", body = ErrorBody),
    (status = 403, description = "`foreign_caller`", body = ErrorBody),
))]
pub(super) async fn esign(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    receive(&app, peer, &headers, &body).await
}

async fn receive(
    app: &App,
    peer: SocketAddr,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<StatusCode, ApiError> {
    let hint = check_caller(app, peer, headers)
        .and_then(|()| decode_callback(body).ok().and_then(hint).ok_or(error::MALFORMED));
    let hint = match hint {
        Ok(hint) => hint,
        Err(refusal) => {
            app.metrics.hint("callback", "refused");
            return Err(refusal);
        }
    };
    let is_kept = app.store.keep_hint(&hint, app.now_ms()).await?;
    app.metrics.hint("callback", if is_kept { "kept" } else { "duplicate" });
    app.due.notify_one();
    Ok(StatusCode::OK)
}

/// The key is submission, status and result: a submission may be told of more than once as it moves.
fn hint(details: Details) -> Option<NewHint> {
    if details.submission_id.is_none() && details.session.is_none() {
        return None;
    }
    let status = details.verdict.as_ref().map_or("", |verdict| verdict.status.word());
    let judgement = details.verdict.as_ref().and_then(|verdict| verdict.judgement);
    let result = judgement.map_or("", |judgement| judgement.word());
    let session = details.session.map(|session| session.to_string()).unwrap_or_default();
    let about = details.submission_id.as_deref().unwrap_or(&session);
    Some(NewHint::Submission {
        dedupe_key: format!("callback:{about}:{status}:{result}"),
        flow: details.session,
        submission_id: details.submission_id,
    })
}
