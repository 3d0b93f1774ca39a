//! A queue item's fate as the outcome screen shows it.

use gateway::{AssuranceTier, FusedCheck, Receipt, Verdict, VerificationStatus};
use outbox::{Item, State};

use crate::view::{CheckView, FlashOutcome, OutcomeResult, OutcomeView, VoterView};

/// What became of an item.
pub(super) fn of_item(item: Item, flash: FlashOutcome) -> OutcomeView {
    let reason = item.reason.map(|reason| reason.code);
    let queued = OutcomeView::queued(item.id.to_string(), flash);
    match item.state {
        State::Waiting | State::Sending => OutcomeView { reason, ..queued },
        State::Parked => OutcomeView { result: OutcomeResult::Refused, reason, ..queued },
        State::Delivered => {
            let receipt = item.receipt_json.and_then(|text| serde_json::from_str::<Receipt>(&text).ok());
            receipt.map_or(queued.clone(), |receipt| of_receipt(receipt, queued))
        }
    }
}

/// It could not be kept.
pub(super) fn failed(reason: &str, flash: FlashOutcome) -> OutcomeView {
    OutcomeView {
        result: OutcomeResult::Failed,
        item: None,
        reason: Some(reason.to_owned()),
        ..OutcomeView::queued(String::new(), flash)
    }
}

fn of_receipt(receipt: Receipt, queued: OutcomeView) -> OutcomeView {
    let result = match (&receipt.verdict, &receipt.status) {
        (Some(Verdict::Passed), _) | (None, VerificationStatus::Verified) => OutcomeResult::Verified,
        (Some(Verdict::Failed), _) | (None, VerificationStatus::Failed) => OutcomeResult::Refused,
        // What we cannot read is for a person to look at.
        (Some(Verdict::RequiresReview | Verdict::Other(_)), _)
        | (None, VerificationStatus::Pending | VerificationStatus::Other(_)) => OutcomeResult::Review,
    };
    let checks = [("antiSpoof", &receipt.anti_spoof), ("tamper", &receipt.tamper)];
    OutcomeView {
        result,
        reference: Some(receipt.verification_id.clone()),
        tier: receipt.assurance_tier.as_ref().map(|tier| tier.as_str().to_owned()),
        checks: checks.into_iter().filter_map(|(name, found)| Some(check(name, found.as_ref()?))).collect(),
        ..queued
    }
}

fn check(name: &str, check: &FusedCheck) -> CheckView {
    let by_tier = check.assurance_tier.as_ref().map(|tier| *tier != AssuranceTier::Low);
    let has_passed = match check.fused.as_str() {
        "live" | "authentic" => Some(true),
        "spoof" | "tampered" => Some(false),
        "unclear" => None,
        _later_word => by_tier,
    };
    let voter = |voter: &gateway::Voter| VoterView {
        name: voter.name.clone(),
        has_passed: voter.passed,
        reason: voter.reason.clone(),
    };
    CheckView { name: name.to_owned(), has_passed, voters: check.voters.iter().map(voter).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(verdict: &str, status: &str) -> Receipt {
        let json = serde_json::json!({
            "verificationId": "ver_0001", "status": status, "verdict": verdict, "assuranceTier": "standard",
            "antiSpoof": {"fused": "live", "voters": [{"name": "moire", "passed": true}]},
            "tamper": {"fused": "unclear", "voters": []}, "origin": "answered",
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn the_partners_verdict_decides_the_sentence() {
        #[track_caller]
        fn check(verdict: &str, expected: OutcomeResult) {
            let queued = OutcomeView::queued("item".to_owned(), FlashOutcome::Played);
            let view = of_receipt(receipt(verdict, "verified"), queued);
            assert_eq!(view.result, expected);
            assert_eq!(
                (view.reference.as_deref(), view.tier.as_deref()),
                (Some("ver_0001"), Some("standard"))
            );
        }
        check("passed", OutcomeResult::Verified);
        check("failed", OutcomeResult::Refused);
        check("requires_review", OutcomeResult::Review);
        check("a later word", OutcomeResult::Review);
    }

    #[test]
    fn a_check_that_is_unclear_is_neither_passed_nor_failed() {
        let queued = OutcomeView::queued("item".to_owned(), FlashOutcome::Played);
        let checks = of_receipt(receipt("passed", "verified"), queued).checks;
        assert_eq!(checks.iter().map(|check| check.has_passed).collect::<Vec<_>>(), [Some(true), None]);
    }
}
