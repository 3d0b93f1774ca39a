//! Readings of several frames of one card, gathered.
//!
//! Invariant: a frame stands beside its own reading; what is read once is never read again. Deliberately absent: which
//! frames are worth reading.

use frame::Frame;
use ktp::Field;
use vision::tamper::{Marks, TamperParams};
use vision::{ReadError, Reader, Reading, Verdict};

use crate::scan::REQUIRED;

/// Frames and what they say.
#[derive(Default)]
pub(crate) struct Pile {
    with_card: Vec<(Reading, Frame)>,
    without: Option<Reading>,
}

impl Pile {
    pub(crate) fn add(&mut self, reading: Reading, frame: Frame) {
        match reading.verdict {
            Verdict::Ktp => self.with_card.push((reading, frame)),
            Verdict::OtherDocument => self.without = Some(reading),
            Verdict::NoCard => self.without = self.without.take().or(Some(reading)),
        }
    }

    /// Frames in which a card was read.
    pub(crate) fn cards(&self) -> usize {
        self.with_card.len()
    }

    /// How many frames answer a field with this value.
    pub(crate) fn agreeing(&self, field: Field, value: &str) -> usize {
        let answer = |reading: &Reading| {
            reading.fields.get(&field).and_then(|found| found.value.clone()).is_some_and(|v| v == value)
        };
        self.with_card.iter().filter(|(reading, _)| answer(reading)).count()
    }

    /// What they say together so far; `None` if nothing was read.
    pub(crate) fn fused(&self) -> Option<Reading> {
        vision::fuse(&self.readings()).or_else(|| self.without.clone())
    }

    /// What they say together once there are no more: where that leaves doubts, their pictures are read as one.
    pub(crate) fn read_together(&self, reader: &Reader) -> Result<Option<Reading>, ReadError> {
        Ok(reader.read_together(&self.readings())?.or_else(|| self.without.clone()))
    }

    fn readings(&self) -> Vec<Reading> {
        self.with_card.iter().map(|(reading, _)| reading.clone()).collect()
    }

    /// Signs of tampering in a few of the frames.
    pub(crate) fn marks(&self) -> Vec<Marks> {
        Marks::of_burst(&self.with_card, &TamperParams::default())
    }

    /// The frames with the card, the one that shows it best first.
    pub(crate) fn into_frames(mut self) -> Vec<Frame> {
        self.with_card.sort_by(|a, b| certainty(&b.0).total_cmp(&certainty(&a.0)));
        self.with_card.into_iter().map(|(_, frame)| frame).collect()
    }
}

/// Sum of the confidences of the fields that matter.
fn certainty(reading: &Reading) -> f32 {
    REQUIRED.iter().map(|field| reading.confidence(*field)).sum()
}
