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
        let mut fused = None;
        while let Some(kept) = { if told(progress) { rest.next() } else { return Ok(ReadAnswer::Abandoned) } }
        {
            pile.add(reader.read(&kept.frame)?, kept.frame);
            seen.push(kept.seen);
            progress.done += 1;
            fused = pile.fused();
            if fused.as_ref().is_some_and(|reading| self.gate.is_sure(reading, &pile)) {
                break;
            }
        }
        let Some(reading) = fused else {
            return Ok(ReadAnswer::Failed(advice(Verdict::NoCard, vec![], &[])));
        };
        let lacking = self.gate.lacks(&reading, &pile, self.failed_tries);
        if !lacking.is_empty() {
            return Ok(ReadAnswer::Failed(advice(reading.verdict, lacking, &seen)));
        }
        let mut frames = pile.into_frames();
        frames.extend(rest.map(|kept| kept.frame));
        let scan = Scan::of(reading, self.today);
        Ok(ReadAnswer::Taken(Box::new(TakenCard { scan, frames, first_at_ms })))
    }
}

/// How many there are is all that may be told.
impl fmt::Debug for ReadJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} frames to read", self.frames.len())
    }
}
