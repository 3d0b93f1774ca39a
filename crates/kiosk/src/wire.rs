//! What is said to the backend and what it answers, as a kiosk sees it.
//!
//! Invariant: tokens and contacts are invisible to `Debug`; words of the platform that this version does not know are kept.
//! Lacks on purpose: the backend's own structs, so that its tests notice when the two drift apart.

use std::fmt;

use gateway::onekyc::{
    ContactKind, Flow, FlowRun, ReasonCode, SubmissionResult, SubmissionStatus, VerifiedContact,
};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// A flow to start.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowRequest {
    /// Made and stored before this is asked; the platform's partner session id.
    pub correlation_id: Uuid,
    /// Which flow.
    pub flow: Flow,
    /// Our name of the person.
    pub user_id: String,
    /// Language of the platform's texts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Locale>,
    /// Needed for standalone identity verification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<VerifiedBy>,
}

impl FlowRequest {
    /// Asks for what a run needs.
    #[must_use]
    pub fn of(run: &FlowRun, locale: Option<Locale>) -> Self {
        Self {
            correlation_id: run.partner_session_id,
            flow: run.flow.clone(),
            user_id: run.user_id.clone(),
            locale,
            contact: run.contact.as_ref().map(VerifiedBy::from),
        }
    }
}

/// A language of the platform's texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Locale {
    /// Indonesian.
    #[serde(rename = "id_ID")]
    Indonesian,
    /// English.
    #[serde(rename = "en_ID")]
    English,
}

/// A contact, and what proves that it was verified.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedBy {
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    verification_reference_id: String,
}

impl From<&VerifiedContact> for VerifiedBy {
    fn from(contact: &VerifiedContact) -> Self {
        let value = contact.value.as_str().to_owned();
        let (phone_number, email) = match contact.kind {
            ContactKind::Phone => (Some(value), None),
            ContactKind::Email => (None, Some(value)),
        };
        let verification_reference_id = contact.verification_reference_id.clone();
        Self { phone_number, email, verification_reference_id }
    }
}

impl fmt::Debug for VerifiedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifiedBy(…)")
    }
}

/// What a kiosk needs to go on with a flow by itself.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowResponse {
    /// As it was sent.
    pub correlation_id: Uuid,
    /// The platform's address.
    pub base_url: String,
    /// The user token, for this flow only.
    #[serde(deserialize_with = "secret")]
    pub token: SecretString,
    /// When the token lapses, in milliseconds of Unix time.
    pub expires_at_ms: i64,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

/// What an enrolled kiosk is told.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Enrolment {
    /// To be named in every request.
    pub kiosk_id: Uuid,
    /// What the operator calls it.
    pub label: String,
    /// OneKYC's address, where the deployment uses it.
    #[serde(default)]
    pub onekyc_base_url: Option<String>,
}

/// Results, oldest first.
#[derive(Clone, Debug, Deserialize)]
pub struct ResultsResponse {
    /// Empty if none came in time.
    pub results: Vec<ResultItem>,
}

/// One result.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultItem {
    /// 1, 2, 3… at this kiosk, without gaps.
    pub seq: i64,
    /// When it was written, in milliseconds of Unix time.
    pub at_ms: i64,
    /// What it says.
    #[serde(flatten)]
    pub content: ResultContent,
}

/// What a result says.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ResultContent {
    /// A submission to OneKYC moved.
    Submission {
        /// The flow.
        correlation_id: Uuid,
        /// The platform's id.
        submission_id: String,
        /// Where it is.
        status: SubmissionStatus,
        /// How it was judged.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<SubmissionResult>,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_code: Option<ReasonCode>,
    },
    /// A customer's tier at Identity Platform changed.
    Tier {
        /// The platform's id.
        customer_id: String,
        /// The platform's word.
        tier: String,
    },
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_run_becomes_the_documented_request() {
        let id = Uuid::from_u128(7);
        let contact = VerifiedContact {
            kind: ContactKind::Phone,
            value: "6280000000000".to_owned().into(),
            verification_reference_id: "otp-0001".to_owned(),
        };
        let run = FlowRun {
            flow: Flow::StandaloneIdentityVerification,
            partner_session_id: id,
            sdk_session_id: Uuid::from_u128(8),
            user_id: "u-0001".to_owned(),
            contact: Some(contact),
        };
        let request = FlowRequest::of(&run, Some(Locale::Indonesian));
        assert_eq!(
            serde_json::to_value(&request).unwrap(),
            json!({"correlationId": id, "flow": "STANDALONE_IDENTITY_VERIFICATION", "userId": "u-0001",
                "locale": "id_ID",
                "contact": {"phoneNumber": "6280000000000", "verificationReferenceId": "otp-0001"}})
        );
        assert!(!format!("{request:?}").contains("6280"), "{request:?}");
    }

    #[test]
    fn results_are_read_and_unknown_words_kept() {
        let id = Uuid::from_u128(7);
        let results: ResultsResponse = serde_json::from_value(json!({"results": [
            {"seq": 1, "atMs": 5, "kind": "submission", "correlationId": id, "submissionId": "s", "status": "COMPLETED",
             "result": "INVALID", "reasonCode": "LATER_WORD"},
            {"seq": 2, "atMs": 6, "kind": "tier", "customerId": "c", "tier": "basic"},
        ]}))
        .unwrap();
        let expected = ResultContent::Submission {
            correlation_id: id,
            submission_id: "s".to_owned(),
            status: SubmissionStatus::Completed,
            result: Some(SubmissionResult::Invalid),
            reason_code: Some(ReasonCode::Other("LATER_WORD".to_owned())),
        };
        assert_eq!(results.results[0].content, expected);
        assert_eq!(results.results[1].seq, 2);
    }

    #[test]
    fn a_token_is_not_shown() {
        let text = json!({"correlationId": Uuid::nil(), "baseUrl": "https://a.example.test", "token": "eyJ.secret",
            "expiresAtMs": 1});
        let response: FlowResponse = serde_json::from_value(text).unwrap();
        assert!(!format!("{response:?}").contains("eyJ"), "{response:?}");
    }
}
