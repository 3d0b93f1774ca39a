//! Reason codes (contract A.10), each told by the platform and read through a whole journey.

use gateway::onekyc::Advice::{
    self, AnotherContact, RecaptureCard, Rejected, RetakeSelfie, RetakeSelfieOnceThenStaff, Staff, TryLater,
    UploadAgain,
};
use gateway::onekyc::ReasonCode;
use simulator::onekyc::{Behaviour, ForcedEnd};

use super::bench::{Bench, card};
use crate::rows::rows;

async fn told(row: &str, code: &str, is_known: bool, advice: Advice) {
    let forced = ForcedEnd {
        result: Some("INVALID".to_owned()),
        reason_code: Some(code.to_owned()),
        ..ForcedEnd::default()
    };
    let bench = Bench::start(Behaviour { forced: Some(forced), ..Behaviour::default() }).await;
    let reason = bench.scan(&card()).await.unwrap().reason.unwrap();
    assert_eq!(reason.as_str(), code, "{row}");
    assert_eq!(!matches!(reason, ReasonCode::Other(_)), is_known, "{row}");
    assert_eq!(reason.advice(), advice, "{row}");
}

rows! { told;
    not_ektp => "A.10 NOT_EKTP", "NOT_EKTP", true, RecaptureCard;
    fraud_reject => "A.10 FRAUD_REJECT", "FRAUD_REJECT", true, Staff;
    dukcapil_rejected => "A.10 DUKCAPIL_REJECTED", "DUKCAPIL_REJECTED", true, Staff;
    dukcapil_irretrievable_error => "A.10 DUKCAPIL_IRRETRIEVABLE_ERROR", "DUKCAPIL_IRRETRIEVABLE_ERROR", true, TryLater;
    dukcapil_system_error => "A.10 DUKCAPIL_SYSTEM_ERROR", "DUKCAPIL_SYSTEM_ERROR", true, TryLater;
    liveness_check_failed => "A.10 LIVENESS_CHECK_FAILED", "LIVENESS_CHECK_FAILED", true, RetakeSelfie;
    aether_verification_failed => "A.10 AETHER_VERIFICATION_FAILED", "AETHER_VERIFICATION_FAILED", true, Staff;
    email_has_been_used => "A.10 EMAIL_HAS_BEEN_USED", "EMAIL_HAS_BEEN_USED", true, AnotherContact;
    phone_has_been_used => "A.10 PHONE_HAS_BEEN_USED", "PHONE_HAS_BEEN_USED", true, AnotherContact;
    system_error => "A.10 SYSTEM_ERROR", "SYSTEM_ERROR", true, TryLater;
    not_live => "A.10 NOT_LIVE", "NOT_LIVE", true, RetakeSelfie;
    face_match_failed => "A.10 FACE_MATCH_FAILED", "FACE_MATCH_FAILED", true, RetakeSelfieOnceThenStaff;
    reference_image_validation_failed => "A.10 REFERENCE_IMAGE_VALIDATION_FAILED", "REFERENCE_IMAGE_VALIDATION_FAILED", true, RecaptureCard;
    document_not_found => "A.10 DOCUMENT_NOT_FOUND", "DOCUMENT_NOT_FOUND", true, UploadAgain;
    invalid_document => "A.10 INVALID_DOCUMENT", "INVALID_DOCUMENT", true, RecaptureCard;
    verification_failed => "A.10 VERIFICATION_FAILED", "VERIFICATION_FAILED", true, TryLater;
    unknown_code => "A.10 unknown codes are kept", "MOON_PHASE", false, Rejected;
}
