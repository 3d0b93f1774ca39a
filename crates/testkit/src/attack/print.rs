//! A photograph on paper. Paper reflects our screen as it reflects the room, so its colours follow the flash; but it is flat, so
//! all of it follows alike, and what is printed neither blinks nor smiles. Bent about its upright axis, light falls on it unevenly,
//! which a face in relief does too.
//!
//! Left out: ink that changes colour with the lamp, and the fingers that hold it.

use std::f32::consts::TAU;

use camera::sitter::{Canvas, Sitter};
use camera::{Colour, Gesture};

use super::held::{Hand, Pose, lay};
use super::{AttackSetup, IN_HAND, Scene};

/// The photograph's share of the victim's frame that is on the paper, from left to right.
const CROP: std::ops::Range<f32> = 0.16..0.84;
/// A white margin, in pixels of the photograph.
const MARGIN_PX: f32 = 9.0;
/// What white paper and black ink reflect.
const WHITE: f32 = 0.85;
const BLACK: f32 = 0.04;
/// How far a bent sheet goes round its cylinder to either side, as the sine.
const BEND: f32 = 0.75;

/// A photograph as paper shows it: the share of light each place reflects.
pub(super) fn printed(photograph: &Canvas) -> Canvas {
    let mut paper = photograph.clone();
    for pixel in &mut paper.pixels {
        *pixel = pixel.map(|light| BLACK + (WHITE - BLACK) * light.clamp(0.0, 1.0).powf(0.95));
    }
    paper
}

/// Halftone dots of a laser printer, too fine for most webcams.
pub(super) fn halftone(x: f32, y: f32, pitch_px: f32, depth: f32) -> f32 {
    let (u, v) = ((x + y) * std::f32::consts::FRAC_1_SQRT_2, (x - y) * std::f32::consts::FRAC_1_SQRT_2);
    1.0 + depth * (TAU * u / pitch_px).sin() * (TAU * v / pitch_px).sin()
}

/// Light on paper.
#[derive(Clone, Copy)]
pub(super) struct PaperLight {
    pub room: [f32; 3],
    pub screen: [f32; 3],
}

impl PaperLight {
    pub(super) fn of(setup: &AttackSetup, shown: Option<Colour>) -> Self {
        Self { room: setup.light.levels().head, screen: setup.screen_light(shown) }
    }

    /// What comes back from a place; `facing` are the shares of both that fall on it.
    pub(super) fn on(&self, reflected: [f32; 3], facing: (f32, f32)) -> [f32; 3] {
        // Paper has a weak gloss of its own, whatever is printed on it.
        let gloss = 0.015;
        std::array::from_fn(|i| {
            let (room, screen) = (self.room[i] * facing.0, self.screen[i] * facing.1);
            reflected[i] * (room + screen) + gloss * screen
        })
    }
}

/// A held photograph.
pub(super) struct Print {
    setup: AttackSetup,
    behind: Sitter,
    paper: Canvas,
    hand: Hand,
    bend: f32,
    pitch_px: f32,
    shown: Option<Colour>,
    canvas: Canvas,
}

impl Print {
    pub(super) fn flat(setup: &AttackSetup) -> Self {
        Self::new(setup, 0.0)
    }

    pub(super) fn bent(setup: &AttackSetup) -> Self {
        Self::new(setup, BEND)
    }

    fn new(setup: &AttackSetup, bend: f32) -> Self {
        let photograph = Canvas::of(&setup.victim(0.4).frame_at(0));
        let behind = setup.behind(false);
        let canvas = Canvas::new(photograph.width(), photograph.height());
        let pitch_px = 1.9 + (setup.seed % 7) as f32 * 0.2;
        let hand = Hand::new(setup.seed, IN_HAND);
        Self {
            setup: setup.clone(),
            behind,
            paper: printed(&photograph),
            hand,
            bend,
            pitch_px,
            shown: None,
            canvas,
        }
    }

    fn paint(&mut self, pose: &Pose) {
        let (wide, tall) = (self.paper.width() as f32, self.paper.height() as f32);
        let size = ((CROP.end - CROP.start) * wide, tall);
        let light = PaperLight::of(&self.setup, self.shown);
        let (paper, bend, pitch_px) = (&self.paper, self.bend, self.pitch_px);
        lay(&mut self.canvas, pose, size, |x, y| {
            let across = 2.0 * x / size.0 - 1.0;
            // On the cylinder, what is seen at the sine lies at the arc.
            let angle = (bend * across).asin();
            let along = if bend > 0.0 { angle / bend.asin() } else { across };
            let facing = ((angle - 0.35).cos().max(0.2) / 0.94, angle.cos());
            let on_paper = (along + 1.0) / 2.0 * size.0;
            let edge = on_paper.min(size.0 - on_paper).min(y).min(size.1 - y);
            let ink = if edge < MARGIN_PX {
                [WHITE; 3]
            } else {
                let dots = halftone(on_paper, y, pitch_px, 0.03);
                paper.sample(CROP.start * wide + on_paper, y).map(|share| share * dots)
            };
            Some((light.on(ink, facing), 1.0))
        });
    }
}

impl Scene for Print {
    fn light_at(&mut self, at_ms: u64) -> &Canvas {
        self.canvas.pixels.clone_from(&self.behind.light_at(at_ms).pixels);
        let middle = [self.canvas.width() as f32 / 2.0, self.canvas.height() as f32 / 2.0];
        let narrower = if self.bend > 0.0 { 1.08 } else { 1.0 };
        let rest = Pose { centre: middle, size: narrower, yaw: 0.0, pitch: 0.04, roll: 0.0 };
        let pose = self.hand.hold(&rest, at_ms);
        self.paint(&pose);
        &self.canvas
    }

    fn show(&mut self, colour: Option<Colour>) {
        self.shown = colour;
        self.behind.light(colour);
    }

    fn ask(&mut self, gesture: Option<Gesture>, now_ms: u64) {
        self.hand.ask(gesture, now_ms);
    }
}
