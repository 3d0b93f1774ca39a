//! Forwarding a kiosk's calls to Identity Platform with our key.
//!
//! Invariants: only listed calls; a kiosk speaks of its own customers only, and the customers it makes become its own. The
//! body goes through as it is and is kept nowhere.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use serde::Deserialize;
use uuid::Uuid;

use super::error::{self, ApiError, ErrorBody};
use super::signed::Signed;
use crate::app::App;
use crate::partner::wire::is_id;

/// The contract bounds frames at 12 MB after base64; the rest of a bundle is small.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Calls that name their customer in the body.
const ABOUT_A_CUSTOMER: [&str; 5] = [
    "api/identity/document/ktp/challenge",
    "api/identity/document/ktp/capture",
    "api/identity/face/flash-challenge",
    "api/identity/face/liveness",
    "api/identity/auth/step-up",
];
const NEW_CUSTOMER: &str = "api/customers";
const KEY_CHECK: &str = "api/auth/me";
const TIER: &str = "api/identity/kyc/";
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What a call needs before it goes on.
#[derive(PartialEq, Eq, Debug)]
enum Call<'a> {
    /// Nothing.
    Free,
    /// Its answer names a new customer.
    NewCustomer,
    /// The customer in its path must be the kiosk's.
    AboutPath(&'a str),
    /// The customer in its body must be the kiosk's.
    AboutBody,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AboutWire {
    customer_id: String,
}

fn call<'a>(method: &Method, path: &'a str) -> Option<Call<'a>> {
    if *method == Method::GET {
        if path == KEY_CHECK {
            return Some(Call::Free);
        }
        return path.strip_prefix(TIER).filter(|id| is_id(id)).map(Call::AboutPath);
    }
    if *method != Method::POST {
        return None;
    }
    if path == NEW_CUSTOMER {
        return Some(Call::NewCustomer);
    }
    ABOUT_A_CUSTOMER.contains(&path).then_some(Call::AboutBody)
}

/// Forwards a call: the path below is the platform's own.
#[utoipa::path(post, path = "/kiosk/v1/identity/{path}", tag = "kiosk",
    params(("path" = String, Path, description = "For example `api/identity/document/ktp/capture`")),
    request_body = Object, security(("kiosk" = [])), responses(
    (status = 200, description = "As the platform answers, whatever its status", body = Object),
    (status = 401, description = "As for flows", body = ErrorBody),
    (status = 404, description = "`not_forwarded` or `no_such_customer`", body = ErrorBody),
    (status = 502, description = "`partner_unavailable`", body = ErrorBody),
))]
pub(super) async fn forward(
    State(app): State<Arc<App>>,
    Path(path): Path<String>,
    method: Method,
    headers: HeaderMap,
    signed: Signed<MAX_BYTES>,
) -> Result<Response<Body>, ApiError> {
    let identity = app.identity.as_ref().ok_or(error::NOT_FORWARDED)?;
    let call = call(&method, &path).ok_or(error::NOT_FORWARDED)?;
    match call {
        Call::Free | Call::NewCustomer => {}
        Call::AboutPath(customer) => check_owner(&app, customer, signed.kiosk).await?,
        Call::AboutBody => {
            let about: AboutWire = signed.json()?;
            check_owner(&app, &about.customer_id, signed.kiosk).await?;
        }
    }
    let passed_on = passed_on(&headers);
    let answer = identity.forward(method, &path, passed_on, signed.body).await?;
    if call == Call::NewCustomer && (200..300).contains(&answer.http) {
        let id = customer_id(&answer.body).ok_or(error::PARTNER_REFUSES)?;
        app.store.claim_customer(&id, signed.kiosk).await?;
    }
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.http).unwrap_or(StatusCode::BAD_GATEWAY);
    *response.headers_mut() = answer.headers;
    Ok(response)
}

async fn check_owner(app: &App, customer: &str, kiosk: Uuid) -> Result<(), ApiError> {
    let owner = app.store.customer_owner(customer).await?;
    if owner == Some(kiosk) { Ok(()) } else { Err(error::NO_SUCH_CUSTOMER) }
}

fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let mut passed = HeaderMap::new();
    for name in [header::CONTENT_TYPE, header::HeaderName::from_static(IDEMPOTENCY_KEY)] {
        if let Some(value) = headers.get(&name) {
            passed.insert(name, value.clone());
        }
    }
    passed
}

/// Bare or under `data`.
fn customer_id(body: &[u8]) -> Option<String> {
    let root: serde_json::Value = serde_json::from_slice(body).ok()?;
    let id = root.get("id").or_else(|| root.get("data")?.get("id"))?.as_str()?;
    is_id(id).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_calls_are_forwarded() {
        #[track_caller]
        fn check(method: Method, path: &str, expected: Option<Call<'_>>) {
            assert_eq!(call(&method, path), expected, "{method} {path}");
        }
        check(Method::POST, "api/customers", Some(Call::NewCustomer));
        check(Method::POST, "api/identity/document/ktp/capture", Some(Call::AboutBody));
        check(Method::GET, "api/identity/kyc/cus_1", Some(Call::AboutPath("cus_1")));
        check(Method::GET, "api/auth/me", Some(Call::Free));
        check(Method::GET, "api/identity/kyc/cus_1/history", None);
        check(Method::GET, "api/identity/kyc/", None);
        check(Method::GET, "api/customers", None);
        check(Method::POST, "api/identity/nik/dukcapil", None);
        check(Method::DELETE, "api/customers", None);
        check(Method::POST, "api/../admin", None);
    }

    #[test]
    fn new_customers_are_read_bare_and_wrapped() {
        assert_eq!(customer_id(br#"{"id":"cus_1"}"#).as_deref(), Some("cus_1"));
        assert_eq!(customer_id(br#"{"data":{"id":"cus_1"}}"#).as_deref(), Some("cus_1"));
        assert_eq!(customer_id(br#"{"data":{"id":"a b"}}"#), None);
        assert_eq!(customer_id(b"<html>"), None);
    }
}
