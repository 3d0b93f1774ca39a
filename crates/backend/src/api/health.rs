//! For monitoring; not to be reached from outside.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use super::error::{self, ApiError};
use crate::app::App;

/// The process runs.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, description = "It runs")))]
pub(super) async fn alive() -> StatusCode {
    StatusCode::OK
}

/// It can serve: its database answers and it was not told to stop.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses(
    (status = 200, description = "It can serve"),
    (status = 503, description = "`store_unavailable`: send nothing here", body = error::ErrorBody),
))]
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<StatusCode, ApiError> {
    if *app.stopping.borrow() {
        return Err(error::STORE_UNAVAILABLE);
    }
    app.store.ping().await?;
    Ok(StatusCode::OK)
}

/// Counters, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses(
    (status = 200, description = "OpenMetrics text", body = String),
))]
pub(super) async fn metrics(State(app): State<Arc<App>>) -> Result<impl IntoResponse, ApiError> {
    let (overdue, _) = app.store.backlog(app.now_ms()).await?;
    app.metrics.overdue.set(overdue);
    let minted = app.onekyc.as_ref().map_or(0, |onekyc| onekyc.tokens_minted());
    app.metrics.tokens_minted.set(i64::try_from(minted).unwrap_or(i64::MAX));
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], app.metrics.text()))
}
