//! The stream of an earlier, honest session of the victim, fed in by software: a living face under coloured light that does
//! gestures, but those of a challenge that was drawn then. Nothing in a single frame is wrong.
//!
//! Left out: attackers who record many sessions and choose the nearest.

use camera::sitter::Sitter;
use camera::{Colour, FrameSource, Gesture, SourceError, TimedFrame};
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::AttackSetup;

/// Time between two gestures of the recording.
const GESTURE_MS: u64 = 2_600;
const COLOURS: [Colour; 6] = [
    Colour { r: 255, g: 0, b: 0 },
    Colour { r: 0, g: 255, b: 0 },
    Colour { r: 0, g: 0, b: 255 },
    Colour { r: 255, g: 255, b: 255 },
    Colour { r: 255, g: 255, b: 0 },
    Colour { r: 255, g: 0, b: 255 },
];

/// An earlier session. The attacker starts each part of it when the product begins that part.
pub(super) struct Prerecorded {
    then: Sitter,
    gestures: [Gesture; 3],
    colours: Vec<Colour>,
    hold_ms: u64,
    asked_since_ms: Option<u64>,
    lit_since_ms: Option<u64>,
    interval_ms: u64,
    now_ms: u64,
    frames: u64,
}

impl Prerecorded {
    pub(super) fn new(setup: &AttackSetup) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(setup.seed ^ 0x9EC0);
        let mut gestures = [Gesture::Blink, Gesture::TurnLeft, Gesture::Smile];
        gestures.shuffle(&mut rng);
        let colours = (0..12).filter_map(|_| COLOURS.choose(&mut rng).copied()).collect();
        Self {
            then: setup.victim(1.0),
            gestures,
            colours,
            hold_ms: rng.random_range(400..700),
            asked_since_ms: None,
            lit_since_ms: None,
            interval_ms: setup.interval_ms,
            now_ms: 0,
            frames: 0,
        }
    }

    fn gesture(&self) -> Option<Gesture> {
        let passed = self.now_ms - self.asked_since_ms?;
        // Between two, the person looked neutral.
        let is_on = passed % GESTURE_MS < GESTURE_MS / 2;
        let nth = usize::try_from(passed / GESTURE_MS).unwrap_or(usize::MAX);
        self.gestures.get(nth).copied().filter(|_| is_on)
    }

    fn colour(&self) -> Option<Colour> {
        let nth = (self.now_ms - self.lit_since_ms?) / self.hold_ms;
        self.colours.get(usize::try_from(nth).unwrap_or(usize::MAX)).copied()
    }
}

impl FrameSource for Prerecorded {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        self.now_ms = self.frames * self.interval_ms;
        self.frames += 1;
        self.then.hear(self.gesture());
        self.then.light(self.colour());
        Ok(Some(TimedFrame { frame: self.then.frame_at(self.now_ms), at_ms: self.now_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        if colour.is_some() && self.lit_since_ms.is_none() {
            self.lit_since_ms = Some(self.now_ms);
        }
        true
    }

    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        if gesture.is_some() && self.asked_since_ms.is_none() {
            self.asked_since_ms = Some(self.now_ms);
        }
        true
    }
}
