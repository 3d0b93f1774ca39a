//! Refusals in the documented form: `{"error":…}`, with `details.fieldErrors` for validation alone.
//! Invariant: texts name fields and rules, never the values that were sent.
//! Deliberately lacks error codes: the contract has none.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

/// Complaints per field path (`bundle.frames.0`).
#[derive(Debug, Default)]
pub struct FieldErrors(BTreeMap<String, Vec<String>>);

impl FieldErrors {
    /// Adds a complaint.
    pub fn push(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.0.entry(field.into()).or_default().push(text.into());
    }

    /// Whether nobody complained.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A single complaint.
    pub fn one(field: &str, text: &str) -> Self {
        let mut errors = Self::default();
        errors.push(field, text);
        errors
    }
}

/// Why a request was refused.
#[derive(Debug)]
pub enum ApiError {
    /// The body is not what the contract asks for.
    Validation(FieldErrors),
    /// The body is no JSON object.
    NotJson,
    /// No key, an unknown key, or a key in the query string.
    Unauthorized,
    /// The key lacks a scope.
    MissingScope(&'static str),
    /// The organisation lacks a capability.
    CapabilityDisabled,
    /// No such thing.
    NotFound(&'static str),
    /// Conflicts with what is stored.
    Conflict(&'static str),
    /// Over a size limit.
    TooLarge,
    /// Not JSON by its content type.
    MediaType,
    /// A business rule.
    Rule(&'static str),
    /// Too many requests in this minute.
    RateLimited { bucket: &'static str, limit: u32, retry_after_s: u64 },
    /// A fault rule said so.
    Injected { status: u16, retry_after_s: Option<u64> },
    /// Our own failure.
    Internal(anyhow::Error),
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(error)
    }
}

impl ApiError {
    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) | Self::NotJson => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::MissingScope(_) | Self::CapabilityDisabled => StatusCode::FORBIDDEN,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Rule(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Injected { status, .. } => {
                StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
            }
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds for `Retry-After`.
    pub fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::RateLimited { retry_after_s, .. } => Some(*retry_after_s),
            Self::Injected { retry_after_s, .. } => *retry_after_s,
            Self::Validation(_)
            | Self::NotJson
            | Self::Unauthorized
            | Self::MissingScope(_)
            | Self::CapabilityDisabled
            | Self::NotFound(_)
            | Self::Conflict(_)
            | Self::TooLarge
            | Self::MediaType
            | Self::Rule(_)
            | Self::Internal(_) => None,
        }
    }

    /// JSON body.
    pub fn body(&self) -> Value {
        match self {
            Self::Validation(errors) => {
                json!({"error": "validation failed", "details": {"fieldErrors": errors.0}})
            }
            Self::NotJson => json!({"error": "request body is not a JSON object"}),
            Self::Unauthorized => json!({"error": "missing or invalid Bearer"}),
            Self::MissingScope(scope) => json!({"error": format!("missing scope: {scope}")}),
            Self::CapabilityDisabled => json!({"error": "org capability disabled"}),
            Self::NotFound(what) => json!({"error": format!("{what} not found")}),
            Self::Conflict(text) | Self::Rule(text) => json!({"error": text}),
            Self::TooLarge => json!({"error": "request too large"}),
            Self::MediaType => json!({"error": "unsupported media type, send application/json"}),
            Self::RateLimited { bucket, limit, .. } => {
                json!({"error": "rate limit exceeded", "bucket": bucket, "limit": limit})
            }
            Self::Injected { status: 429, .. } => {
                json!({"error": "rate limit exceeded", "bucket": "org", "limit": 0})
            }
            Self::Injected { .. } | Self::Internal(_) => json!({"error": "internal error"}),
        }
    }
}
