//! A simulated camera: scripted scenes with a card, rendered frame by frame.
//!
//! A [`Script`] says what happens (a card enters, tilts, reflects a lamp, a finger covers a field); a [`Scene`] shows it
//! as a camera would, and knows the truth of each frame. Everything physical happens in linear light: the room's lamp
//! and the screen's colour add up, a reflection is added on top, moving things smear while the shutter is open.
//!
//! Invariant: a frame depends on script, seed, time and the colour shown, and on nothing else. Deliberately absent: wall
//! clocks, and any picture of a real person or card.

mod backdrop;
mod camera;
mod canvas;
mod cards;
mod hand;
pub(crate) mod light;
mod named;
mod painter;
mod pose;
mod script;
mod texture;
mod track;
mod truth;
mod view;

pub use camera::SceneCamera;
pub use cards::{CARD_COUNT, CardTruth, Place, Thing};
pub use named::SCENE_NAMES;
pub use pose::Pose;
pub use script::{Act, Cue, Script, Side};
pub use truth::SceneTruth;

use frame::Frame;

use crate::{Colour, FrameSource, SourceError, TimedFrame};
use painter::Painter;
use view::Stage;

/// Frames a second.
const RATE: u64 = 30;

/// A script, shown.
pub struct Scene {
    stage: Stage,
    painter: Painter,
    seed: u64,
    shown: Option<Colour>,
    /// Frames given since the script began.
    frames: u64,
}

impl Scene {
    /// A script from its beginning; the seed chooses desk, hand, unrest and noise.
    pub fn new(script: &Script, seed: u64) -> Self {
        let (stage, painter) = (Stage::new(script, seed), Painter::new(script.card, seed));
        Self { stage, painter, seed, shown: None, frames: 0 }
    }

    /// Begins another script at the same desk.
    pub fn play(&mut self, script: &Script) {
        self.stage = Stage::new(script, self.seed);
        self.painter.change_card(script.card);
        self.frames = 0;
    }

    /// When the next frame will be taken, in milliseconds since the script began.
    pub fn next_ms(&self) -> u64 {
        self.frames * 1000 / RATE
    }

    /// The frame at a time of the script, whatever was shown before.
    pub fn frame_at(&mut self, at_ms: u64) -> Frame {
        self.painter.paint(&self.stage.view(at_ms), self.shown)
    }

    /// The truth at a time of the script.
    pub fn truth_at(&self, at_ms: u64) -> SceneTruth {
        SceneTruth::of(&self.stage.view(at_ms), self.stage.card)
    }

    /// Lets time pass without giving frames; answers whether the camera is still unplugged then.
    fn wait(&mut self, frames: u64) -> bool {
        self.frames += frames;
        self.is_unplugged()
    }

    fn is_unplugged(&self) -> bool {
        self.stage.state(self.next_ms()).is_unplugged
    }
}

impl FrameSource for Scene {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        if self.is_unplugged() {
            return Err(SourceError::Unplugged);
        }
        let at_ms = self.next_ms();
        self.frames += 1;
        Ok(Some(TimedFrame { frame: self.frame_at(at_ms), at_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.shown = colour;
        true
    }
}
