//! A kiosk's calls to the backend.
//!
//! Invariant: a repeated call is signed anew; nothing is repeated here. An answer is read up to a limit.

use std::time::Duration;

use gateway::Endpoint;
use gateway::transport::read_limited;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, Url};
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use uuid::Uuid;

use crate::refusal::{ClientError, Refusal};
use crate::signature::{
    KIOSK_HEADER, KioskKey, NONCE_HEADER, SIGNATURE_HEADER, SignedParts, TIMESTAMP_HEADER, enrolment_text,
    request_text,
};
use crate::wire::{Enrolment, FlowRequest, FlowResponse, ResultsResponse};

/// The backend itself gives the platform fifteen seconds, twice.
const TIMEOUT: Duration = Duration::from_secs(35);
/// On top of what a kiosk is willing to wait for a result.
const MARGIN: Duration = Duration::from_secs(15);
/// Nothing the backend documents asks for more.
const LONGEST_WISH_S: u64 = 3600;

/// An enrolled kiosk's connection.
pub struct KioskClient {
    base: Url,
    http: Client,
    key: KioskKey,
    id: Uuid,
}

impl std::fmt::Debug for KioskClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KioskClient").field("id", &self.id).finish_non_exhaustive()
    }
}

impl KioskClient {
    /// Presents a code and a new key.
    pub async fn enrol(
        http: Client,
        backend: &Endpoint,
        key: KioskKey,
        code: &str,
    ) -> Result<(Self, Enrolment), ClientError> {
        let public_key = key.public_key();
        let proof = key.sign(&enrolment_text(code, &public_key));
        let body = json!({"code": code, "publicKey": public_key, "proof": proof});
        let request = http.post(backend.resource(&["kiosk", "v1", "enrolment"])).timeout(TIMEOUT).json(&body);
        let enrolment: Enrolment = read(request).await?;
        Ok((Self::resume(http, backend, key, enrolment.kiosk_id), enrolment))
    }

    /// Goes on with a key that was enrolled before.
    #[must_use]
    pub fn resume(http: Client, backend: &Endpoint, key: KioskKey, id: Uuid) -> Self {
        Self { base: backend.resource(&[]), http, key, id }
    }

    /// The kiosk's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The same kiosk, talking to another replica.
    pub fn talk_to(&mut self, backend: &Endpoint) {
        self.base = backend.resource(&[]);
    }

    /// A signed request, ready to be sent once. The path begins with a slash.
    pub fn request(&self, method: Method, path_and_query: &str, body: Vec<u8>) -> RequestBuilder {
        let path_and_query = format!("{}{path_and_query}", self.base.path().trim_end_matches('/'));
        let origin = self.base.origin().ascii_serialization();
        let (timestamp_ms, nonce) = (jiff::Timestamp::now().as_millisecond(), Uuid::new_v4());
        let text = request_text(&SignedParts {
            method: method.as_str(),
            path_and_query: &path_and_query,
            body: &body,
            kiosk: self.id,
            timestamp_ms,
            nonce,
        });
        self.http
            .request(method, format!("{origin}{path_and_query}"))
            .timeout(TIMEOUT)
            .header(KIOSK_HEADER, self.id.to_string())
            .header(TIMESTAMP_HEADER, timestamp_ms)
            .header(NONCE_HEADER, nonce.to_string())
            .header(SIGNATURE_HEADER, self.key.sign(&text))
            .header(CONTENT_TYPE, "application/json")
            .body(body)
    }

    fn posting(&self, path: &str, body: &impl Serialize) -> Result<RequestBuilder, ClientError> {
        let body = serde_json::to_vec(body).map_err(|_| ClientError::Unreadable)?;
        Ok(self.request(Method::POST, path, body))
    }

    /// Asks for a flow.
    pub async fn begin_flow(&self, flow: &FlowRequest) -> Result<FlowResponse, ClientError> {
        read(self.posting("/kiosk/v1/flows", flow)?).await
    }

    /// Says that a submission was uploaded, so that the backend looks without waiting for a callback.
    pub async fn uploaded(&self, correlation_id: Uuid, submission_id: &str) -> Result<(), ClientError> {
        let path = format!("/kiosk/v1/flows/{correlation_id}/submissions");
        answer(self.posting(&path, &json!({"submissionId": submission_id}))?).await.map(drop)
    }

    /// Redeems a hand-over code for the launch request that the partner's own system left behind it, as JSON.
    pub async fn redeem(&self, code: &str) -> Result<SecretString, ClientError> {
        let body = answer(self.posting("/kiosk/v1/handovers/redeem", &json!({"code": code}))?).await?;
        String::from_utf8(body).map(SecretString::from).map_err(|_| ClientError::Unreadable)
    }

    /// Results after a number; waits for one if there is none.
    pub async fn results(&self, after: i64, wait_seconds: u32) -> Result<ResultsResponse, ClientError> {
        let path = format!("/kiosk/v1/results?after={after}&waitSeconds={wait_seconds}");
        let patience = Duration::from_secs(u64::from(wait_seconds)) + MARGIN;
        read(self.request(Method::GET, &path, Vec::new()).timeout(patience)).await
    }

    /// Whether the backend answers and takes this kiosk for who it is. Changes nothing.
    pub async fn probe(&self) -> Result<(), ClientError> {
        self.results(i64::MAX, 0).await.map(drop)
    }
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, ClientError> {
    serde_json::from_slice(&answer(request).await?).map_err(|_| ClientError::Unreadable)
}

/// The body of a success.
async fn answer(request: RequestBuilder) -> Result<Vec<u8>, ClientError> {
    let response = request.send().await.map_err(ClientError::Unreachable)?;
    let (status, after) = (response.status(), wish(&response));
    let body = read_limited(response).await.ok_or(ClientError::Unreadable)?;
    if status.is_success() {
        return Ok(body);
    }
    let told = serde_json::from_slice::<Refusal>(&body).ok();
    // A proxy in front answers in its own words.
    let told = told.or_else(|| status.is_server_error().then(proxys_words));
    let refusal = told.ok_or(ClientError::Unreadable)?;
    Err(ClientError::Refused(Refusal { http: status.as_u16(), after, ..refusal }))
}

fn proxys_words() -> Refusal {
    Refusal {
        http: 0,
        after: None,
        code: "unavailable".to_owned(),
        detail: "not the backend's words".to_owned(),
    }
}

fn wish(response: &Response) -> Option<Duration> {
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    (seconds <= LONGEST_WISH_S).then(|| Duration::from_secs(seconds))
}
