//! The answers' members, named as the contract names them. Written here anew, not shared with any client.
//! Invariant: a struct here changes only when the contract does.
//! Deliberately lacks requests: they are read strictly by `form`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::config::Envelope;

/// Wraps an answer as chosen.
pub fn wrap(body: Value, envelope: Envelope) -> Value {
    match envelope {
        Envelope::Documented => body,
        Envelope::Data => json!({"data": body}),
        Envelope::DataOk => json!({"data": body, "ok": true}),
    }
}

#[derive(Serialize)]
pub struct ChallengeAnswer {
    #[serde(rename = "flashChallenge")]
    pub flash_challenge: FlashChallenge,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlashChallenge {
    pub id: String,
    pub purpose: &'static str,
    pub nonce: String,
    pub colors: Vec<String>,
    pub hold_ms: Vec<u32>,
    pub expires_at: String,
    pub hmac_secret: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KycAnswer {
    pub customer: KycCustomer,
    pub eligible: &'static str,
    pub verifications: Vec<KycVerification>,
    pub history: Vec<KycHistory>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KycCustomer {
    pub id: String,
    pub full_name: String,
    pub kyc_level: String,
    pub kyc_last_verified_at: Option<String>,
    pub kyc_expires_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KycVerification {
    pub id: String,
    pub method: String,
    pub status: String,
    pub score: u8,
    pub created_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KycHistory {
    pub id: String,
    pub from_tier: String,
    pub to_tier: String,
    pub actor_user_id: Option<String>,
    pub reason: String,
    pub created_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureAnswer {
    pub verification: CaptureVerification,
    pub ktp_bundle: KtpBundle,
    pub anti_spoof: AntiSpoof,
    pub tamper: Tamper,
    pub face_enrolment: Option<FaceEnrolment>,
}

#[derive(Serialize)]
pub struct CaptureVerification {
    pub id: String,
    pub status: &'static str,
    pub score: u8,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KtpBundle {
    pub id: String,
    pub verdict: &'static str,
    pub assurance_tier: &'static str,
    pub frames_stored: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AntiSpoof {
    pub fused: &'static str,
    pub assurance_tier: &'static str,
    pub voters: Vec<Voter>,
    pub passed: usize,
    pub present: usize,
}

#[derive(Serialize)]
pub struct Tamper {
    pub fused: &'static str,
    pub voters: Vec<Voter>,
}

#[derive(Serialize)]
pub struct Voter {
    pub name: &'static str,
    pub passed: bool,
    pub reason: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaceEnrolment {
    pub id: String,
    pub fallback_stub: bool,
    pub model_id: &'static str,
}

#[derive(Serialize)]
pub struct LivenessAnswer {
    pub verification: CaptureVerification,
    pub liveness: Liveness,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Liveness {
    pub fused: &'static str,
    pub assurance_tier: &'static str,
    pub voters: Vec<Voter>,
    pub passed: usize,
    pub present: usize,
}

#[derive(Serialize)]
pub struct StepUpAnswer<'a> {
    pub allow: bool,
    pub liveness: StepUpLiveness,
    #[serde(rename = "match")]
    pub matching: Match,
    pub verification: CaptureVerification,
    pub audit: StepUpAudit<'a>,
}

/// The same result by another name; the contract shows no voters here, and says nothing against them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepUpLiveness {
    pub verdict: &'static str,
    pub assurance_tier: &'static str,
    pub voters: Vec<Voter>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Match {
    pub verdict: &'static str,
    pub similarity: Option<f64>,
    pub threshold: f64,
    /// Says that no model compared anything.
    pub model_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepUpAudit<'a> {
    pub risk_level: &'a str,
    pub trigger: Option<&'a str>,
    pub action_label: Option<&'a str>,
}
