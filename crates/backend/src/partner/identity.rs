//! Identity Platform: forwarding a kiosk's calls with our key, and reading a customer's tier.
//!
//! Invariant: only listed calls are forwarded; of the kiosk's headers only the content type and the idempotency key go on.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::PartnerError;
use super::http;
use crate::config::{IdentityPlatformConfig, SecretError};

/// Answers to captures are small; pictures travel only towards the platform.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;
/// A capture of 12 MB over a slow line, and its judging.
const FORWARD_TIMEOUT: Duration = Duration::from_secs(60);
/// What of the platform's answer a kiosk's client reads.
const PASSED_BACK: [HeaderName; 6] = [
    CONTENT_TYPE,
    RETRY_AFTER,
    reqwest::header::DATE,
    HeaderName::from_static("x-ratelimit-limit"),
    HeaderName::from_static("x-ratelimit-remaining"),
    HeaderName::from_static("x-ratelimit-reset"),
];

/// The platform.
pub struct IdentityPlatform {
    config: IdentityPlatformConfig,
    http: Client,
    api_key: SecretString,
    webhook_secret: Option<SecretString>,
}

/// An answer to hand back as it is.
pub struct Forwarded {
    /// HTTP status.
    pub http: u16,
    /// Of the headers, those a client reads.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl IdentityPlatform {
    /// Reads the secrets and makes a client; connects to nothing yet.
    pub fn new(config: IdentityPlatformConfig) -> Result<Self, SecretError> {
        let api_key = config.api_key.read()?;
        let webhook_secret = config.webhook_secret.as_ref().map(crate::config::Secret::read).transpose()?;
        let http = http::client(&[&config.base_url])
            .expect("the settings are constant and the provider is installed");
        Ok(Self { config, http, api_key, webhook_secret })
    }

    /// The secret of the registered webhook.
    #[must_use]
    pub fn webhook_secret(&self) -> Option<&SecretString> {
        self.webhook_secret.as_ref()
    }

    fn request(&self, method: Method, segments: &[&str]) -> RequestBuilder {
        let url = self.config.base_url.resource(segments);
        self.http.request(method, url).bearer_auth(self.api_key.expose_secret())
    }

    /// Forwards a call.
    pub async fn forward(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: bytes::Bytes,
    ) -> Result<Forwarded, PartnerError> {
        let segments: Vec<&str> = path.split('/').collect();
        let request = self.request(method, &segments).headers(headers).body(body).timeout(FORWARD_TIMEOUT);
        let answer = request.send().await.map_err(|_| PartnerError::Unreachable)?;
        let http = answer.status().as_u16();
        let mut headers = HeaderMap::new();
        for name in PASSED_BACK {
            if let Some(value) = answer.headers().get(&name) {
                headers.insert(name, value.clone());
            }
        }
        Ok(Forwarded { http, headers, body: http::read(answer, MAX_ANSWER_BYTES).await? })
    }

    /// The tier of a customer, as it stands now.
    pub async fn tier(&self, customer_id: &str) -> Result<String, PartnerError> {
        let request = self.request(Method::GET, &["api", "identity", "kyc", customer_id]);
        let body = http::exchange(request).await?;
        tier_of(&body, customer_id).ok_or(PartnerError::Unreadable)
    }
}

/// The answer comes bare or under `data`; something in between may repeat the answer to another question.
fn tier_of(body: &[u8], customer_id: &str) -> Option<String> {
    let root: Value = serde_json::from_slice(body).ok()?;
    let answer = if root.get("customer").is_some() { &root } else { root.get("data")? };
    let customer = answer.get("customer")?;
    let level = customer.get("kycLevel")?.as_str()?;
    let is_word = !level.is_empty() && level.len() <= 32 && level.bytes().all(|b| b.is_ascii_lowercase());
    (customer.get("id")?.as_str()? == customer_id && is_word).then(|| level.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_are_read_bare_and_wrapped_and_of_the_right_customer() {
        #[track_caller]
        fn check(body: &str, expected: Option<&str>) {
            assert_eq!(tier_of(body.as_bytes(), "cus_1").as_deref(), expected, "{body}");
        }
        check(r#"{"customer":{"id":"cus_1","kycLevel":"basic"}}"#, Some("basic"));
        check(r#"{"data":{"customer":{"id":"cus_1","kycLevel":"premium"}}}"#, Some("premium"));
        check(r#"{"customer":{"id":"cus_2","kycLevel":"basic"}}"#, None);
        check(r#"{"customer":{"id":"cus_1","kycLevel":"A NAME"}}"#, None);
        check("{}", None);
    }
}
