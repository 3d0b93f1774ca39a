//! How we behave towards the platform.
//!
//! Invariant: the key is a secret by type. Lacks on purpose: the checks of the address, which all partners share.

use std::time::Duration;

use secrecy::SecretString;

use crate::endpoint::Endpoint;

/// The platform's published limits, per minute and endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RateLimits {
    /// Published: 30.
    pub challenges_per_minute: u32,
    /// Published: 20.
    pub captures_per_minute: u32,
    /// Published for liveness: 20. For step-up none is; the same is kept.
    pub faces_per_minute: u32,
    /// Published default for GET: 600.
    pub reads_per_minute: u32,
    /// Published default for writes: 120.
    pub writes_per_minute: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self {
            challenges_per_minute: 30,
            captures_per_minute: 20,
            faces_per_minute: 20,
            reads_per_minute: 600,
            writes_per_minute: 120,
        }
    }
}

/// Which call takes the face.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FaceCall {
    /// `auth/step-up`: liveness, comparison with the card's face, and a decision.
    #[default]
    StepUp,
    /// `face/liveness` alone.
    Liveness,
}

/// How a face is handed in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FaceConfig {
    /// By which call.
    pub call: FaceCall,
    /// What the platform's records call the occasion of a step-up.
    pub action_label: String,
}

impl Default for FaceConfig {
    fn default() -> Self {
        Self { call: FaceCall::StepUp, action_label: "Customer onboarding".to_owned() }
    }
}

/// How to talk to the platform.
#[derive(Clone, Debug)]
pub struct IdentityPlatformConfig {
    /// The base address, `…/identity`.
    pub endpoint: Endpoint,
    /// `qe_sk_…`.
    pub api_key: SecretString,
    /// Whether a challenge's secret travels beside the bundle it signed. The contract asks this of
    /// platform `web`.
    pub send_hmac_key: bool,
    /// Whether captures carry an `Idempotency-Key`. The contract does not promise that it counts.
    pub send_idempotency_key: bool,
    /// How a face is handed in.
    pub face: FaceConfig,
    /// The limits to stay below.
    pub limits: RateLimits,
    /// For a capture: 12 MB over a 1 Mbit/s uplink take 96 s.
    pub capture_timeout: Duration,
    /// For everything else.
    pub timeout: Duration,
}

impl IdentityPlatformConfig {
    /// The contract's defaults.
    #[must_use]
    pub fn new(endpoint: Endpoint, api_key: SecretString) -> Self {
        Self {
            endpoint,
            api_key,
            send_hmac_key: true,
            send_idempotency_key: false,
            face: FaceConfig::default(),
            limits: RateLimits::default(),
            capture_timeout: Duration::from_secs(150),
            timeout: Duration::from_secs(20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_key() {
        let endpoint = Endpoint::parse("https://api.example.test/identity").unwrap();
        let config = IdentityPlatformConfig::new(endpoint, "qe_sk_sandbox_EXAMPLE".into());
        assert!(!format!("{config:?}").contains("qe_sk"));
    }
}
