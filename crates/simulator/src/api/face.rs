//! `POST /api/identity/face/liveness` and `POST /api/identity/auth/step-up` (contract B.7): read strictly, verify the
//! signature, judge, compare where that is asked for, store.
//! Invariant: nothing is stored and no challenge is used up unless form, key, signature and challenge are right.
//! Deliberately lacks a model of faces: how alike two are is a setting, and the answer says so.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, to_value};

use super::bundle::{self, refusal};
use super::capture::voter;
use super::error::{ApiError, FieldErrors};
use super::form::{Form, accept};
use super::wire::{
    CaptureVerification, Liveness, LivenessAnswer, Match, StepUpAnswer, StepUpAudit, StepUpLiveness,
};
use super::{Answer, Record, customers, face_form, frames};
use crate::app::App;
use crate::check::{self, FaceEvidence, FaceJudgement};
use crate::config::FaceSettings;
use crate::keys::sha256_hex;
use crate::signature;
use crate::store::rows::Purpose;
use crate::store::{NewFace, NewRecord};

/// Risk levels, mildest first; the first is what a request without one means.
const RISK_LEVELS: [&str; 3] = ["low", "medium", "high"];

/// A face that was read, verified and judged.
struct Judged<'a> {
    received: face_form::Received<'a>,
    customer_id: &'a str,
    bundle_sha256: String,
    judgement: FaceJudgement,
}

pub fn liveness(app: &App, body: &Map<String, Value>) -> Result<Answer, ApiError> {
    let now = app.clock.now();
    let mut errors = FieldErrors::default();
    let judged = judged(app, body, &[], &mut errors, now)?;
    let judgement = &judged.judgement;
    let record = NewRecord { method: "face_liveness", status: judgement.status, score: judgement.score };
    let id = store(app, &judged, "liveness", None, &[record], now)?;
    answer(LivenessAnswer {
        verification: CaptureVerification { id, status: judgement.status, score: judgement.score },
        liveness: Liveness {
            fused: judgement.fused,
            assurance_tier: judgement.assurance_tier,
            voters: judgement.votes.iter().map(voter).collect(),
            passed: judgement.votes.iter().filter(|vote| vote.passed).count(),
            present: judgement.votes.len(),
        },
    })
}

pub fn step_up(app: &App, body: &Map<String, Value>) -> Result<Answer, ApiError> {
    let now = app.clock.now();
    let mut errors = FieldErrors::default();
    let mut form = Form::known(body, "", &mut errors);
    let risk_level = form.optional_text("riskLevel").unwrap_or(RISK_LEVELS[0]);
    if !RISK_LEVELS.contains(&risk_level) {
        form.complain("riskLevel", "must be low, medium or high");
    }
    let (action_label, trigger) = (form.optional_text("actionLabel"), form.optional_text("trigger"));
    if trigger.is_some_and(|trigger| !is_trigger(trigger)) {
        form.complain("trigger", "must be letters, digits, points, dashes and underscores");
    }
    let judged = judged(app, body, &["riskLevel", "actionLabel", "trigger"], &mut errors, now)?;
    let settings = app.settings().face;
    let matching = compare(app, judged.customer_id, risk_level, &settings, now)?;
    let judgement = &judged.judgement;
    let allow = judgement.fused == "live" && matching.verdict == "match" && !settings.deny;
    let status = match (allow, judgement.fused, matching.verdict) {
        (true, _, _) => "verified",
        // Neither a no nor a yes: an analyst looks at it.
        (false, "unclear", _) | (false, "live", "no_reference" | "stale_reference") => "pending",
        (false, _, _) => "failed",
    };
    let score = if allow { judgement.score } else { judgement.score.min(49) };
    let alive = NewRecord { method: "face_liveness", status: judgement.status, score: judgement.score };
    let alike = NewRecord { method: "face_match", status, score };
    let id = store(app, &judged, "stepUp", Some(allow), &[alive, alike], now)?;
    answer(StepUpAnswer {
        allow,
        liveness: StepUpLiveness {
            verdict: judgement.fused,
            assurance_tier: judgement.assurance_tier,
            voters: judgement.votes.iter().map(voter).collect(),
        },
        matching,
        verification: CaptureVerification { id, status, score },
        audit: StepUpAudit { risk_level, trigger, action_label },
    })
}

fn is_trigger(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
}

/// Reads and judges; `own` are the members that this call has beside the common ones.
fn judged<'a>(
    app: &App,
    body: &'a Map<String, Value>,
    own: &[&'static str],
    errors: &mut FieldErrors,
    now: Timestamp,
) -> Result<Judged<'a>, ApiError> {
    let allowed = [&["customerId", "bundle", "hmacKey"][..], own].concat();
    let mut form = Form::new(body, "", &allowed, errors);
    let customer_id = form.required_text("customerId");
    let hmac_key = form.optional_text("hmacKey");
    let bundle = form.required_object("bundle");
    let received = bundle.map(|bundle| face_form::read(bundle, now, errors)).transpose()?;
    accept(std::mem::take(errors))?;
    let (Some(bundle), Some(received)) = (bundle, received) else { return Err(ApiError::NotJson) };
    customers::find(app, customer_id)?;
    let canonical = signature::canonical_unsigned(bundle)?;
    let common = &received.common;
    bundle::verify_signature(app, customer_id, Purpose::Face, hmac_key, common.signature, &canonical)?;
    let open = |nonce| bundle::open_challenge(app, customer_id, Purpose::Face, nonce, now);
    let challenge = common.nonce.map(open).transpose()?;
    let pictures = frames::decode(&common.frames).map_err(ApiError::Validation)?;
    let evidence = FaceEvidence {
        pictures: &pictures,
        challenge: challenge.as_ref(),
        samples: &common.samples,
        claims: &received.claims,
    };
    let judgement = check::judge_face(&evidence, &app.settings());
    Ok(Judged { customer_id, bundle_sha256: sha256_hex(&canonical), judgement, received })
}

/// Whether the face is its card's. What is compared is a setting; what is real is whether there is a card to compare with,
/// and how old it is.
fn compare(
    app: &App,
    customer_id: &str,
    risk_level: &str,
    settings: &FaceSettings,
    now: Timestamp,
) -> Result<Match, ApiError> {
    let is_high = risk_level == "high";
    let threshold = if is_high { settings.threshold_high } else { settings.threshold };
    let freshest = SignedDuration::from_mins(settings.reference_minutes.into());
    let verdict = match app.store.reference_of(customer_id)? {
        None => "no_reference",
        Some(taken) if is_high && now.duration_since(taken) > freshest => "stale_reference",
        Some(_) if settings.similarity >= threshold => "match",
        Some(_) => "no_match",
    };
    let similarity = ["match", "no_match"].contains(&verdict).then_some(settings.similarity);
    Ok(Match { verdict, similarity, threshold, model_id: "simulator-none" })
}

/// Stores, tells the webhooks, and answers with the id of the last record.
fn store(
    app: &App,
    judged: &Judged<'_>,
    call: &'static str,
    allowed: Option<bool>,
    records: &[NewRecord],
    now: Timestamp,
) -> Result<String, ApiError> {
    let before = customers::find(app, judged.customer_id)?.kyc_level;
    let common = &judged.received.common;
    let new = NewFace {
        customer_id: judged.customer_id,
        call,
        bundle_sha256: judged.bundle_sha256.clone(),
        captured_at: common.captured_at,
        nonce: common.nonce,
        frames_sha256: common.frames.iter().map(|frame| sha256_hex(frame)).collect(),
        fused: judged.judgement.fused,
        assurance_tier: judged.judgement.assurance_tier,
        allowed,
        records,
    };
    let mut ids = app.store.store_face(&new, now)?.map_err(refusal)?;
    let made = records.iter().zip(&ids).map(|(record, id)| {
        let NewRecord { method, status, score } = *record;
        Record { id, method, status, score }
    });
    super::announce(app, judged.customer_id, &made.collect::<Vec<_>>(), &before, now)?;
    ids.pop().ok_or_else(|| ApiError::Internal(anyhow::anyhow!("a face leaves a record")))
}

fn answer(answer: impl Serialize) -> Result<Answer, ApiError> {
    Ok(Answer::ok(to_value(answer).map_err(anyhow::Error::from)?))
}
