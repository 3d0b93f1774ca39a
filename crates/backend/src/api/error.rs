//! Refusals.
//!
//! Invariant: a fixed code and a fixed sentence each; nothing of the request is repeated.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::partner::PartnerError;
use crate::store::StoreError;

/// A refusal, ready to be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ApiError {
    http: StatusCode,
    code: &'static str,
    detail: &'static str,
}

/// A refusal as it travels.
#[derive(Serialize, utoipa::ToSchema)]
pub struct ErrorBody {
    /// A word to act on.
    #[schema(example = "kiosk_revoked")]
    pub code: &'static str,
    /// A sentence for a log.
    pub detail: &'static str,
}

macro_rules! refusals {
    ($($name:ident = $http:ident $code:literal $detail:literal;)*) => {
        $(pub(super) const $name: ApiError =
            ApiError { http: StatusCode::$http, code: $code, detail: $detail };)*

        /// Every refusal there is.
        #[cfg(test)]
        const ALL: &[ApiError] = &[$($name),*];
    };
}

refusals! {
    NO_SUCH_ROUTE = NOT_FOUND "no_such_route" "there is nothing here";
    MALFORMED = BAD_REQUEST "malformed" "the request is not the documented one";
    TOO_LARGE = PAYLOAD_TOO_LARGE "too_large" "the body is larger than allowed";
    UNSIGNED = UNAUTHORIZED "unsigned" "the headers of a signed request are missing or malformed";
    UNKNOWN_KIOSK = UNAUTHORIZED "unknown_kiosk" "no such kiosk is enrolled; enrol it again";
    BAD_SIGNATURE = UNAUTHORIZED "bad_signature" "the signature does not belong to this request";
    CLOCK = UNAUTHORIZED "clock" "the kiosk's clock is too far off; see the Date header";
    REPLAYED = UNAUTHORIZED "replayed" "this request was received before";
    REVOKED = FORBIDDEN "kiosk_revoked" "this kiosk was revoked by an operator";
    UNKNOWN_CODE = FORBIDDEN "unknown_code" "there is no such code";
    CODE_USED = FORBIDDEN "code_used" "the code was used before";
    CODE_EXPIRED = FORBIDDEN "code_expired" "the code has lapsed";
    FOREIGN_CODE = FORBIDDEN "code_of_another_kiosk" "the code was made for another kiosk";
    NO_SUCH_KIOSK = NOT_FOUND "no_such_kiosk" "no kiosk of this name or id is enrolled";
    KIOSK_AMBIGUOUS = CONFLICT "kiosk_ambiguous" "several kiosks have this name; give the id";
    BAD_PROOF = FORBIDDEN "bad_proof" "the kiosk does not prove that it holds the key";
    NOT_OFFERED = NOT_FOUND "flow_not_offered" "this deployment does not offer this flow";
    CONTACT_NEEDED = BAD_REQUEST "contact_needed" "this flow needs a verified phone number or e-mail address";
    ID_TAKEN = CONFLICT "correlation_id_taken" "the correlation id belongs to another flow";
    FLOW_SPENT = CONFLICT "flow_spent" "the platform has seen this correlation id; begin again with a new one";
    NO_SUCH_FLOW = NOT_FOUND "no_such_flow" "this kiosk has no such flow";
    NOT_FORWARDED = NOT_FOUND "not_forwarded" "this call is not forwarded";
    NO_SUCH_CUSTOMER = NOT_FOUND "no_such_customer" "this kiosk has no such customer";
    QUOTA = TOO_MANY_REQUESTS "quota_exceeded" "the platform allows this person no further attempt";
    FOREIGN_CALLER = FORBIDDEN "foreign_caller" "callbacks come from elsewhere";
    CALLER_UNPROVEN = UNAUTHORIZED "caller_unproven" "the agreed headers or the signature are missing or wrong";
    STALE = UNAUTHORIZED "stale" "the time of the delivery is too far off";
    NO_REFERENCE = NOT_FOUND "no_reference_image" "there is no picture of this person's card";
    PARTNER_UNAVAILABLE = BAD_GATEWAY "partner_unavailable" "the platform does not answer; try again later";
    PARTNER_CREDENTIALS = BAD_GATEWAY "partner_credentials" "the platform refuses the backend; tell the operator";
    PARTNER_REFUSES = BAD_GATEWAY "partner_refuses" "the platform refuses the request";
    STORE_UNAVAILABLE = SERVICE_UNAVAILABLE "store_unavailable" "the backend's database does not answer; try again";
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(ErrorBody { code: self.code, detail: self.detail });
        let mut answer = (self.http, body).into_response();
        if self.http == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        answer
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store");
        STORE_UNAVAILABLE
    }
}

impl From<PartnerError> for ApiError {
    fn from(error: PartnerError) -> Self {
        tracing::warn!(%error, "a kiosk's request");
        match error {
            PartnerError::Unreachable | PartnerError::Unavailable { .. } | PartnerError::Unreadable => {
                PARTNER_UNAVAILABLE
            }
            PartnerError::Credentials { .. } => PARTNER_CREDENTIALS,
            PartnerError::SessionSpent => FLOW_SPENT,
            PartnerError::QuotaExceeded => QUOTA,
            PartnerError::NotFound | PartnerError::Refused { .. } => PARTNER_REFUSES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_to_operators() {
        let guide = include_str!("../../../../docs/backend.md");
        let missing: Vec<_> =
            ALL.iter().filter(|error| !guide.contains(&format!("`{}`", error.code))).collect();
        assert!(missing.is_empty(), "docs/backend.md lacks {missing:?}");
    }

    #[test]
    fn every_code_is_one_of_a_kind() {
        let mut codes: Vec<&str> = ALL.iter().map(|error| error.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        assert!(ALL.iter().all(|error| error.http.is_client_error() || error.http.is_server_error()));
    }
}
