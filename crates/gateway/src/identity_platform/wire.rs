//! Identity Platform's JSON, exactly as it travels, and its decoders.
//!
//! Invariants: decoders take any bytes without panicking; their errors tell where it failed and
//! never what stood there. Fields we do not use are not decoded.
//! Lacks on purpose: meaning. Rules about values are in the modules that use them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The bytes are not the answer that was expected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not the expected JSON (line {line}, column {column})")]
pub struct DecodeError {
    /// 0 if the JSON is sound but of another shape.
    pub line: usize,
    /// 0 if the JSON is sound but of another shape.
    pub column: usize,
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        // The error's own text may quote values.
        Self { line: error.line(), column: error.column() }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChallengeRequestWire<'a> {
    pub customer_id: &'a str,
    pub steps: u8,
    pub ttl_ms: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CaptureRequestWire<'a> {
    pub customer_id: &'a str,
    pub bundle: &'a bundle::SignedBundle,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hmac_key: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NewCustomerWire<'a> {
    pub full_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nik: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<&'a str>,
}

/// Answer to a challenge request.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeAnswerWire {
    pub(super) flash_challenge: FlashChallengeWire,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FlashChallengeWire {
    pub id: String,
    #[serde(default)]
    pub purpose: Option<Value>,
    pub nonce: String,
    pub colors: Vec<String>,
    pub hold_ms: Vec<f64>,
    pub expires_at: String,
    pub hmac_secret: String,
}

/// Answer to a capture.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureAnswerWire {
    pub(super) verification: VerificationWire,
    #[serde(default)]
    pub(super) ktp_bundle: Option<KtpBundleWire>,
    #[serde(default)]
    pub(super) anti_spoof: Option<FusedCheckWire>,
    #[serde(default)]
    pub(super) tamper: Option<FusedCheckWire>,
    #[serde(default, alias = "faceEnrollment", alias = "enrolment")]
    pub(super) face_enrolment: Option<FaceEnrolmentWire>,
    #[serde(default)]
    pub(super) customer: Option<CustomerWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VerificationWire {
    pub id: String,
    pub status: String,
    #[serde(default)]
    pub method: Option<String>,
    #[serde(default)]
    pub score: Option<f64>,
    #[serde(default)]
    pub created_at: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KtpBundleWire {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub verdict: Option<String>,
    #[serde(default)]
    pub assurance_tier: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FusedCheckWire {
    pub fused: String,
    #[serde(default)]
    pub assurance_tier: Option<String>,
    #[serde(default)]
    pub voters: Vec<VoterWire>,
}

#[derive(Deserialize)]
pub(super) struct VoterWire {
    pub name: String,
    pub passed: bool,
    #[serde(default)]
    pub reason: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct FaceEnrolmentWire {
    #[serde(default)]
    pub id: Option<String>,
}

/// Answer to a tier read.
#[derive(Deserialize)]
pub struct TierAnswerWire {
    pub(super) customer: CustomerWire,
    #[serde(default)]
    pub(super) verifications: Vec<VerificationWire>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerWire {
    #[serde(default)]
    pub id: Option<String>,
    #[serde(default)]
    pub kyc_level: Option<String>,
    #[serde(default)]
    pub kyc_expires_at: Option<String>,
}

/// Answer to making a customer.
#[derive(Deserialize)]
pub struct CreatedWire {
    pub(super) id: String,
}

/// Any refusal.
#[derive(Deserialize, Default)]
pub struct ErrorWire {
    #[serde(default)]
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) details: Option<ErrorDetailsWire>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
pub(super) struct ErrorDetailsWire {
    #[serde(default)]
    pub field_errors: std::collections::BTreeMap<String, Vec<String>>,
}

/// Decodes the answer to a challenge request.
pub fn decode_challenge(bytes: &[u8]) -> Result<ChallengeAnswerWire, DecodeError> {
    decode_enveloped(bytes, "flashChallenge")
}

/// Decodes the answer to a capture.
pub fn decode_capture(bytes: &[u8]) -> Result<CaptureAnswerWire, DecodeError> {
    decode_enveloped(bytes, "verification")
}

/// Decodes the answer to a tier read.
pub fn decode_tier(bytes: &[u8]) -> Result<TierAnswerWire, DecodeError> {
    decode_enveloped(bytes, "customer")
}

/// Decodes the answer to making a customer.
pub fn decode_created(bytes: &[u8]) -> Result<CreatedWire, DecodeError> {
    decode_enveloped(bytes, "id")
}

/// Decodes a refusal; what cannot be read counts as empty.
#[must_use]
pub fn decode_error(bytes: &[u8]) -> ErrorWire {
    serde_json::from_slice(bytes).unwrap_or_default()
}

/// Answers come bare or under `data`, whatever page one reads. The expected key decides.
pub(super) fn decode_enveloped<T: DeserializeOwned>(bytes: &[u8], expected: &str) -> Result<T, DecodeError> {
    let mut root: Value = serde_json::from_slice(bytes)?;
    let wrapped = match root.as_object_mut() {
        Some(object) if !object.contains_key(expected) => object.remove("data").filter(Value::is_object),
        Some(_) | None => None,
    };
    Ok(serde_json::from_value(wrapped.unwrap_or(root))?)
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const CAPTURE: &str = r#"{"verification":{"id":"ver_0001","status":"verified","score":88},
        "ktpBundle":{"id":"ktpb_0001","verdict":"passed","assuranceTier":"high","framesStored":1}}"#;

    #[test]
    fn all_envelopes_are_understood() {
        let check =
            |text: &str| assert_eq!(decode_capture(text.as_bytes()).unwrap().verification.id, "ver_0001");
        check(CAPTURE);
        check(&format!(r#"{{"data":{CAPTURE}}}"#));
        check(&format!(r#"{{"data":{CAPTURE},"ok":true}}"#));
        // A bare answer that happens to have a member called data.
        check(r#"{"data":{"x":1},"verification":{"id":"ver_0001","status":"failed"}}"#);
        assert_eq!(decode_created(br#"{"data":{"id":"cus_0001"}}"#).unwrap().id, "cus_0001");
        assert_eq!(decode_created(br#"{"id":"cus_0001"}"#).unwrap().id, "cus_0001");
    }

    #[test]
    fn errors_never_quote_the_answer() {
        let text = br#"{"verification":{"id":"ver_0001","status":{"fullName":"CONTOH NAMA"}}}"#;
        let error = decode_capture(text).err().unwrap();
        assert!(!format!("{error} {error:?}").contains("CONTOH"));
    }

    #[test]
    fn refusals_may_be_anything() {
        assert_eq!(decode_error(b"<html>").error, None);
        assert_eq!(
            decode_error(br#"{"error":"rate limit exceeded","bucket":"x"}"#).error.unwrap(),
            "rate limit exceeded"
        );
        assert_eq!(decode_error(br#"{"error":{"code":1}}"#).error, None);
    }

    pub(crate) fn any_json() -> impl Strategy<Value = Value> {
        let names = prop::sample::select(vec![
            "data",
            "verification",
            "id",
            "status",
            "score",
            "ktpBundle",
            "flashChallenge",
            "colors",
            "holdMs",
            "expiresAt",
            "nonce",
            "hmacSecret",
            "customer",
            "kycLevel",
            "verifications",
            "voters",
            "allow",
            "liveness",
            "match",
            "verdict",
            "fused",
            "name",
        ]);
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                    .prop_map(|members| json!(members)),
            ]
        })
    }

    fn decode_all(bytes: &[u8]) {
        drop((decode_challenge(bytes), decode_capture(bytes), decode_tier(bytes), decode_created(bytes)));
        drop(decode_error(bytes));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            decode_all(&bytes);
        }

        #[test]
        fn any_json_is_survived(value in any_json()) {
            decode_all(value.to_string().as_bytes());
        }
    }
}
