//! `screen_moire`: the pixel grid of a screen over the card.
//!
//! A screen's grid repeats at one frequency all over the card. So does nothing that is printed on it: text stands in lines of its
//! own, and the guilloche runs in arches that smear over many frequencies. Measured on the picture as taken, for
//! straightening would blur the grid. Invariant: frequencies where JPEG's 8 × 8 blocks show are never looked at.
//! Deliberately lacks colour: video coding smears it.

use frame::{Frame, Point, Quad, Spectrum, TileSide};

use super::params::TamperParams;
use super::vote::{Vote, Voter};

const SIDE: TileSide = TileSide::Px128;
const TILE: usize = SIDE.px();
const HALF: i32 = TILE as i32 / 2;
/// Lowest frequency looked at, in bins: below it lie strokes and lines of text.
const LEAST_BIN: f32 = 18.0;
/// Where tiles are centred, in shares of the card.
const CENTRES: [(f32, f32); 9] = [
    (0.18, 0.25),
    (0.5, 0.25),
    (0.82, 0.3),
    (0.18, 0.5),
    (0.5, 0.5),
    (0.82, 0.55),
    (0.18, 0.75),
    (0.5, 0.75),
    (0.82, 0.75),
];

/// How far the strongest bin stands out of its neighbours, in nepers; `None` if the picture is smaller than a tile.
pub(super) fn peak(picture: &Frame, quad: &Quad) -> Option<f32> {
    let room_x = (picture.width() as usize).checked_sub(TILE)?;
    let room_y = (picture.height() as usize).checked_sub(TILE)?;
    let mut spectrum = Spectrum::new(SIDE);
    for (x, y) in CENTRES {
        let centre = within(quad, x, y);
        // `as` turns what is no number into 0 and what is too large into the largest.
        let left = ((centre.x - TILE as f32 / 2.0).max(0.0) as usize).min(room_x);
        let top = ((centre.y - TILE as f32 / 2.0).max(0.0) as usize).min(room_y);
        spectrum.add(|x, y| {
            let [r, g, b] = picture.pixel((left + x) as u32, (top + y) as u32);
            0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
        });
    }
    let mut best = 0.0f32;
    for v in 0..HALF - 1 {
        for u in 1 - HALF..HALF {
            if (u as f32).hypot(v as f32) >= LEAST_BIN && !is_jpeg(u, v) {
                best = best.max(spectrum.prominence(u, v, 3..=4));
            }
        }
    }
    Some(best)
}

/// The point at these shares of the card's sides.
fn within(quad: &Quad, x: f32, y: f32) -> Point {
    let [a, b, c, d] = quad.0;
    let mix =
        |p: f32, q: f32, r: f32, s: f32| (p * (1.0 - x) + q * x) * (1.0 - y) + (s * (1.0 - x) + r * x) * y;
    Point::new(mix(a.x, b.x, c.x, d.x), mix(a.y, b.y, c.y, d.y))
}

/// JPEG's blocks lie at multiples of an eighth in both directions.
fn is_jpeg(u: i32, v: i32) -> bool {
    let step = TILE as i32 / 8;
    let near = |k: i32| (k.rem_euclid(step)).min(step - k.rem_euclid(step)) <= 1;
    near(u) && near(v)
}

pub(super) fn vote(peak: Option<f32>, params: &TamperParams) -> Vote {
    let Some(peak) = peak else {
        return Vote::not_judged(Voter::ScreenMoire, "the picture is too small to show a screen's grid");
    };
    Vote::of(Voter::ScreenMoire, peak / params.most_peak, format!("spectral peak {peak:.2} Np"))
}
