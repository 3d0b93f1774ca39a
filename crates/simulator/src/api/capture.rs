//! `POST /api/identity/document/ktp/capture` (contract B.5): read strictly, verify the signature, judge, store.
//! Invariant: nothing is stored and no challenge is used up unless form, key, signature and challenge are right.
//! Deliberately lacks repeat detection beyond the single-use challenge: the contract promises none.

use jiff::Timestamp;
use serde_json::{Map, Value, to_value};

use super::bundle::{self, Common, refusal};
use super::error::{ApiError, FieldErrors};
use super::form::{Form, accept};
use super::wire::{AntiSpoof, CaptureAnswer, CaptureVerification, FaceEnrolment, KtpBundle, Tamper, Voter};
use super::{Answer, Record, customers, frames, ocr};
use crate::app::App;
use crate::check::{self, CardData, Evidence, Judgement, Vote};
use crate::keys::{new_id, sha256_hex};
use crate::signature;
use crate::store::NewCapture;
use crate::store::rows::Purpose;

/// The members that only a card's bundle has.
const OWN: [&str; 2] = ["ocrFields", "ocrConfidence"];

/// A bundle of the right form.
struct Received<'a> {
    common: Common<'a>,
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
    bundle::verify_signature(
        app,
        customer_id,
        Purpose::Ktp,
        hmac_key,
        received.common.signature,
        &canonical,
    )?;
    let open = |nonce| bundle::open_challenge(app, customer_id, Purpose::Ktp, nonce, now);
    let challenge = received.common.nonce.map(open).transpose()?;
    let pictures = frames::decode(&received.common.frames).map_err(ApiError::Validation)?;
    let evidence = Evidence {
        pictures: &pictures,
        challenge: challenge.as_ref(),
        samples: &received.common.samples,
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
    let common = bundle::read(bundle, &OWN, now, errors)?;
    let mut form = Form::known(bundle, "bundle", errors);
    let fields = form.optional_object("ocrFields");
    let confidences = form.optional_object("ocrConfidence");
    let card = fields
        .map(|fields| ocr::read(Form::new(fields, "bundle.ocrFields", &ocr::FIELDS, errors)))
        .unwrap_or_default();
    if let Some(confidences) = confidences {
        let mut form = Form::new(confidences, "bundle.ocrConfidence", &ocr::FIELDS, errors);
        ocr::check_confidences(confidences, &mut form);
    }
    Ok(Received { common, card })
}

fn store(
    app: &App,
    customer_id: &str,
    received: &Received<'_>,
    bundle_sha256: String,
    judgement: &Judgement,
    now: Timestamp,
) -> Result<Answer, ApiError> {
    let common = &received.common;
    let before = customers::find(app, customer_id)?.kyc_level;
    let new = NewCapture {
        customer_id,
        bundle_sha256,
        captured_at: common.captured_at,
        nonce: common.nonce,
        sdk_version: common.sdk_version,
        platform: common.platform,
        frames_sha256: common.frames.iter().map(|frame| sha256_hex(frame)).collect(),
        verdict: judgement.verdict,
        assurance_tier: judgement.assurance_tier,
        status: judgement.status,
        score: judgement.score,
    };
    let stored = app.store.store_capture(&new, now)?.map_err(refusal)?;
    let record = Record {
        id: &stored.verification_id,
        method: "ktp_capture",
        status: judgement.status,
        score: judgement.score,
    };
    super::announce(app, customer_id, &[record], &before, now)?;
    let frames_stored = common.frames.len();
    let answer = answer(judgement, stored.verification_id, stored.capture_id, frames_stored);
    Ok(Answer::ok(to_value(answer).map_err(anyhow::Error::from)?))
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

/// A vote in the contract's form.
pub fn voter(vote: &Vote) -> Voter {
    Voter { name: vote.name, passed: vote.passed, reason: vote.reason.clone() }
}
