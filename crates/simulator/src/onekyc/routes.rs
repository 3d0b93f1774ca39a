//! Routing, faults, and the outer form of every answer.
//! Invariant: a request is treated in one order: fault, token, headers, content. What was begun is finished, whether the
//! client still listens or not.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any, on};
use serde_json::{Value, json};
use uuid::Uuid;

use super::call::Call;
use super::platform::Platform;
use super::refusal::Refusal;
use super::request::Incoming;
use super::state::RequestRow;
use super::{auth, initiate, judge, results, storage, submissions};
use crate::fault::Plan;
use crate::listener::Wire;

const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

type Shared = (Arc<Platform>, Call);

/// Everything below `/onekyc`, `/onekyc-token` and `/onekyc-storage`.
pub fn router(platform: &Arc<Platform>) -> Router {
    let played = |method: MethodFilter, call: Call| -> MethodRouter {
        on(method, serve).with_state((Arc::clone(platform), call))
    };
    let get = MethodFilter::GET;
    let gateway = Router::new()
        .route("/coe-partner/v1/initiate-flow", played(MethodFilter::POST, Call::InitiateFlow))
        .route(
            "/coe/v1/submissions/urls",
            played(get, Call::UploadUrls).merge(played(MethodFilter::PUT, Call::Confirm)),
        )
        .route("/coe/v1/submissions/{id}/status", played(get, Call::Status))
        .route("/coe/v1/submissions", played(get, Call::Details))
        .route("/esign-partner/v1/initiate-flow", played(MethodFilter::POST, Call::EsignInitiateFlow))
        .route(
            "/esign-partner/v1/submissions/urls",
            played(get, Call::EsignUploadUrls).merge(played(MethodFilter::PUT, Call::EsignConfirm)),
        )
        .route("/esign-partner/v1/submissions", played(get, Call::EsignDetails));
    let tokens = Router::new()
        .route("/v1/coe/partner/authentication", played(get, Call::PartnerToken))
        .route("/v1/esign/partner/authentication", played(get, Call::EsignPartnerToken))
        .route("/v2/coe/authentication", played(get, Call::UserToken));
    let stored = any(serve).with_state((Arc::clone(platform), Call::Storage));
    Router::new().nest("/onekyc", gateway).nest("/onekyc-token", tokens).route("/onekyc-storage/{id}", stored)
}

async fn serve(
    State((platform, call)): State<Shared>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    path: Option<Path<String>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MAX_BODY_BYTES).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let plan = platform.faults.plan(call, &bytes);
    pause(plan.latency_before_ms).await;
    if plan.drop_before {
        note(&platform, call, 0, &plan);
        wire.cut();
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let incoming = incoming(parts, path.map(|Path(id)| id), bytes.to_vec());
    let work = {
        let (platform, plan) = (Arc::clone(&platform), plan.clone());
        move || {
            let (response, confirmed) = process(&platform, call, &incoming, &plan);
            if let Some(id) = confirmed {
                // From here: the caller may hang up and take all that waits for this answer with it, but what was
                // confirmed is judged.
                tokio::spawn(judge::judge(platform, id, incoming.origin));
            }
            response
        }
    };
    let done = tokio::task::spawn_blocking(work).await;
    let response = done.unwrap_or_else(|error| {
        tracing::error!(%error, "a request handler panicked");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    });
    pause(plan.latency_after_ms).await;
    if plan.drop_after {
        wire.cut();
    }
    response
}

fn incoming(parts: Parts, path_id: Option<String>, body: Vec<u8>) -> Incoming {
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    Incoming {
        origin: format!("http://{host}"),
        path_id,
        query: pairs(parts.uri.query().unwrap_or_default()),
        method: parts.method,
        headers: parts.headers,
        body,
    }
}

/// Query strings here hold words, digits and nothing that needs unescaping.
fn pairs(query: &str) -> Vec<(String, String)> {
    let pair = |part: &str| part.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    query.split('&').filter_map(pair).collect()
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

fn process(platform: &Platform, call: Call, incoming: &Incoming, plan: &Plan) -> (Response, Option<Uuid>) {
    if let Some(refusal) = injected(plan) {
        let response = respond(platform, call, Err(refusal));
        note(platform, call, response.status().as_u16(), plan);
        return (response, None);
    }
    let (mut response, mut confirmed) = once(platform, call, incoming);
    if plan.repeat_request {
        let second = once(platform, call, incoming);
        (response, confirmed) = (second.0, confirmed.or(second.1));
    }
    note(platform, call, response.status().as_u16(), plan);
    (response, confirmed)
}

fn once(platform: &Platform, call: Call, incoming: &Incoming) -> (Response, Option<Uuid>) {
    if call == Call::Storage {
        return (storage::serve(platform, incoming), None);
    }
    let (outcome, confirmed) = match dispatch(platform, call, incoming) {
        Ok((data, confirmed)) => (Ok(data), confirmed),
        Err(refusal) => (Err(refusal), None),
    };
    (respond(platform, call, outcome), confirmed)
}

fn dispatch(platform: &Platform, call: Call, incoming: &Incoming) -> Result<(Value, Option<Uuid>), Refusal> {
    let esign = call.is_esign();
    let data = match call {
        Call::PartnerToken | Call::EsignPartnerToken => auth::partner_token(platform, incoming, esign),
        Call::UserToken => auth::user_token(platform, incoming),
        Call::InitiateFlow | Call::EsignInitiateFlow => initiate::initiate(platform, incoming, esign),
        Call::UploadUrls | Call::EsignUploadUrls => submissions::upload_urls(platform, incoming, esign),
        Call::Confirm | Call::EsignConfirm => {
            let (data, id) = submissions::confirm(platform, incoming)?;
            return Ok((data, Some(id)));
        }
        Call::Status => submissions::status(platform, incoming),
        Call::Details | Call::EsignDetails => results::details(platform, incoming, esign),
        Call::Storage => Err(Refusal::new(404, "404", "NOT_FOUND")),
    };
    Ok((data?, None))
}

fn injected(plan: &Plan) -> Option<Refusal> {
    let status = plan.status?;
    let (code, cause, integer) = plan.refusal.clone().unwrap_or_else(|| {
        let cause = if status == 429 { "TOO_MANY_REQUESTS" } else { "GENERIC_SERVICE_ERROR" };
        (if status == 429 { "429" } else { "900" }.to_owned(), cause.to_owned(), false)
    });
    let refusal = Refusal::new(status, &code, &cause);
    let refusal = if integer { refusal.integer() } else { refusal };
    Some(refusal.after(plan.retry_after_s))
}

fn respond(platform: &Platform, call: Call, outcome: Result<Value, Refusal>) -> Response {
    let behaviour = platform.behaviour();
    let (status, body, retry_after_s) = match outcome {
        Ok(mut data) => {
            let mut envelope = json!({"success": true});
            if behaviour.unknown_members {
                data["xNewMember"] = json!({"since": "2026", "list": [1, null, "two"]});
                envelope["requestId"] = json!("req-0001");
            }
            envelope["data"] = data;
            (StatusCode::OK, envelope, None)
        }
        Err(refusal) if call == Call::Storage => return storage::refusal(refusal.status(), "InternalError"),
        Err(refusal) => (refusal.status(), refusal.body(behaviour.integer_codes), refusal.retry_after_s),
    };
    let kind = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (status, kind, Body::from(body.to_string())).into_response();
    if let Some(seconds) = retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    if let Ok(date) = platform.clock.http_date().parse() {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

fn note(platform: &Platform, call: Call, status: u16, plan: &Plan) {
    platform.state().requests.push(RequestRow { call: call.as_str(), status, faults: plan.words() });
}
