//! A simulated camera in front of an invented person, who sits, breathes, blinks, does what is asked, and is lit by the screen.
//!
//! The person was rendered in layers (`models/training/faces/sitters.py`): what the room's light shows and what a white screen
//! adds, in units that may be summed, for eight states of the face. Here they are put together as light, frame by frame, and
//! photographed.
//!
//! Invariant: a frame depends on sitter, seed, times asked for, colours shown and gestures asked for, and on nothing else;
//! nobody exists. Deliberately absent: shoulders that move, blinks while the head is turned, shadows that the screen casts on
//! the room, and any judgement of what is seen.

mod canvas;
mod compose;
mod light;
mod morph;
mod play;
mod portrait;
mod sensor;
mod state;
mod sway;

use std::sync::Arc;

use frame::Frame;

pub use canvas::Canvas;
pub use light::RoomLight;
pub use play::Attitude;
pub use portrait::{Portrait, SitterError, SitterSet};
pub use sensor::{Sensor, SensorParams};
pub use state::{State, StateTruth};
pub use sway::{Place, Sway, SwayParams};

use crate::{Colour, FrameSource, Gesture, SourceError, TimedFrame};
use compose::Stage;
use play::Player;

/// How somebody sits before the camera.
#[derive(Clone, Copy, Debug)]
pub struct SitterParams {
    /// Width of a frame.
    pub width_px: u32,
    /// Height of a frame.
    pub height_px: u32,
    /// Spacing of frames: 30 a second.
    pub interval_ms: u64,
    /// Height of the face over height of the frame: a face that fills the selfie's oval.
    pub face_share: f32,
    /// Middle of the face, as shares of the frame's width and height.
    pub centre: (f32, f32),
    /// The room's light.
    pub light: RoomLight,
    /// How head and camera move.
    pub sway: SwayParams,
    /// Whether the eyes blink by themselves.
    pub blinks: bool,
    /// Share by which the green of the skin follows the heart. Cameras see about 0.4 % (Verkruysse et al. 2008).
    pub pulse_depth: f32,
    /// The camera.
    pub sensor: SensorParams,
}

impl Default for SitterParams {
    fn default() -> Self {
        Self {
            width_px: 640,
            height_px: 480,
            interval_ms: 33,
            face_share: 0.5,
            centre: (0.5, 0.47),
            light: RoomLight::Office,
            sway: SwayParams::default(),
            blinks: true,
            pulse_depth: 0.004,
            sensor: SensorParams::default(),
        }
    }
}

/// Where the face is in a frame, and what it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceTruth {
    /// Left, top, right, bottom in pixels: the face from forehead to chin.
    pub box_px: [f32; 4],
    /// Eye on the picture's left, on its right, nose tip, mouth corner left, right; pixels.
    pub points_px: [[f32; 2]; 5],
    /// Degrees, positive towards the picture's right.
    pub yaw_degrees: f32,
    /// 0 shut, 1 open.
    pub eyes_open: f32,
    /// 0 none, 1 full.
    pub smile: f32,
}

/// Somebody before a camera.
pub struct Sitter {
    params: SitterParams,
    player: Player,
    sway: Sway,
    stage: Stage,
    sensor: Sensor,
    shown: Option<Colour>,
    frames: u64,
    attitude: Attitude,
    place: Place,
}

impl Sitter {
    /// The sitter at time 0; the seed chooses when they blink, how they sway, their pulse and the camera's noise.
    pub fn new(portrait: Arc<Portrait>, params: SitterParams, seed: u64) -> Self {
        let sway = Sway::new(seed, params.sway);
        Self {
            player: Player::new(seed, params.blinks, params.pulse_depth),
            place: sway.at(0.0),
            sway,
            stage: Stage::new(portrait, params.width_px as usize, params.height_px as usize),
            sensor: Sensor::new(params.sensor, params.light.levels().noise, seed),
            shown: None,
            frames: 0,
            attitude: Attitude::default(),
            params,
        }
    }

    /// Who sits here.
    pub fn portrait(&self) -> &Arc<Portrait> {
        self.stage.portrait()
    }

    /// How they sit.
    pub fn params(&self) -> &SitterParams {
        &self.params
    }

    /// The light that reaches the camera at this time, which must not lie before one asked for earlier.
    pub fn light_at(&mut self, at_ms: u64) -> &Canvas {
        self.attitude = self.player.at(at_ms);
        self.place = self.sway.at(at_ms as f32 / 1000.0);
        self.stage.draw(&self.params, &self.attitude, &self.place, self.shown)
    }

    /// The frame the camera takes at this time, which must not lie before one asked for earlier.
    pub fn frame_at(&mut self, at_ms: u64) -> Frame {
        self.light_at(at_ms);
        self.sensor.expose(self.stage.canvas(), at_ms)
    }

    /// Where the face is in the last frame, and what it does.
    pub fn face(&self) -> FaceTruth {
        self.stage.face(&self.params, &self.attitude, &self.place)
    }
}

impl FrameSource for Sitter {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        let at_ms = self.frames * self.params.interval_ms;
        self.frames += 1;
        Ok(Some(TimedFrame { frame: self.frame_at(at_ms), at_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.shown = colour;
        true
    }

    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        self.player.ask(gesture);
        true
    }
}

#[cfg(test)]
mod tests;
