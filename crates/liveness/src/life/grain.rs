//! `face_grain`: does the face carry the same sensor's noise as what is around it?
//!
//! Noise by Immerkær's mask (1996), as medians, so that edges do not count. A face that software drew into the picture is
//! softer and cleaner than the rest. Deliberately lacks faces that were drawn with noise of their own.

use frame::Frame;

use super::fuse::{Outcome, Vote, Voter};
use crate::face::Bounds;

/// Frames that are enough to go by.
const LEAST_FRAMES: usize = 8;
/// Around the face there must be so much noise to compare with, in levels.
const LEAST_NOISE: f32 = 0.6;

/// Compares face and surroundings frame by frame.
#[derive(Clone, Debug, Default)]
pub(super) struct Grain {
    /// Noise of the face over noise around it.
    shares: Vec<f32>,
}

impl Grain {
    pub(super) fn see(&mut self, frame: &Frame, face: &Bounds) {
        let (inner, outer) = (face.grown(-0.22), face.grown(0.3));
        let is_in = |b: &Bounds, x: f32, y: f32| {
            (b.x..b.x + b.width).contains(&x) && (b.y..b.y + b.height).contains(&y)
        };
        let inside = noise(frame, |x, y| is_in(&inner, x, y));
        let outside = noise(frame, |x, y| !is_in(&outer, x, y));
        if let (Some(inside), Some(outside)) = (inside, outside)
            && outside >= LEAST_NOISE
        {
            self.shares.push(inside / outside);
        }
    }

    pub(super) fn vote(&self, least_share: f32) -> Vote {
        if self.shares.len() < LEAST_FRAMES {
            let reason = format!("{} frames with noise to compare, too few", self.shares.len());
            return Vote::new(Voter::FaceGrain, Outcome::Abstained, reason);
        }
        let mut shares = self.shares.clone();
        shares.sort_by(f32::total_cmp);
        let median = shares[shares.len() / 2];
        let reason = format!("the face has {median:.2} of the noise around it");
        Vote::of(Voter::FaceGrain, median >= least_share, reason)
    }
}

/// Standard deviation of the noise of a region's green, in levels.
fn noise(frame: &Frame, is_in: impl Fn(f32, f32) -> bool) -> Option<f32> {
    let (width, height) = (frame.width() as usize, frame.height() as usize);
    let data = frame.data();
    let at = |x: usize, y: usize| i32::from(data[(y * width + x) * 3 + 1]);
    let mut answers = Vec::new();
    for y in (1..height.saturating_sub(1)).step_by(4) {
        for x in (1..width.saturating_sub(1)).step_by(3) {
            let centre = at(x, y);
            // Black and burnt-out pixels have no noise.
            if !(16..=235).contains(&centre) || !is_in(x as f32, y as f32) {
                continue;
            }
            let corners = at(x - 1, y - 1) + at(x + 1, y - 1) + at(x - 1, y + 1) + at(x + 1, y + 1);
            let sides = at(x, y - 1) + at(x - 1, y) + at(x + 1, y) + at(x, y + 1);
            answers.push((4 * centre + corners - 2 * sides).unsigned_abs());
        }
    }
    if answers.len() < 100 {
        return None;
    }
    let middle = answers.len() / 2;
    let median = *answers.select_nth_unstable(middle).1 as f32;
    // The mask gives noise six times its spread; half of a normal distribution lies within 0.6745 of it.
    Some(median / (6.0 * 0.6745))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A noisy grey wall, with a square of other noise in its middle.
    fn wall(around: u32, inside: u32, nth: u32) -> Frame {
        let mut state = nth.wrapping_mul(2_654_435_761).wrapping_add(7);
        let mut data = Vec::new();
        for y in 0..160u32 {
            for x in 0..160u32 {
                let is_face = (40..120).contains(&x) && (40..120).contains(&y);
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let spread = if is_face { inside } else { around };
                data.extend([u8::try_from(120 + (state >> 16) % (spread + 1)).unwrap(); 3]);
            }
        }
        Frame::new(160, 160, data).unwrap()
    }

    #[test]
    fn a_clean_face_in_a_noisy_picture_stands_out() {
        let face = Bounds { x: 42.0, y: 42.0, width: 76.0, height: 76.0 };
        let outcome = |around: u32, inside: u32| {
            let mut grain = Grain::default();
            (0..30).for_each(|nth| grain.see(&wall(around, inside, nth), &face));
            grain.vote(0.5).outcome
        };
        assert_eq!(outcome(12, 12), Outcome::Passed);
        assert_eq!(outcome(12, 2), Outcome::Failed);
        assert_eq!(outcome(0, 0), Outcome::Abstained);
    }
}
