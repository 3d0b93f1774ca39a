//! Addresses, confirmation, status and result (contract A.4).
//! Invariant: a submission is confirmed once; its end is computed once. Deliberately lacks waiting: see `judge`.

use axum::http::Method;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::auth::{Caller, Reader, reader, user};
use super::judge;
use super::platform::Platform;
use super::refusal::Refusal;
use super::request::{Incoming, text};
use super::settings::Behaviour;
use super::state::{Document, End, Object, Progress, Submission};
use super::storage;
use crate::clock::iso_s;

const COE_TYPES: [&str; 5] =
    ["KTP_SCAN", "STANDALONE_LIVENESS", "FACE_MATCH", "FACE_VERIFICATION", "KYC_LITE"];
const SIV: &str = "STANDALONE_IDENTITY_VERIFICATION";

/// The names every counter's call carries.
struct Run {
    caller: Caller,
    partner_session: String,
    sdk_session: String,
}

fn run_of(platform: &Platform, incoming: &Incoming) -> Result<Run, Refusal> {
    let caller = user(platform, incoming)?;
    let partner_session = incoming.required("x-partner-session-id")?;
    let sdk_session = incoming.required("x-sdk-session-id")?;
    Ok(Run { caller, partner_session, sdk_session })
}

/// `GET …/submissions/urls`
pub fn upload_urls(platform: &Platform, incoming: &Incoming, esign: bool) -> Result<Value, Refusal> {
    let run = run_of(platform, incoming)?;
    let kind = incoming.query("submissionType").unwrap_or_default();
    let known = if esign { kind.is_empty() || kind == SIV } else { COE_TYPES.contains(&kind) };
    let bound = run.caller.run.as_ref().map(|bound| bound.flow.as_str());
    let flow = if esign { SIV } else { kind };
    if !known || bound.is_some_and(|bound| bound != flow) {
        return Err(Refusal::new(400, "1542", "INVALID_SUBMISSION_TYPE"));
    }
    let behaviour = platform.behaviour();
    let mut state = platform.state();
    let used = state.confirmed_of(&run.caller.user_id, flow);
    // The token of a standalone verification is for one submission.
    let one_only = esign
        && state.submissions.iter().any(|submission| {
            submission.partner_session == run.partner_session && submission.progress != Progress::Initiated
        });
    if one_only || used >= behaviour.quota_per_user as usize {
        return Err(Refusal::new(429, "429", "SUBMISSION_QUOTA_EXCEEDED"));
    }
    let documents = keys_of(flow, &behaviour).into_iter().map(|key| Document {
        reference: format!("doc-{}-{}", key.to_ascii_lowercase(), &Uuid::new_v4().simple().to_string()[..8]),
        object: Uuid::new_v4(),
        key,
    });
    let documents: Vec<Document> = documents.collect();
    for document in &documents {
        state.objects.insert(document.object, Object { bytes: None, sha256: None, writes: 0 });
    }
    let submission = Submission {
        id: Uuid::new_v4(),
        esign,
        flow: flow.to_owned(),
        user_id: run.caller.user_id,
        user_id_type: run.caller.user_id_type,
        partner_session: run.partner_session,
        sdk_session: run.sdk_session,
        reference_image_url: run.caller.run.and_then(|bound| bound.reference_image_url),
        documents,
        progress: Progress::Initiated,
        polls: 0,
        created_at: platform.clock.now(),
        completed_at: None,
    };
    let answer = ticket(platform, incoming, &submission, &behaviour);
    state.submissions.push(submission);
    Ok(answer)
}

fn keys_of(flow: &str, behaviour: &Behaviour) -> Vec<String> {
    let selfies = ["SELFIE", "ADDITIONAL_SELFIE"].map(str::to_owned);
    match flow {
        "KTP_SCAN" => behaviour.card_keys.clone(),
        "STANDALONE_LIVENESS" | "FACE_MATCH" | "FACE_VERIFICATION" => selfies.to_vec(),
        _ => behaviour.card_keys.iter().cloned().chain(selfies.into_iter().take(1)).collect(),
    }
}

fn ticket(platform: &Platform, incoming: &Incoming, submission: &Submission, behaviour: &Behaviour) -> Value {
    let entry = |document: &Document| {
        let url = storage::address(
            platform,
            &incoming.origin,
            &Method::PUT,
            document.object,
            behaviour.url_expiry_s,
        );
        let value = json!({"documentUrl": url, "documentReference": document.reference,
            "expiryInSeconds": behaviour.url_expiry_s.to_string()});
        (document.key.clone(), value)
    };
    let documents: Map<String, Value> = submission.documents.iter().map(entry).collect();
    json!({"submissionId": submission.id, "status": "INITIATED", "documents": documents,
        "uiMessages": {"m1": {"title": "Siap", "message": "Unggah foto"}}})
}

/// `PUT …/submissions/urls`; `Some` id: to be judged now.
pub fn confirm(platform: &Platform, incoming: &Incoming) -> Result<(Value, Uuid), Refusal> {
    let run = run_of(platform, incoming)?;
    let invalid = Refusal::new(400, "1542", "INVALID_CONFIRM_UPLOAD_REQUEST");
    let body = incoming.object(&invalid)?;
    let id = text(&body, "submissionId").ok_or_else(|| invalid.clone())?;
    if body.get("metadata").is_some_and(|metadata| !metadata.is_object()) {
        return Err(invalid);
    }
    let unknown = Refusal::new(404, "404", "SUBMISSION_DOES_NOT_EXIST");
    let id: Uuid = id.parse().map_err(|_| unknown.clone())?;
    let mut state = platform.state();
    let pictures_ok = {
        let submission = state.submission(id).ok_or_else(|| unknown.clone())?;
        if submission.user_id != run.caller.user_id || submission.partner_session != run.partner_session {
            return Err(unknown);
        }
        if submission.progress != Progress::Initiated {
            return Err(Refusal::new(409, "409", "SUBMISSION_STATE_CONFLICT"));
        }
        let objects: Vec<Uuid> = submission.documents.iter().map(|document| document.object).collect();
        let stored = |object: &Uuid| {
            state
                .objects
                .get(object)
                .and_then(|object| object.bytes.as_deref())
                .is_some_and(judge::is_picture)
        };
        objects.iter().all(stored)
    };
    if !pictures_ok {
        return Err(Refusal::new(422, "422", "INVALID_UPLOAD_ARTIFACT"));
    }
    if let Some(submission) = state.submission(id) {
        submission.progress = Progress::Confirmed;
    }
    let answer = json!({"submissionId": id,
        "uiMessages": {"m1": {"title": "Diproses", "message": "Mohon tunggu"}}});
    Ok((answer, id))
}

/// `GET /coe/v1/submissions/{submissionId}/status`
pub fn status(platform: &Platform, incoming: &Incoming) -> Result<Value, Refusal> {
    let run = run_of(platform, incoming)?;
    let id = incoming.path_id.as_deref().unwrap_or_default();
    let id: Uuid = id.parse().map_err(|_| Refusal::new(400, "1541", "INVALID_SUBMISSION_ID"))?;
    let behaviour = platform.behaviour();
    let mut state = platform.state();
    let submission = state
        .submission(id)
        .filter(|submission| !submission.esign && submission.user_id == run.caller.user_id)
        .ok_or_else(|| Refusal::new(404, "1543", "SUBMISSION_DOES_NOT_EXIST"))?;
    if submission.progress != Progress::Initiated {
        submission.polls += 1;
    }
    let early = behaviour.unknown_status_polls;
    let (word, end) = match &submission.progress {
        Progress::Initiated => ("INITIATED", None),
        Progress::Confirmed | Progress::Ended(_) if submission.polls <= early => ("QUEUED_FOR_REVIEW", None),
        Progress::Confirmed => ("IN_PROGRESS", None),
        Progress::Ended(_) if submission.polls <= early + behaviour.in_progress_polls => {
            ("IN_PROGRESS", None)
        }
        Progress::Ended(end) => (end.status.as_str(), Some(end.as_ref())),
    };
    let document_status = match end {
        None if submission.progress == Progress::Initiated => "PENDING",
        None => "UPLOADED",
        Some(end) if end.is_valid() => "VERIFIED",
        Some(_) => "INVALID",
    };
    let entry = |document: &Document| {
        (document.key.clone(), json!({"status": document_status, "documentReference": document.reference}))
    };
    let documents: Map<String, Value> = submission.documents.iter().map(entry).collect();
    let decision = end.filter(|end| end.result.is_some() && behaviour.decision_in_status).map(|end| {
        let risk = if end.is_valid() { "LOW" } else { "HIGH" };
        json!({"isApproved": end.is_valid(), "riskLevel": risk, "confidence": if end.is_valid() { "93" } else { "12" }})
    });
    let message = end.filter(|end| end.status == "ERROR").map(|_| "The pictures could not be processed");
    Ok(json!({"submissionId": id, "status": word, "submissionType": submission.flow,
        "createdAt": iso_s(submission.created_at),
        "completedAt": end.and(submission.completed_at).map(iso_s),
        "verificationResult": decision, "errorMessage": message, "documents": documents, "uiMessages": {}}))
}

/// `GET /{coe,esign-partner}/v1/submissions`
pub fn details(platform: &Platform, incoming: &Incoming, esign: bool) -> Result<Value, Refusal> {
    let refuse = |status, code: &str, cause: &str| Refusal::new(status, code, cause).integer();
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
    let found = state.submissions.iter_mut().rev().find(|submission| {
        submission.esign == esign
            && submission.progress != Progress::Initiated
            && id.is_none_or(|id| submission.id.to_string() == id)
            && (id.is_some() || session.is_none_or(|session| submission.partner_session == session))
    });
    let absent = if esign {
        Refusal::new(404, "1518", "USER_NOT_FOUND")
    } else {
        refuse(400, "1552", "SUBMISSION_DOES_NOT_EXIST")
    };
    let submission = found.ok_or(absent)?;
    let asked_for = match who {
        Reader::User(caller) => Some(caller.user_id),
        Reader::Partner => incoming.header("x-partner-user-id").map(str::to_owned),
    };
    if asked_for.is_some_and(|user_id| user_id != submission.user_id) {
        return Err(if esign {
            Refusal::new(400, "1653", "SUBMISSION_ID_DOES_NOT_BELONG_TO_CURRENT_USER")
        } else {
            refuse(400, "1553", "PARTNER_SESSION_ID_DOES_NOT_BELONG_TO_THE_USER")
        });
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
