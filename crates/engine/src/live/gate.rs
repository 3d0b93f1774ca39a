//! Whether a reading is good enough to be taken.
//!
//! Invariant: without a NIK that can be trusted nothing is taken, however often it is tried. Deliberately absent: what
//! to do about it.

use ktp::{Field, Nik};
use vision::{Reading, Verdict};

use crate::pile::Pile;
use crate::scan::REQUIRED;

/// What a taken card must have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReadGate {
    /// Least fused confidence of the NIK. On the evaluation set one NIK of 320 was confidently wrong in one picture;
    /// several pictures that agree are better than that.
    pub nik: f32,
    /// Least confidence of a NIK that one frame alone answers.
    pub lone_nik: f32,
    /// Confidence of the NIK from which, with all required fields, no more frames are read.
    pub sure_nik: f32,
    /// Frames that must show the same NIK before reading stops early.
    pub sure_frames: usize,
    /// Required fields that may be missing; a person or the partner looks at them.
    pub missing: usize,
    /// After so many failed tries any may be missing but the NIK: the card itself may be worn.
    pub patient_tries: u32,
}

impl Default for ReadGate {
    fn default() -> Self {
        Self { nik: 0.85, lone_nik: 0.95, sure_nik: 0.97, sure_frames: 2, missing: 2, patient_tries: 2 }
    }
}

impl ReadGate {
    /// Whether the NIK of all frames together can be trusted.
    pub(crate) fn trusts_nik(&self, reading: &Reading, pile: &Pile) -> bool {
        let Some(nik) = answer(reading, Field::Nik).filter(|nik| Nik::parse(nik).is_ok()) else {
            return false;
        };
        let agreeing = pile.agreeing(Field::Nik, nik);
        let needed = if agreeing > 1 { self.nik } else { self.lone_nik };
        reading.verdict == Verdict::Ktp && reading.confidence(Field::Nik) >= needed
    }

    /// Whether further frames would tell nothing new.
    pub(crate) fn is_sure(&self, reading: &Reading, pile: &Pile) -> bool {
        let agreeing = answer(reading, Field::Nik).map_or(0, |nik| pile.agreeing(Field::Nik, nik));
        agreeing >= self.sure_frames
            && reading.confidence(Field::Nik) >= self.sure_nik
            && missing(reading).is_empty()
    }

    /// What keeps the reading from being taken: fields in card order, none if nothing does.
    pub(crate) fn lacks(&self, reading: &Reading, pile: &Pile, failed_tries: u32) -> Vec<Field> {
        let mut lacking = missing(reading);
        if self.trusts_nik(reading, pile) {
            let allowed = if failed_tries >= self.patient_tries { REQUIRED.len() } else { self.missing };
            if lacking.len() <= allowed {
                lacking.clear();
            }
        } else if !lacking.contains(&Field::Nik) {
            lacking.insert(0, Field::Nik);
        }
        lacking
    }
}

fn answer(reading: &Reading, field: Field) -> Option<&str> {
    reading.fields.get(&field)?.value.as_deref()
}

/// Required fields without an answer, in card order.
fn missing(reading: &Reading) -> Vec<Field> {
    REQUIRED.into_iter().filter(|field| answer(reading, *field).is_none()).collect()
}
