//! The result of a submission, as an answer and as a callback's body (contract A.4.5, A.6, A.8).
//! Invariant: a block that was not reached is absent. Deliberately lacks scores of faces and a registry's answer.

use axum::http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::auth::{Reader, reader};
use super::platform::Platform;
use super::refusal::Refusal;
use super::request::Incoming;
use super::settings::Behaviour;
use super::state::{Document, End, Progress, State, Submission};
use super::storage;
use crate::clock::iso_s;

/// `GET /{coe,esign-partner}/v1/submissions`
pub fn details(platform: &Platform, incoming: &Incoming, esign: bool) -> Result<Value, Refusal> {
    let who = reader(platform, incoming, esign).map_err(|refusal| match refusal.status {
        401 => refuse(401, "1539", "UNAUTHORIZED").with_null_data(),
        _ => refuse(403, "903", "FORBIDDEN"),
    })?;
    let session = incoming.header("x-partner-session-id");
    let id = incoming.header("x-submission-id");
    if session.is_none() && id.is_none() {
        return Err(refuse(400, "1550", "PARTNER_USER_ID_CAN_NOT_BE_EMPTY"));
    }
    let mut state = platform.state();
    let submission = found(&mut state, session, id, esign)?;
    let asked_for = match who {
        Reader::User(caller) => Some(caller.user_id),
        Reader::Partner => incoming.header("x-partner-user-id").map(str::to_owned),
    };
    if asked_for.is_some_and(|user_id| user_id != submission.user_id) {
        return Err(foreign(esign));
    }
    let behaviour = platform.behaviour();
    if esign {
        submission.polls += 1;
        if submission.polls <= behaviour.in_progress_polls {
            return Ok(result(platform, &incoming.origin, submission, None));
        }
    }
    let end = match &submission.progress {
        Progress::Ended(end) => Some(end.as_ref().clone()),
        Progress::Initiated | Progress::Confirmed => None,
    };
    Ok(result(platform, &incoming.origin, submission, end.as_ref()))
}

/// The latest confirmed submission of that name.
fn found<'a>(
    state: &'a mut State,
    session: Option<&str>,
    id: Option<&str>,
    esign: bool,
) -> Result<&'a mut Submission, Refusal> {
    let is_it = |submission: &&mut Submission| {
        submission.esign == esign
            && submission.progress != Progress::Initiated
            && id.is_none_or(|id| submission.id.to_string() == id)
            && (id.is_some() || session.is_none_or(|session| submission.partner_session == session))
    };
    let absent = || match esign {
        true => Refusal::new(404, "1518", "USER_NOT_FOUND"),
        false => refuse(400, "1552", "SUBMISSION_DOES_NOT_EXIST"),
    };
    state.submissions.iter_mut().rev().find(is_it).ok_or_else(absent)
}

/// Somebody else's.
fn foreign(esign: bool) -> Refusal {
    if esign {
        return Refusal::new(400, "1653", "SUBMISSION_ID_DOES_NOT_BELONG_TO_CURRENT_USER");
    }
    refuse(400, "1553", "PARTNER_SESSION_ID_DOES_NOT_BELONG_TO_THE_USER")
}

/// This page shows its codes as integers.
fn refuse(status: u16, code: &str, cause: &str) -> Refusal {
    Refusal::new(status, code, cause).integer()
}

/// The result object: the answer's data, and (with the user) a callback's body.
pub fn result(platform: &Platform, origin: &str, submission: &Submission, end: Option<&End>) -> Value {
    let behaviour = platform.behaviour();
    let mut details = Map::new();
    details.insert("imageUrls".to_owned(), images(platform, origin, submission, &behaviour));
    let mut answer = json!({"submissionId": submission.id, "flow": submission.flow,
        "partnerSessionId": submission.partner_session,
        "status": end.map_or("IN_PROGRESS", |end| end.status.as_str())});
    if let Some(end) = end {
        let members = answer.as_object_mut().expect("made as an object above");
        if let Some(result) = &end.result {
            members.insert("result".to_owned(), json!(result));
        }
        members.insert("reasonCode".to_owned(), json!(end.reason.as_deref().unwrap_or_default()));
        members.insert("processedAt".to_owned(), json!(submission.completed_at.map(iso_s)));
        judged(&mut details, submission, end);
    }
    if behaviour.other_case {
        details = details.into_iter().map(|(key, value)| (key.to_ascii_lowercase(), value)).collect();
    }
    answer["submissionDetails"] = Value::Object(details);
    answer
}

fn images(platform: &Platform, origin: &str, submission: &Submission, behaviour: &Behaviour) -> Value {
    let link = |document: &Document| {
        let url = storage::address(platform, origin, &Method::GET, document.object, behaviour.url_expiry_s);
        let upper = submission.esign != behaviour.other_case;
        let key = if upper { document.key.clone() } else { document.key.to_ascii_lowercase() };
        (key, json!(url))
    };
    Value::Object(submission.documents.iter().map(link).collect())
}

fn judged(details: &mut Map<String, Value>, submission: &Submission, end: &End) {
    if !end.card.is_empty() {
        details.insert("ktpData".to_owned(), json!(end.card));
    }
    if submission.esign {
        let word = |passed: bool| if passed { "PASS" } else { "FAIL" };
        let passed = end.is_valid();
        details.insert(
            "verificationResult".to_owned(),
            json!({"nik": word(passed), "name": word(passed),
            "dateOfBirth": word(passed), "selfie": word(end.liveness.unwrap_or(passed))}),
        );
    } else {
        let mut checks = Map::new();
        if let Some(passed) = end.liveness {
            checks.insert("liveness".to_owned(), json!({"result": passed, "version": "4.0.0"}));
        }
        if let Some((passed, reason)) = &end.reference {
            checks.insert(
                "referenceImageValidation".to_owned(),
                json!({"ktp": {"verificationResult": passed, "verificationReasonCode": reason}}),
            );
        }
        if !checks.is_empty() {
            details.insert("verificationResults".to_owned(), Value::Object(checks));
        }
    }
    if end.result.is_some() && !end.is_valid() {
        details.insert(
            "rejectionReasonTranslations".to_owned(),
            json!({
            "id_ID": {"title": "Ditolak", "message": "Pengajuan ditolak"},
            "en_ID": {"title": "Rejected", "message": "The submission was rejected"}}),
        );
    }
}

/// The moment something was decided, to the second.
pub fn decided_at(platform: &Platform) -> Timestamp {
    platform.clock.now()
}
