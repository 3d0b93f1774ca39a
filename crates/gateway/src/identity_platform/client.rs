//! The client: one method per endpoint.
//!
//! Invariants: https, or this machine; the key travels in the `Authorization` header alone; each
//! call is one request (the transport's own retries are switched off).

use std::fmt;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};

use super::budget::{Bucket, Budget};
use super::config::IdentityPlatformConfig;
use super::exchange::{self, Exchange};
use super::partner_clock::PartnerClock;
use super::read;
use super::refusal::Effect;
use super::wire::{self, CaptureRequestWire, ChallengeRequestWire, NewCustomerWire};
use crate::challenge::{ChallengeRequest, FlashChallenge};
use crate::customer::{CustomerTier, NewCustomer};
use crate::port::{Answer, Clock, Gateway};
use crate::receipt::Receipt;
use crate::rejection::{PartnerText, PermanentReason, Rejection};
use crate::submission::Submission;
use crate::transport;
use crate::upload::{Meter, Upload};

const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// Why no client could be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The key holds characters no header can.
    #[error("the API key is not a key: it holds characters that no HTTP header can carry")]
    ApiKey,
    /// TLS could not be set up; the system's certificates are missing, most often.
    #[error("TLS could not be set up ({0}); are the system's CA certificates installed?")]
    Tls(String),
}

/// A connection to Identity Platform.
pub struct IdentityPlatform {
    config: IdentityPlatformConfig,
    http: Client,
    authorization: HeaderValue,
    exchange: Exchange,
    meter: Meter,
}

impl fmt::Debug for IdentityPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityPlatform").field("endpoint", &self.config.endpoint).finish_non_exhaustive()
    }
}

impl IdentityPlatform {
    /// Makes a client; connects to nothing yet.
    pub fn new(config: IdentityPlatformConfig, clock: Clock) -> Result<Self, ClientError> {
        let authorization = bearer(&config.api_key)?;
        let exchange = Exchange { budget: Budget::new(&config.limits), clock: PartnerClock::new(clock) };
        let http = transport::client(config.endpoint.is_loopback()).map_err(ClientError::Tls)?;
        Ok(Self { http, authorization, exchange, config, meter: Meter::default() })
    }

    fn get(&self, segments: &[&str]) -> RequestBuilder {
        let request = self.http.get(self.config.endpoint.resource(segments));
        request.header(AUTHORIZATION, self.authorization.clone()).timeout(self.config.timeout)
    }

    fn post(&self, segments: &[&str]) -> RequestBuilder {
        let request = self.http.post(self.config.endpoint.resource(segments));
        request.header(AUTHORIZATION, self.authorization.clone()).timeout(self.config.timeout)
    }

    async fn ask_for_challenge(
        &self,
        customer_id: &str,
        request: ChallengeRequest,
    ) -> Result<FlashChallenge, Rejection> {
        let body = ChallengeRequestWire { customer_id, steps: request.steps, ttl_ms: request.ttl_ms };
        let request = self.post(&["api", "identity", "document", "ktp", "challenge"]).json(&body);
        // A challenge nobody uses does no harm.
        let body = self.exchange.run(request, Bucket::Challenge, Effect::Harmless).await?;
        let answer = wire::decode_challenge(&body).map_err(|_| exchange::unreadable(Effect::Harmless))?;
        read::challenge(answer, self.now()).map_err(|fault| Rejection::Permanent {
            reason: PermanentReason::UnusableChallenge,
            detail: PartnerText::new(fault.text()),
        })
    }

    async fn send_capture(&self, submission: &Submission) -> Result<Receipt, Rejection> {
        let secret = submission.challenge.as_ref().map(|challenge| &challenge.hmac_secret);
        let unsendable =
            || Rejection::Permanent { reason: PermanentReason::Unsendable, detail: PartnerText::default() };
        let body = CaptureRequestWire {
            customer_id: &submission.customer_id,
            bundle: submission.bundle.as_ref().ok_or_else(unsendable)?,
            hmac_key: secret.filter(|_| self.config.send_hmac_key).map(|secret| secret.expose_secret()),
        };
        let body = serde_json::to_vec(&body).map_err(|_| unsendable())?;
        let mut request = self
            .post(&["api", "identity", "document", "ktp", "capture"])
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(self.meter.body(body))
            .timeout(self.config.capture_timeout);
        if self.config.send_idempotency_key {
            request = request.header(IDEMPOTENCY_KEY, submission.id.to_string());
        }
        let answer = self.exchange.run(request, Bucket::Capture, Effect::Lasting).await;
        self.meter.rest();
        let body = answer?;
        let answer = wire::decode_capture(&body).map_err(|_| exchange::unreadable(Effect::Lasting))?;
        Ok(read::receipt(answer))
    }

    async fn read_tier(&self, customer_id: &str) -> Result<CustomerTier, Rejection> {
        let request = self.get(&["api", "identity", "kyc", customer_id]);
        let body = self.exchange.run(request, Bucket::Read, Effect::Harmless).await?;
        let answer = wire::decode_tier(&body).map_err(|_| exchange::unreadable(Effect::Harmless))?;
        // Something in between may repeat the answer to another request.
        read::tier_of(customer_id, answer).ok_or_else(|| exchange::unreadable(Effect::Harmless))
    }

    async fn make_customer(&self, customer: &NewCustomer) -> Result<String, Rejection> {
        let body = NewCustomerWire {
            full_name: &customer.full_name,
            nik: customer.nik.as_deref(),
            phone: customer.phone.as_deref(),
            email: customer.email.as_deref(),
            external_id: customer.external_id.as_deref(),
        };
        // The one path without a second `identity`.
        let request = self.post(&["api", "customers"]).json(&body);
        let body = self.exchange.run(request, Bucket::Write, Effect::Lasting).await?;
        let created = wire::decode_created(&body).map_err(|_| exchange::unreadable(Effect::Lasting))?;
        Ok(created.id)
    }

    async fn check_key(&self) -> Result<(), Rejection> {
        let request = self.get(&["api", "auth", "me"]);
        match self.exchange.run(request, Bucket::Read, Effect::Harmless).await {
            Ok(_) => Ok(()),
            // It answered as a partner does; this page is documented by one example only.
            Err(Rejection::Permanent { .. } | Rejection::ChallengeSpent { .. }) => Ok(()),
            Err(rejection) => Err(rejection),
        }
    }
}

impl Gateway for IdentityPlatform {
    fn now(&self) -> Timestamp {
        self.exchange.clock.now()
    }

    fn probe(&self) -> Answer<'_, ()> {
        Box::pin(self.check_key())
    }

    fn challenge<'a>(
        &'a self,
        customer_id: &'a str,
        request: ChallengeRequest,
    ) -> Answer<'a, FlashChallenge> {
        Box::pin(self.ask_for_challenge(customer_id, request))
    }

    fn submit<'a>(&'a self, submission: &'a Submission) -> Answer<'a, Receipt> {
        Box::pin(self.send_capture(submission))
    }

    fn uploading(&self) -> Option<Upload> {
        self.meter.read()
    }

    fn recover<'a>(&'a self, submission: &'a Submission, since: Timestamp) -> Answer<'a, Vec<Receipt>> {
        Box::pin(async move { Ok(read::candidates(&self.read_tier(&submission.customer_id).await?, since)) })
    }

    fn customer_tier<'a>(&'a self, customer_id: &'a str) -> Answer<'a, CustomerTier> {
        Box::pin(self.read_tier(customer_id))
    }

    fn create_customer<'a>(&'a self, customer: &'a NewCustomer) -> Answer<'a, String> {
        Box::pin(self.make_customer(customer))
    }
}

fn bearer(key: &SecretString) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", key.expose_secret().trim()))
        .map_err(|_| ClientError::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}
