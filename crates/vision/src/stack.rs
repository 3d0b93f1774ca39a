//! Straightened pictures of one card laid over one another.
//!
//! Noise and moving light differ from frame to frame and fade in their mean, while print stays. A picture is laid over another by
//! moving its corners until their print coincides: steps of Lucas and Kanade (1981) over the eight numbers of a quad. Invariant: the
//! result has the size of the first picture. Deliberately lacks sharpening, and pictures that are not straightened alike.

use frame::{Border, Gray, Homography, Point, Quad, Sampling};
use rayon::prelude::*;

use crate::equations::solved;

/// Widths at which pictures are compared, with how many steps: first where a stroke is a dot, then where it is seen.
const LEVELS: [(u32, usize); 2] = [(120, 6), (240, 8)];
/// Steps end when no corner moves by more than this, in pixels of a level.
const STILL_PX: f32 = 0.02;
/// Pictures less alike than this (cosine of their contrasts) do not show the same print, or not in the same place.
const LEAST_ALIKE: f32 = 0.25;
/// No corner is further off than this share of the width: straightening is better than that.
const MOST_OFF: f32 = 0.15;
/// Brighter pixels show a lamp.
const BURNT: u8 = 250;
/// Numbers of a quad.
const N: usize = 8;

/// The mean of the first picture and those others that could be laid over it; `None` if there are none.
pub(crate) fn stacked(first: &Gray, others: &[Gray]) -> Option<Gray> {
    let laid: Vec<Gray> = others.par_iter().filter_map(|other| laid_over(first, other)).collect();
    if laid.is_empty() {
        return None;
    }
    let all: Vec<&[u8]> = std::iter::once(first).chain(&laid).map(Gray::data).collect();
    let mean = |at: usize| {
        let lit = all.iter().map(|data| data[at]).filter(|&v| v < BURNT);
        let (sum, count) = lit.fold((0, 0), |(sum, count), v| (sum + u32::from(v), count + 1));
        // Burnt in all: a lamp is all there is.
        (sum + count / 2).checked_div(count).map_or(u8::MAX, |level| level as u8)
    };
    let data = (0..first.data().len()).map(mean).collect();
    Some(Gray::new(first.width(), first.height(), data).expect("as many pixels as the first"))
}

/// The other picture where and as bright as the first.
fn laid_over(first: &Gray, other: &Gray) -> Option<Gray> {
    let shares = aligned(first, other)?;
    let (width, height) = (other.width() as f32, other.height() as f32);
    let there = shares.map(|p| Point::new(p.x * width - 0.5, p.y * height - 0.5));
    let map = Homography::between(&whole(first.width(), first.height()), &there)?;
    let laid = other.warped(&map, (first.width(), first.height()), Sampling::Bilinear, Border::Replicate);
    let both = first.data().iter().zip(laid.data()).filter(|(a, b)| **a.max(b) < BURNT);
    let (wanted, seen) = both.fold((1, 1), |(a, b), (&x, &y)| (a + u64::from(x), b + u64::from(y)));
    let gain = wanted as f32 / seen as f32;
    let data = laid.data().iter().map(|&v| (f32::from(v) * gain).round() as u8).collect();
    Some(Gray::new(first.width(), first.height(), data).expect("as many pixels as before"))
}

/// The edges of a picture of this size.
fn whole(width: u32, height: u32) -> Quad {
    Quad::rect(-0.5, -0.5, width as f32 - 0.5, height as f32 - 0.5)
}

/// Where the first picture's corners are in the other, in shares of its sides.
fn aligned(first: &Gray, other: &Gray) -> Option<Quad> {
    let mut shares = Quad::rect(0.0, 0.0, 1.0, 1.0);
    let mut alike = 0.0;
    for (width, steps) in LEVELS {
        let size = (width, (width * first.height() / first.width()).max(8));
        let wanted = Contrast::of(&first.resized(size.0, size.1));
        let small = other.resized(size.0, size.1);
        let (w, h) = (size.0 as f32, size.1 as f32);
        for _ in 0..steps {
            let there = shares.map(|p| Point::new(p.x * w - 0.5, p.y * h - 0.5));
            let map = Homography::between(&whole(size.0, size.1), &there)?;
            let seen = Contrast::of(&small.warped(&map, size, Sampling::Bilinear, Border::Replicate));
            alike = wanted.likeness(&seen);
            let moves = step(&wanted, &seen)?;
            for (corner, by) in shares.0.iter_mut().zip(moves.chunks_exact(2)) {
                *corner = Point::new(corner.x + by[0] / w, corner.y + by[1] / h);
            }
            if moves.iter().all(|v| v.abs() < STILL_PX) {
                break;
            }
        }
    }
    let off = shares.0.iter().zip(Quad::rect(0.0, 0.0, 1.0, 1.0).0).map(|(a, b)| a.distance(b));
    (alike >= LEAST_ALIKE && off.fold(0.0, f32::max) <= MOST_OFF).then_some(shares)
}

/// How much lighter or darker than its surroundings each pixel is.
struct Contrast {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Contrast {
    fn of(picture: &Gray) -> Self {
        /// Surroundings are so many pixels wide.
        const AROUND_PX: u32 = 12;
        /// More than print has is light or an edge.
        const MOST: f32 = 0.4;
        let (width, height) = (picture.width(), picture.height());
        let coarse = picture.resized((width / AROUND_PX).max(1), (height / AROUND_PX).max(1));
        let around = coarse.resized(width, height);
        let contrast = |(&own, &mean): (&u8, &u8)| {
            let mean = f32::from(mean).max(16.0);
            ((f32::from(own) - mean) / mean).clamp(-MOST, MOST)
        };
        let values = picture.data().iter().zip(around.data()).map(contrast).collect();
        Self { width: width as usize, height: height as usize, values }
    }

    /// Cosine of the angle between both: 1 for the same print.
    fn likeness(&self, other: &Self) -> f32 {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let scale = (dot(&self.values, &self.values) * dot(&other.values, &other.values)).sqrt();
        dot(&self.values, &other.values) / scale.max(1e-6)
    }
}

/// By how much the corners of what is seen must move, in pixels: x and y of each in turn. `None` without texture.
fn step(wanted: &Contrast, seen: &Contrast) -> Option<[f32; N]> {
    let (width, height) = (wanted.width, wanted.height);
    let (mut products, mut right) = ([[0f64; N]; N], [0f64; N]);
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = y * width + x;
            // The mean of both pictures' slopes gets there in fewer steps than either.
            let slope = |by: usize| {
                let of = |plane: &Contrast| plane.values[at + by] - plane.values[at - by];
                (of(wanted) + of(seen)) / 4.0
            };
            let (gx, gy) = (slope(1), slope(width));
            let lacks = wanted.values[at] - seen.values[at];
            let (u, v) = ((x as f32 + 0.5) / width as f32, (y as f32 + 0.5) / height as f32);
            let near = [(1.0 - u) * (1.0 - v), u * (1.0 - v), u * v, (1.0 - u) * v];
            let row: [f32; N] = std::array::from_fn(|i| near[i / 2] * if i % 2 == 0 { gx } else { gy });
            for ((sums, sum), a) in products.iter_mut().zip(&mut right).zip(row) {
                sums.iter_mut().zip(row).for_each(|(sum, b)| *sum += f64::from(a * b));
                *sum += f64::from(a * lacks);
            }
        }
    }
    solved(products, right).map(|moves| moves.map(|v| v as f32))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Something like print: the same marks wherever the card lies, with noise that differs by seed.
    fn printed(shift: (f32, f32), noise: f32, seed: u32) -> Gray {
        let mut state = seed;
        let mut random = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) as f32 / 65_535.0 - 0.5
        };
        let data = (0..640 * 400).map(|i| {
            let (x, y) = ((i % 640) as f32 - shift.0, (i / 640) as f32 - shift.1);
            let (word, row) = ((x / 37.0).floor(), (y / 24.0).floor());
            let is_inked = y.rem_euclid(24.0) < 11.0
                && (word * 7.3 + row * 3.1).sin() > -0.2
                && (x * (0.35 + 0.02 * (row * 1.7).sin())).sin() > 0.1;
            (if is_inked { 70.0 } else { 150.0 } + noise * random()).clamp(0.0, 255.0) as u8
        });
        Gray::new(640, 400, data.collect()).unwrap()
    }

    fn error(a: &Gray, b: &Gray) -> f32 {
        // The outermost pixels were never seen.
        let inner = |i: &usize| (20..620).contains(&(i % 640)) && (20..380).contains(&(i / 640));
        let off = |i: usize| f32::from(a.data()[i].abs_diff(b.data()[i]));
        let all: Vec<f32> = (0..640 * 400).filter(inner).map(off).collect();
        all.iter().sum::<f32>() / all.len() as f32
    }

    #[test]
    fn noise_fades_and_print_stays() {
        let clean = printed((0.0, 0.0), 0.0, 0);
        let first = printed((0.0, 0.0), 120.0, 1);
        let shifts = [(3.0, -2.0), (-5.0, 4.0), (6.0, 3.0), (-2.0, -6.0)];
        let others: Vec<Gray> =
            shifts.into_iter().zip(2..).map(|(shift, seed)| printed(shift, 120.0, seed)).collect();
        let together = stacked(&first, &others).unwrap();
        assert!(error(&together, &clean) < 0.6 * error(&first, &clean));
    }

    #[test]
    fn corners_are_found_within_half_a_pixel() {
        let shares = aligned(&printed((0.0, 0.0), 0.0, 0), &printed((4.0, -3.0), 0.0, 0)).unwrap();
        for (found, corner) in shares.0.iter().zip(Quad::rect(0.0, 0.0, 1.0, 1.0).0) {
            assert!(((found.x - corner.x) * 640.0 - 4.0).abs() < 0.5, "{found:?}");
            assert!(((found.y - corner.y) * 400.0 + 3.0).abs() < 0.5, "{found:?}");
        }
    }

    #[test]
    fn what_shows_something_else_is_left_out() {
        let blank = Gray::new(640, 400, vec![128; 640 * 400]).unwrap();
        assert!(stacked(&printed((0.0, 0.0), 0.0, 0), &[blank]).is_none());
        assert!(stacked(&printed((0.0, 0.0), 0.0, 0), &[]).is_none());
    }

    #[test]
    fn a_lamp_in_one_picture_hides_nothing() {
        let clean = printed((0.0, 0.0), 0.0, 0);
        let mut lit = clean.data().to_vec();
        (100..180).for_each(|y| lit[y * 640 + 200..y * 640 + 320].fill(255));
        let lit = Gray::new(640, 400, lit).unwrap();
        assert!(error(&stacked(&lit, std::slice::from_ref(&clean)).unwrap(), &clean) < 2.0);
    }
}
