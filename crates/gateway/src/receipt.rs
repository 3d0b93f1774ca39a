//! What a partner says about a capture it took.
//!
//! The serialised form is what the queue keeps for years: it only ever gains optional fields
//! (snapshot-tested). Invariant: it names records and verdicts, never what was read off the card.
//! Lacks on purpose: fields of the answer we do not know, which might hold personal data.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// Outcome of the verification record.
    VerificationStatus {
        /// It counts.
        Verified = "verified",
        /// It does not.
        Failed = "failed",
        /// Not decided yet.
        Pending = "pending",
    }
}

words! {
    /// What to do with the customer.
    Verdict {
        /// Go on.
        Passed = "passed",
        /// Decline.
        Failed = "failed",
        /// A person at the partner decides.
        RequiresReview = "requires_review",
    }
}

words! {
    /// How far the capture may be trusted.
    AssuranceTier {
        /// Flash evidence held and both fused checks passed.
        High = "high",
        /// Both fused checks passed, no flash evidence.
        Standard = "standard",
        /// At least one check failed; kept for an analyst.
        Low = "low",
    }
}

words! {
    /// The customer's standing with the partner.
    KycLevel {
        /// A record only.
        None = "none",
        /// The NIK's form was verified.
        Basic = "basic",
        /// A card was verified.
        Standard = "standard",
        /// Card and living face were verified.
        Premium = "premium",
    }
}

/// Whether the receipt is the partner's answer or was found afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptOrigin {
    /// The answer to the submission.
    Answered,
    /// The answer was lost; the record was found in the customer's history, which tells less.
    Recovered,
}

/// Why a capture that had flash evidence was handed in without it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlashDropped {
    /// The challenge had run out before the capture could be sent.
    Expired,
    /// The partner called the challenge spent or unknown.
    Refused,
}

/// One check's vote.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Voter {
    /// The check.
    pub name: String,
    /// Its vote.
    pub passed: bool,
    /// Its word of explanation.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
}

/// Several checks and what they come to.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FusedCheck {
    /// The partner's word for the result (`live`, `spoof`, `authentic`, `tampered`, `unclear`).
    pub fused: String,
    /// Tier this check alone would give.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub assurance_tier: Option<AssuranceTier>,
    /// The votes.
    pub voters: Vec<Voter>,
}

/// The partner's receipt for a face. How alike it is to the card's is a number that nobody here needs; it is not kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaceReceipt {
    /// The partner's name for its record; unique among all its records.
    pub verification_id: String,
    /// Outcome.
    pub status: VerificationStatus,
    /// 0–100.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub score: Option<f64>,
    /// The partner's decision, where it was asked for one. It alone decides.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub allow: Option<bool>,
    /// Whether somebody living was there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub liveness: Option<FusedCheck>,
    /// How far to trust it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub assurance_tier: Option<AssuranceTier>,
    /// The partner's word on whether it is the card's face.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none", default)]
    pub match_verdict: Option<String>,
    /// The record's date, where it is told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created_at: Option<Timestamp>,
    /// How we know.
    pub origin: ReceiptOrigin,
    /// Set if flash evidence was left out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub flash_dropped: Option<FlashDropped>,
}

/// The partner's receipt for one capture.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The partner's name for its record; unique among all its records.
    pub verification_id: String,
    /// Outcome.
    pub status: VerificationStatus,
    /// 0–100.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub score: Option<f64>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub verdict: Option<Verdict>,
    /// How far to trust it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub assurance_tier: Option<AssuranceTier>,
    /// Whether a real card was there.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub anti_spoof: Option<FusedCheck>,
    /// Whether the card was altered.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tamper: Option<FusedCheck>,
    /// The customer's standing, where the answer tells it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub kyc_level: Option<KycLevel>,
    /// The partner's name for the stored bundle.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bundle_id: Option<String>,
    /// The partner's name for the face it enrolled from the card.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub face_enrolment_id: Option<String>,
    /// The record's date, where it is told.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created_at: Option<Timestamp>,
    /// How we know.
    pub origin: ReceiptOrigin,
    /// Set if flash evidence was left out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub flash_dropped: Option<FlashDropped>,
    /// What was said about the face that followed the card.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub face: Option<FaceReceipt>,
    /// What OneKYC said, where it was asked; beside another partner's verdict, never merged with it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub onekyc: Option<crate::onekyc::Ending>,
}
