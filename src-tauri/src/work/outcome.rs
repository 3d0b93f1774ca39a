//! A queue item's fate as the outcome screen shows it.

use gateway::onekyc::{Advice, ReasonCode};
use gateway::{AssuranceTier, FaceReceipt, FusedCheck, Receipt, Standing};
use launch::PlatformRefusal;
use outbox::{Item, State};

use crate::view::{
    CheckView, FaceOutcomeView, FlashOutcome, FlowView, OneKycView, OutcomeResult, OutcomeView, RetakeView,
    VoterView,
};

/// The queue's word for a picture that the partner could not use.
const PICTURE_REFUSED: &str = "picture_refused";

/// What became of an item; `flow` is what was captured for it.
pub(super) fn of_item(item: Item, flash: FlashOutcome, flow: FlowView) -> OutcomeView {
    let reason = item.reason.map(|reason| reason.code);
    let queued = OutcomeView::queued(item.id.to_string(), flash);
    match item.state {
        State::Waiting | State::Sending => {
            let is_processing = reason.as_deref() == Some(sync::PROCESSING);
            let result = if is_processing { OutcomeResult::Processing } else { OutcomeResult::Queued };
            OutcomeView { result, reason, ..queued }
        }
        State::Parked => {
            let wants_picture = reason.as_deref() == Some(PICTURE_REFUSED);
            let retake = wants_picture.then(|| whole(flow));
            OutcomeView { result: OutcomeResult::Refused, reason, retake, ..queued }
        }
        State::Delivered => {
            let receipt = item.receipt_json.and_then(|text| serde_json::from_str::<Receipt>(&text).ok());
            receipt.map_or(queued.clone(), |receipt| of_receipt(receipt, queued, flow))
        }
    }
}

/// What the platform said when it refused, where it said so in the contract's words.
pub(super) fn refusal(item: &Item) -> Option<PlatformRefusal> {
    item.reason.as_ref().and_then(|reason| PlatformRefusal::parse(&reason.detail))
}

/// What is captured again if everything is.
fn whole(flow: FlowView) -> RetakeView {
    if flow.has_card() { RetakeView::Card } else { RetakeView::Selfie }
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

fn of_receipt(receipt: Receipt, queued: OutcomeView, flow: FlowView) -> OutcomeView {
    let result = match receipt.standing() {
        Standing::Accepted => OutcomeResult::Verified,
        Standing::Pending => OutcomeResult::Processing,
        Standing::Review => OutcomeResult::Review,
        Standing::Refused => OutcomeResult::Refused,
    };
    let checks = [("antiSpoof", &receipt.anti_spoof), ("tamper", &receipt.tamper)];
    let ending = receipt.onekyc.as_ref();
    let code = ending.and_then(|ending| ending.reason.as_ref());
    OutcomeView {
        result,
        reference: Some(receipt.verification_id.clone()),
        tier: receipt.assurance_tier.as_ref().map(|tier| tier.as_str().to_owned()),
        checks: checks.into_iter().filter_map(|(name, found)| Some(check(name, found.as_ref()?))).collect(),
        reason: code.map(|code| code.as_str().to_owned()),
        face: receipt.face.as_ref().map(face),
        retake: code.filter(|_| result == OutcomeResult::Refused).and_then(|code| retake(code, flow)),
        onekyc: ending.map(|ending| OneKycView {
            status: ending.status.as_str().to_owned(),
            result: ending.result.as_ref().map(|result| result.as_str().to_owned()),
            reason_code: code.map(|code| code.as_str().to_owned()),
            correlation_id: ending.partner_session_id.to_string(),
        }),
        ..queued
    }
}

/// What the partner said of the face; the visit knows the rest.
fn face(receipt: &FaceReceipt) -> FaceOutcomeView {
    FaceOutcomeView {
        tier: receipt.assurance_tier.as_ref().map(|tier| tier.as_str().to_owned()),
        flash: FlashOutcome::Offline,
        verdict: None,
        votes: Vec::new(),
        is_without_gestures: false,
        check: receipt.liveness.as_ref().map(|found| check("liveness", found)),
    }
}

/// What helps against a reason, if capturing again does. The partner wants a run's pictures together, so a flow with a
/// card begins with the card.
fn retake(code: &ReasonCode, flow: FlowView) -> Option<RetakeView> {
    match code.advice() {
        Advice::RecaptureCard if flow.has_card() => Some(RetakeView::Card),
        Advice::RetakeSelfie | Advice::RetakeSelfieOnceThenStaff if flow.has_face() => Some(whole(flow)),
        Advice::UploadAgain => Some(whole(flow)),
        Advice::RecaptureCard
        | Advice::RetakeSelfie
        | Advice::RetakeSelfieOnceThenStaff
        | Advice::TryLater
        | Advice::AnotherContact
        | Advice::Staff
        | Advice::Rejected => None,
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
            let view = of_receipt(receipt(verdict, "verified"), queued, FlowView::KtpScan);
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
    fn the_face_has_a_tier_of_its_own() {
        let face = serde_json::json!({
            "verificationId": "ver_0002", "status": "verified", "assuranceTier": "high", "origin": "answered",
            "liveness": {"fused": "live", "voters": [{"name": "flash_reflectance", "passed": true}]},
        });
        let face = serde_json::from_value(face).unwrap();
        let receipt = Receipt { face: Some(face), ..receipt("passed", "verified") };
        let queued = OutcomeView::queued("item".to_owned(), FlashOutcome::Played);
        let view = of_receipt(receipt, queued, FlowView::IdentityVerification);
        let face = view.face.unwrap();
        assert_eq!((view.tier.as_deref(), face.tier.as_deref()), (Some("standard"), Some("high")));
        assert_eq!(face.check.and_then(|check| check.has_passed), Some(true));
    }

    #[test]
    fn a_check_that_is_unclear_is_neither_passed_nor_failed() {
        let queued = OutcomeView::queued("item".to_owned(), FlashOutcome::Played);
        let checks = of_receipt(receipt("passed", "verified"), queued, FlowView::KtpScan).checks;
        assert_eq!(checks.iter().map(|check| check.has_passed).collect::<Vec<_>>(), [Some(true), None]);
    }

    #[test]
    fn a_reason_that_another_capture_helps_against_offers_one() {
        #[track_caller]
        fn check(code: &str, flow: FlowView, expected: Option<RetakeView>) {
            let onekyc = serde_json::json!({
                "submissionId": "s", "partnerSessionId": uuid::Uuid::nil(), "sdkSessionId": uuid::Uuid::nil(),
                "flow": "KTP_SCAN", "exit": "rejected", "status": "COMPLETED", "result": "INVALID", "reason": code,
            });
            let ending = serde_json::from_value(onekyc).unwrap();
            let receipt = Receipt { onekyc: Some(ending), ..receipt("failed", "failed") };
            let queued = OutcomeView::queued("item".to_owned(), FlashOutcome::Offline);
            let view = of_receipt(receipt, queued, flow);
            assert_eq!((view.result, view.retake), (OutcomeResult::Refused, expected), "{code}");
            assert_eq!(view.reason.as_deref(), Some(code));
        }
        check("NOT_EKTP", FlowView::KtpScan, Some(RetakeView::Card));
        check("INVALID_DOCUMENT", FlowView::IdentityVerification, Some(RetakeView::Card));
        check("NOT_LIVE", FlowView::SelfieLiveness, Some(RetakeView::Selfie));
        check("LIVENESS_CHECK_FAILED", FlowView::IdentityVerification, Some(RetakeView::Card));
        check("FRAUD_REJECT", FlowView::IdentityVerification, None);
        check("A_LATER_CODE", FlowView::KtpScan, None);
    }
}
