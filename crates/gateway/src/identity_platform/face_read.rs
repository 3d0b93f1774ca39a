//! From decoded answers about faces to receipts.
//!
//! Invariant: pure. A step-up's decision is `allow` and nothing else; what else is told is kept for people.

use jiff::Timestamp;

use super::config::FaceCall;
use super::face_wire::{FaceVerificationWire, LivenessAnswerWire, LivenessWire, StepUpAnswerWire};
use super::read::{DATE_TOLERANCE, MAX_VOTERS, date, voter};
use crate::customer::{CustomerTier, VerificationRow};
use crate::receipt::{AssuranceTier, FaceReceipt, FusedCheck, ReceiptOrigin, VerificationStatus};
use crate::word::clipped;

pub(super) fn liveness(answer: LivenessAnswerWire) -> FaceReceipt {
    answered(answer.verification, answer.liveness, VerificationStatus::Pending)
}

pub(super) fn step_up(answer: StepUpAnswerWire) -> FaceReceipt {
    let decided = if answer.allow { VerificationStatus::Verified } else { VerificationStatus::Failed };
    FaceReceipt {
        allow: Some(answer.allow),
        match_verdict: answer.matching.and_then(|matching| matching.verdict).map(|word| clipped(&word)),
        ..answered(answer.verification, answer.liveness, decided)
    }
}

/// `unsaid` is the status of a record that names none.
fn answered(
    verification: FaceVerificationWire,
    liveness: Option<LivenessWire>,
    unsaid: VerificationStatus,
) -> FaceReceipt {
    FaceReceipt {
        created_at: date(verification.created_at.as_deref()),
        verification_id: verification.id,
        status: verification.status.map_or(unsaid, Into::into),
        score: verification.score,
        allow: None,
        assurance_tier: liveness.as_ref().and_then(tier),
        liveness: liveness.and_then(fused),
        match_verdict: None,
        origin: ReceiptOrigin::Answered,
        flash_dropped: None,
    }
}

fn tier(wire: &LivenessWire) -> Option<AssuranceTier> {
    wire.assurance_tier.as_deref().map(Into::into)
}

/// `None` where there is no word for the result.
fn fused(wire: LivenessWire) -> Option<FusedCheck> {
    let assurance_tier = tier(&wire);
    let votes = wire.voters.unwrap_or_default().into_iter().take(MAX_VOTERS);
    Some(FusedCheck {
        fused: clipped(&wire.fused.or(wire.verdict)?),
        assurance_tier,
        voters: votes.filter_map(|vote| serde_json::from_value(vote).ok()).map(voter).collect(),
    })
}

/// The method of the record that tells what became of a call. A step-up leaves records of liveness too; only one of the two
/// can be the item's, or another item could claim the second.
fn method(call: FaceCall) -> &'static str {
    match call {
        FaceCall::StepUp => "face_match",
        FaceCall::Liveness => "face_liveness",
    }
}

/// The records of faces dated `since` or later, oldest first.
pub(super) fn candidates(tier: &CustomerTier, call: FaceCall, since: Timestamp) -> Vec<FaceReceipt> {
    let earliest = since.saturating_sub(DATE_TOLERANCE).unwrap_or(Timestamp::MIN);
    let is_ours = |row: &&VerificationRow| {
        row.method == method(call) && row.created_at.is_some_and(|at| at >= earliest)
    };
    let mut found: Vec<FaceReceipt> = tier.verifications.iter().filter(is_ours).map(recovered).collect();
    found.sort_by_key(|receipt| receipt.created_at);
    found
}

/// The history tells the outcome, not the decision.
fn recovered(row: &VerificationRow) -> FaceReceipt {
    FaceReceipt {
        verification_id: row.id.clone(),
        status: row.status.clone(),
        score: row.score,
        allow: None,
        liveness: None,
        assurance_tier: None,
        match_verdict: None,
        created_at: row.created_at,
        origin: ReceiptOrigin::Recovered,
        flash_dropped: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::face_wire::{decode_liveness, decode_step_up};
    use super::super::{read, wire};
    use super::*;

    #[test]
    fn a_step_ups_receipt_is_kept_like_this() {
        let answer = json!({
            "allow": true,
            "liveness": {"verdict": "live", "assuranceTier": "high", "passed": 4, "present": 4, "voters": [
                {"name": "flash_reflectance", "passed": true, "reason": "correlation 0.98"},
                {"name": "rppg", "passed": "maybe"}]},
            "match": {"verdict": "match", "similarity": 0.71, "threshold": 0.55},
            "verification": {"id": "ver_0002", "status": "verified", "score": 87},
            "audit": {"riskLevel": "high", "actionLabel": "CONTOH NAMA"},
        });
        let kept = step_up(decode_step_up(answer.to_string().as_bytes()).unwrap());
        insta::assert_json_snapshot!(kept, @r#"
        {
          "verificationId": "ver_0002",
          "status": "verified",
          "score": 87.0,
          "allow": true,
          "liveness": {
            "fused": "live",
            "assuranceTier": "high",
            "voters": [
              {
                "name": "flash_reflectance",
                "passed": true,
                "reason": "correlation 0.98"
              }
            ]
          },
          "assuranceTier": "high",
          "match": "match",
          "origin": "answered"
        }
        "#);
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<FaceReceipt>(&text).unwrap(), kept);
    }

    #[test]
    fn what_is_not_said_follows_from_the_decision_or_stays_open() {
        let refused = decode_step_up(br#"{"allow":false,"verification":{"id":"v"}}"#).unwrap();
        let refused = step_up(refused);
        assert_eq!((refused.allow, refused.status), (Some(false), VerificationStatus::Failed));
        let open = liveness(
            decode_liveness(br#"{"verification":{"id":"v"},"liveness":{"assuranceTier":"low"}}"#).unwrap(),
        );
        assert_eq!((open.allow, open.status), (None, VerificationStatus::Pending));
        assert_eq!((open.assurance_tier, open.liveness), (Some(AssuranceTier::Low), None));
    }

    #[test]
    fn one_record_of_a_call_is_looked_for() {
        let row = |id: &str, method: &str, second: u32| json!({"id": id, "method": method, "status": "verified", "createdAt": format!("2026-09-01T03:00:{second}Z")});
        let history = json!({"customer": {"id": "cus_0001", "kycLevel": "premium"}, "verifications": [
            row("ver_5", "face_match", 40), row("ver_4", "face_liveness", 40), row("ver_3", "ktp_capture", 30),
            row("ver_2", "face_match", 20), row("ver_1", "face_liveness", 20)]});
        let history = wire::decode_tier(history.to_string().as_bytes()).unwrap();
        let history = read::tier_of("cus_0001", history).unwrap();
        let found = |call, since: &str| {
            let receipts = candidates(&history, call, since.parse().unwrap());
            receipts.into_iter().map(|receipt| receipt.verification_id).collect::<Vec<_>>()
        };
        assert_eq!(found(FaceCall::StepUp, "2026-09-01T03:00:25Z"), ["ver_5"]);
        assert_eq!(found(FaceCall::StepUp, "2026-09-01T03:00:00Z"), ["ver_2", "ver_5"]);
        assert_eq!(found(FaceCall::Liveness, "2026-09-01T03:00:25Z"), ["ver_4"]);
    }
}
