//! A stream that shows the victim for a while and then the same frame for ever, byte for byte: what is left when software holds
//! the last good picture.
//!
//! Left out: frames that are coded anew each time; their bytes would differ, their content would not.

use camera::sitter::Sitter;
use camera::{Colour, FrameSource, SourceError, TimedFrame};
use frame::Frame;

use super::AttackSetup;

/// How long it lives: long enough for the oval to be filled and the picture to be taken.
const ALIVE_MS: u64 = 1_500;

/// A stream that stops.
pub(super) struct Frozen {
    victim: Sitter,
    held: Option<Frame>,
    interval_ms: u64,
    frames: u64,
}

impl Frozen {
    pub(super) fn new(setup: &AttackSetup) -> Self {
        Self { victim: setup.victim(1.0), held: None, interval_ms: setup.interval_ms, frames: 0 }
    }
}

impl FrameSource for Frozen {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        let at_ms = self.frames * self.interval_ms;
        self.frames += 1;
        if at_ms < ALIVE_MS || self.held.is_none() {
            self.held = Some(self.victim.frame_at(at_ms));
        }
        Ok(self.held.clone().map(|frame| TimedFrame { frame, at_ms }))
    }

    fn show(&mut self, _colour: Option<Colour>) -> bool {
        true
    }
}
