//! A platform that plays along: both families of OneKYC, and the customers of Identity Platform.
//!
//! Invariant: how a submission stands is what the test said last; callbacks are sent by whoever tests, in any order.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::verdict::{Judgement, Status};

/// How it behaves.
#[derive(Clone, Debug)]
pub struct PlatformConfig {
    /// Life of a partner token.
    pub token_life_s: i64,
    /// How long every answer takes.
    pub latency: Duration,
}

impl Default for PlatformConfig {
    fn default() -> Self {
        Self { token_life_s: 3600, latency: Duration::ZERO }
    }
}

/// How a submission stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Judged {
    /// Whose.
    pub session: Uuid,
    /// How far.
    pub status: Status,
    /// How it was judged.
    pub judgement: Option<Judgement>,
}

#[derive(Default)]
struct Books {
    tokens: Vec<String>,
    minted: usize,
    initiated: Vec<(Uuid, Value)>,
    submissions: HashMap<String, Judged>,
    newest: HashMap<Uuid, String>,
    tiers: HashMap<String, String>,
    faults: Vec<u16>,
    reads: usize,
}

struct Shared {
    config: PlatformConfig,
    books: Mutex<Books>,
}

/// A running platform.
pub struct Platform {
    /// `http://127.0.0.1:…`, token host and gateway at once.
    pub base_url: String,
    shared: Arc<Shared>,
    serving: JoinHandle<std::io::Result<()>>,
}

/// The credentials it knows.
pub(crate) const CLIENT_ID: &str = "synthetic-client";
pub(crate) const PASS_KEY: &str = "synthetic-pass-key";

impl Shared {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Platform {
    /// The `client-id` it accepts.
    pub const CLIENT_ID: &str = CLIENT_ID;
    /// The `pass-key` it accepts.
    pub const PASS_KEY: &str = PASS_KEY;

    /// Starts one.
    pub async fn start(config: PlatformConfig) -> std::io::Result<Self> {
        let shared = Arc::new(Shared { config, books: Mutex::default() });
        let router = Router::new()
            .route("/v1/coe/partner/authentication", get(mint))
            .route("/v1/esign/partner/authentication", get(mint))
            .route("/coe-partner/v1/initiate-flow", post(initiate))
            .route("/esign-partner/v1/initiate-flow", post(initiate_once))
            .route("/coe/v1/submissions", get(details))
            .route("/esign-partner/v1/submissions", get(details))
            .route("/identity/api/customers", post(new_customer))
            .route("/identity/api/identity/kyc/{id}", get(tier))
            .layer(from_fn_with_state(Arc::clone(&shared), misbehave))
            .with_state(Arc::clone(&shared));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { base_url, shared, serving })
    }

    /// Says how a submission stands from now on.
    pub fn judge(&self, submission: &str, judged: Judged) {
        let mut books = self.shared.books();
        books.newest.insert(judged.session, submission.to_owned());
        books.submissions.insert(submission.to_owned(), judged);
    }

    /// Says a customer's tier from now on.
    pub fn set_tier(&self, customer: &str, tier: &str) {
        self.shared.books().tiers.insert(customer.to_owned(), tier.to_owned());
    }

    /// Makes every partner token worthless.
    pub fn revoke_tokens(&self) {
        self.shared.books().tokens.clear();
    }

    /// Answers the next requests with these, one each.
    pub fn fail_next(&self, statuses: &[u16]) {
        self.shared.books().faults = statuses.to_vec();
    }

    /// How many partner tokens were minted.
    #[must_use]
    pub fn minted(&self) -> usize {
        self.shared.books().minted
    }

    /// How often details were read.
    #[must_use]
    pub fn reads(&self) -> usize {
        self.shared.books().reads
    }

    /// The bodies with which flows were initiated.
    #[must_use]
    pub fn initiated(&self) -> Vec<(Uuid, Value)> {
        self.shared.books().initiated.clone()
    }

    /// The body of a callback that tells how a submission stands.
    #[must_use]
    pub fn callback(submission: &str, judged: &Judged) -> Value {
        let mut body = flat(submission, judged);
        body["userId"] = "u-0001".into();
        body["userIdType"] = "KIOSK_USER_ID".into();
        body
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn misbehave(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if !shared.config.latency.is_zero() {
        tokio::time::sleep(shared.config.latency).await;
    }
    let fault = {
        let mut books = shared.books();
        if books.faults.is_empty() { None } else { Some(books.faults.remove(0)) }
    };
    match fault.and_then(|status| StatusCode::from_u16(status).ok()) {
        Some(status) if status != StatusCode::OK => refuse(status, "GENERIC_SERVICE_ERROR"),
        Some(_) | None => next.run(request).await,
    }
}

fn refuse(status: StatusCode, cause: &str) -> Response {
    let body = json!({"success": false, "errors": [{"code": "900", "cause": cause}]});
    (status, Json(body)).into_response()
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

async fn mint(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let is_known =
        header(&headers, "client-id") == Some(CLIENT_ID) && header(&headers, "pass-key") == Some(PASS_KEY);
    if !is_known {
        return refuse(StatusCode::UNAUTHORIZED, "UNAUTHORIZED");
    }
    let token = format!("partner.{}.sig", Uuid::new_v4());
    let life_s = shared.config.token_life_s;
    let mut books = shared.books();
    books.tokens.push(token.clone());
    books.minted += 1;
    let expires_at = jiff::Timestamp::now().as_second() + life_s;
    let data =
        json!({"token": token, "expiry_seconds": life_s.to_string(), "expires_at": expires_at.to_string()});
    Json(json!({"success": true, "data": data})).into_response()
}

fn check(books: &Books, headers: &HeaderMap, needed: &[&str]) -> Result<(), Box<Response>> {
    let token = header(headers, "x-onekyc-token").unwrap_or_default();
    if !books.tokens.iter().any(|known| known == token) {
        return Err(Box::new(refuse(StatusCode::UNAUTHORIZED, "UNAUTHORIZED")));
    }
    match needed.iter().find(|name| header(headers, name).is_none()) {
        Some(_) => Err(Box::new(refuse(StatusCode::BAD_REQUEST, "PARTNER_USER_ID_CAN_NOT_BE_EMPTY"))),
        None => Ok(()),
    }
}

const OF_A_PERSON: [&str; 3] = ["x-partner-user-id", "x-partner-user-id-type", "x-partner-session-id"];

async fn initiate(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Json<Value>) -> Response {
    begin(&shared, &headers, body, false)
}

async fn initiate_once(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Json<Value>) -> Response {
    begin(&shared, &headers, body, true)
}

fn begin(shared: &Shared, headers: &HeaderMap, Json(body): Json<Value>, is_once: bool) -> Response {
    let mut books = shared.books();
    if let Err(refusal) = check(&books, headers, &OF_A_PERSON) {
        return *refusal;
    }
    let session = header(headers, "x-partner-session-id").and_then(|id| id.parse().ok());
    let Some(session) = session else {
        return refuse(StatusCode::BAD_REQUEST, "PARTNER_SESSION_ID_CANNOT_BE_EMPTY");
    };
    if is_once && books.initiated.iter().any(|(known, _)| *known == session) {
        return refuse(StatusCode::BAD_REQUEST, "DUPLICATE_PARTNER_SESSION_ID");
    }
    books.initiated.push((session, body));
    let expires_at = jiff::Timestamp::now().as_second() + 3600;
    let token = format!("user.{}.sig", Uuid::new_v4());
    let data = json!({"token": token, "expirySeconds": "3600", "expiresAt": expires_at.to_string()});
    Json(json!({"success": true, "data": data})).into_response()
}

fn flat(submission: &str, judged: &Judged) -> Value {
    let mut body = json!({
        "submissionId": submission,
        "partnerSessionId": judged.session,
        "status": judged.status.word(),
        "submissionDetails": {"imageUrls": {"ktp": "https://storage.example.test/get/ktp"}},
    });
    if let Some(judgement) = judged.judgement {
        body["result"] = judgement.word().into();
        body["reasonCode"] = if judgement == Judgement::Valid { "" } else { "NOT_EKTP" }.into();
    }
    body
}

async fn details(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let mut books = shared.books();
    if let Err(refusal) = check(&books, &headers, &[]) {
        return *refusal;
    }
    books.reads += 1;
    let by_session = || {
        let session: Uuid = header(&headers, "x-partner-session-id")?.parse().ok()?;
        books.newest.get(&session).cloned()
    };
    let id = header(&headers, "x-submission-id").map(str::to_owned).or_else(by_session);
    match id.and_then(|id| Some((books.submissions.get(&id)?, id))) {
        Some((judged, id)) => Json(json!({"success": true, "data": flat(&id, judged)})).into_response(),
        None => refuse(StatusCode::BAD_REQUEST, "SUBMISSION_DOES_NOT_EXIST"),
    }
}

fn has_key(headers: &HeaderMap) -> bool {
    header(headers, "authorization") == Some("Bearer synthetic-api-key")
}

async fn new_customer(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if !has_key(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "missing or invalid Bearer"})))
            .into_response();
    }
    let id = format!("cus_{}", Uuid::new_v4().simple());
    shared.books().tiers.insert(id.clone(), "none".to_owned());
    (StatusCode::CREATED, Json(json!({"data": {"id": id}}))).into_response()
}

async fn tier(State(shared): State<Arc<Shared>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    if !has_key(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({"error": "missing or invalid Bearer"})))
            .into_response();
    }
    match shared.books().tiers.get(&id) {
        Some(tier) => Json(json!({"customer": {"id": id, "kycLevel": tier}})).into_response(),
        None => (StatusCode::NOT_FOUND, Json(json!({"error": "not found"}))).into_response(),
    }
}
