//! The JSON of the platform's calls about faces, exactly as it travels, and its decoders.
//!
//! Invariants: as of [`super::wire`]; beyond them, a detail of an unexpected shape counts as absent, because the decision is
//! the one member that matters and the pages show little of the rest. Lacks on purpose: the similarity, a number about
//! a face that nobody here needs.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::wire::{DecodeError, decode_enveloped};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LivenessRequestWire<'a> {
    pub customer_id: &'a str,
    pub bundle: &'a bundle::SignedFace,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hmac_key: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StepUpRequestWire<'a> {
    pub customer_id: &'a str,
    pub risk_level: &'static str,
    pub action_label: &'a str,
    pub trigger: &'static str,
    pub bundle: &'a bundle::SignedFace,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hmac_key: Option<&'a str>,
}

/// Answer to a liveness check.
#[derive(Deserialize)]
pub struct LivenessAnswerWire {
    pub(super) verification: FaceVerificationWire,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) liveness: Option<LivenessWire>,
}

/// Answer to a step-up.
#[derive(Deserialize)]
pub struct StepUpAnswerWire {
    pub(super) allow: bool,
    pub(super) verification: FaceVerificationWire,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) liveness: Option<LivenessWire>,
    #[serde(rename = "match", default, deserialize_with = "lenient")]
    pub(super) matching: Option<MatchWire>,
}

/// Without its id a record could not be told from another's.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FaceVerificationWire {
    pub id: String,
    #[serde(default, deserialize_with = "lenient")]
    pub status: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub score: Option<f64>,
    #[serde(default, deserialize_with = "lenient")]
    pub created_at: Option<String>,
}

/// One page calls the result `verdict`, the card's twin of it `fused`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LivenessWire {
    #[serde(default, deserialize_with = "lenient")]
    pub verdict: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub fused: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub assurance_tier: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub voters: Option<Vec<Value>>,
}

#[derive(Deserialize)]
pub(super) struct MatchWire {
    #[serde(default, deserialize_with = "lenient")]
    pub verdict: Option<String>,
}

/// Decodes the answer to a liveness check.
pub fn decode_liveness(bytes: &[u8]) -> Result<LivenessAnswerWire, DecodeError> {
    decode_enveloped(bytes, "verification")
}

/// Decodes the answer to a step-up.
pub fn decode_step_up(bytes: &[u8]) -> Result<StepUpAnswerWire, DecodeError> {
    decode_enveloped(bytes, "allow")
}

/// `None` for anything of another shape.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::wire::tests::any_json;
    use super::*;

    const STEP_UP: &str = r#"{"allow":true,"liveness":{"verdict":"live","assuranceTier":"high"},
        "match":{"verdict":"match","similarity":0.71,"threshold":0.55},
        "verification":{"id":"ver_0002","status":"verified","score":87},
        "audit":{"riskLevel":"high","trigger":"kiosk_onboarding","actionLabel":"Onboarding at kiosk 12"}}"#;

    #[test]
    fn all_envelopes_are_understood() {
        for text in [
            STEP_UP.to_owned(),
            format!(r#"{{"data":{STEP_UP}}}"#),
            format!(r#"{{"data":{STEP_UP},"ok":true}}"#),
        ] {
            let answer = decode_step_up(text.as_bytes()).unwrap();
            assert!(answer.allow);
            assert_eq!(
                (answer.verification.id.as_str(), answer.verification.score),
                ("ver_0002", Some(87.0))
            );
            assert_eq!(answer.liveness.unwrap().verdict.as_deref(), Some("live"));
        }
        let bare = r#"{"verification":{"id":"ver_0003","status":"failed"}}"#;
        assert_eq!(decode_liveness(bare.as_bytes()).unwrap().verification.id, "ver_0003");
        let wrapped = format!(r#"{{"data":{bare}}}"#);
        assert_eq!(decode_liveness(wrapped.as_bytes()).unwrap().verification.id, "ver_0003");
    }

    #[test]
    fn the_decision_survives_details_of_any_shape() {
        let odd =
            r#"{"allow":false,"liveness":7,"match":"no","verification":{"id":"v","status":7,"score":"x"}}"#;
        let answer = decode_step_up(odd.as_bytes()).unwrap();
        assert!(!answer.allow && answer.liveness.is_none() && answer.matching.is_none());
        assert_eq!((answer.verification.status, answer.verification.score), (None, None));
        for undecided in [
            r#"{"verification":{"id":"v"}}"#,
            r#"{"allow":"yes","verification":{"id":"v"}}"#,
            r#"{"allow":true}"#,
        ] {
            assert!(decode_step_up(undecided.as_bytes()).is_err(), "{undecided}");
        }
    }

    #[test]
    fn errors_never_quote_the_answer() {
        let error = decode_step_up(br#"{"allow":"CONTOH NAMA"}"#).err().unwrap();
        assert!(!format!("{error} {error:?}").contains("CONTOH"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            drop((decode_liveness(&bytes), decode_step_up(&bytes)));
        }

        #[test]
        fn any_json_is_survived(value in any_json()) {
            let bytes = value.to_string().into_bytes();
            drop((decode_liveness(&bytes), decode_step_up(&bytes)));
        }
    }
}
