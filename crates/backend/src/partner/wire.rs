//! OneKYC's JSON as a server meets it, decoded leniently where its pages disagree.
//!
//! Invariants: decoders take any bytes without panicking; what they return holds no card's data, which is why they are not
//! `gateway`'s. Codes may be text or numbers, keys of pictures may be in either case, unknown words mean "not yet".

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::PartnerError;
use crate::verdict::{Judgement, Status, Verdict};

/// Longer ids than any seen; they end up in an index.
const MAX_ID_BYTES: usize = 128;

/// How a submission stands, as far as it was told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Details {
    /// The submission's id.
    pub submission_id: Option<String>,
    /// Our session id.
    pub session: Option<Uuid>,
    /// Absent if the status is a word we do not know.
    pub verdict: Option<Verdict>,
    /// Addresses of pictures, by lower-case key. For a moment only.
    pub image_urls: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DetailsWire {
    submission_id: Option<String>,
    partner_session_id: Option<String>,
    status: Option<String>,
    result: Option<String>,
    reason_code: Option<String>,
    submission_details: Option<Value>,
}

fn text_or_number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn root(body: &[u8]) -> Result<Value, PartnerError> {
    serde_json::from_slice(body).map_err(|_| PartnerError::Unreadable)
}

/// Whether the envelope says so; `success` missing counts as yes.
#[must_use]
pub fn is_success(body: &[u8]) -> bool {
    root(body).is_ok_and(|root| root.get("success") != Some(&Value::Bool(false)))
}

/// The causes of a refusal; what cannot be read has none.
#[must_use]
pub fn causes(body: &[u8]) -> Vec<String> {
    let root = root(body).unwrap_or(Value::Null);
    let errors = root["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().filter_map(|error| text_or_number(&error["cause"])).collect()
}

/// The answer to a question for details, in its envelope.
pub fn decode_details(body: &[u8]) -> Result<Details, PartnerError> {
    let mut root = root(body)?;
    let data = root.get_mut("data").map(Value::take).filter(Value::is_object);
    decode_flat(data.ok_or(PartnerError::Unreadable)?)
}

/// A callback's body, which has no envelope.
pub fn decode_callback(body: &[u8]) -> Result<Details, PartnerError> {
    let root = root(body)?;
    if !root.is_object() {
        return Err(PartnerError::Unreadable);
    }
    decode_flat(root)
}

fn decode_flat(value: Value) -> Result<Details, PartnerError> {
    let wire: DetailsWire = serde_json::from_value(value).map_err(|_| PartnerError::Unreadable)?;
    let session = wire.partner_session_id.and_then(|id| id.parse().ok());
    let status = wire.status.and_then(|word| word.parse().ok());
    let judgement: Option<Judgement> = wire.result.and_then(|word| word.parse().ok());
    // Completed without a judgement that we can read is not documented: it would hide the judgement that is to come.
    let status = status.filter(|status| *status != Status::Completed || judgement.is_some());
    let reason_code = wire.reason_code.filter(|code| is_code(code));
    let verdict = status.map(|status| Verdict { status, judgement, reason_code });
    let image_urls = image_urls(wire.submission_details.as_ref());
    let submission_id = wire.submission_id.filter(|id| is_id(id));
    Ok(Details { submission_id, session, verdict, image_urls })
}

fn image_urls(details: Option<&Value>) -> BTreeMap<String, String> {
    let urls = details.and_then(|details| details.get("imageUrls")).and_then(Value::as_object);
    let pairs = urls.into_iter().flatten();
    pairs.filter_map(|(key, url)| Some((key.to_ascii_lowercase(), url.as_str()?.to_owned()))).collect()
}

/// Codes are constants; anything else might be prose about a person.
fn is_code(code: &str) -> bool {
    !code.is_empty()
        && code.len() <= 64
        && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether a text may be an id: it travels in headers and paths.
#[must_use]
pub fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= MAX_ID_BYTES
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn details_and_callbacks_say_the_same() {
        let flat = json!({
            "submissionId": "5b8c0f5e-0000-4000-8000-0000000000a1", "status": "COMPLETED", "result": "INVALID",
            "partnerSessionId": "0b6f6b1c-0000-4000-8000-0000000000b1", "reasonCode": "NOT_EKTP",
            "submissionDetails": {"imageUrls": {"KTP": "https://storage.example.test/k"}, "ktpData": {"nik": "x"}},
        });
        let callback = decode_callback(flat.to_string().as_bytes()).unwrap();
        let details = decode_details(json!({"success": true, "data": flat}).to_string().as_bytes()).unwrap();
        assert_eq!(callback, details);
        let verdict = callback.verdict.unwrap();
        assert_eq!(verdict.status, Status::Completed);
        assert_eq!(verdict.judgement, Some(Judgement::Invalid));
        assert_eq!(verdict.reason_code.as_deref(), Some("NOT_EKTP"));
        assert_eq!(callback.image_urls["ktp"], "https://storage.example.test/k");
    }

    #[test]
    fn unknown_words_mean_not_yet_and_prose_is_no_code() {
        let body =
            json!({"data": {"status": "PONDERING", "submissionId": "a b", "reasonCode": "x"}}).to_string();
        let details = decode_details(body.as_bytes()).unwrap();
        assert_eq!((details.verdict, details.submission_id), (None, None));
        for result in [json!(null), json!("PERHAPS")] {
            let body =
                json!({"data": {"status": "COMPLETED", "submissionId": "s", "result": result}}).to_string();
            assert_eq!(decode_details(body.as_bytes()).unwrap().verdict, None);
        }
        let body = json!({"data": {"status": "ERROR", "reasonCode": "Budi was not found"}}).to_string();
        assert_eq!(decode_details(body.as_bytes()).unwrap().verdict.unwrap().reason_code, None);
    }

    #[test]
    fn causes_of_several_errors() {
        let body =
            br#"{"success":false,"errors":[{"code":1539,"cause":"INVALID_FLOW"},{"code":"1","cause":"X"}]}"#;
        assert_eq!(causes(body), ["INVALID_FLOW", "X"]);
        assert!(!is_success(body));
        assert!(causes(b"<html>").is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            drop((decode_details(&bytes), decode_callback(&bytes), causes(&bytes)));
        }

        #[test]
        fn hostile_json_is_survived(
            status in "\\PC{0,12}", number in any::<i64>(), depth in 0usize..300, key in "\\PC{0,8}",
        ) {
            let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            let body = format!(
                r#"{{"data":{{"token":"t","expires_at":"{number}","expirySeconds":{number},"status":{},"submissionId":{number},
                "submissionDetails":{{"imageUrls":{{{}:{nested}}}}}}}}}"#,
                json!(status), json!(key),
            );
            drop((decode_details(body.as_bytes()), decode_callback(body.as_bytes())));
        }
    }
}
