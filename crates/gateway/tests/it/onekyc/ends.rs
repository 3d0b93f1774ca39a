//! Status × result, both families (contract A.5), through whole journeys.

use gateway::onekyc::{ExitReason, Flow, Journey, SubmissionStatus};
use gateway::{Verdict, VerificationStatus};
use simulator::onekyc::{Behaviour, ForcedEnd};

use super::bench::{Bench, card, fresh_ids, selfie, siv_run};
use crate::rows::rows;

fn forced(status: &str, result: Option<&str>, reason: Option<&str>) -> Behaviour {
    let forced = ForcedEnd {
        status: status.to_owned(),
        result: result.map(str::to_owned),
        reason_code: reason.map(str::to_owned),
        count: None,
    };
    Behaviour { forced: Some(forced), quota_per_user: 100, ..Behaviour::default() }
}

/// How a queue's receipt reads.
type Kept = (ExitReason, VerificationStatus, Option<Verdict>);

async fn scan(row: &str, status: &str, result: Option<&str>, reason: Option<&str>, expected: Kept) {
    for decision_in_status in [true, false] {
        let behaviour = Behaviour { decision_in_status, ..forced(status, result, reason) };
        let ending = Bench::start(behaviour).await.scan(&card()).await.unwrap();
        let told = (ending.reason.clone(), ending.exit.clone());
        assert_eq!(told.0.as_ref().map(|reason| reason.as_str()), reason, "{row}");
        let receipt = ending.receipt();
        assert_eq!((told.1, receipt.status, receipt.verdict), expected, "{row}");
        let kept = receipt.onekyc.unwrap();
        assert_eq!(kept.submission_id, receipt.verification_id, "{row}");
    }
}

async fn siv(row: &str, status: &str, result: Option<&str>, reason: Option<&str>, expected: ExitReason) {
    let bench = Bench::start(forced(status, result, reason)).await;
    let run = siv_run();
    let journey = Journey::planned(Flow::StandaloneIdentityVerification, &run.user_id, fresh_ids())
        .with_contact(run.contact.unwrap());
    let ending = bench.travel(journey, &card(), &selfie()).await.unwrap();
    assert_eq!(ending.exit, expected, "{row}");
    assert_eq!(ending.status, SubmissionStatus::from(status), "{row}");
}

use ExitReason as E;
use VerificationStatus as V;

rows! { scan;
    coe_completed_valid => "A.5 COE COMPLETED VALID", "COMPLETED", Some("VALID"), None, (E::Success, V::Verified, Some(Verdict::Passed));
    coe_completed_invalid => "A.5 COE COMPLETED INVALID", "COMPLETED", Some("INVALID"), Some("INVALID_DOCUMENT"), (E::Rejected, V::Failed, Some(Verdict::Failed));
    coe_completed_rejected => "A.5 REJECTED reads as INVALID", "COMPLETED", Some("REJECTED"), Some("NOT_EKTP"), (E::Rejected, V::Failed, Some(Verdict::Failed));
    coe_error => "A.5 COE ERROR", "ERROR", None, Some("VERIFICATION_FAILED"), (E::Error, V::Failed, None);
    coe_error_without_reason => "A.5 COE ERROR without reason", "ERROR", None, None, (E::Error, V::Failed, None);
}

rows! { siv;
    siv_completed_valid => "A.5 SIV COMPLETED VALID", "COMPLETED", Some("VALID"), None, E::Success;
    siv_completed_invalid => "A.5 SIV COMPLETED INVALID", "COMPLETED", Some("INVALID"), Some("DUKCAPIL_REJECTED"), E::Rejected;
    siv_completed_rejected => "A.5 SIV COMPLETED REJECTED reads as INVALID", "COMPLETED", Some("REJECTED"), Some("FRAUD_REJECT"), E::Rejected;
    siv_error => "A.5 SIV ERROR", "ERROR", None, Some("SYSTEM_ERROR"), E::Error;
}

/// A technical failure is tried again with the same picture in the same run; three in all.
#[tokio::test]
async fn an_error_is_tried_again_before_it_is_final() {
    let bench = Bench::start(forced("ERROR", None, None)).await;
    bench.scan(&card()).await.unwrap();
    let confirmed = bench.confirmed();
    assert_eq!(confirmed.len(), 3);
    let first = (&confirmed[0].partner_session_id, &confirmed[0].sdk_session_id);
    assert!(confirmed.iter().all(|row| (&row.partner_session_id, &row.sdk_session_id) == first));
}

/// Identity passed, certificate still being made: the result is polled on.
#[tokio::test]
async fn a_certificate_is_waited_for() {
    let behaviour = forced("PARTIALLY_COMPLETED", Some("VALID"), None);
    let bench =
        Bench::with(behaviour, |_| {}, |config| config.poll.give_up = std::time::Duration::ZERO).await;
    let run = siv_run();
    let journey = Journey::planned(Flow::StandaloneIdentityVerification, "u-0001", fresh_ids())
        .with_contact(run.contact.unwrap());
    let ending = bench.travel(journey, &card(), &selfie()).await.unwrap();
    // Nobody asks any more at once, by configuration: it stays open, and is not called passed.
    assert_eq!(ending.exit, ExitReason::Pending);
    assert_eq!(ending.receipt().status, VerificationStatus::Pending);
}
