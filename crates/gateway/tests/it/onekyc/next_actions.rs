//! RETRY / STATUS / EXIT (contract A.4.4), row by row.

use gateway::onekyc::{
    ExitReason, FailureClass, NextAction, Observation, PollParams, decode_status, next_action,
};
use serde_json::{Value, json};

use super::bench::Bench;
use crate::rows::rows;
use simulator::onekyc::{Behaviour, Call};

fn report(status: &str, decision: Value, document: &str) -> Vec<u8> {
    json!({"success": true, "data": {
        "submissionId": "5b8c0f5e-0000-4000-8000-0000000000a1", "status": status, "submissionType": "KTP_SCAN",
        "createdAt": "2026-09-01T03:00:00Z", "completedAt": null, "verificationResult": decision,
        "errorMessage": null, "documents": {"KTP": {"status": document, "documentReference": null}}}})
    .to_string()
    .into_bytes()
}

fn approved(is_approved: bool) -> Value {
    json!({"isApproved": is_approved, "riskLevel": "LOW", "confidence": "93"})
}

async fn status(row: &str, status: &str, decision: Value, document: &str, left: u32, expected: NextAction) {
    let report = decode_status(&report(status, decision, document)).unwrap();
    assert_eq!(next_action(Observation::Status(&report), left), expected, "{row}");
}

async fn other(row: &str, observation: Observation<'static>, left: u32, expected: NextAction) {
    assert_eq!(next_action(observation, left), expected, "{row}");
}

use ExitReason as E;
use NextAction::{Exit, Retry, Status};

rows! { status;
    initiated => "A.4.4 INITIATED after our confirm: STATUS", "INITIATED", Value::Null, "UPLOADED", 2, Status;
    in_progress => "A.4.4 IN_PROGRESS: STATUS", "IN_PROGRESS", Value::Null, "UPLOADED", 2, Status;
    partially_completed => "A.4.4 PARTIALLY_COMPLETED: STATUS", "PARTIALLY_COMPLETED", Value::Null, "UPLOADED", 0, Status;
    approved_is_success => "A.4.4 COMPLETED approved: EXIT(success)", "COMPLETED", approved(true), "VERIFIED", 2, Exit(E::Success);
    approved_though_a_document_is_odd => "A.4.4 COMPLETED approved, odd document: EXIT(success)", "COMPLETED", approved(true), "REJECTED", 2, Exit(E::Success);
    invalid_document_with_attempts => "A.4.4 COMPLETED refused, document INVALID, attempts left: RETRY", "COMPLETED", approved(false), "INVALID", 1, Retry;
    rejected_document_with_attempts => "A.4.4 COMPLETED refused, document REJECTED, attempts left: RETRY", "COMPLETED", approved(false), "REJECTED", 1, Retry;
    invalid_document_without_attempts => "A.4.4 COMPLETED refused, document INVALID, none left: EXIT(rejected)", "COMPLETED", approved(false), "INVALID", 0, Exit(E::Rejected);
    refused_without_a_bad_document => "A.4.4 COMPLETED refused otherwise: EXIT(rejected)", "COMPLETED", approved(false), "VERIFIED", 2, Exit(E::Rejected);
    completed_without_a_decision => "A.4.4 COMPLETED without decision: EXIT(needs details)", "COMPLETED", Value::Null, "VERIFIED", 2, Exit(E::NeedsDetails);
    error_with_attempts => "A.4.4 ERROR, attempts left: RETRY", "ERROR", Value::Null, "UPLOADED", 1, Retry;
    error_without_attempts => "A.4.4 ERROR, none left: EXIT(error)", "ERROR", Value::Null, "UPLOADED", 0, Exit(E::Error);
    unknown_word => "A.4.4 unknown status: STATUS", "ON_HOLIDAY", Value::Null, "UPLOADED", 2, Status;
    unknown_document_word => "A.4.4 unknown document status blames none", "COMPLETED", approved(false), "SMUDGED", 2, Exit(E::Rejected);
}

rows! { other;
    picture_refused_with_attempts => "A.4.4 422 on confirm, attempts left: RETRY", Observation::PictureRefused, 1, Retry;
    picture_refused_without_attempts => "A.4.4 422 on confirm, none left: EXIT(rejected)", Observation::PictureRefused, 0, Exit(E::Rejected);
    quota_exceeded => "A.4.4 429 SUBMISSION_QUOTA_EXCEEDED: EXIT(exhausted)", Observation::QuotaExhausted, 2, Exit(E::Exhausted);
    poll_budget_over => "A.4.4 poll budget over: EXIT(pending)", Observation::PollBudgetOver, 2, Exit(E::Pending);
    user_leaves => "A.4.4 user leaves: EXIT(cancelled)", Observation::UserLeft, 2, Exit(E::Cancelled);
}

#[test]
fn the_screen_waits_ninety_seconds() {
    let params = PollParams::default();
    assert!(!params.is_over(std::time::Duration::from_secs(89)));
    assert!(params.is_over(std::time::Duration::from_secs(90)));
}

/// An unknown word is polled over until it becomes one we know.
#[tokio::test]
async fn unknown_words_are_polled_over() {
    let bench = Bench::start(Behaviour { unknown_status_polls: 3, ..Behaviour::default() }).await;
    let ending = bench.scan(&super::bench::card()).await.unwrap();
    assert_eq!(ending.exit, ExitReason::Success);
    assert!(bench.asked(Call::Status) >= 4);
}

/// Quota: three confirmed scans, the fourth is told to stop and is not retried.
#[tokio::test]
async fn an_exhausted_quota_ends_the_run() {
    let bench = Bench::start(Behaviour { quota_per_user: 1, ..Behaviour::default() }).await;
    bench.scan(&super::bench::card()).await.unwrap();
    let failure = bench.scan(&super::bench::card()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::QuotaExhausted);
    assert_eq!(bench.asked(Call::UploadUrls), 2);
}
