//! A simulator with a client to it, and synthetic submissions.

use std::sync::Arc;

use bundle::{FlashEvidence, FlashSample, SigningProfile};
use gateway::identity_platform::{Endpoint, IdentityPlatform, IdentityPlatformConfig, RateLimits};
use gateway::{ChallengeSecret, FlashChallenge, Submission};
use jiff::Timestamp;
use simulator::{Running, Settings, SimulatorConfig};
use uuid::Uuid;

pub const UNLIMITED: RateLimits = RateLimits {
    challenges_per_minute: 1_000_000,
    captures_per_minute: 1_000_000,
    faces_per_minute: 1_000_000,
    reads_per_minute: 1_000_000,
    writes_per_minute: 1_000_000,
};

pub async fn start(change: impl FnOnce(&mut SimulatorConfig)) -> Running {
    let mut config = SimulatorConfig {
        device_secrets: vec![testkit::DEVICE_SECRET.to_owned()],
        settings: Settings { rate_limits: simulator::RateLimits::unlimited(), ..Settings::default() },
        ..SimulatorConfig::default()
    };
    change(&mut config);
    simulator::start(config).await.unwrap()
}

pub fn client(simulator: &Running) -> IdentityPlatform {
    client_with(&simulator.base_url, &simulator.api_key, |_| {})
}

pub fn client_with(
    base_url: &str,
    api_key: &str,
    change: impl FnOnce(&mut IdentityPlatformConfig),
) -> IdentityPlatform {
    let endpoint = Endpoint::parse(base_url).unwrap();
    let mut config = IdentityPlatformConfig::new(endpoint, api_key.into());
    config.limits = UNLIMITED;
    change(&mut config);
    IdentityPlatform::new(config, Arc::new(Timestamp::now)).unwrap()
}

/// Signed by the device, without a challenge.
pub fn plain(customer: &str, seed: u64) -> Submission {
    let bundle = testkit::signed_bundle(seed, Timestamp::now());
    Submission::of_card(Uuid::new_v4(), customer, bundle, None)
}

/// As [`plain`], with a face to follow, signed by the device too.
pub fn with_face(customer: &str, seed: u64) -> Submission {
    Submission { face: Some(testkit::signed_face(seed, Timestamp::now())), ..plain(customer, seed) }
}

/// [`with_face`], the face lit by its challenge's colours exactly.
pub fn with_lit_face(customer: &str, seed: u64, challenge: &FlashChallenge) -> Submission {
    let mut document = testkit::face_document(seed, Timestamp::now(), None);
    document.flash = Some(reflection(challenge));
    let face = document.sign(SigningProfile::default(), &challenge.hmac_secret).unwrap();
    let face_challenge = Some(secret_of(challenge));
    Submission { face: Some(face), face_challenge, ..plain(customer, seed) }
}

fn secret_of(challenge: &FlashChallenge) -> ChallengeSecret {
    ChallengeSecret { hmac_secret: challenge.hmac_secret.clone(), expires_at: challenge.expires_at }
}

/// Exactly a challenge's colours.
fn reflection(challenge: &FlashChallenge) -> FlashEvidence {
    let mut shown_ms = 0;
    let mut samples = Vec::new();
    for (colour, hold_ms) in &challenge.steps {
        let [mean_r, mean_g, mean_b] = colour.0;
        samples.push(FlashSample { t_ms: shown_ms + hold_ms * 7 / 10, mean_r, mean_g, mean_b });
        shown_ms += hold_ms;
    }
    FlashEvidence { nonce: challenge.nonce.clone(), samples }
}

/// Answers a challenge by reflecting exactly its colours.
pub fn flashed(customer: &str, seed: u64, challenge: &FlashChallenge) -> Submission {
    let mut document = testkit::document(seed, Timestamp::now(), None);
    document.flash = Some(reflection(challenge));
    let bundle = document.sign(SigningProfile::default(), &challenge.hmac_secret).unwrap();
    Submission::of_card(Uuid::new_v4(), customer, bundle, Some(secret_of(challenge)))
}
