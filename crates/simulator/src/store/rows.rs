//! What the server holds, row by row, as the control API and in-process tests read it.
//! Invariant: no secret and no picture is in any row type; `Debug` shows ids, never a person's data.
//! Deliberately lacks writes.

use std::fmt;

use jiff::Timestamp;
use rusqlite::Row;
use serde::Serialize;

/// Reads a millisecond column.
pub(super) fn instant(row: &Row<'_>, column: &str) -> rusqlite::Result<Timestamp> {
    Ok(Timestamp::from_millisecond(row.get(column)?).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Reads a millisecond column that may be empty.
pub(super) fn instant_opt(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<Timestamp>> {
    let ms: Option<i64> = row.get(column)?;
    Ok(ms.and_then(|ms| Timestamp::from_millisecond(ms).ok()))
}

/// One customer.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerRow {
    /// `cus_…`, or the id a client chose where unknown customers are made on first sight.
    pub id: String,
    /// Name as sent.
    pub full_name: String,
    /// The partner's own id.
    pub external_id: Option<String>,
    /// Computed tier.
    pub kyc_level: String,
    /// Last verified row.
    pub kyc_last_verified_at: Option<Timestamp>,
    /// Creation.
    pub created_at: Timestamp,
}

impl fmt::Debug for CustomerRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomerRow")
            .field("id", &self.id)
            .field("kyc_level", &self.kyc_level)
            .finish_non_exhaustive()
    }
}

impl CustomerRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            full_name: row.get("full_name")?,
            external_id: row.get("external_id")?,
            kyc_level: row.get("kyc_level")?,
            kyc_last_verified_at: instant_opt(row, "kyc_last_verified_ms")?,
            created_at: instant(row, "created_ms")?,
        })
    }
}

/// One verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationRow {
    /// `ver_…`
    pub id: String,
    /// Whose.
    pub customer_id: String,
    /// `nik_format`, `ktp_capture`, …
    pub method: String,
    /// `verified`, `failed`, `pending`.
    pub status: String,
    /// 0–100.
    pub score: u8,
    /// The analyst of an override.
    pub actor_user_id: Option<String>,
    /// When.
    pub created_at: Timestamp,
}

impl VerificationRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            customer_id: row.get("customer_id")?,
            method: row.get("method")?,
            status: row.get("status")?,
            score: row.get("score")?,
            actor_user_id: row.get("actor_user_id")?,
            created_at: instant(row, "created_ms")?,
        })
    }
}

/// One stored capture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaptureRow {
    /// `ktpb_…`
    pub id: String,
    /// Whose.
    pub customer_id: String,
    /// The verification it led to.
    pub verification_id: String,
    /// Hex SHA-256 of the canonical bundle without its signature.
    pub bundle_sha256: String,
    /// As sent.
    pub captured_at: String,
    /// The challenge it consumed.
    pub nonce: Option<String>,
    /// As sent.
    pub sdk_version: String,
    /// As sent.
    pub platform: String,
    /// Hex SHA-256 of each frame's bytes.
    pub frames_sha256: Vec<String>,
    /// `passed`, `requires_review`, `failed`.
    pub verdict: String,
    /// `high`, `standard`, `low`.
    pub assurance_tier: String,
    /// When it was stored.
    pub received_at: Timestamp,
}

impl CaptureRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let frames: String = row.get("frames_sha256")?;
        Ok(Self {
            id: row.get("id")?,
            customer_id: row.get("customer_id")?,
            verification_id: row.get("verification_id")?,
            bundle_sha256: row.get("bundle_sha256")?,
            captured_at: row.get("captured_at")?,
            nonce: row.get("nonce")?,
            sdk_version: row.get("sdk_version")?,
            platform: row.get("platform")?,
            frames_sha256: frames.split_whitespace().map(str::to_owned).collect(),
            verdict: row.get("verdict")?,
            assurance_tier: row.get("assurance_tier")?,
            received_at: instant(row, "received_ms")?,
        })
    }
}

/// What a challenge is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// A card.
    Ktp,
    /// A face.
    Face,
}

impl Purpose {
    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ktp => "ktp",
            Self::Face => "face",
        }
    }
}

/// One stored face.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FaceRow {
    /// `fb_…`
    pub id: String,
    /// Whose.
    pub customer_id: String,
    /// The verification that the answer named.
    pub verification_id: String,
    /// `liveness` or `stepUp`.
    pub call: String,
    /// Hex SHA-256 of the canonical bundle without its signature.
    pub bundle_sha256: String,
    /// As sent.
    pub captured_at: String,
    /// The challenge it consumed.
    pub nonce: Option<String>,
    /// Hex SHA-256 of each frame's bytes.
    pub frames_sha256: Vec<String>,
    /// `live`, `spoof`, `unclear`.
    pub fused: String,
    /// `high`, `standard`, `low`.
    pub assurance_tier: String,
    /// A step-up's decision.
    pub allowed: Option<bool>,
    /// When it was stored.
    pub received_at: Timestamp,
}

impl FaceRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let frames: String = row.get("frames_sha256")?;
        Ok(Self {
            id: row.get("id")?,
            customer_id: row.get("customer_id")?,
            verification_id: row.get("verification_id")?,
            call: row.get("call")?,
            bundle_sha256: row.get("bundle_sha256")?,
            captured_at: row.get("captured_at")?,
            nonce: row.get("nonce")?,
            frames_sha256: frames.split_whitespace().map(str::to_owned).collect(),
            fused: row.get("fused")?,
            assurance_tier: row.get("assurance_tier")?,
            allowed: row.get("allowed")?,
            received_at: instant(row, "received_ms")?,
        })
    }
}

/// One issued challenge, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChallengeRow {
    /// `fc_…`
    pub id: String,
    /// Whose.
    pub customer_id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Single-use nonce.
    pub nonce: String,
    /// `#RRGGBB` per step.
    pub colors: Vec<String>,
    /// Milliseconds per step.
    pub hold_ms: Vec<u32>,
    /// End of validity.
    pub expires_at: Timestamp,
    /// When it was used.
    pub consumed_at: Option<Timestamp>,
}

impl ChallengeRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let colors: String = row.get("colors")?;
        let purpose: String = row.get("purpose")?;
        let hold_ms: String = row.get("hold_ms")?;
        Ok(Self {
            id: row.get("id")?,
            customer_id: row.get("customer_id")?,
            purpose: if purpose == Purpose::Face.as_str() { Purpose::Face } else { Purpose::Ktp },
            nonce: row.get("nonce")?,
            colors: colors.split_whitespace().map(str::to_owned).collect(),
            hold_ms: hold_ms.split_whitespace().filter_map(|ms| ms.parse().ok()).collect(),
            expires_at: instant(row, "expires_ms")?,
            consumed_at: instant_opt(row, "consumed_ms")?,
        })
    }
}

/// One change of a customer's tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KycEventRow {
    /// `kte_…`
    pub id: String,
    /// Tier before.
    pub from_tier: String,
    /// Tier after.
    pub to_tier: String,
    /// The analyst, `None` when automatic.
    pub actor_user_id: Option<String>,
    /// Why.
    pub reason: String,
    /// When.
    pub created_at: Timestamp,
}

impl KycEventRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            from_tier: row.get("from_tier")?,
            to_tier: row.get("to_tier")?,
            actor_user_id: row.get("actor_user_id")?,
            reason: row.get("reason")?,
            created_at: instant(row, "created_ms")?,
        })
    }
}

/// One webhook delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryRow {
    /// `whd_…`
    pub id: String,
    /// Its target.
    pub webhook_id: String,
    /// `evt_…`; a replay keeps it.
    pub event_id: String,
    /// Event name.
    pub event: String,
    /// Tries so far.
    pub attempts: u32,
    /// `pending`, `delivered`, `given_up`.
    pub state: String,
    /// HTTP status of the last try, `None` when nothing answered.
    pub last_status: Option<u16>,
}

impl DeliveryRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            webhook_id: row.get("webhook_id")?,
            event_id: row.get("event_id")?,
            event: row.get("event")?,
            attempts: row.get("attempts")?,
            state: row.get("state")?,
            last_status: row.get("last_status")?,
        })
    }
}

/// One request as the server saw it end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRow {
    /// Endpoint word (`ktpCapture`, …).
    pub endpoint: String,
    /// Status that was computed (the client may never have seen it).
    pub status: u16,
    /// Faults applied, comma-separated.
    pub faults: String,
    /// When.
    pub at: Timestamp,
}

impl RequestRow {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            endpoint: row.get("endpoint")?,
            status: row.get("status")?,
            faults: row.get("faults")?,
            at: instant(row, "at_ms")?,
        })
    }
}
