//! What a card session shows.
//!
//! Invariant: the whole truth about the session; computed, never stored.

use crate::card::End;
use crate::hint::{Hint, Retry};

/// Where the session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardPhase {
    /// Guiding towards a good picture.
    Looking,
    /// All is well; the ring closes.
    Holding,
    /// The frames are being taken.
    Burst,
    /// Taken; shown for a moment while reading begins.
    Captured,
    /// The frames are being read.
    Reading,
    /// The try failed; what was wrong is shown until "try again" or for some seconds.
    Advice,
    /// Over.
    Ended(End),
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct ReadingProgress {
    /// Frames read.
    pub done: u32,
    /// Frames to read; 0 until it is known.
    pub of: u32,
}

/// The session as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct CardSessionView {
    /// Where it stands.
    pub phase: CardPhase,
    /// The one thing to do now.
    pub hint: Hint,
    /// How far the ring has closed, 0–1.
    pub hold: f32,
    /// Whether help is offered.
    pub offers_help: bool,
    /// Whether the button to take the picture by hand is offered.
    pub offers_shutter: bool,
    /// Failed tries so far.
    pub failed_tries: u32,
    /// In [`CardPhase::Advice`]: what was wrong.
    pub retry: Option<Retry>,
    /// From [`CardPhase::Captured`] on: how far the reading is.
    pub reading: Option<ReadingProgress>,
}
