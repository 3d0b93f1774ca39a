//! What the feed's thread runs: a stream of frames that paces itself.
//!
//! Invariant: `next` returns soon after a stop is asked for, and a stream that returned an error is not asked again.

use std::sync::Arc;
use std::time::Instant;

use frame::Frame;

use super::slot::Slot;
use crate::{CameraProblem, Colour, Gesture};

/// One frame of a stream.
pub(crate) struct Shot {
    /// The pixels.
    pub frame: Frame,
    /// The camera's own JPEG of it.
    pub jpeg: Option<Arc<[u8]>>,
    /// Milliseconds on the feed's clock.
    pub at_ms: u64,
    /// When it was taken.
    pub taken: Instant,
}

/// A source at its own pace.
pub(crate) trait Stream {
    /// Waits for the next frame; `None` once a stop was asked for.
    fn next(&mut self, slot: &Slot) -> Result<Option<Shot>, CameraProblem>;

    /// The colour of our screen from now on. Answers whether frames can show it.
    fn show(&mut self, colour: Option<Colour>) -> bool;

    /// What the person is asked to do from now on. Answers whether somebody simulated hears it.
    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        let _ = gesture;
        false
    }
}

/// A stream, opened.
pub(crate) struct Opened {
    /// What people call it.
    pub name: String,
    /// Recognised as virtual.
    pub is_virtual: bool,
    /// The frames.
    pub stream: Box<dyn Stream>,
}

/// Why a stream could not be opened.
pub(crate) struct Fault {
    /// What is wrong.
    pub problem: CameraProblem,
    /// What people call the source, if one was found.
    pub name: Option<String>,
}

impl Fault {
    pub(crate) fn new(problem: CameraProblem, name: Option<String>) -> Self {
        Self { problem, name }
    }
}
