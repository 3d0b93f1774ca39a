//! What the bundles of a card and of a face have in common (contract B.5 to B.7): members, signature, challenge.
//! Invariant: a signature is checked with secrets issued for the same purpose, or a device's.
//! Deliberately lacks what only one of them has.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::error::{ApiError, FieldErrors};
use super::form::Form;
use super::frames;
use crate::app::App;
use crate::check::FlashSample;
use crate::signature;
use crate::store::rows::{ChallengeRow, Purpose};
use crate::store::{Consumption, usable};

/// The members that [`read`] reads.
pub const COMMON: [&str; 8] = [
    "version",
    "sdkVersion",
    "platform",
    "frames",
    "capturedAt",
    "signature",
    "flashChallengeNonce",
    "flashSamples",
];
const PLATFORMS: [&str; 6] = ["rn-ios", "rn-android", "ios", "android", "flutter", "web"];
/// How far a sender's clock may be ahead before its `capturedAt` is refused.
const MAX_AHEAD: SignedDuration = SignedDuration::from_mins(15);
/// Where the members of one sample are complained about.
pub const SAMPLE: [&str; 4] = ["tMs", "meanR", "meanG", "meanB"];

/// The common members of a bundle of the right form.
pub struct Common<'a> {
    pub sdk_version: &'a str,
    pub platform: &'a str,
    pub captured_at: &'a str,
    pub signature: &'a str,
    pub nonce: Option<&'a str>,
    pub samples: Vec<FlashSample>,
    pub frames: Vec<Vec<u8>>,
}

/// Reads the common members; `own` are the others that may be there.
pub fn read<'a>(
    bundle: &'a Map<String, Value>,
    own: &[&'static str],
    now: Timestamp,
    errors: &mut FieldErrors,
) -> Result<Common<'a>, ApiError> {
    let mut form = Form::new(bundle, "bundle", &[&COMMON[..], own].concat(), errors);
    let version = form.required_text("version");
    if !["", "1.0"].contains(&version) {
        form.complain("version", "must be 1.0");
    }
    let sdk_version = form.required_text("sdkVersion");
    if !sdk_version.is_empty() && !is_sdk_version(sdk_version) {
        form.complain("sdkVersion", "must be name@semver");
    }
    let platform = form.required_text("platform");
    if !platform.is_empty() && !PLATFORMS.contains(&platform) {
        form.complain("platform", "not a known platform");
    }
    let captured_at = form.required_text("capturedAt");
    match captured_at.parse::<Timestamp>() {
        Ok(at) if at > now + MAX_AHEAD => form.complain("capturedAt", "is in the future"),
        Err(_) if !captured_at.is_empty() => form.complain("capturedAt", "must be ISO 8601 with a zone"),
        Ok(_) | Err(_) => {}
    }
    let signature = form.required_text("signature");
    let nonce = form.optional_text("flashChallengeNonce");
    let sample_values = form.optional_list("flashSamples").unwrap_or_default();
    if !sample_values.is_empty() && nonce.is_none() {
        form.complain("flashSamples", "needs flashChallengeNonce");
    }
    let frames = frames::read(&mut form)?;
    let samples = sample_values.iter().filter_map(|value| read_sample(value, errors)).collect();
    Ok(Common { sdk_version, platform, captured_at, signature, nonce, samples, frames })
}

fn read_sample(value: &Value, errors: &mut FieldErrors) -> Option<FlashSample> {
    let Some(object) = value.as_object() else {
        errors.push("bundle.flashSamples", "must hold objects");
        return None;
    };
    let mut form = Form::new(object, "bundle.flashSamples", &["tMs", "meanR", "meanG", "meanB"], errors);
    for key in ["tMs", "meanR", "meanG", "meanB"] {
        if !object.contains_key(key) {
            form.complain(key, "required");
        }
    }
    let mut level = |key| form.integer(key, 0..=255, 0) as f64;
    let mean = [level("meanR"), level("meanG"), level("meanB")];
    Some(FlashSample { t_ms: form.integer("tMs", 0..=300_000, 0), mean })
}

fn is_sdk_version(text: &str) -> bool {
    let Some((name, version)) = text.rsplit_once('@') else { return false };
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    !name.is_empty()
        && numbers.len() == 3
        && numbers.iter().all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// The signature must be made with the sent key, and that key must be one we gave to this customer's capture or
/// registered for a device; without a sent key any of those may have made it.
pub fn verify_signature(
    app: &App,
    customer_id: &str,
    purpose: Purpose,
    hmac_key: Option<&str>,
    sent: &str,
    canonical: &[u8],
) -> Result<(), ApiError> {
    let mut known = app.store.challenge_secrets(customer_id, purpose)?;
    known.extend(app.store.device_secrets()?);
    if let Some(key) = hmac_key {
        known.retain(|secret| signature::equal(secret, key));
        if known.is_empty() {
            return Err(ApiError::Validation(FieldErrors::one(
                "hmacKey",
                "not a secret issued to this customer",
            )));
        }
    }
    if known.iter().any(|secret| signature::equal(&signature::hmac_hex(secret, canonical), sent)) {
        return Ok(());
    }
    Err(ApiError::Validation(FieldErrors::one("bundle.signature", "does not match the bundle")))
}

/// The challenge a bundle answers, if it may be used.
pub fn open_challenge(
    app: &App,
    customer_id: &str,
    purpose: Purpose,
    nonce: &str,
    now: Timestamp,
) -> Result<ChallengeRow, ApiError> {
    let challenge = app.store.challenge(customer_id, nonce)?;
    usable(challenge.as_ref(), purpose, now).cloned().map_err(refusal)
}

/// A challenge that may not be used, in the contract's words.
pub fn refusal(consumption: Consumption) -> ApiError {
    match consumption {
        Consumption::Unknown => {
            ApiError::Validation(FieldErrors::one("bundle.flashChallengeNonce", "unknown flash challenge"))
        }
        Consumption::OtherPurpose => ApiError::Validation(FieldErrors::one(
            "bundle.flashChallengeNonce",
            "flash challenge of another purpose",
        )),
        Consumption::Consumed => ApiError::Conflict("flash challenge already consumed"),
        Consumption::Expired => ApiError::Rule("flash challenge expired"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sdk_versions() {
        for (text, expected) in [
            ("kyc-kiosk-desktop@0.1.0", true),
            ("@scope/name@1.2.3-rc.1", true),
            ("name@1.2", false),
            ("name", false),
            ("@1.2.3", false),
        ] {
            assert_eq!(is_sdk_version(text), expected, "{text}");
        }
    }
}
