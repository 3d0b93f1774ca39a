//! What a sitting remembers of one frame: numbers, no picture.

use std::hash::{DefaultHasher, Hasher};

use frame::{Border, Frame, Homography, Point, Sampling};

use crate::face::{Bounds, Face};

/// Side of the aligned face.
const ALIGNED_PX: u32 = 48;
/// Cells a side that the aligned face's colour is kept in.
pub(super) const CELLS: usize = 6;
/// Side of the aligned face's small grey picture.
pub(super) const THUMB: usize = 12;
/// Bytes between two that a frame's fingerprint is made of: prime, so that all columns and channels come up.
const FINGERPRINT_STEP: usize = 61;

/// One frame's facts.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// When it was taken.
    pub at_ms: u64,
    /// The face.
    pub face: Face,
    /// The passive net's belief, if it looked.
    pub passive: Option<f32>,
    /// Mean colour of the inner face, linear light, 0–1.
    pub skin: [f32; 3],
    /// The same as the picture codes it, 0–255.
    pub skin_code: [f32; 3],
    /// Mean colour of what is beside and above the head, linear light.
    pub ring: [f32; 3],
    /// The aligned face in cells, linear light.
    pub(super) cells: Vec<[f32; 3]>,
    /// The aligned face, grey, mean 0 and spread 1.
    pub(super) thumb: Vec<f32>,
    /// Which colour of the challenge was on the screen, and whether it had settled.
    pub lit: Option<(usize, bool)>,
}

impl Glimpse {
    pub(super) fn of(
        frame: &Frame,
        at_ms: u64,
        face: Face,
        passive: Option<f32>,
        lit: Option<(usize, bool)>,
    ) -> Self {
        let aligned = aligned(frame, &face);
        let (skin, skin_code) = skin(&aligned);
        Self {
            at_ms,
            face,
            passive,
            skin,
            skin_code,
            ring: ring(frame, &face.bounds),
            cells: cells(&aligned),
            thumb: thumb(&aligned),
            lit,
        }
    }
}

/// sRGB code to linear light.
pub(super) fn linear(code: f32) -> f32 {
    let v = code / 255.0;
    if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
}

/// A frame's bytes in one number: equal frames have equal ones, and noise never repeats.
pub(super) fn fingerprint(frame: &Frame) -> u64 {
    let mut hasher = DefaultHasher::new();
    for byte in frame.data().iter().step_by(FINGERPRINT_STEP) {
        hasher.write_u8(*byte);
    }
    hasher.finish()
}

/// The face turned upright, eyes and mouth always at the same places.
fn aligned(frame: &Frame, face: &Face) -> Frame {
    let middle = |a: Point, b: Point| Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
    let eyes = middle(face.points[0], face.points[1]);
    let mouth = middle(face.points[3], face.points[4]);
    // Eyes to mouth: it keeps its length when the head turns, as the distance of the eyes does not.
    let (mut dx, mut dy) = (f64::from(mouth.x - eyes.x), f64::from(mouth.y - eyes.y));
    if !dx.is_finite() || !dy.is_finite() || dx.hypot(dy) < 1.0 {
        (dx, dy) = (0.0, f64::from(face.bounds.height.max(4.0)) * 0.4);
    }
    let side = f64::from(ALIGNED_PX);
    // Eyes at 32 % of the height, mouth at 72 %.
    let unit = 1.0 / (0.4 * side);
    let (ax, ay) = (dy * unit, -dx * unit);
    let (bx, by) = (dx * unit, dy * unit);
    let (cx, cy) = (side / 2.0, 0.32 * side);
    let x0 = f64::from(eyes.x) - ax * cx - bx * cy;
    let y0 = f64::from(eyes.y) - ay * cx - by * cy;
    let map = Homography::affine([[ax, bx, x0], [ay, by, y0]]);
    frame.warped(&map, (ALIGNED_PX, ALIGNED_PX), Sampling::Bilinear, Border::Replicate)
}

/// Mean of the aligned face's middle, linear and coded.
fn skin(aligned: &Frame) -> ([f32; 3], [f32; 3]) {
    let (mut sums, mut codes, mut count) = ([0.0f32; 3], [0u32; 3], 0u32);
    for y in ALIGNED_PX / 4..ALIGNED_PX * 9 / 10 {
        for x in ALIGNED_PX / 5..ALIGNED_PX * 4 / 5 {
            for (channel, code) in aligned.pixel(x, y).into_iter().enumerate() {
                sums[channel] += linear(f32::from(code));
                codes[channel] += u32::from(code);
            }
            count += 1;
        }
    }
    (sums.map(|sum| sum / count as f32), codes.map(|sum| sum as f32 / count as f32))
}

fn cells(aligned: &Frame) -> Vec<[f32; 3]> {
    let size = ALIGNED_PX / CELLS as u32;
    let mut cells = Vec::with_capacity(CELLS * CELLS);
    for row in 0..CELLS as u32 {
        for column in 0..CELLS as u32 {
            let mut sums = [0.0f32; 3];
            for y in row * size..(row + 1) * size {
                for x in column * size..(column + 1) * size {
                    for (sum, code) in sums.iter_mut().zip(aligned.pixel(x, y)) {
                        *sum += linear(f32::from(code));
                    }
                }
            }
            cells.push(sums.map(|sum| sum / (size * size) as f32));
        }
    }
    cells
}

fn thumb(aligned: &Frame) -> Vec<f32> {
    let small = aligned.to_gray().resized(THUMB as u32, THUMB as u32);
    let values: Vec<f32> = small.data().iter().map(|luma| f32::from(*luma)).collect();
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    let spread = (values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt();
    values.into_iter().map(|v| (v - mean) / spread.max(1.0)).collect()
}

/// Mean of the room beside and above the head: outside hair and veil, not below, where the body is.
fn ring(frame: &Frame, face: &Bounds) -> [f32; 3] {
    let (inner, outer) = (face.grown(0.45), face.grown(0.9));
    let (width, height) = (frame.width() as f32, frame.height() as f32);
    let bottom = face.y + 0.5 * face.height;
    let (mut sums, mut count) = ([0.0f32; 3], 0.0f32);
    for row in 0..40 {
        for column in 0..40 {
            let x = outer.x + outer.width * (column as f32 + 0.5) / 40.0;
            let y = outer.y + outer.height * (row as f32 + 0.5) / 40.0;
            let is_head = (inner.x..inner.x + inner.width).contains(&x) && y > inner.y;
            if is_head || y > bottom || !(0.0..width).contains(&x) || !(0.0..height).contains(&y) {
                continue;
            }
            for (sum, code) in sums.iter_mut().zip(frame.pixel(x as u32, y as u32)) {
                *sum += linear(f32::from(code));
            }
            count += 1.0;
        }
    }
    if count < 20.0 { [0.0; 3] } else { sums.map(|sum| sum / count) }
}
