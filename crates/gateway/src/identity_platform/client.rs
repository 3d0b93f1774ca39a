//! The client: one method per endpoint.
//!
//! Invariants: https, or this machine; the key travels in the `Authorization` header alone; each
//! call is one request (the transport's own retries are switched off).

use std::fmt;

use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::budget::{Bucket, Budget};
use super::config::{FaceCall, IdentityPlatformConfig};
use super::exchange::{self, Exchange};
use super::face_wire::{LivenessRequestWire, StepUpRequestWire};
use super::partner_clock::PartnerClock;
use super::refusal::Effect;
use super::wire::{self, CaptureRequestWire, ChallengeRequestWire, NewCustomerWire};
use super::{face_read, face_wire, read};
use crate::challenge::{ChallengePurpose, ChallengeRequest, FlashChallenge};
use crate::customer::{CustomerTier, NewCustomer};
use crate::port::{Answer, Clock, Gateway};
use crate::receipt::{FaceReceipt, Receipt};
use crate::rejection::{PartnerText, PermanentReason, Rejection};
use crate::submission::{Part, Submission};
use crate::transport;
use crate::upload::{Meter, Upload};

const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
/// The card's face was enrolled minutes before: the strictest comparison is the fitting one.
const RISK_LEVEL: &str = "high";
/// What the platform's records call the cause of a step-up.
const TRIGGER: &str = "kiosk_onboarding";

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
        let ChallengeRequest { purpose, steps, ttl_ms } = request;
        let body = ChallengeRequestWire { customer_id, steps, ttl_ms };
        let (request, bucket) = match purpose {
            ChallengePurpose::Card => {
                (self.post(&["api", "identity", "document", "ktp", "challenge"]), Bucket::Challenge)
            }
            ChallengePurpose::Face => {
                (self.post(&["api", "identity", "face", "flash-challenge"]), Bucket::FaceChallenge)
            }
        };
        // A challenge nobody uses does no harm.
        let body = self.exchange.run(request.json(&body), bucket, Effect::Harmless).await?;
        let answer = wire::decode_challenge(&body).map_err(|_| exchange::unreadable(Effect::Harmless))?;
        read::challenge(answer, purpose, self.now()).map_err(|fault| Rejection::Permanent {
            reason: PermanentReason::UnusableChallenge,
            detail: PartnerText::new(fault.text()),
        })
    }

    async fn send_capture(&self, submission: &Submission) -> Result<Receipt, Rejection> {
        let body = CaptureRequestWire {
            customer_id: &submission.customer_id,
            bundle: submission.bundle.as_ref().ok_or_else(unsendable)?,
            hmac_key: self.key_beside(submission, Part::Card),
        };
        let body = self.write(&body, Bucket::Capture, &["document", "ktp", "capture"], submission).await?;
        let answer = wire::decode_capture(&body).map_err(|_| exchange::unreadable(Effect::Lasting))?;
        Ok(read::receipt(answer))
    }

    async fn send_face(&self, submission: &Submission) -> Result<FaceReceipt, Rejection> {
        let customer_id = submission.customer_id.as_str();
        let bundle = submission.face.as_ref().ok_or_else(unsendable)?;
        let hmac_key = self.key_beside(submission, Part::Face);
        let unreadable = |_| exchange::unreadable(Effect::Lasting);
        match self.config.face.call {
            FaceCall::Liveness => {
                let body = LivenessRequestWire { customer_id, bundle, hmac_key };
                let body = self.write(&body, Bucket::Face, &["face", "liveness"], submission).await?;
                Ok(face_read::liveness(face_wire::decode_liveness(&body).map_err(unreadable)?))
            }
            FaceCall::StepUp => {
                let action_label = self.config.face.action_label.as_str();
                let (risk_level, trigger) = (RISK_LEVEL, TRIGGER);
                let body =
                    StepUpRequestWire { customer_id, risk_level, action_label, trigger, bundle, hmac_key };
                let body = self.write(&body, Bucket::Face, &["auth", "step-up"], submission).await?;
                Ok(face_read::step_up(face_wire::decode_step_up(&body).map_err(unreadable)?))
            }
        }
    }

    /// A challenge's secret, where the contract wants it beside what it signed.
    fn key_beside<'a>(&self, submission: &'a Submission, part: Part) -> Option<&'a str> {
        let challenge = submission.challenge_of(part).filter(|_| self.config.send_hmac_key)?;
        Some(challenge.hmac_secret.expose_secret())
    }

    /// Hands in a part; answers with the body of a success.
    async fn write(
        &self,
        body: &impl Serialize,
        bucket: Bucket,
        call: &[&str],
        submission: &Submission,
    ) -> Result<Vec<u8>, Rejection> {
        let body = serde_json::to_vec(body).map_err(|_| unsendable())?;
        let path = [&["api", "identity"][..], call].concat();
        let mut request = self
            .post(&path)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(self.meter.body(body))
            .timeout(self.config.capture_timeout);
        if self.config.send_idempotency_key {
            // One submission, two requests: the card has its name, the face one that follows from it.
            let id = match bucket {
                Bucket::Face => Uuid::from_u128(!submission.id.as_u128()),
                Bucket::Capture
                | Bucket::Challenge
                | Bucket::FaceChallenge
                | Bucket::Read
                | Bucket::Write => submission.id,
            };
            request = request.header(IDEMPOTENCY_KEY, id.to_string());
        }
        let answer = self.exchange.run(request, bucket, Effect::Lasting).await;
        self.meter.rest();
        answer
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

    fn submit_face<'a>(&'a self, submission: &'a Submission) -> Answer<'a, FaceReceipt> {
        Box::pin(self.send_face(submission))
    }

    fn uploading(&self) -> Option<Upload> {
        self.meter.read()
    }

    fn recover<'a>(&'a self, submission: &'a Submission, since: Timestamp) -> Answer<'a, Vec<Receipt>> {
        Box::pin(async move { Ok(read::candidates(&self.read_tier(&submission.customer_id).await?, since)) })
    }

    fn recover_face<'a>(
        &'a self,
        submission: &'a Submission,
        since: Timestamp,
    ) -> Answer<'a, Vec<FaceReceipt>> {
        Box::pin(async move {
            let tier = self.read_tier(&submission.customer_id).await?;
            Ok(face_read::candidates(&tier, self.config.face.call, since))
        })
    }

    fn customer_tier<'a>(&'a self, customer_id: &'a str) -> Answer<'a, CustomerTier> {
        Box::pin(self.read_tier(customer_id))
    }

    fn create_customer<'a>(&'a self, customer: &'a NewCustomer) -> Answer<'a, String> {
        Box::pin(self.make_customer(customer))
    }
}

fn unsendable() -> Rejection {
    Rejection::Permanent { reason: PermanentReason::Unsendable, detail: PartnerText::default() }
}

fn bearer(key: &SecretString) -> Result<HeaderValue, ClientError> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", key.expose_secret().trim()))
        .map_err(|_| ClientError::ApiKey)?;
    value.set_sensitive(true);
    Ok(value)
}
