//! Several readings of one card → one.
//!
//! Every field is decoded once more from the lines of all pictures together, and weighed against what the readings
//! answered by themselves. Invariant: agreement raises confidence, disagreement lowers it. Deliberately lacks tracking: the
//! caller says which pictures show the same card.

use std::collections::BTreeMap;

use ktp::Field;

use crate::confidence::rated;
use crate::decode::{Picture, decode_together};
use crate::reading::{CardEvidence, FieldReading, Reading, Verdict};

/// Fuses readings of the same card; the reading with most trusted fields gives picture, quad and quality. `None`
/// for no readings.
#[must_use]
pub fn fuse(readings: &[Reading]) -> Option<Reading> {
    let trust = |reading: &Reading| -> f32 {
        let sum: f32 = reading.fields.values().map(|field| field.confidence).sum();
        sum + if reading.verdict == Verdict::Ktp { 100.0 } else { 0.0 }
    };
    let best = readings.iter().max_by(|a, b| trust(a).total_cmp(&trust(b)))?;
    let cards: Vec<&Reading> = readings.iter().filter(|reading| reading.verdict == Verdict::Ktp).collect();
    if cards.len() < 2 {
        return Some(best.clone());
    }
    let together = decoded_together(best, &cards);
    let fields = Field::ALL.into_iter().filter_map(|field| {
        let voted = fused(&cards, field);
        Some((field, surer(&cards, field, together.get(&field), voted)?))
    });
    Some(Reading { fields: fields.collect(), ..best.clone() })
}

/// The answer of all pictures decoded together, unless more of them gave another by themselves.
fn surer(
    cards: &[&Reading],
    field: Field,
    together: Option<&FieldReading>,
    voted: Option<FieldReading>,
) -> Option<FieldReading> {
    let (Some(together), Some(voted)) = (together, voted.as_ref()) else {
        return voted.or_else(|| together.cloned());
    };
    let votes = |value: &Option<String>| {
        let said = cards.iter().filter_map(|card| card.fields.get(&field)?.value.as_ref());
        value.as_ref().map_or(0, |value| said.filter(|said| *said == value).count())
    };
    if together.value == voted.value {
        let confidence = voted.confidence.max(together.confidence.min(MOST));
        return Some(FieldReading { confidence, ..voted.clone() });
    }
    let outvoted = votes(&voted.value) > votes(&together.value).max(1);
    Some(if outvoted || voted.confidence >= together.confidence { voted.clone() } else { together.clone() })
}

/// Of each field the surer answer. Both come from the same pictures: agreement makes neither surer, and disagreement both less.
pub(crate) fn surer_of_both(
    a: &BTreeMap<Field, FieldReading>,
    b: &BTreeMap<Field, FieldReading>,
) -> BTreeMap<Field, FieldReading> {
    let surer = |field: Field| {
        let (first, second) = match (a.get(&field), b.get(&field)) {
            (Some(a), Some(b)) if b.confidence > a.confidence => (b, Some(a)),
            (Some(a), b) => (a, b),
            (None, b) => (b?, None),
        };
        let rival = second.filter(|second| second.value.is_some() && second.value != first.value);
        let doubt = 1.0 + rival.map_or(0.0, |rival| rival.confidence);
        Some((field, FieldReading { confidence: first.confidence / doubt, ..first.clone() }))
    };
    Field::ALL.into_iter().filter_map(surer).collect()
}

/// The fields of all pictures' lines, the best picture leading.
fn decoded_together(best: &Reading, cards: &[&Reading]) -> BTreeMap<Field, FieldReading> {
    let others = cards.iter().copied().filter(|card| !std::ptr::eq(*card, best));
    let seen: Vec<&CardEvidence> = std::iter::once(best).chain(others).map(|card| &card.evidence).collect();
    let pictures: Vec<Picture<'_>> = seen
        .iter()
        .filter_map(|evidence| evidence.0.as_deref())
        .map(|(readings, layout)| Picture { readings, layout })
        .collect();
    let fields = decode_together(&pictures).into_iter();
    fields.map(|(field, decoded)| (field, rated(field, decoded))).collect()
}

/// Several blurred pictures can repeat one mistake.
const MOST: f32 = 0.998;

fn fused(cards: &[&Reading], field: Field) -> Option<FieldReading> {
    let found: Vec<&FieldReading> = cards.iter().filter_map(|card| card.fields.get(&field)).collect();
    // Odds against each value, as if the pictures erred independently; their shared causes are honoured by a cap.
    let mut doubt: BTreeMap<&str, f32> = BTreeMap::new();
    for reading in &found {
        if let Some(value) = &reading.value {
            *doubt.entry(value).or_insert(1.0) *= 1.0 - reading.confidence;
        }
    }
    let by_confidence = |a: &&&FieldReading, b: &&&FieldReading| a.confidence.total_cmp(&b.confidence);
    let Some((value, left)) = doubt.iter().min_by(|a, b| a.1.total_cmp(b.1)) else {
        return found.iter().max_by(by_confidence).map(|reading| (*reading).clone());
    };
    let rivals: f32 = doubt.iter().filter(|(other, _)| *other != value).map(|(_, left)| 1.0 - left).sum();
    let source = found.iter().filter(|r| r.value.as_deref() == Some(*value)).max_by(by_confidence)?;
    let confidence = ((1.0 - left) / (1.0 + rivals)).min(MOST).max(source.confidence / (1.0 + rivals));
    Some(FieldReading { confidence, ..(*source).clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::Quality;
    use crate::reading::{Timings, Trust};

    fn reading(value: Option<&str>, confidence: f32) -> Reading {
        let field = FieldReading {
            value: value.map(str::to_owned),
            printed: String::new(),
            confidence,
            trust: Trust::NONE,
        };
        Reading {
            verdict: Verdict::Ktp,
            quad: None,
            rectified: None,
            fields: BTreeMap::from([(Field::FullName, field)]),
            lines: BTreeMap::new(),
            quality: Quality::without_card(),
            timings: Timings::default(),
            evidence: CardEvidence::default(),
        }
    }

    fn check(readings: &[(Option<&str>, f32)], expected: Option<&str>, at_least: f32, at_most: f32) {
        let all: Vec<Reading> =
            readings.iter().map(|&(value, confidence)| reading(value, confidence)).collect();
        let fused = fuse(&all).unwrap();
        let field = &fused.fields[&Field::FullName];
        assert_eq!(field.value.as_deref(), expected);
        assert!((at_least..=at_most).contains(&field.confidence), "{}", field.confidence);
    }

    #[test]
    fn agreement_raises_and_disagreement_lowers() {
        check(&[(Some("CONTOH"), 0.8), (Some("CONTOH"), 0.7)], Some("CONTOH"), 0.9, 0.95);
        check(&[(Some("CONTOH"), 0.8), (Some("CONT0H"), 0.5)], Some("CONTOH"), 0.5, 0.6);
        check(
            &[(Some("SALAH"), 0.7), (Some("CONTOH"), 0.6), (Some("CONTOH"), 0.6)],
            Some("CONTOH"),
            0.4,
            0.6,
        );
        check(&[(None, 0.2), (Some("CONTOH"), 0.6)], Some("CONTOH"), 0.6, 0.6);
        check(&[(None, 0.2), (None, 0.3)], None, 0.3, 0.3);
    }

    #[test]
    fn of_two_answers_from_the_same_pictures_the_surer_counts() {
        let check =
            |a: (Option<&str>, f32), b: (Option<&str>, f32), expected: Option<&str>, confidence: f32| {
                let both = surer_of_both(&reading(a.0, a.1).fields, &reading(b.0, b.1).fields);
                let found = &both[&Field::FullName];
                assert_eq!(found.value.as_deref(), expected);
                assert!((found.confidence - confidence).abs() < 1e-6, "{}", found.confidence);
            };
        check((Some("CONTOH"), 0.8), (Some("CONTOH"), 0.7), Some("CONTOH"), 0.8);
        check((Some("CONT0H"), 0.5), (Some("CONTOH"), 0.9), Some("CONTOH"), 0.6);
        check((None, 0.2), (Some("CONTOH"), 0.6), Some("CONTOH"), 0.6);
        check((Some("CONTOH"), 0.6), (None, 0.2), Some("CONTOH"), 0.6);
        assert!(surer_of_both(&BTreeMap::new(), &BTreeMap::new()).is_empty());
        assert_eq!(surer_of_both(&BTreeMap::new(), &reading(None, 0.1).fields).len(), 1);
    }

    #[test]
    fn nothing_fuses_to_nothing() {
        assert!(fuse(&[]).is_none());
    }
}
