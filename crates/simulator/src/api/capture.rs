//! `POST /api/identity/document/ktp/capture` (contract B.5): read strictly, verify the signature, judge, store.
//! Invariant: nothing is stored and no challenge is used up unless form, key, signature and challenge are right.
//! Deliberately lacks repeat detection beyond the single-use challenge: the contract promises none.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json, to_value};

use super::error::{ApiError, FieldErrors};
use super::form::{Form, accept};
use super::wire::{AntiSpoof, CaptureAnswer, CaptureVerification, FaceEnrolment, KtpBundle, Tamper, Voter};
use super::{Answer, customers, ocr};
use crate::app::App;
use crate::check::{self, CardData, Evidence, FlashSample, Judgement, Vote};
use crate::keys::{new_id, sha256_hex};
use crate::signature;
use crate::store::rows::ChallengeRow;
use crate::store::{Consumption, NewCapture, usable};

mod frames;

const BUNDLE: [&str; 10] = [
    "version",
    "sdkVersion",
    "platform",
    "frames",
    "capturedAt",
    "signature",
    "flashChallengeNonce",
    "flashSamples",
    "ocrFields",
    "ocrConfidence",
];
const PLATFORMS: [&str; 6] = ["rn-ios", "rn-android", "ios", "android", "flutter", "web"];
/// How far a sender's clock may be ahead before its `capturedAt` is refused.
const MAX_AHEAD: SignedDuration = SignedDuration::from_mins(15);

/// A bundle of the right form.
struct Received<'a> {
    sdk_version: &'a str,
    platform: &'a str,
    captured_at: &'a str,
    signature: &'a str,
    nonce: Option<&'a str>,
    samples: Vec<FlashSample>,
    frames: Vec<Vec<u8>>,
    card: CardData,
}

pub fn submit(app: &App, body: &Map<String, Value>) -> Result<Answer, ApiError> {
    let now = app.clock.now();
    let mut errors = FieldErrors::default();
    let mut form = Form::new(body, "", &["customerId", "bundle", "hmacKey"], &mut errors);
    let customer_id = form.required_text("customerId");
    let hmac_key = form.optional_text("hmacKey");
    let bundle = form.required_object("bundle");
    let received = bundle.map(|bundle| read_bundle(bundle, now, &mut errors)).transpose()?;
    accept(errors)?;
    let (Some(bundle), Some(received)) = (bundle, received) else { return Err(ApiError::NotJson) };
    let settings = app.settings();
    if !settings.ktp_enabled {
        return Err(ApiError::CapabilityDisabled);
    }
    customers::find(app, customer_id)?;
    let canonical = signature::canonical_unsigned(bundle)?;
    verify_signature(app, customer_id, hmac_key, received.signature, &canonical)?;
    let challenge = received.nonce.map(|nonce| open_challenge(app, customer_id, nonce, now)).transpose()?;
    let pictures = frames::decode(&received.frames).map_err(ApiError::Validation)?;
    let evidence = Evidence {
        pictures: &pictures,
        challenge: challenge.as_ref(),
        samples: &received.samples,
        card: &received.card,
        today: now,
    };
    let judgement = check::judge(&evidence, &settings);
    store(app, customer_id, &received, sha256_hex(&canonical), &judgement, now)
}

fn read_bundle<'a>(
    bundle: &'a Map<String, Value>,
    now: Timestamp,
    errors: &mut FieldErrors,
) -> Result<Received<'a>, ApiError> {
    let mut form = Form::new(bundle, "bundle", &BUNDLE, errors);
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
    let fields = form.optional_object("ocrFields");
    let confidences = form.optional_object("ocrConfidence");
    let samples = sample_values.iter().filter_map(|value| read_sample(value, errors)).collect();
    let card = fields
        .map(|fields| ocr::read(Form::new(fields, "bundle.ocrFields", &ocr::FIELDS, errors)))
        .unwrap_or_default();
    if let Some(confidences) = confidences {
        let mut form = Form::new(confidences, "bundle.ocrConfidence", &ocr::FIELDS, errors);
        ocr::check_confidences(confidences, &mut form);
    }
    Ok(Received { sdk_version, platform, captured_at, signature, nonce, samples, frames, card })
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
fn verify_signature(
    app: &App,
    customer_id: &str,
    hmac_key: Option<&str>,
    sent: &str,
    canonical: &[u8],
) -> Result<(), ApiError> {
    let mut known = app.store.challenge_secrets(customer_id)?;
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

fn open_challenge(
    app: &App,
    customer_id: &str,
    nonce: &str,
    now: Timestamp,
) -> Result<ChallengeRow, ApiError> {
    let challenge = app.store.challenge(customer_id, nonce)?;
    usable(challenge.as_ref(), now).cloned().map_err(refusal)
}

fn refusal(consumption: Consumption) -> ApiError {
    match consumption {
        Consumption::Unknown => {
            ApiError::Validation(FieldErrors::one("bundle.flashChallengeNonce", "unknown flash challenge"))
        }
        Consumption::Consumed => ApiError::Conflict("flash challenge already consumed"),
        Consumption::Expired => ApiError::Rule("flash challenge expired"),
    }
}

fn store(
    app: &App,
    customer_id: &str,
    received: &Received<'_>,
    bundle_sha256: String,
    judgement: &Judgement,
    now: Timestamp,
) -> Result<Answer, ApiError> {
    let before = customers::find(app, customer_id)?.kyc_level;
    let new = NewCapture {
        customer_id,
        bundle_sha256,
        captured_at: received.captured_at,
        nonce: received.nonce,
        sdk_version: received.sdk_version,
        platform: received.platform,
        frames_sha256: received.frames.iter().map(|frame| sha256_hex(frame)).collect(),
        verdict: judgement.verdict,
        assurance_tier: judgement.assurance_tier,
        status: judgement.status,
        score: judgement.score,
    };
    let stored = app.store.store_capture(&new, now)?.map_err(refusal)?;
    announce(app, customer_id, &stored.verification_id, judgement, &before, now)?;
    let frames_stored = received.frames.len();
    let answer = answer(judgement, stored.verification_id, stored.capture_id, frames_stored);
    Ok(Answer::ok(to_value(answer).map_err(anyhow::Error::from)?))
}

fn announce(
    app: &App,
    customer_id: &str,
    verification_id: &str,
    judgement: &Judgement,
    tier_before: &str,
    now: Timestamp,
) -> Result<(), ApiError> {
    let data = json!({
        "verificationId": verification_id, "customerId": customer_id, "method": "ktp_capture",
        "status": judgement.status, "score": judgement.score,
    });
    app.emit("verification.created", data, now)?;
    let customer = customers::find(app, customer_id)?;
    if customer.kyc_level != tier_before {
        super::announce_tier(app, customer, now)?;
    }
    Ok(())
}

fn answer(
    judgement: &Judgement,
    verification_id: String,
    capture_id: String,
    frames_stored: usize,
) -> CaptureAnswer {
    let passed = judgement.anti_spoof.iter().filter(|vote| vote.passed).count();
    CaptureAnswer {
        verification: CaptureVerification {
            id: verification_id,
            status: judgement.status,
            score: judgement.score,
        },
        ktp_bundle: KtpBundle {
            id: capture_id,
            verdict: judgement.verdict,
            assurance_tier: judgement.assurance_tier,
            frames_stored,
        },
        anti_spoof: AntiSpoof {
            fused: judgement.anti_spoof_fused,
            assurance_tier: judgement.assurance_tier,
            voters: judgement.anti_spoof.iter().map(voter).collect(),
            passed,
            present: judgement.anti_spoof.len(),
        },
        tamper: Tamper {
            fused: judgement.tamper_fused,
            voters: judgement.tamper.iter().map(voter).collect(),
        },
        // No face model runs here, so the enrolment says that it is a stand-in.
        face_enrolment: (judgement.verdict == "passed").then(|| FaceEnrolment {
            id: new_id("fe"),
            fallback_stub: true,
            model_id: "simulator-none",
        }),
    }
}

fn voter(vote: &Vote) -> Voter {
    Voter { name: vote.name, passed: vote.passed, reason: vote.reason.clone() }
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
