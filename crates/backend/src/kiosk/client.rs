//! A kiosk's calls to the backend.
//!
//! Invariant: a repeated call is signed anew; nothing is repeated here.

use reqwest::{Client, Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::signature::{
    KIOSK_HEADER, KioskKey, NONCE_HEADER, SIGNATURE_HEADER, SignedParts, TIMESTAMP_HEADER, enrolment_text,
    request_text,
};
use crate::api::{EnrolmentResponse, FlowRequest, FlowResponse, ResultsResponse};

/// An enrolled kiosk's connection.
pub struct KioskClient {
    base_url: String,
    http: Client,
    key: KioskKey,
    id: Uuid,
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer.
    #[error("the backend cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// It said no.
    #[error("the backend refuses: {} ({})", .0.code, .0.detail)]
    Refused(Refusal),
    /// It said something else.
    #[error("the backend's answer is not the documented one")]
    Unreadable,
}

/// A refusal.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Refusal {
    /// HTTP status.
    #[serde(skip)]
    pub http: u16,
    /// A word to act on.
    pub code: String,
    /// A sentence for a log.
    pub detail: String,
}

impl KioskClient {
    /// Presents a code and a new key.
    pub async fn enrol(http: Client, base_url: &str, key: KioskKey, code: &str) -> Result<Self, ClientError> {
        let public_key = key.public_key();
        let proof = key.sign(&enrolment_text(code, &public_key));
        let body = json!({"code": code, "publicKey": public_key, "proof": proof});
        let request = http.post(format!("{base_url}/kiosk/v1/enrolment")).json(&body);
        let answer: EnrolmentResponse = read(request).await?;
        Ok(Self { base_url: base_url.to_owned(), http, key, id: answer.kiosk_id })
    }

    /// Goes on with a key that was enrolled before.
    #[must_use]
    pub fn resume(http: Client, base_url: &str, key: KioskKey, id: Uuid) -> Self {
        Self { base_url: base_url.to_owned(), http, key, id }
    }

    /// The kiosk's id.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The same kiosk, talking to another replica.
    pub fn talk_to(&mut self, base_url: &str) {
        base_url.clone_into(&mut self.base_url);
    }

    /// A signed request, ready to be sent once.
    #[must_use]
    pub fn request(&self, method: Method, path_and_query: &str, body: Vec<u8>) -> reqwest::RequestBuilder {
        let (timestamp_ms, nonce) = (jiff::Timestamp::now().as_millisecond(), Uuid::new_v4());
        let text = request_text(&SignedParts {
            method: method.as_str(),
            path_and_query,
            body: &body,
            kiosk: self.id,
            timestamp_ms,
            nonce,
        });
        self.http
            .request(method, format!("{}{path_and_query}", self.base_url))
            .header(KIOSK_HEADER, self.id.to_string())
            .header(TIMESTAMP_HEADER, timestamp_ms)
            .header(NONCE_HEADER, nonce.to_string())
            .header(SIGNATURE_HEADER, self.key.sign(&text))
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(body)
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ClientError> {
        let body = serde_json::to_vec(body).map_err(|_| ClientError::Unreadable)?;
        read(self.request(Method::POST, path, body)).await
    }

    /// Asks for a flow.
    pub async fn begin_flow(&self, flow: &FlowRequest) -> Result<FlowResponse, ClientError> {
        self.post("/kiosk/v1/flows", flow).await
    }

    /// Says that a submission was uploaded, so that the backend looks without waiting for a callback.
    pub async fn uploaded(&self, correlation_id: Uuid, submission_id: &str) -> Result<(), ClientError> {
        let path = format!("/kiosk/v1/flows/{correlation_id}/submissions");
        self.post::<serde_json::Value>(&path, &json!({"submissionId": submission_id})).await.map(drop)
    }

    /// Results after a number; waits for one if there is none.
    pub async fn results(&self, after: i64, wait_seconds: u32) -> Result<ResultsResponse, ClientError> {
        let path = format!("/kiosk/v1/results?after={after}&waitSeconds={wait_seconds}");
        read(self.request(Method::GET, &path, Vec::new())).await
    }
}

async fn read<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, ClientError> {
    let answer = request.send().await.map_err(ClientError::Unreachable)?;
    let status: StatusCode = answer.status();
    let body = answer.bytes().await.map_err(ClientError::Unreachable)?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| ClientError::Unreadable);
    }
    let mut refusal: Refusal = serde_json::from_slice(&body).map_err(|_| ClientError::Unreadable)?;
    refusal.http = status.as_u16();
    Err(ClientError::Refused(refusal))
}
