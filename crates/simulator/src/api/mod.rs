//! The partner-facing HTTP surface: routing, the gate every request passes, and the answer's outer form.
//! Invariant: a request is checked in one order: fault, rate, key, scope, media type, size, then content.
//! Deliberately lacks the Dukcapil endpoint and the bare face match: they answer 404.

mod bundle;
mod capture;
mod challenge;
mod customers;
mod error;
mod face;
mod face_form;
mod form;
mod frames;
mod kyc;
mod ocr;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::app::{App, RateState};
use crate::config::{Envelope, RateLimits};
use crate::fault::{Endpoint, Plan};
use crate::keys;
use crate::listener::Wire;
use crate::store::rows::{CustomerRow, Purpose};
pub use error::ApiError;
use wire::wrap;

/// Largest body accepted: one 12 MB frame in base64, its siblings and the rest of the JSON.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;
/// A body over the limit is read to its end up to here, so that the client gets to see the 413.
const MAX_DRAIN_BYTES: usize = 64 * 1024 * 1024;

/// A successful answer before it is wrapped.
pub struct Answer {
    status: StatusCode,
    body: Value,
    /// The documented form of this endpoint wraps in `data`.
    documented_data: bool,
}

impl Answer {
    fn ok(body: Value) -> Self {
        Self { status: StatusCode::OK, body, documented_data: false }
    }
}

type Shared = (Arc<App>, Endpoint);

/// All documented routes below the base path `/identity`.
pub fn router(app: &Arc<App>) -> Router {
    let route = |path: &str, method: MethodFilter, endpoint: Endpoint| {
        Router::new().route(path, on(method, serve).with_state((Arc::clone(app), endpoint)))
    };
    let identity = Router::new()
        .merge(route("/api/auth/me", MethodFilter::GET, Endpoint::Me))
        .merge(route("/api/customers", MethodFilter::POST, Endpoint::CreateCustomer))
        .merge(route("/api/identity/kyc/{id}", MethodFilter::GET, Endpoint::KycTier))
        .merge(route("/api/identity/document/ktp/challenge", MethodFilter::POST, Endpoint::KtpChallenge))
        .merge(route("/api/identity/document/ktp/capture", MethodFilter::POST, Endpoint::KtpCapture))
        .merge(route("/api/identity/face/flash-challenge", MethodFilter::POST, Endpoint::FaceChallenge))
        .merge(route("/api/identity/face/liveness", MethodFilter::POST, Endpoint::FaceLiveness))
        .merge(route("/api/identity/auth/step-up", MethodFilter::POST, Endpoint::StepUp))
        .merge(route("/webhooks/{id}/test", MethodFilter::POST, Endpoint::WebhookTest));
    Router::new().nest("/identity", identity)
}

/// One request, from the first fault to the last header.
async fn serve(
    State((app, endpoint)): State<Shared>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    path: Option<Path<String>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, MAX_DRAIN_BYTES).await else {
        return respond(&app, Err(ApiError::TooLarge), None);
    };
    let plan = app.faults.plan(endpoint, &bytes);
    pause(plan.latency_before_ms).await;
    if plan.drop_before {
        note(&app, endpoint, 0, &plan);
        wire.cut();
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let call = Call {
        endpoint,
        id: path.map(|Path(id)| id),
        method: parts.method,
        headers: parts.headers,
        query: parts.uri.query().map(str::to_owned),
        body: bytes.to_vec(),
    };
    let work = {
        let (app, plan) = (Arc::clone(&app), plan.clone());
        move || process(&app, &call, &plan)
    };
    // Not cancelled when the client goes away: what a server has begun, it finishes.
    let response = tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a request handler panicked");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    });
    pause(plan.latency_after_ms).await;
    if plan.drop_after {
        wire.cut();
    }
    response
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}

/// What a request says, apart from how it came.
struct Call {
    endpoint: Endpoint,
    id: Option<String>,
    method: Method,
    headers: HeaderMap,
    query: Option<String>,
    body: Vec<u8>,
}

fn process(app: &App, call: &Call, plan: &Plan) -> Response {
    let (mut outcome, mut rate) = match plan.status {
        Some(status) => (Err(ApiError::Injected { status, retry_after_s: plan.retry_after_s }), None),
        None => gate(app, call),
    };
    if plan.repeat_request && plan.status.is_none() {
        (outcome, rate) = gate(app, call);
    }
    if let Ok(answer) = &mut outcome {
        // A repeater in between can only repeat what it saw pass.
        let previous = if plan.drop_after { None } else { app.remember(call.endpoint, &answer.body) };
        if let (true, Some(stale)) = (plan.repeat_answer, previous) {
            answer.body = stale;
        }
    }
    let response = respond(app, outcome, rate);
    note(app, call.endpoint, response.status().as_u16(), plan);
    response
}

fn gate(app: &App, call: &Call) -> (Result<Answer, ApiError>, Option<RateState>) {
    let bearer = bearer(call);
    let scopes = match bearer.map(|key| app.store.scopes_of(key)).transpose() {
        Ok(found) => found.flatten(),
        Err(error) => return (Err(error.into()), None),
    };
    let caller = match (&scopes, bearer) {
        (Some(_), Some(key)) => keys::sha256_hex(key.as_bytes()),
        (Some(_) | None, _) => "anonymous".to_owned(),
    };
    let limit = limit_of(call.endpoint, &app.settings().rate_limits);
    let rate = app.count(&caller, call.endpoint, limit);
    (admitted(app, call, scopes.as_deref(), &rate), Some(rate))
}

fn admitted(app: &App, call: &Call, scopes: Option<&[String]>, rate: &RateState) -> Result<Answer, ApiError> {
    if rate.exceeded {
        let retry_after_s = u64::try_from(rate.reset_s - app.clock.now().as_second()).unwrap_or(0).max(1);
        return Err(ApiError::RateLimited {
            bucket: call.endpoint.as_str(),
            limit: rate.limit,
            retry_after_s,
        });
    }
    let scopes = scopes.ok_or(ApiError::Unauthorized)?;
    if let Some(needed) = scope_of(call.endpoint)
        && !keys::scope_allows(scopes, needed)
    {
        return Err(ApiError::MissingScope(needed));
    }
    if call.method == Method::POST && call.endpoint != Endpoint::WebhookTest && !is_json(&call.headers) {
        return Err(ApiError::MediaType);
    }
    if call.body.len() > MAX_BODY_BYTES {
        return Err(ApiError::TooLarge);
    }
    dispatch(app, call, scopes)
}

fn dispatch(app: &App, call: &Call, scopes: &[String]) -> Result<Answer, ApiError> {
    let id = call.id.as_deref().unwrap_or_default();
    match call.endpoint {
        Endpoint::Me => {
            Ok(Answer::ok(json!({"orgId": crate::app::ORG_ID, "environment": "sandbox", "scopes": scopes})))
        }
        Endpoint::CreateCustomer => customers::create(app, &form::object(&call.body)?),
        Endpoint::KycTier => kyc::read(app, id),
        Endpoint::KtpChallenge => challenge::issue(app, Purpose::Ktp, &form::object(&call.body)?),
        Endpoint::KtpCapture => capture::submit(app, &form::object(&call.body)?),
        Endpoint::FaceChallenge => challenge::issue(app, Purpose::Face, &form::object(&call.body)?),
        Endpoint::FaceLiveness => face::liveness(app, &form::object(&call.body)?),
        Endpoint::StepUp => face::step_up(app, &form::object(&call.body)?),
        Endpoint::WebhookTest => {
            if !app.store.webhook_ids()?.iter().any(|known| known == id) {
                return Err(ApiError::NotFound("webhook"));
            }
            app.emit_to(id, "webhook.test", &json!({"source": "test"}), app.clock.now())?;
            Ok(Answer { status: StatusCode::ACCEPTED, body: json!({"queued": true}), documented_data: true })
        }
    }
}

fn scope_of(endpoint: Endpoint) -> Option<&'static str> {
    match endpoint {
        Endpoint::Me => None,
        Endpoint::CreateCustomer => Some("customers:write"),
        Endpoint::KycTier => Some("customers:view"),
        Endpoint::KtpChallenge
        | Endpoint::KtpCapture
        | Endpoint::FaceChallenge
        | Endpoint::FaceLiveness
        | Endpoint::StepUp => Some("verifications:view"),
        Endpoint::WebhookTest => Some("webhooks:manage"),
    }
}

fn limit_of(endpoint: Endpoint, limits: &RateLimits) -> u32 {
    match endpoint {
        Endpoint::KtpChallenge | Endpoint::FaceChallenge => limits.challenge_per_minute,
        Endpoint::KtpCapture => limits.capture_per_minute,
        Endpoint::FaceLiveness | Endpoint::StepUp => limits.face_per_minute,
        Endpoint::Me | Endpoint::KycTier => limits.read_per_minute,
        Endpoint::CreateCustomer | Endpoint::WebhookTest => limits.write_per_minute,
    }
}

/// The presented key; a key in the query string spoils the request even if a header is right.
fn bearer(call: &Call) -> Option<&str> {
    if call.query.as_deref().is_some_and(|query| query.contains("qe_sk_")) {
        return None;
    }
    let value = call.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let key = value.strip_prefix("Bearer ")?;
    keys::is_sandbox_key(key).then_some(key)
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().is_some_and(|kind| kind.trim() == "application/json"))
}

fn respond(app: &App, outcome: Result<Answer, ApiError>, rate: Option<RateState>) -> Response {
    let retry_after_s = outcome.as_ref().err().and_then(ApiError::retry_after_s);
    let (status, body) = match outcome {
        Ok(answer) => {
            let envelope = match (app.settings().envelope, answer.documented_data) {
                (Envelope::Documented, true) => Envelope::Data,
                (chosen, _) => chosen,
            };
            (answer.status, wrap(answer.body, envelope))
        }
        Err(error) => {
            if let ApiError::Internal(cause) = &error {
                tracing::error!(error = %cause, "request failed");
            }
            (error.status(), error.body())
        }
    };
    let mut response =
        (status, [(header::CONTENT_TYPE, "application/json")], Body::from(body.to_string())).into_response();
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: String| {
        headers.insert(name, HeaderValue::from_str(&value).expect("digits and dates are header text"));
    };
    set("date", app.clock.http_date());
    if let Some(rate) = rate {
        set("x-ratelimit-limit", rate.limit.to_string());
        set("x-ratelimit-remaining", rate.remaining.to_string());
        set("x-ratelimit-reset", rate.reset_s.to_string());
    }
    if let Some(seconds) = retry_after_s {
        set("retry-after", seconds.to_string());
    }
    response
}

fn note(app: &App, endpoint: Endpoint, status: u16, plan: &Plan) {
    if let Err(error) = app.store.log_request(endpoint.as_str(), status, &plan.words(), app.clock.now()) {
        tracing::error!(%error, "request log");
    }
}

/// A verification that was made.
struct Record<'a> {
    id: &'a str,
    method: &'a str,
    status: &'a str,
    score: u8,
}

/// Tells the webhooks of new verifications, and of the tier if it changed.
fn announce(
    app: &App,
    customer_id: &str,
    records: &[Record<'_>],
    tier_before: &str,
    now: Timestamp,
) -> Result<(), ApiError> {
    for Record { id, method, status, score } in records {
        let data = json!({
            "verificationId": id, "customerId": customer_id, "method": method, "status": status, "score": score,
        });
        app.emit("verification.created", data, now)?;
    }
    let customer = customers::find(app, customer_id)?;
    if customer.kyc_level != tier_before {
        announce_tier(app, customer, now)?;
    }
    Ok(())
}

/// Tells the webhooks that a customer's tier changed.
pub fn announce_tier(app: &App, customer: CustomerRow, now: Timestamp) -> Result<(), ApiError> {
    let wire = kyc::customer_wire(customer);
    let data = json!({
        "customerId": wire.id, "kycLevel": wire.kyc_level,
        "kycLastVerifiedAt": wire.kyc_last_verified_at, "kycExpiresAt": wire.kyc_expires_at,
    });
    Ok(app.emit("customer.kyc_updated", data, now)?)
}
