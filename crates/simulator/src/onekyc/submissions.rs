//! Addresses, confirmation and status (contract A.4).
//! Invariant: a submission is confirmed once; its end is computed once. Deliberately lacks waiting: see `judge`.

use axum::http::Method;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::auth::{Caller, user};
use super::judge;
use super::platform::Platform;
use super::refusal::Refusal;
use super::request::{Incoming, text};
use super::settings::Behaviour;
use super::state::{Document, End, Object, Progress, State, Submission};
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
    let documents = places(&mut state, flow, &behaviour);
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

/// A place in the storage for each picture.
fn places(state: &mut State, flow: &str, behaviour: &Behaviour) -> Vec<Document> {
    let place = |key: String| Document {
        reference: format!("doc-{}-{}", key.to_ascii_lowercase(), &Uuid::new_v4().simple().to_string()[..8]),
        object: Uuid::new_v4(),
        key,
    };
    let documents: Vec<Document> = keys_of(flow, behaviour).into_iter().map(place).collect();
    for document in &documents {
        state.objects.insert(document.object, Object { bytes: None, sha256: None, writes: 0 });
    }
    documents
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
    let decision = end.filter(|_| behaviour.decision_in_status).and_then(decision);
    let message = end.filter(|end| end.status == "ERROR").map(|_| "The pictures could not be processed");
    Ok(json!({"submissionId": id, "status": word, "submissionType": submission.flow,
        "createdAt": iso_s(submission.created_at),
        "completedAt": end.and(submission.completed_at).map(iso_s),
        "verificationResult": decision, "errorMessage": message, "documents": documents, "uiMessages": {}}))
}

fn decision(end: &End) -> Option<Value> {
    end.result.as_ref()?;
    let (risk, confidence) = if end.is_valid() { ("LOW", "93") } else { ("HIGH", "12") };
    Some(json!({"isApproved": end.is_valid(), "riskLevel": risk, "confidence": confidence}))
}
