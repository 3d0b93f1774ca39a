//! One call with its repetitions.
//!
//! Invariants: only what is safe to repeat passes here (all calls of this contract are, see A.9); redirects are not
//! followed; nothing of request or answer is logged but the outcome.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{RequestBuilder, Response};

use super::failure::{Failure, FailureClass};
use super::schedule::{Jitter, RetryParams};
use crate::port::Clock;
use crate::{retry_after, transport};

pub(super) const TOKEN: HeaderName = HeaderName::from_static("x-onekyc-token");
pub(super) const PARTNER_SESSION: HeaderName = HeaderName::from_static("x-partner-session-id");
pub(super) const SDK_SESSION: HeaderName = HeaderName::from_static("x-sdk-session-id");
pub(super) const USER_ID: HeaderName = HeaderName::from_static("x-partner-user-id");
pub(super) const USER_ID_TYPE: HeaderName = HeaderName::from_static("x-partner-user-id-type");
pub(super) const SUBMISSION_ID: HeaderName = HeaderName::from_static("x-submission-id");

pub(super) struct Exchange {
    pub(super) clock: Clock,
    pub(super) jitter: Jitter,
    pub(super) retry: RetryParams,
}

impl Exchange {
    /// The body of a success; the same request again while that may help.
    pub(super) async fn answered(&self, build: impl Fn() -> RequestBuilder) -> Result<Vec<u8>, Failure> {
        let mut failed = 0;
        loop {
            let failure = match self.once(build()).await {
                Ok(body) => return Ok(body),
                Err(failure) => failure,
            };
            failed += 1;
            let wait = self.retry.wait(failed, failure.after, (self.jitter)());
            match wait.filter(|_| failure.class.is_transient()) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(failure),
            }
        }
    }

    async fn once(&self, request: RequestBuilder) -> Result<Vec<u8>, Failure> {
        let response = request.send().await.map_err(|error| transport_failure(&error))?;
        let status = response.status().as_u16();
        let after = self.wish(response.headers());
        tracing::debug!(status, "answered");
        let is_success = response.status().is_success();
        let body = body_of(response).await;
        match body {
            Some(body) if is_success && !denies(&body) => Ok(body),
            // It broke off: the same again tells.
            None if is_success => Err(Failure::of(FailureClass::Offline)),
            body => Err(Failure::from_answer(status, &body.unwrap_or_default(), after)),
        }
    }

    fn wish(&self, headers: &HeaderMap) -> Option<Duration> {
        let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
        retry_after::parse(text, (self.clock)())
    }
}

async fn body_of(response: Response) -> Option<Vec<u8>> {
    transport::read_limited(response).await
}

/// A success that says `"success": false` is none.
fn denies(body: &[u8]) -> bool {
    let value = serde_json::from_slice::<serde_json::Value>(body).unwrap_or_default();
    value.get("success").and_then(serde_json::Value::as_bool) == Some(false)
}

pub(super) fn transport_failure(error: &reqwest::Error) -> Failure {
    Failure::of(if error.is_builder() { FailureClass::Unsendable } else { FailureClass::Offline })
}

/// A header that no `Debug` shows.
pub(super) fn secret_header(request: RequestBuilder, name: HeaderName, value: &str) -> RequestBuilder {
    match HeaderValue::try_from(value) {
        Ok(mut header) => {
            header.set_sensitive(true);
            request.header(name, header)
        }
        // Makes the request itself a failure.
        Err(_) => request.header(name, value),
    }
}
