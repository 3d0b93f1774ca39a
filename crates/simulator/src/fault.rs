//! Deliberate misbehaviour: which requests are delayed, refused, cut or repeated.
//! Invariant: the lottery is seeded, so the same seed and the same order of requests give the same faults.
//! Deliberately lacks faults inside the store: state is whole or absent, as a real server's is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// The played endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Endpoint {
    /// `GET /api/auth/me`
    Me,
    /// `POST /api/customers`
    CreateCustomer,
    /// `GET /api/identity/kyc/{customerId}`
    KycTier,
    /// `POST /api/identity/document/ktp/challenge`
    KtpChallenge,
    /// `POST /api/identity/document/ktp/capture`
    KtpCapture,
    /// `POST /api/identity/face/flash-challenge`
    FaceChallenge,
    /// `POST /api/identity/face/liveness`
    FaceLiveness,
    /// `POST /api/identity/auth/step-up`
    StepUp,
    /// `POST /webhooks/{id}/test`
    WebhookTest,
}

impl Endpoint {
    /// The word in logs, rate-limit buckets and fault rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Me => "me",
            Self::CreateCustomer => "createCustomer",
            Self::KycTier => "kycTier",
            Self::KtpChallenge => "ktpChallenge",
            Self::KtpCapture => "ktpCapture",
            Self::FaceChallenge => "faceChallenge",
            Self::FaceLiveness => "faceLiveness",
            Self::StepUp => "stepUp",
            Self::WebhookTest => "webhookTest",
        }
    }
}

/// One way to misbehave.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FaultKind {
    /// Wait before the request is looked at.
    LatencyBefore {
        /// Shortest wait.
        min_ms: u64,
        /// Longest wait.
        max_ms: u64,
    },
    /// Wait after the request took effect, before it is answered.
    LatencyAfter {
        /// Shortest wait.
        min_ms: u64,
        /// Longest wait.
        max_ms: u64,
    },
    /// Answer this status without looking at the request (500, 503, …).
    Status {
        /// HTTP status.
        code: u16,
    },
    /// Refuse with this entry of OneKYC's error list without looking at the request.
    Refusal {
        /// HTTP status.
        status: u16,
        /// `code` of the entry.
        code: String,
        /// `cause` of the entry.
        cause: String,
        /// Two of the pages show the code as an integer.
        #[serde(default)]
        integer_code: bool,
    },
    /// Answer 429 with this `Retry-After`.
    TooManyRequests {
        /// Seconds.
        retry_after_s: u64,
    },
    /// Close the connection without looking at the request.
    DropBefore,
    /// Close the connection after the request took effect.
    DropAfterCommit,
    /// Let the request take effect twice, as a careless proxy would, and answer the second outcome.
    RepeatRequest,
    /// Answer with the endpoint's previous successful answer although the request took effect.
    RepeatAnswer,
}

impl FaultKind {
    fn word(&self) -> &'static str {
        match self {
            Self::LatencyBefore { .. } => "latencyBefore",
            Self::LatencyAfter { .. } => "latencyAfter",
            Self::Status { .. } => "status",
            Self::Refusal { .. } => "refusal",
            Self::TooManyRequests { .. } => "tooManyRequests",
            Self::DropBefore => "dropBefore",
            Self::DropAfterCommit => "dropAfterCommit",
            Self::RepeatRequest => "repeatRequest",
            Self::RepeatAnswer => "repeatAnswer",
        }
    }
}

/// When to misbehave, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FaultRule<E = Endpoint> {
    /// Only this endpoint; `None` means all.
    #[serde(default = "any_endpoint")]
    pub endpoint: Option<E>,
    /// What happens.
    pub kind: FaultKind,
    /// Only requests whose body holds this text, e.g. `flashChallengeNonce`.
    #[serde(default)]
    pub body_contains: Option<String>,
    /// Chance per matching request, 0–1.
    #[serde(default = "always")]
    pub probability: f64,
    /// Matching requests let through first.
    #[serde(default)]
    pub skip: u32,
    /// How often it may strike; `None` means for ever.
    #[serde(default)]
    pub count: Option<u32>,
}

fn always() -> f64 {
    1.0
}

fn any_endpoint<E>() -> Option<E> {
    None
}

impl<E: Copy + PartialEq> FaultRule<E> {
    /// Strikes every request to `endpoint`.
    pub fn always(endpoint: E, kind: FaultKind) -> Self {
        Self { endpoint: Some(endpoint), kind, body_contains: None, probability: 1.0, skip: 0, count: None }
    }

    /// Strikes the next `count` requests to `endpoint`.
    pub fn times(endpoint: E, kind: FaultKind, count: u32) -> Self {
        Self { count: Some(count), ..Self::always(endpoint, kind) }
    }

    /// Strikes requests to `endpoint` with a chance.
    pub fn chance(endpoint: E, kind: FaultKind, probability: f64) -> Self {
        Self { probability, ..Self::always(endpoint, kind) }
    }

    /// The same rule for requests whose body holds `text` alone.
    pub fn on_body(self, text: &str) -> Self {
        Self { body_contains: Some(text.to_owned()), ..self }
    }

    fn matches(&self, endpoint: E, body: &[u8]) -> bool {
        let held = |text: &String| body.windows(text.len().max(1)).any(|window| window == text.as_bytes());
        self.endpoint.is_none_or(|only| only == endpoint) && self.body_contains.as_ref().is_none_or(held)
    }
}

/// What one request will suffer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    pub latency_before_ms: u64,
    pub latency_after_ms: u64,
    pub status: Option<u16>,
    pub retry_after_s: Option<u64>,
    pub drop_before: bool,
    pub drop_after: bool,
    pub repeat_request: bool,
    pub repeat_answer: bool,
    /// `(code, cause, integer code)` of OneKYC's form, beside `status`.
    pub refusal: Option<(String, String, bool)>,
    words: Vec<&'static str>,
}

impl Plan {
    /// The faults by name, comma-separated, for the request log.
    pub fn words(&self) -> String {
        self.words.join(",")
    }

    fn add(&mut self, kind: &FaultKind, rng: &mut StdRng) {
        self.words.push(kind.word());
        match kind.clone() {
            FaultKind::LatencyBefore { min_ms, max_ms } => {
                self.latency_before_ms += rng.random_range(min_ms..=max_ms.max(min_ms));
            }
            FaultKind::LatencyAfter { min_ms, max_ms } => {
                self.latency_after_ms += rng.random_range(min_ms..=max_ms.max(min_ms));
            }
            FaultKind::Status { code } => self.status = Some(code),
            FaultKind::Refusal { status, code, cause, integer_code } => {
                self.status = Some(status);
                self.refusal = Some((code, cause, integer_code));
            }
            FaultKind::TooManyRequests { retry_after_s } => {
                self.status = Some(429);
                self.retry_after_s = Some(retry_after_s);
            }
            FaultKind::DropBefore => self.drop_before = true,
            FaultKind::DropAfterCommit => self.drop_after = true,
            FaultKind::RepeatRequest => self.repeat_request = true,
            FaultKind::RepeatAnswer => self.repeat_answer = true,
        }
    }
}

struct Lottery<E> {
    rules: Vec<FaultRule<E>>,
    rng: StdRng,
}

/// The rules in force and their seeded lottery.
pub struct Faults<E = Endpoint> {
    lottery: Mutex<Lottery<E>>,
}

impl<E: Copy + PartialEq> Faults<E> {
    /// No rules yet.
    pub fn seeded(seed: u64) -> Self {
        Self { lottery: Mutex::new(Lottery { rules: Vec::new(), rng: StdRng::seed_from_u64(seed) }) }
    }

    fn lock(&self) -> MutexGuard<'_, Lottery<E>> {
        self.lottery.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces the rules; a seed restarts the lottery.
    pub fn set(&self, rules: Vec<FaultRule<E>>, seed: Option<u64>) {
        let mut lottery = self.lock();
        lottery.rules = rules;
        if let Some(seed) = seed {
            lottery.rng = StdRng::seed_from_u64(seed);
        }
    }

    /// The rules with what is left of their counts.
    pub fn rules(&self) -> Vec<FaultRule<E>> {
        self.lock().rules.clone()
    }

    /// Draws what a request suffers.
    pub fn plan(&self, endpoint: E, body: &[u8]) -> Plan {
        let mut lottery = self.lock();
        let Lottery { rules, rng } = &mut *lottery;
        let mut plan = Plan::default();
        for rule in rules.iter_mut().filter(|rule| rule.matches(endpoint, body)) {
            let drawn = rng.random_bool(rule.probability.clamp(0.0, 1.0));
            if rule.skip > 0 {
                rule.skip -= 1;
            } else if drawn && rule.count != Some(0) {
                rule.count = rule.count.map(|left| left - 1);
                plan.add(&rule.kind, rng);
            }
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_skips_and_endpoints_are_kept() {
        let faults = Faults::<Endpoint>::seeded(1);
        let rule = FaultRule { skip: 1, ..FaultRule::times(Endpoint::KtpCapture, FaultKind::DropBefore, 2) };
        faults.set(vec![rule], None);
        let struck: Vec<bool> = (0..5).map(|_| faults.plan(Endpoint::KtpCapture, b"").drop_before).collect();
        assert_eq!(struck, [false, true, true, false, false]);
        assert_eq!(faults.plan(Endpoint::KycTier, b""), Plan::default());
    }

    #[test]
    fn rules_may_look_at_the_body() {
        let faults = Faults::<Endpoint>::seeded(1);
        faults.set(
            vec![FaultRule::always(Endpoint::KtpCapture, FaultKind::RepeatRequest).on_body("nonce")],
            None,
        );
        assert!(faults.plan(Endpoint::KtpCapture, b"{\"nonce\":1}").repeat_request);
        assert!(!faults.plan(Endpoint::KtpCapture, b"{}").repeat_request);
    }

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        let draw = |seed| {
            let faults = Faults::<Endpoint>::seeded(seed);
            faults.set(vec![FaultRule::chance(Endpoint::KtpCapture, FaultKind::DropAfterCommit, 0.5)], None);
            (0..64).map(|_| faults.plan(Endpoint::KtpCapture, b"").drop_after).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn rules_read_from_json() {
        let text = r#"{"endpoint":"ktpCapture","kind":{"latencyBefore":{"minMs":5,"maxMs":5}},"count":1}"#;
        let rule: FaultRule = serde_json::from_str(text).unwrap();
        let faults = Faults::<Endpoint>::seeded(0);
        faults.set(vec![rule], None);
        assert_eq!(faults.plan(Endpoint::KtpCapture, b"").latency_before_ms, 5);
        assert_eq!(faults.plan(Endpoint::KtpCapture, b"").latency_before_ms, 0);
    }
}
