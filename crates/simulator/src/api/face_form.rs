//! The members that only a face's bundle has (contract B.7), read strictly.
//! Invariant: what is not of the documented form is complained about, gestures of a later day excepted: the contract does
//! not list them all. Deliberately lacks opinions; see `check::face`.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::bundle::{self, Common, SAMPLE};
use super::error::{ApiError, FieldErrors};
use super::form::Form;
use crate::check::{Claims, PulseSample};

/// The members that only a face's bundle has.
const OWN: [&str; 6] =
    ["challenges", "responses", "passiveLivenessScores", "rppgSamples", "deviceAttestation", "deviceId"];
/// Longest time in samples.
const MAX_MS: u64 = 300_000;

/// A bundle of the right form.
pub struct Received<'a> {
    pub common: Common<'a>,
    pub claims: Claims,
}

pub fn read<'a>(
    bundle: &'a Map<String, Value>,
    now: Timestamp,
    errors: &mut FieldErrors,
) -> Result<Received<'a>, ApiError> {
    let common = bundle::read(bundle, &OWN, now, errors)?;
    let mut form = Form::known(bundle, "bundle", errors);
    if form.optional_text("deviceId").is_some() && common.platform == "web" {
        form.complain("deviceId", "only for registered native devices");
    }
    let asked = form.optional_list("challenges").unwrap_or_default();
    let answered = form.optional_list("responses").unwrap_or_default();
    let scores = form.optional_list("passiveLivenessScores").unwrap_or_default();
    let pulse = form.optional_list("rppgSamples").unwrap_or_default();
    let attestation = form.optional_object("deviceAttestation");
    if asked.iter().any(|value| !value.is_string()) {
        form.complain("challenges", "must hold strings");
    }
    if scores.iter().any(|value| !value.as_f64().is_some_and(|score| (0.0..=1.0).contains(&score))) {
        form.complain("passiveLivenessScores", "must hold numbers from 0 to 1");
    }
    if let Some(attestation) = attestation {
        let mut form = Form::new(attestation, "bundle.deviceAttestation", &["platform", "token"], errors);
        form.required_text("platform");
        form.required_text("token");
    }
    let claims = Claims {
        asked: asked.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        answered: answered.iter().filter_map(|value| response(value, errors)).collect(),
        scores: scores.iter().filter_map(Value::as_f64).collect(),
        pulse: pulse.iter().filter_map(|value| pulse_sample(value, errors)).collect(),
        is_attested: attestation.is_some(),
    };
    if claims.pulse.windows(2).any(|pair| pair[0].t_ms >= pair[1].t_ms) {
        errors.push("bundle.rppgSamples", "must be in order of time");
    }
    Ok(Received { common, claims })
}

fn response(value: &Value, errors: &mut FieldErrors) -> Option<(String, bool)> {
    let Some(object) = value.as_object() else {
        errors.push("bundle.responses", "must hold objects");
        return None;
    };
    let mut form = Form::new(object, "bundle.responses", &["challenge", "satisfied"], errors);
    Some((form.required_text("challenge").to_owned(), form.boolean("satisfied")))
}

fn pulse_sample(value: &Value, errors: &mut FieldErrors) -> Option<PulseSample> {
    let Some(object) = value.as_object() else {
        errors.push("bundle.rppgSamples", "must hold objects");
        return None;
    };
    let mut form = Form::new(object, "bundle.rppgSamples", &SAMPLE, errors);
    if !object.contains_key("tMs") {
        form.complain("tMs", "required");
    }
    let t_ms = form.integer("tMs", 0..=MAX_MS, 0);
    let mean = ["meanR", "meanG", "meanB"].map(|key| form.number(key, 0.0..=255.0));
    Some(PulseSample { t_ms, mean })
}
