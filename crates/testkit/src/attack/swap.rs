//! A living attacker whose face is replaced by the victim's in software, frame by frame: it blinks, turns and smiles as the attacker
//! does, and its mean colour is matched, so that it follows coloured light as one flat patch. The patch is softer than the rest,
//! carries no sensor's noise, its border trembles, and now and then a frame slips through unchanged.
//!
//! Left out: nets that draw relief and light into the new face.

use camera::sitter::{FaceTruth, SensorParams, Sitter, SitterParams};
use camera::{Colour, FrameSource, Gesture, SourceError, TimedFrame};
use frame::{Border, Frame, Homography, Point, Sampling};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::AttackSetup;

/// One frame in so many shows the attacker.
const SLIP: f64 = 1.0 / 30.0;
/// How far the patch trembles, in pixels.
const TREMBLE_PX: f32 = 1.6;
/// The patch over the face, in halves of its box.
const RADIUS: (f32, f32) = (0.84, 0.9);

/// An attacker with another's face.
pub(super) struct Swap {
    attacker: Sitter,
    victim: Sitter,
    rng: ChaCha8Rng,
    gains: [f32; 3],
    interval_ms: u64,
    frames: u64,
}

impl Swap {
    pub(super) fn new(setup: &AttackSetup) -> Self {
        let sensor = SensorParams { noise: 0.0, ..SensorParams::default() };
        let params = SitterParams { sensor, interval_ms: setup.interval_ms, ..SitterParams::default() };
        // The same seed: the new face does what the attacker does.
        let victim = Sitter::new(std::sync::Arc::clone(&setup.victim), params, setup.seed);
        Self {
            attacker: setup.behind(false),
            victim,
            rng: ChaCha8Rng::seed_from_u64(setup.seed ^ 0x5AAB),
            gains: [1.0; 3],
            interval_ms: setup.interval_ms,
            frames: 0,
        }
    }

    fn swapped(&mut self, frame: &Frame, face: &Frame) -> Frame {
        let (here, there) = (self.attacker.face(), self.victim.face());
        let tremble: [f32; 2] = std::array::from_fn(|_| self.rng.random_range(-TREMBLE_PX..TREMBLE_PX));
        let map = alignment(&here, &there, tremble);
        // Down and up again: a net draws faces in a size of its own.
        let (w, h) = (face.width(), face.height());
        let soft = face.resized(w * 3 / 5, h * 3 / 5).resized(w, h);
        let moved = soft.warped(&map, (frame.width(), frame.height()), Sampling::Bilinear, Border::Replicate);
        let ([left, top, right, bottom], (rx, ry)) = (here.box_px, RADIUS);
        let middle = ((left + right) / 2.0, (top + bottom) / 2.0);
        let weight = |x: u32, y: u32| {
            let dx = (x as f32 - middle.0) / ((right - left) / 2.0 * rx);
            let dy = (y as f32 - middle.1) / ((bottom - top) / 2.0 * ry);
            ((1.0 - dx.hypot(dy)) * 6.0).clamp(0.0, 1.0)
        };
        self.match_colour(frame, &moved, weight);
        blended(frame, &moved, self.gains, weight)
    }

    /// Follows the ratio of the mean colours, with the lag of a smoothed estimate.
    fn match_colour(&mut self, frame: &Frame, face: &Frame, weight: impl Fn(u32, u32) -> f32) {
        let mean = |of: &Frame| {
            let (mut sums, mut count) = ([0.0f32; 3], 0.0f32);
            for y in (0..of.height()).step_by(4) {
                for x in (0..of.width()).step_by(4) {
                    let w = weight(x, y);
                    of.pixel(x, y).iter().zip(&mut sums).for_each(|(v, sum)| *sum += w * f32::from(*v));
                    count += w;
                }
            }
            sums.map(|sum| sum / count.max(1.0))
        };
        let (target, own) = (mean(frame), mean(face));
        for channel in 0..3 {
            let wanted = target[channel] / own[channel].max(1.0);
            self.gains[channel] += (wanted - self.gains[channel]) * 0.6;
        }
    }
}

/// From the frame into the new face's picture: eyes onto eyes, mouth onto mouth.
fn alignment(here: &FaceTruth, there: &FaceTruth, tremble: [f32; 2]) -> Homography {
    let axis = |face: &FaceTruth| {
        let [a, b, _, c, d] = face.points_px;
        let eyes = Point::new((a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0);
        let mouth = Point::new((c[0] + d[0]) / 2.0, (c[1] + d[1]) / 2.0);
        (eyes, mouth.x - eyes.x, mouth.y - eyes.y)
    };
    let ((from, fx, fy), (to, tx, ty)) = (axis(here), axis(there));
    let size = (fx * fx + fy * fy).max(1.0);
    let (cos, sin) = ((fx * tx + fy * ty) / size, (fx * ty - fy * tx) / size);
    let shift = |axis: f32, place: f32, moved: f32| f64::from(axis + moved - place);
    let x0 = shift(to.x, cos * from.x - sin * from.y, tremble[0]);
    let y0 = shift(to.y, sin * from.x + cos * from.y, tremble[1]);
    let (cos, sin) = (f64::from(cos), f64::from(sin));
    Homography::affine([[cos, -sin, x0], [sin, cos, y0]])
}

fn blended(frame: &Frame, face: &Frame, gains: [f32; 3], weight: impl Fn(u32, u32) -> f32) -> Frame {
    let width = frame.width() as usize;
    let mut bytes = frame.data().to_vec();
    for (at, pixel) in bytes.chunks_exact_mut(3).enumerate() {
        let (x, y) = ((at % width) as u32, (at / width) as u32);
        let share = weight(x, y);
        if share <= 0.0 {
            continue;
        }
        let new = face.pixel(x, y);
        for channel in 0..3 {
            let wanted = (f32::from(new[channel]) * gains[channel]).min(255.0);
            let mixed = f32::from(pixel[channel]) + (wanted - f32::from(pixel[channel])) * share;
            pixel[channel] = mixed.round() as u8;
        }
    }
    Frame::new(frame.width(), frame.height(), bytes).expect("as many bytes as the frame it was made from")
}

impl FrameSource for Swap {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        let at_ms = self.frames * self.interval_ms;
        self.frames += 1;
        let (frame, face) = (self.attacker.frame_at(at_ms), self.victim.frame_at(at_ms));
        let has_slipped = self.rng.random_bool(SLIP);
        let frame = if has_slipped { frame } else { self.swapped(&frame, &face) };
        Ok(Some(TimedFrame { frame, at_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.attacker.light(colour);
        true
    }

    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        self.attacker.hear(gesture);
        self.victim.hear(gesture);
        true
    }
}
