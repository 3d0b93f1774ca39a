//! From decoded answers to domain values, with the rules the contract gives or leaves to us.
//!
//! Invariant: pure; the partner's time is an argument.

use jiff::{SignedDuration, Timestamp};

use super::wire::{
    CaptureAnswerWire, ChallengeAnswerWire, FusedCheckWire, TierAnswerWire, VerificationWire, VoterWire,
};
use crate::challenge::{ChallengePurpose, FlashChallenge, Rgb};
use crate::customer::{CustomerTier, VerificationRow};
use crate::receipt::{FusedCheck, KycLevel, Receipt, ReceiptOrigin, VerificationStatus, Voter};
use crate::word::clipped;

/// Bounds for challenges; the contract leaves them to the client.
const HOLD_MS: std::ops::RangeInclusive<f64> = 50.0..=5000.0;
/// Time to take the picture and send it once the last colour was shown.
const MARGIN: SignedDuration = SignedDuration::from_secs(15);
/// More votes than any partner has checks.
pub(super) const MAX_VOTERS: usize = 64;
/// The method of the records that captures leave.
const CAPTURE_METHOD: &str = "ktp_capture";
/// `Date` headers and record dates are cut to whole seconds, each up to one second early.
pub(super) const DATE_TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// Why a challenge is not used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ChallengeFault {
    StepsDiffer,
    Colour,
    Hold,
    Expiry,
    TooLate,
    Purpose,
}

impl ChallengeFault {
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::StepsDiffer => "as many colours as holds are needed, and at least one",
            Self::Colour => "a colour is not #RRGGBB",
            Self::Hold => "a hold is outside 50 to 5000 ms",
            Self::Expiry => "its expiry is not a date",
            Self::TooLate => "it expires before it could be shown and sent",
            Self::Purpose => "it is for something else than was asked for",
        }
    }
}

/// The platform's word for what a challenge is for.
fn word(purpose: ChallengePurpose) -> &'static str {
    match purpose {
        ChallengePurpose::Card => "ktp",
        ChallengePurpose::Face => "face",
    }
}

/// One for the other purpose is refused. One that names none, or one of a later day, is taken.
fn is_for(purpose: ChallengePurpose, named: Option<&serde_json::Value>) -> bool {
    let other = match purpose {
        ChallengePurpose::Card => ChallengePurpose::Face,
        ChallengePurpose::Face => ChallengePurpose::Card,
    };
    named.and_then(serde_json::Value::as_str) != Some(word(other))
}

pub(super) fn challenge(
    answer: ChallengeAnswerWire,
    purpose: ChallengePurpose,
    now: Timestamp,
) -> Result<FlashChallenge, ChallengeFault> {
    let wire = answer.flash_challenge;
    if !is_for(purpose, wire.purpose.as_ref()) {
        return Err(ChallengeFault::Purpose);
    }
    if wire.colors.len() != wire.hold_ms.len() || wire.colors.is_empty() {
        return Err(ChallengeFault::StepsDiffer);
    }
    let mut steps = Vec::with_capacity(wire.colors.len());
    for (colour, hold) in wire.colors.iter().zip(&wire.hold_ms) {
        if !HOLD_MS.contains(hold) {
            return Err(ChallengeFault::Hold);
        }
        // In range, so neither sign nor size can be lost.
        steps.push((rgb(colour).ok_or(ChallengeFault::Colour)?, hold.round() as u32));
    }
    let expires_at: Timestamp = wire.expires_at.parse().map_err(|_| ChallengeFault::Expiry)?;
    let shown_ms: i64 = steps.iter().map(|(_, hold)| i64::from(*hold)).sum();
    if expires_at.duration_since(now) < SignedDuration::from_millis(shown_ms) + MARGIN {
        return Err(ChallengeFault::TooLate);
    }
    Ok(FlashChallenge {
        id: wire.id,
        nonce: wire.nonce,
        steps,
        expires_at,
        hmac_secret: wire.hmac_secret.into(),
    })
}

fn rgb(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#')?.as_bytes();
    if digits.len() != 6 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let channel = |at: usize| {
        let pair = std::str::from_utf8(&digits[at..at + 2]).ok()?;
        u8::from_str_radix(pair, 16).ok()
    };
    Some(Rgb([channel(0)?, channel(2)?, channel(4)?]))
}

pub(super) fn receipt(answer: CaptureAnswerWire) -> Receipt {
    let bundle = answer.ktp_bundle;
    let (bundle_id, verdict, tier) =
        bundle.map_or((None, None, None), |bundle| (bundle.id, bundle.verdict, bundle.assurance_tier));
    Receipt {
        created_at: date(answer.verification.created_at.as_deref()),
        verification_id: answer.verification.id,
        status: answer.verification.status.into(),
        score: answer.verification.score,
        verdict: verdict.map(Into::into),
        assurance_tier: tier.map(Into::into),
        anti_spoof: answer.anti_spoof.map(fused),
        tamper: answer.tamper.map(fused),
        kyc_level: answer.customer.and_then(|customer| customer.kyc_level).map(Into::into),
        bundle_id: bundle_id.map(|id| clipped(&id)),
        face_enrolment_id: answer.face_enrolment.and_then(|face| face.id).map(|id| clipped(&id)),
        origin: ReceiptOrigin::Answered,
        flash_dropped: None,
        face: None,
        onekyc: None,
    }
}

fn fused(wire: FusedCheckWire) -> FusedCheck {
    FusedCheck {
        fused: clipped(&wire.fused),
        assurance_tier: wire.assurance_tier.map(Into::into),
        voters: wire.voters.into_iter().take(MAX_VOTERS).map(voter).collect(),
    }
}

pub(super) fn voter(wire: VoterWire) -> Voter {
    Voter {
        name: clipped(&wire.name),
        passed: wire.passed,
        reason: wire.reason.map(|reason| clipped(&reason)),
    }
}

/// `None` if the answer is about another customer.
pub(super) fn tier_of(customer_id: &str, answer: TierAnswerWire) -> Option<CustomerTier> {
    if answer.customer.id.as_deref().is_some_and(|id| id != customer_id) {
        return None;
    }
    Some(tier(answer))
}

fn tier(answer: TierAnswerWire) -> CustomerTier {
    CustomerTier {
        kyc_level: answer.customer.kyc_level.map_or(KycLevel::None, Into::into),
        expires_at: date(answer.customer.kyc_expires_at.as_deref()),
        verifications: answer.verifications.into_iter().map(row).collect(),
    }
}

fn row(wire: VerificationWire) -> VerificationRow {
    VerificationRow {
        created_at: date(wire.created_at.as_deref()),
        id: wire.id,
        method: clipped(&wire.method.unwrap_or_default()),
        status: VerificationStatus::from(wire.status),
        score: wire.score,
    }
}

pub(super) fn date(text: Option<&str>) -> Option<Timestamp> {
    text?.parse().ok()
}

/// The capture records dated `since` or later, oldest first.
pub(super) fn candidates(tier: &CustomerTier, since: Timestamp) -> Vec<Receipt> {
    let earliest = since.saturating_sub(DATE_TOLERANCE).unwrap_or(Timestamp::MIN);
    let mut found: Vec<Receipt> = tier
        .verifications
        .iter()
        .filter(|row| row.method == CAPTURE_METHOD && row.created_at.is_some_and(|at| at >= earliest))
        .map(|row| recovered(row, tier))
        .collect();
    found.sort_by_key(|receipt| receipt.created_at);
    found
}

fn recovered(row: &VerificationRow, tier: &CustomerTier) -> Receipt {
    Receipt {
        verification_id: row.id.clone(),
        status: row.status.clone(),
        score: row.score,
        verdict: None,
        assurance_tier: None,
        anti_spoof: None,
        tamper: None,
        kyc_level: Some(tier.kyc_level.clone()),
        bundle_id: None,
        face_enrolment_id: None,
        created_at: row.created_at,
        origin: ReceiptOrigin::Recovered,
        flash_dropped: None,
        face: None,
        onekyc: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::wire;
    use super::*;

    fn now() -> Timestamp {
        "2026-09-01T03:00:00Z".parse().unwrap()
    }

    fn challenge_with(change: impl FnOnce(&mut Value)) -> Result<FlashChallenge, ChallengeFault> {
        let mut answer = json!({"flashChallenge": {
            "id": "fc_0001", "purpose": "ktp", "nonce": "b1f0c2aa-0000-4000-8000-000000000001",
            "colors": ["#FF0000", "#00ff00", "#0000FF"], "holdMs": [500, 300, 400],
            "expiresAt": "2026-09-01T03:01:30.000Z", "hmacSecret": "qe_whsec_EXAMPLEONLY",
        }});
        change(&mut answer["flashChallenge"]);
        challenge(
            wire::decode_challenge(answer.to_string().as_bytes()).unwrap(),
            ChallengePurpose::Card,
            now(),
        )
    }

    #[test]
    fn a_challenge_for_something_else_is_not_taken() {
        let check = |purpose: ChallengePurpose, named: Value, expected: bool| {
            assert_eq!(is_for(purpose, Some(&named)), expected, "{purpose:?} {named}");
        };
        check(ChallengePurpose::Card, json!("ktp"), true);
        check(ChallengePurpose::Card, json!("face"), false);
        check(ChallengePurpose::Face, json!("ktp"), false);
        check(ChallengePurpose::Face, json!("face"), true);
        check(ChallengePurpose::Face, json!("selfie"), true);
        check(ChallengePurpose::Face, json!(7), true);
        assert!(is_for(ChallengePurpose::Face, None));
        let refused = challenge_with(|challenge| challenge["purpose"] = json!("face"));
        assert_eq!(refused.map(drop), Err(ChallengeFault::Purpose));
    }

    #[test]
    fn the_contracts_challenge_is_taken() {
        let taken = challenge_with(|_| {}).unwrap();
        let expected = [(Rgb([255, 0, 0]), 500), (Rgb([0, 255, 0]), 300), (Rgb([0, 0, 255]), 400)];
        assert_eq!(taken.steps, expected);
        assert_eq!(taken.expires_at, "2026-09-01T03:01:30Z".parse().unwrap());
        let shown = format!("{taken:?}");
        assert!(!shown.contains("qe_whsec") && !shown.contains("b1f0c2aa"), "{shown}");
    }

    #[test]
    fn challenges_that_break_the_rules_are_not() {
        let check = |member: &str, value: Value, expected: ChallengeFault| {
            let refused = challenge_with(|challenge| challenge[member] = value.clone());
            assert_eq!(refused.map(drop), Err(expected), "{member} {value}");
        };
        check("holdMs", json!([500, 300]), ChallengeFault::StepsDiffer);
        check("colors", json!(["#FF0000", "red", "#0000FF"]), ChallengeFault::Colour);
        check("colors", json!(["#FF0000", "#00FF0", "#0000FF"]), ChallengeFault::Colour);
        check("colors", json!(["#FF0000", "#+F+F+F", "#0000FF"]), ChallengeFault::Colour);
        check("colors", json!(["#FF0000", "#€€", "#0000FF"]), ChallengeFault::Colour);
        check("holdMs", json!([500, 49, 400]), ChallengeFault::Hold);
        check("holdMs", json!([500, 5001, 400]), ChallengeFault::Hold);
        check("holdMs", json!([500, -300, 400]), ChallengeFault::Hold);
        check("expiresAt", json!("soon"), ChallengeFault::Expiry);
        // 1.2 s of colours and 15 s to take and send the picture.
        check("expiresAt", json!("2026-09-01T03:00:16Z"), ChallengeFault::TooLate);
        check("expiresAt", json!("2026-08-01T03:00:16Z"), ChallengeFault::TooLate);
        challenge_with(|challenge| challenge["expiresAt"] = json!("2026-09-01T03:00:16.200Z")).unwrap();
        let none = challenge_with(|challenge| {
            challenge["colors"] = json!([]);
            challenge["holdMs"] = json!([]);
        });
        assert_eq!(none.map(drop), Err(ChallengeFault::StepsDiffer));
    }

    #[test]
    fn the_contracts_receipt_is_kept_like_this() {
        let answer = json!({
            "verification": {"id": "ver_0001", "status": "verified", "score": 88},
            "ktpBundle": {"id": "ktpb_0001", "verdict": "passed", "assuranceTier": "high", "framesStored": 1},
            "antiSpoof": {"fused": "live", "assuranceTier": "high", "passed": 5, "present": 6,
                "voters": [{"name": "flash_reflectance", "passed": true}]},
            "tamper": {"fused": "authentic", "voters": [{"name": "nik_consistency", "passed": true, "reason": "ok"}]},
            "faceEnrolment": {"id": "fe_0001", "fallbackStub": false, "modelId": "qe-face-v3"},
            "fullName": "CONTOH NAMA",
        });
        let kept = receipt(wire::decode_capture(answer.to_string().as_bytes()).unwrap());
        insta::assert_json_snapshot!(kept, @r#"
        {
          "verificationId": "ver_0001",
          "status": "verified",
          "score": 88.0,
          "verdict": "passed",
          "assuranceTier": "high",
          "antiSpoof": {
            "fused": "live",
            "assuranceTier": "high",
            "voters": [
              {
                "name": "flash_reflectance",
                "passed": true
              }
            ]
          },
          "tamper": {
            "fused": "authentic",
            "voters": [
              {
                "name": "nik_consistency",
                "passed": true,
                "reason": "ok"
              }
            ]
          },
          "bundleId": "ktpb_0001",
          "faceEnrolmentId": "fe_0001",
          "origin": "answered"
        }
        "#);
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Receipt>(&text).unwrap(), kept);
    }

    #[test]
    fn words_of_the_future_are_kept() {
        let answer = json!({
            "verification": {"id": "ver_0001", "status": "escalated"},
            "ktpBundle": {"verdict": "maybe", "assuranceTier": "x".repeat(500)},
        });
        let kept = receipt(wire::decode_capture(answer.to_string().as_bytes()).unwrap());
        assert_eq!(kept.status.as_str(), "escalated");
        assert_eq!(kept.verdict.unwrap().as_str(), "maybe");
        assert_eq!(kept.assurance_tier.unwrap().as_str().len(), 64);
    }

    fn history() -> CustomerTier {
        let answer = json!({
            "customer": {"id": "cus_0001", "fullName": "Contoh Nama", "kycLevel": "standard",
                "kycExpiresAt": "2027-09-01T03:00:12.000Z"},
            "eligible": "standard",
            "verifications": [
                {"id": "ver_4", "method": "ktp_capture", "status": "verified", "score": 88, "createdAt": "2026-09-01T03:00:12Z"},
                {"id": "ver_3", "method": "nik_format", "status": "verified", "createdAt": "2026-09-01T03:00:11Z"},
                {"id": "ver_2", "method": "ktp_capture", "status": "failed", "score": 20, "createdAt": "2026-09-01T03:00:10Z"},
                {"id": "ver_1", "method": "ktp_capture", "status": "verified", "createdAt": "2026-09-01T02:59:00Z"},
                {"id": "ver_0", "method": "ktp_capture", "status": "verified", "createdAt": "yesterday"},
            ],
        });
        tier_of("cus_0001", wire::decode_tier(answer.to_string().as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn candidates_are_captures_since_then_oldest_first() {
        let found = |since: &str| {
            let receipts = candidates(&history(), since.parse().unwrap());
            receipts.into_iter().map(|receipt| receipt.verification_id).collect::<Vec<_>>()
        };
        assert_eq!(found("2026-09-01T03:00:10.900Z"), ["ver_2", "ver_4"]);
        assert_eq!(found("2026-09-01T03:00:13Z"), ["ver_4"]);
        assert_eq!(found("2026-09-01T03:00:15Z"), Vec::<String>::new());
        assert_eq!(found("2000-01-01T00:00:00Z"), ["ver_1", "ver_2", "ver_4"]);
    }

    #[test]
    fn a_recovered_receipt_tells_what_the_history_tells() {
        let receipt = candidates(&history(), now()).pop().unwrap();
        assert_eq!(receipt.origin, ReceiptOrigin::Recovered);
        assert_eq!((receipt.status, receipt.score), (VerificationStatus::Verified, Some(88.0)));
        assert_eq!(receipt.kyc_level, Some(KycLevel::Standard));
        assert_eq!(receipt.assurance_tier, None);
    }

    #[test]
    fn an_answer_about_another_customer_is_no_answer() {
        let answer = br#"{"customer":{"id":"cus_0002","kycLevel":"none"}}"#;
        assert_eq!(tier_of("cus_0001", wire::decode_tier(answer).unwrap()), None);
    }
}
