//! `font_match`: digits of the NIK and of the birth date that stand out of their line.
//!
//! Invariant: the line's own digits are the measure; what all of them share (ink gain, blur, light, noise) is no suspicion. Deliberately
//! lacks a look at letters, and at lines whose digits are not surely read.

use frame::Frame;
use ktp::Field;

use super::colour::median;
use super::fit::{Fit, Measure, Pitches, Text, fit};
use super::forms::Face;
use super::params::{FontParams, TamperParams};
use super::strip::Strip;
use super::vote::{Vote, Voter};
use crate::reading::{PrintedLine, Reading};

/// Pitch of the NIK in capitals, measured on cards, with room for a line whose height was misjudged.
const NIK_PITCHES: Pitches = Pitches(0.72, 1.1);
/// Pitch of the birth date's digits: Arial's, stretched as printers do.
const DATE_PITCHES: Pitches = Pitches(0.52, 0.98);
/// A hyphen's width in digits.
const HYPHEN: f32 = 0.6;

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
    let (of_nik, of_date) = (&params.nik_digits, &params.date_digits);
    let nik = digits_of(reading, Field::Nik, of_nik).and_then(|(line, text)| {
        let strip = Strip::cut(card, line, 20.0)?;
        let text = Text::of(&text, 0.0)?;
        let of = |face| fit(&strip, &text, face, &NIK_PITCHES);
        // The rarer face is tried only where the usual one does not fit.
        let usual = of(Face::OcrA).filter(|found| found.likeness >= of_nik.least_fit);
        let found = usual.or_else(|| of(Face::Bold))?;
        worst(&found, Field::Nik, of_nik)
    });
    let date = digits_of(reading, Field::DateOfBirth, of_date).and_then(|(line, text)| {
        let strip = Strip::cut(card, line, 13.0)?;
        worst(
            &fit(&strip, &Text::of(&text, HYPHEN)?, Face::Plain, &DATE_PITCHES)?,
            Field::DateOfBirth,
            of_date,
        )
    });
    [nik, date].into_iter().flatten().max_by(|a, b| a.suspicion.total_cmp(&b.suspicion))
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

fn worst(fit: &Fit, field: Field, params: &FontParams) -> Option<FontMarks> {
    if fit.likeness < params.least_fit {
        return None;
    }
    let found = Measure::ALL.into_iter().enumerate().flat_map(|(nth, measure)| {
        let values: Vec<f32> = fit.digits.iter().map(|marks| excess(measure, marks[nth])).collect();
        let middle = median(values.clone()).unwrap_or_default();
        let spread = 1.48 * median(values.iter().map(|v| (v - middle).abs()).collect()).unwrap_or_default();
        let room = params.limits[nth] + params.spreads * spread;
        values.into_iter().enumerate().map(move |(at, value)| FontMarks {
            suspicion: (value - middle).max(0.0) / room,
            field,
            digit: at + 1,
            measure,
        })
    });
    found.max_by(|a, b| a.suspicion.total_cmp(&b.suspicion))
}

/// What of a measure counts: only ink that is darker, for pale ink is worn; both ways elsewhere.
fn excess(measure: Measure, value: f32) -> f32 {
    match measure {
        Measure::Dark | Measure::Extra | Measure::Missing => value.max(0.0),
        Measure::Across
        | Measure::Down
        | Measure::Weight
        | Measure::Sharpness
        | Measure::Ground
        | Measure::Tint
        | Measure::Noise => value.abs(),
    }
}

fn words(measure: Measure) -> &'static str {
    match measure {
        Measure::Across => "stands off the pitch",
        Measure::Down => "stands off the line",
        Measure::Extra => "has ink where the printer's form has none",
        Measure::Missing => "lacks ink where the printer's form has some",
        Measure::Dark => "is darker than the others",
        Measure::Weight => "has strokes of another weight",
        Measure::Sharpness => "is sharper or softer than the others",
        Measure::Ground => "stands on lighter or darker ground",
        Measure::Tint => "stands on ground of another colour",
        Measure::Noise => "stands on ground with other noise",
    }
}

pub(super) fn vote(marks: Option<FontMarks>) -> Vote {
    let Some(FontMarks { suspicion, field, digit, measure }) = marks else {
        return Vote::not_judged(Voter::FontMatch, "no line of digits is clear enough");
    };
    let what = if field == Field::Nik { "the NIK" } else { "the birth date" };
    let says = if suspicion >= 1.0 { words(measure) } else { "differs most, as digits do" };
    Vote::of(Voter::FontMatch, suspicion, format!("digit {digit} of {what} {says}"))
}
