//! The control API's answers.
//! Invariant: a refusal has the same `{"error":…}` form as the partner API's.
//! Deliberately lacks envelopes.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};

use crate::api::ApiError;

/// Why a control call failed.
pub struct Refusal {
    status: StatusCode,
    body: Value,
}

/// A control answer.
pub type Reply = Result<Json<Value>, Refusal>;

impl Refusal {
    /// A refusal with a text.
    pub fn new(status: StatusCode, text: &str) -> Self {
        Self { status, body: json!({"error": text}) }
    }

    /// A refusal that a partner endpoint would give.
    pub fn from_api(error: ApiError) -> Self {
        Self { status: error.status(), body: error.body() }
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        tracing::error!(%error, "control call");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal error")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

/// 404 for a named kind of thing.
pub fn not_found(what: &str) -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, &format!("{what} not found"))
}

/// A list of rows as `{"data":[…],"total":n}`.
pub fn rows<T: Serialize>(found: anyhow::Result<Vec<T>>) -> Reply {
    let found = found?;
    let total = found.len();
    Ok(Json(json!({"data": found, "total": total})))
}
