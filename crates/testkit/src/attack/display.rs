//! A recording of the victim, who blinks in it, on a display. A display shines by itself: our screen adds a weak gloss and no more,
//! whatever it shows. Black glows, white is bluish, contrast is another; its pixels beat with the camera's, and its backlight
//! leaves bands. A phone is held in a hand, a monitor stands.
//!
//! Left out: light that the display throws into the room, and viewing angles that change colour.

use std::f32::consts::TAU;

use camera::sitter::{Canvas, Sitter, SwayParams};
use camera::{Colour, Gesture};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::held::{Hand, Pose, lay};
use super::{AttackSetup, IN_HAND, Scene};

/// A monitor on a desk.
const STANDING: SwayParams = SwayParams { head_px: 0.0, zoom: 0.0, tilt: 0.0, shake_px: 0.3 };

/// How a display looks.
struct Look {
    /// Share of white that black glows with.
    lift: f32,
    gamma: f32,
    white: [f32; 3],
    /// Pixels of the frame for a pixel of the display, and how deep the pattern is.
    pitch_px: f32,
    depth: f32,
    slant: f32,
    /// Bands of the backlight.
    bands: f32,
    /// Where the mirror image of our screen lies, and how strong it is.
    spot: [f32; 2],
    mirror: f32,
}

impl Look {
    fn new(seed: u64, is_phone: bool) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0xD15B);
        let bright = rng.random_range(0.85..1.1);
        let cold = rng.random_range(0.02..0.1);
        Self {
            lift: rng.random_range(0.008..0.03),
            gamma: rng.random_range(0.9..1.2),
            white: [bright * (1.0 - cold), bright, bright * (1.0 + cold)],
            pitch_px: if is_phone { rng.random_range(0.55..0.9) } else { rng.random_range(0.85..1.8) },
            depth: if is_phone { rng.random_range(0.01..0.04) } else { rng.random_range(0.03..0.1) },
            slant: rng.random_range(-0.06..0.06),
            bands: rng.random_range(0.0..0.012),
            spot: [rng.random_range(0.0..1.0), rng.random_range(0.0..0.8)],
            mirror: rng.random_range(0.02..0.12),
        }
    }

    /// Stripes of red, green and blue, as the camera's pixels happen to meet them.
    fn stripes(&self, x: f32, y: f32) -> [f32; 3] {
        let along = TAU * (x + self.slant * y) / self.pitch_px;
        let rows = 1.0 + 0.4 * self.depth * (TAU * (y - self.slant * x) / self.pitch_px).sin();
        std::array::from_fn(|i| (1.0 + self.depth * (along + 2.09 * i as f32).sin()) * rows)
    }
}

/// A recording on a display.
pub(super) struct Display {
    setup: AttackSetup,
    behind: Sitter,
    recording: Sitter,
    hand: Hand,
    rest: Pose,
    /// What of the recording is shown: left and right; and the bezel, in its pixels.
    crop: (f32, f32),
    bezel_px: f32,
    is_phone: bool,
    look: Look,
    shown: Option<Colour>,
    canvas: Canvas,
}

impl Display {
    pub(super) fn phone(setup: &AttackSetup) -> Self {
        Self::new(setup, true)
    }

    pub(super) fn monitor(setup: &AttackSetup) -> Self {
        Self::new(setup, false)
    }

    fn new(setup: &AttackSetup, is_phone: bool) -> Self {
        let behind = setup.behind(true);
        let (wide, tall) = (behind.params().width_px as f32, behind.params().height_px as f32);
        let centre = [wide / 2.0, tall / 2.0];
        let rest = if is_phone {
            Pose { centre, size: 0.96, yaw: 0.02, pitch: 0.03, roll: 0.02 }
        } else {
            Pose { centre: [centre[0] + 12.0, centre[1]], size: 1.04, yaw: 0.03, pitch: 0.0, roll: 0.0 }
        };
        Self {
            setup: setup.clone(),
            behind,
            recording: setup.victim(0.5),
            hand: Hand::new(setup.seed, if is_phone { IN_HAND } else { STANDING }),
            rest,
            crop: if is_phone { (0.22 * wide, 0.78 * wide) } else { (0.0, wide) },
            bezel_px: if is_phone { 12.0 } else { 16.0 },
            is_phone,
            look: Look::new(setup.seed, is_phone),
            shown: None,
            canvas: Canvas::new(wide as usize, tall as usize),
        }
    }
}

impl Scene for Display {
    fn light_at(&mut self, at_ms: u64) -> &Canvas {
        self.canvas.pixels.clone_from(&self.behind.light_at(at_ms).pixels);
        let film = Canvas::of(&self.recording.frame_at(at_ms));
        let screen = self.setup.screen_light(self.shown);
        let room = self.setup.light.levels().room;
        let (look, bezel, (left, right)) = (&self.look, self.bezel_px, self.crop);
        let size = (right - left + 2.0 * bezel, film.height() as f32 + 2.0 * bezel);
        let pose = self.hand.hold(&self.rest, at_ms);
        let phase = TAU * at_ms as f32 / 1000.0 * 3.7;
        lay(&mut self.canvas, &pose, size, |x, y| {
            let mirrored = [(x / size.0 - look.spot[0]) * 4.0, (y / size.1 - look.spot[1]) * 4.0];
            let mirror = 0.008 + look.mirror * (-mirrored[0] * mirrored[0] - mirrored[1] * mirrored[1]).exp();
            let gloss: [f32; 3] = std::array::from_fn(|i| mirror * screen[i] + 0.012 * room[i]);
            let edge = x.min(size.0 - x).min(y).min(size.1 - y);
            if edge < bezel {
                return Some((gloss.map(|light| light + 0.01), 1.0));
            }
            let light = film.sample(left + x - bezel, y - bezel);
            let stripes = look.stripes(x * pose.size, y * pose.size);
            let band = 1.0 + look.bands * (TAU * y / size.1 * 1.6 + phase).sin();
            let shine = |i: usize| {
                let tone = look.lift + (1.0 - look.lift) * light[i].powf(look.gamma);
                tone * look.white[i] * stripes[i] * band + gloss[i]
            };
            Some((std::array::from_fn(shine), 1.0))
        });
        &self.canvas
    }

    fn show(&mut self, colour: Option<Colour>) {
        self.shown = colour;
        self.behind.light(colour);
    }

    fn ask(&mut self, gesture: Option<Gesture>, now_ms: u64) {
        if self.is_phone {
            self.hand.ask(gesture, now_ms);
        }
    }
}
