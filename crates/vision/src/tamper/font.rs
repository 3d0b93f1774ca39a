//! `font_match`: digits of the NIK and of the birth date that stand out of their line.
//!
//! Invariant: the line's own digits are the measure; what all of them share (ink gain, blur, light, noise) is no suspicion. Deliberately
//! lacks a look at letters, and at lines whose digits are not surely read.

use frame::Frame;
use ktp::Field;

use super::colour::median;
use super::fit::{Pitches, Text, fit};
use super::forms::Face;
use super::measure::{MEASURES, Measure};
use super::params::{FontParams, TamperParams};
use super::strip::Strip;
use super::vote::{Vote, Voter};
use crate::reading::{PrintedLine, Reading};

/// Pitch of the NIK in capitals, measured on cards, with room for a line whose height was misjudged.
const NIK_PITCHES: Pitches = Pitches(0.72, 1.1);
/// Pitch of the birth date's digits: Arial's, stretched as printers do.
const DATE_PITCHES: Pitches = Pitches(0.52, 0.98);
/// Forms that fit a line so well are surely its own: 95 of 100 drawn lines in OCR-A, none in the bold face.
const SURE_FIT: f32 = 0.95;
/// A hyphen's width in digits.
const HYPHEN: f32 = 0.6;

/// What is measured of one line's digits: how each differs from its neighbours. For fitting weights; see
/// `models/training/fit_font.py`.
#[derive(Clone, Debug)]
pub struct DigitLine {
    /// Whose value it is.
    pub field: Field,
    /// How well the printer's forms fit, as a median of correlations.
    pub likeness: f32,
    /// One row of measures a digit.
    pub digits: Vec<[f32; MEASURES]>,
}

/// The digit that stands out most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct FontMarks {
    pub suspicion: f32,
    pub field: Field,
    /// Counted from 1.
    pub digit: usize,
    pub measure: Measure,
}

pub(super) fn measure(card: &Frame, reading: &Reading, params: &TamperParams) -> Option<FontMarks> {
    let lines = digit_lines(card, reading, params);
    let found = lines.iter().filter_map(|line| worst(line, params.of_digits(line.field)));
    found.max_by(|a, b| a.suspicion.total_cmp(&b.suspicion))
}

/// Measures the lines of digits that are surely enough read: the NIK's and the birth date's.
#[must_use]
pub fn digit_lines(card: &Frame, reading: &Reading, params: &TamperParams) -> Vec<DigitLine> {
    let (of_nik, of_date) = (&params.nik_digits, &params.date_digits);
    let nik = digits_of(reading, Field::Nik, of_nik).and_then(|(line, text)| {
        let strip = Strip::cut(card, line, 20.0)?;
        let text = Text::of(&text, 0.0)?;
        let of = |face| fit(&strip, &text, face, &NIK_PITCHES);
        // The rarer face is tried only where the usual one hardly fits.
        let usual = of(Face::OcrA);
        let is_sure = usual.as_ref().is_some_and(|found| found.likeness >= SURE_FIT);
        let rare = if is_sure { None } else { of(Face::Bold) };
        let best = [usual, rare].into_iter().flatten().max_by(|a, b| a.likeness.total_cmp(&b.likeness));
        best.map(|found| (Field::Nik, found))
    });
    let date = digits_of(reading, Field::DateOfBirth, of_date).and_then(|(line, text)| {
        let strip = Strip::cut(card, line, 13.0)?;
        let found = fit(&strip, &Text::of(&text, HYPHEN)?, Face::Plain, &DATE_PITCHES)?;
        Some((Field::DateOfBirth, found))
    });
    let lines = [nik, date].into_iter().flatten();
    lines
        .map(|(field, found)| DigitLine { field, likeness: found.likeness, digits: found.digits })
        .filter(|line| line.likeness >= params.of_digits(line.field).least_fit)
        .collect()
}

/// A field's line and its characters as printed, if they are surely enough read.
fn digits_of<'a>(
    reading: &'a Reading,
    field: Field,
    params: &FontParams,
) -> Option<(&'a PrintedLine, String)> {
    let line = reading.lines.get(&field)?;
    let found = reading.fields.get(&field).filter(|found| found.confidence >= params.least_confidence)?;
    let value = found.value.as_deref()?;
    let text = if field == Field::Nik {
        value.to_owned()
    } else {
        let mut parts: Vec<&str> = value.split('-').collect();
        parts.reverse();
        parts.join("-")
    };
    Some((line, text))
}

/// The digit against which all measures together speak most, or one alone does.
fn worst(line: &DigitLine, params: &FontParams) -> Option<FontMarks> {
    let mut against = vec![[0.0; MEASURES]; line.digits.len()];
    let mut alone = (0.0, 0, Measure::Across);
    for (nth, measure) in Measure::ALL.into_iter().enumerate() {
        let values: Vec<f32> = line.digits.iter().map(|marks| marks[nth]).collect();
        let middle = median(values.clone()).unwrap_or_default();
        let spread = 1.48 * median(values.iter().map(|v| (v - middle).abs()).collect()).unwrap_or_default();
        let unit = params.usual[nth] + spread;
        for (at, (against, value)) in against.iter_mut().zip(values).enumerate() {
            let out = excess(measure, value - middle) / unit;
            // Few digits lie far out by chance, but more than of a normal distribution.
            against[nth] = params.weights[nth] * out.powi(2).ln_1p();
            if out / params.alone[nth] > alone.0 {
                alone = (out / params.alone[nth], at, measure);
            }
        }
    }
    let sums: Vec<f32> = against.iter().map(|all| all.iter().sum()).collect();
    let usual = median(sums.clone())?;
    let (at, sum) = sums.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let most = (0..MEASURES).max_by(|&a, &b| against[at][a].total_cmp(&against[at][b]))?;
    let together = ((sum - usual).max(0.0) / params.limit, at, Measure::ALL[most]);
    let (suspicion, at, measure) = if alone.0 > together.0 { alone } else { together };
    Some(FontMarks { suspicion, field: line.field, digit: at + 1, measure })
}

/// What of a difference counts: only ink that is darker, for pale ink is worn, and only a worse fit; both ways elsewhere.
fn excess(measure: Measure, value: f32) -> f32 {
    match measure {
        Measure::Dark | Measure::Extra | Measure::Missing | Measure::Rest | Measure::Unlike => value.max(0.0),
        Measure::Across
        | Measure::Down
        | Measure::Wide
        | Measure::Tall
        | Measure::Weight
        | Measure::Sharpness
        | Measure::InkRed
        | Measure::InkBlue
        | Measure::Ground
        | Measure::GroundRed
        | Measure::GroundBlue
        | Measure::Noise
        | Measure::Texture => value.abs(),
    }
}

pub(super) fn vote(marks: Option<FontMarks>) -> Vote {
    let Some(FontMarks { suspicion, field, digit, measure }) = marks else {
        return Vote::not_judged(Voter::FontMatch, "no line of digits is clear enough");
    };
    let what = if field == Field::Nik { "the NIK" } else { "the birth date" };
    let says = if suspicion >= 1.0 { measure.words() } else { "differs most, as digits do" };
    Vote::of(Voter::FontMatch, suspicion, format!("digit {digit} of {what} {says}")).about(field)
}
