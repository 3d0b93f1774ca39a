//! The HTTP client, and reading of answers.
//!
//! Invariant: an answer is read up to a limit; nothing of it is logged.

use std::time::Duration;

use reqwest::{Client, RequestBuilder, Response};

use super::PartnerError;
use super::wire;
use crate::config::Endpoint;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Initiating takes well under a second; a kiosk gives up after thirty.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Results carry texts and addresses, no pictures.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// A client for these hosts.
pub(super) fn client(hosts: &[&Endpoint]) -> reqwest::Result<Client> {
    // Whoever else installed a provider first is as good.
    _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("loket-backend/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(TIMEOUT);
    let builder = if hosts.iter().all(|host| host.is_loopback()) {
        builder.no_proxy().tls_certs_only([])
    } else if hosts.iter().any(|host| host.is_loopback()) {
        builder
    } else {
        builder.https_only(true)
    };
    builder.build()
}

/// Sends and reads; refusals become errors.
pub(super) async fn exchange(request: RequestBuilder) -> Result<Vec<u8>, PartnerError> {
    let answer = request.send().await.map_err(|_| PartnerError::Unreachable)?;
    let status = answer.status();
    let body = read(answer, MAX_ANSWER_BYTES).await?;
    if status.is_success() && wire::is_success(&body) {
        return Ok(body);
    }
    Err(PartnerError::from_refusal(status.as_u16(), &wire::causes(&body)))
}

/// Reads a body up to `max_bytes`.
pub(super) async fn read(mut answer: Response, max_bytes: usize) -> Result<Vec<u8>, PartnerError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| PartnerError::Unreachable)? {
        if body.len() + chunk.len() > max_bytes {
            return Err(PartnerError::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
