//! Reading a burst: few frames, best first, no more than needed.
//!
//! Invariant: what is answered as taken passed the [`ReadGate`]. Deliberately absent: threads; a job runs where it is
//! called.

use std::fmt;

use frame::Frame;
use jiff::civil::Date;
use session::{ReadingProgress, Retry};
use vision::{ReadError, Reader, Verdict};

use super::advice::advice;
use super::burst::KeptFrame;
use super::gate::ReadGate;
use crate::pile::Pile;
use crate::scan::Scan;

/// A card as it was taken.
pub struct TakenCard {
    /// What its frames say together, checked.
    pub scan: Scan,
    /// The frames, best first: those that were read, then the rest of the burst.
    pub frames: Vec<Frame>,
    /// When the first of them was taken, on the camera's clock.
    pub first_at_ms: u64,
}

/// Values and pictures are personal data.
impl fmt::Debug for TakenCard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a card in {} frames", self.frames.len())
    }
}

/// What came of reading a burst.
#[derive(Debug)]
pub enum ReadAnswer {
    /// The card.
    Taken(Box<TakenCard>),
    /// Not good enough, and why.
    Failed(Retry),
    /// Somebody did not want to wait.
    Abandoned,
}

/// Frames to be read.
pub struct ReadJob {
    frames: Vec<KeptFrame>,
    gate: ReadGate,
    failed_tries: u32,
    today: Date,
}

impl ReadJob {
    pub(crate) fn new(frames: Vec<KeptFrame>, gate: ReadGate, failed_tries: u32, today: Date) -> Self {
        Self { frames, gate, failed_tries, today }
    }

    /// When its frames were taken, on the camera's clock, best first.
    #[must_use]
    pub fn taken_at_ms(&self) -> Vec<u64> {
        self.frames.iter().map(|kept| kept.at_ms).collect()
    }

    /// Reads until the card is sure. `told` hears of every frame and answers whether to go on.
    pub fn run(
        self,
        reader: &Reader,
        told: &mut dyn FnMut(ReadingProgress) -> bool,
    ) -> Result<ReadAnswer, ReadError> {
        let first_at_ms = self.frames.iter().map(|kept| kept.at_ms).min().unwrap_or_default();
        let of = u32::try_from(self.frames.len()).unwrap_or(u32::MAX);
        let (mut pile, mut seen) = (Pile::default(), Vec::new());
        let mut rest = self.frames.into_iter();
        let mut progress = ReadingProgress { done: 0, of };
        let mut sure = None;
        while let Some(kept) = { if told(progress) { rest.next() } else { return Ok(ReadAnswer::Abandoned) } }
        {
            pile.add(reader.read(&kept.frame)?, kept.frame);
            seen.push(kept.seen);
            progress.done += 1;
            sure = pile.fused().filter(|reading| self.gate.is_sure(reading, &pile));
            if sure.is_some() {
                break;
            }
        }
        let reading = match sure {
            Some(reading) => Some(reading),
            None => pile.read_together(reader)?,
        };
        let Some(reading) = reading else {
            return Ok(ReadAnswer::Failed(advice(Verdict::NoCard, vec![], &[])));
        };
        let lacking = self.gate.lacks(&reading, &pile, self.failed_tries);
        if !lacking.is_empty() {
            return Ok(ReadAnswer::Failed(advice(reading.verdict, lacking, &seen)));
        }
        let scan = Scan::of(reading, &pile.marks(), self.today);
        let mut frames = pile.into_frames();
        frames.extend(rest.map(|kept| kept.frame));
        Ok(ReadAnswer::Taken(Box::new(TakenCard { scan, frames, first_at_ms })))
    }
}

/// How many there are is all that may be told.
impl fmt::Debug for ReadJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} frames to read", self.frames.len())
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use frame::{Homography, Point, Quad};
    use inference::ModelSource;
    use ktp::Field;
    use session::{HintCode, Observation};

    use super::*;

    fn demo_frames() -> Vec<Frame> {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-capture");
        let open = |name| crate::picture::open(&dir.join(name)).unwrap();
        ["frame-06.jpg", "frame-07.jpg", "frame-08.jpg"].map(open).into()
    }

    fn run(reader: &Reader, frames: Vec<Frame>, covered: &[Field]) -> ReadAnswer {
        let seen = Observation {
            sharpness: 0.9,
            width_share: 0.7,
            brightness: 0.7,
            covered_fields: covered.to_vec(),
            ..Observation::default()
        };
        let keep = |frame| KeptFrame { frame, at_ms: 7, seen: seen.clone() };
        let frames = frames.into_iter().map(keep).collect();
        let job = ReadJob::new(frames, ReadGate::default(), 0, Date::constant(2026, 9, 1));
        job.run(reader, &mut |_| true).unwrap()
    }

    /// The frame with the upper quarter of its card, where the NIK stands, painted over.
    fn without_nik(reader: &Reader, frame: &Frame) -> Frame {
        let card = reader.read(frame).unwrap().quad.unwrap();
        let flat = Homography::between(&card, &Quad::rect(0.0, 0.0, 1.0, 1.0)).unwrap();
        let width = frame.width() as usize;
        let mut data = frame.data().to_vec();
        for (i, pixel) in data.chunks_exact_mut(3).enumerate() {
            let at = flat.apply(Point::new((i % width) as f32, (i / width) as f32));
            if (-0.05..1.05).contains(&at.x) && (0.13..0.26).contains(&at.y) {
                pixel.fill(120);
            }
        }
        Frame::new(frame.width(), frame.height(), data).unwrap()
    }

    #[test]
    fn a_card_is_taken_and_a_covered_nik_is_refused() {
        let reader = Reader::load(&ModelSource::from_env()).unwrap();
        let frames = demo_frames();
        let answer = run(&reader, frames.clone(), &[]);
        let ReadAnswer::Taken(card) = answer else { panic!("{answer:?}") };
        assert_eq!(card.scan.reading.fields().get(Field::Nik), Some("3517162609890000"));
        assert_eq!((card.frames.len(), card.first_at_ms), (3, 7));

        let hidden = frames.iter().map(|frame| without_nik(&reader, frame)).collect();
        let answer = run(&reader, hidden, &[Field::Nik]);
        let ReadAnswer::Failed(retry) = answer else { panic!("{answer:?}") };
        assert!(
            retry.fields.contains(&Field::Nik) && retry.reasons.contains(&HintCode::Obstructed),
            "{retry:?}"
        );

        let answer = run(&reader, vec![Frame::filled(640, 480, [90; 3])], &[]);
        let ReadAnswer::Failed(retry) = answer else { panic!("{answer:?}") };
        assert_eq!(retry.reasons, [HintCode::NoCard]);
    }
}
