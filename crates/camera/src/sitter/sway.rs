//! How somebody who sits still moves: slow sums of swings, never the same twice.
//!
//! Invariant: a function of seed and time. Deliberately absent: getting up.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How far things move. Pixels are those of a frame 480 pixels high.
#[derive(Clone, Copy, Debug)]
pub struct SwayParams {
    /// The head, sideways and up and down: people who try to keep still sway by some millimetres.
    pub head_px: f32,
    /// The head's size, as a share.
    pub zoom: f32,
    /// The head's tilt, in radians.
    pub tilt: f32,
    /// The camera itself: nearly nothing on a desk, more in a hand.
    pub shake_px: f32,
}

impl Default for SwayParams {
    fn default() -> Self {
        Self { head_px: 2.6, zoom: 0.008, tilt: 0.012, shake_px: 0.3 }
    }
}

/// Where the head and the camera are.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The head, in pixels from its middle.
    pub head_px: [f32; 2],
    /// The head's size.
    pub zoom: f32,
    /// Radians, clockwise.
    pub tilt: f32,
    /// The camera, in pixels that near things move by.
    pub shake_px: [f32; 2],
}

#[derive(Clone, Copy)]
struct Swing {
    size: f32,
    hertz: f32,
    phase: f32,
}

const SWINGS: usize = 4;

/// Sways of one sitting.
#[derive(Clone)]
pub struct Sway {
    params: SwayParams,
    /// Head x, y, zoom, tilt, camera x, y.
    swings: [[Swing; SWINGS]; 6],
}

impl Sway {
    /// The sways of a seed.
    pub fn new(seed: u64, params: SwayParams) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5A17);
        let swings = std::array::from_fn(|axis| {
            let is_camera = axis >= 4;
            std::array::from_fn(|k| {
                let slow = if is_camera { 1.1 } else { 0.12 };
                let hertz = slow * 2.1f32.powi(k as i32) * rng.random_range(0.75..1.3);
                let size = 0.75f32.powi(k as i32) * rng.random_range(0.4..1.0) * 0.6;
                Swing { size, hertz, phase: rng.random_range(0.0..std::f32::consts::TAU) }
            })
        });
        Self { params, swings }
    }

    /// Where things are at this time.
    pub fn at(&self, seconds: f32) -> Place {
        let sum = |axis: usize| -> f32 {
            let swing = |s: &Swing| s.size * (std::f32::consts::TAU * s.hertz * seconds + s.phase).sin();
            self.swings[axis].iter().map(swing).sum()
        };
        let SwayParams { head_px, zoom, tilt, shake_px } = self.params;
        Place {
            head_px: [head_px * sum(0), 0.7 * head_px * sum(1)],
            zoom: 1.0 + zoom * sum(2),
            tilt: tilt * sum(3),
            shake_px: [shake_px * sum(4), shake_px * sum(5)],
        }
    }
}
