//! Webhooks of Identity Platform.
//!
//! Invariants: the signature is checked over the raw bytes, before they are parsed, and in constant time; where both
//! families of headers are sent, both must be right; an event counts once. What it says is read again at the platform.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use sha2::Sha256;

use super::error::{self, ApiError, ErrorBody};
use crate::app::App;
use crate::partner::wire::is_id;
use crate::store::NewHint;

const SIGNATURE_HEADERS: [&str; 2] = ["x-quantum-signature", "x-identity-signature"];
const TIMESTAMP_HEADER: &str = "x-quantum-timestamp";
/// The time is not signed; this only stops an old delivery from being sent again by whoever recorded it with its headers.
const TOLERANCE_SECONDS: i64 = 300;

#[derive(Deserialize)]
struct EventWire {
    id: String,
    event: String,
    data: DataWire,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DataWire {
    customer_id: Option<String>,
}

/// An event of Identity Platform.
#[utoipa::path(post, path = "/identity/webhooks", tag = "platform", request_body = Object,
    security(("webhook" = [])), responses(
    (status = 200, description = "Kept, known, or of no concern"),
    (status = 400, description = "`malformed`", body = ErrorBody),
    (status = 401, description = "`caller_unproven` or `stale`", body = ErrorBody),
))]
pub(super) async fn receive(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let secret = app.identity.as_ref().and_then(|identity| identity.webhook_secret());
    let event = authentic(secret, &headers, &body, app.now_ms() / 1000)
        .and_then(|()| serde_json::from_slice::<EventWire>(&body).map_err(|_| error::MALFORMED))
        .and_then(|event| if is_id(&event.id) { Ok(event) } else { Err(error::MALFORMED) });
    let event = match event {
        Ok(event) => event,
        Err(refusal) => {
            app.metrics.hint("webhook", "refused");
            return Err(refusal);
        }
    };
    let customer = event.data.customer_id.filter(|id| is_id(id));
    let Some(customer_id) = customer.filter(|_| event.event != "webhook.test") else {
        app.metrics.hint("webhook", "kept");
        return Ok(StatusCode::OK);
    };
    let hint = NewHint::Customer { dedupe_key: format!("webhook:{}", event.id), customer_id };
    let is_kept = app.store.keep_hint(&hint, app.now_ms()).await?;
    app.metrics.hint("webhook", if is_kept { "kept" } else { "duplicate" });
    app.due.notify_one();
    Ok(StatusCode::OK)
}

fn authentic(
    secret: Option<&SecretString>,
    headers: &HeaderMap,
    body: &[u8],
    now_s: i64,
) -> Result<(), ApiError> {
    let secret = secret.ok_or(error::CALLER_UNPROVEN)?;
    let signatures: Vec<_> = SIGNATURE_HEADERS.iter().flat_map(|name| headers.get_all(*name)).collect();
    let is_right = |value: &&axum::http::HeaderValue| verifies(secret, value.as_bytes(), body);
    if signatures.is_empty() || !signatures.iter().all(is_right) {
        return Err(error::CALLER_UNPROVEN);
    }
    let Some(timestamp) = headers.get(TIMESTAMP_HEADER) else { return Ok(()) };
    let timestamp: Option<i64> = timestamp.to_str().ok().and_then(|text| text.parse().ok());
    let is_now = timestamp.is_some_and(|at| now_s.abs_diff(at) <= TOLERANCE_SECONDS.unsigned_abs());
    if is_now { Ok(()) } else { Err(error::STALE) }
}

/// `sha256=` and 64 hexadecimal digits; the comparison is constant in time.
fn verifies(secret: &SecretString, header: &[u8], body: &[u8]) -> bool {
    let Some(digits) = header.strip_prefix(b"sha256=") else { return false };
    let mut claimed = [0_u8; 32];
    if hex::decode_to_slice(digits, &mut claimed).is_err() {
        return false;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of any length");
    mac.update(body);
    mac.verify_slice(&claimed).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_0001","event":"webhook.test","occurredAt":"2026-09-01T04:00:00.000Z","orgId":"org_0001","data":{"source":"test"}}"#;
    const RIGHT: &str = "sha256=f97f321d136a10120da94a58062269f5bf6e33ef9001a1fbc54ed6a0f7ef774d";

    fn secret() -> SecretString {
        SecretString::from("whsec_EXAMPLEONLY")
    }

    #[test]
    fn both_families_count_and_both_must_be_right() {
        #[track_caller]
        fn check(headers: &[(&'static str, &str)], expected: Result<(), ApiError>) {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, value.parse().unwrap());
            }
            assert_eq!(authentic(Some(&secret()), &map, BODY, 1_800_000_000), expected, "{headers:?}");
        }
        let wrong = RIGHT.replace('f', "0");
        check(&[("x-identity-signature", RIGHT)], Ok(()));
        check(&[("x-quantum-signature", RIGHT), ("x-quantum-timestamp", "1800000299")], Ok(()));
        check(&[("x-quantum-signature", RIGHT), ("x-identity-signature", RIGHT)], Ok(()));
        check(
            &[("x-quantum-signature", RIGHT), ("x-identity-signature", &wrong)],
            Err(error::CALLER_UNPROVEN),
        );
        check(&[("x-quantum-signature", &RIGHT[..40])], Err(error::CALLER_UNPROVEN));
        check(&[("x-quantum-signature", &RIGHT[7..])], Err(error::CALLER_UNPROVEN));
        check(&[("x-quantum-signature", RIGHT), ("x-quantum-timestamp", "1800000301")], Err(error::STALE));
        check(&[("x-quantum-signature", RIGHT), ("x-quantum-timestamp", "soon")], Err(error::STALE));
        check(&[], Err(error::CALLER_UNPROVEN));
    }

    #[test]
    fn without_a_secret_nobody_is_believed() {
        let mut headers = HeaderMap::new();
        headers.insert("x-identity-signature", RIGHT.parse().unwrap());
        assert_eq!(authentic(None, &headers, BODY, 0), Err(error::CALLER_UNPROVEN));
    }

    proptest! {
        #[test]
        fn any_header_and_any_change_of_the_body_is_survived_and_refused(
            header in prop::collection::vec(any::<u8>(), 0..100), at in 0..BODY.len(),
        ) {
            prop_assert!(!verifies(&secret(), &header, BODY));
            let mut body = BODY.to_vec();
            body[at] ^= 1;
            prop_assert!(!verifies(&secret(), RIGHT.as_bytes(), &body));
        }
    }
}
