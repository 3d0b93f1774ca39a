//! `screen_pattern`: does a fine regular pattern lie over the face, as a screen's pixels or a print's dots make it?
//!
//! Power spectra of tiles over the face, as logarithms, averaged over tiles and frames: only what repeats at one
//! frequency everywhere and always stands out of its neighbourhood; hair, weave and wrinkles do not. Invariant:
//! frequencies where JPEG's 8 × 8 blocks show are never looked at. Deliberately lacks colour: video coding smears it.

use frame::{Frame, Spectrum, TileSide};

use super::fuse::{Outcome, Vote, Voter};
use crate::face::Bounds;

const SIDE: TileSide = TileSide::Px64;
/// Side of a tile.
const TILE: usize = SIDE.px();
/// Half the frequencies of a real picture say everything.
const HALF: i32 = TILE as i32 / 2;
/// Lowest frequency looked at, in bins: below it lie eyes and mouth.
const LEAST_BIN: f32 = 8.0;

/// Averages spectra.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Spectrum);

impl Default for Pattern {
    fn default() -> Self {
        Self(Spectrum::new(SIDE))
    }
}

impl Pattern {
    /// Takes in the face of the next frame.
    pub(super) fn see(&mut self, frame: &Frame, face: &Bounds) {
        let centre = face.centre();
        for (dx, dy) in [(-0.22, -0.15), (0.22, -0.15), (-0.2, 0.2), (0.2, 0.2)] {
            let x = centre.x + dx * face.width - TILE as f32 / 2.0;
            let y = centre.y + dy * face.height - TILE as f32 / 2.0;
            self.add(frame, x, y);
        }
    }

    fn add(&mut self, frame: &Frame, x: f32, y: f32) {
        let room = |length: u32| (length as usize).checked_sub(TILE);
        let (Some(most_x), Some(most_y)) = (room(frame.width()), room(frame.height())) else { return };
        // `as` turns what is no number into 0 and what is too large into the largest.
        let (left, top) = ((x.max(0.0) as usize).min(most_x), (y.max(0.0) as usize).min(most_y));
        self.0.add(|x, y| {
            let [r, g, b] = frame.pixel((left + x) as u32, (top + y) as u32);
            0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
        });
    }

    pub(super) fn vote(&self, most_peak: f32) -> Vote {
        if self.0.tiles() < 16 {
            let reason = format!("{} tiles, too few", self.0.tiles());
            return Vote::new(Voter::ScreenPattern, Outcome::Abstained, reason);
        }
        let peak = self.peak();
        Vote::of(Voter::ScreenPattern, peak <= most_peak, format!("spectral peak {peak:.2} Np"))
    }

    /// How far the strongest bin stands out of its neighbours.
    fn peak(&self) -> f32 {
        let mut best = 0.0f32;
        for v in 0..HALF - 1 {
            for u in 1 - HALF..HALF {
                let radius = (u as f32).hypot(v as f32);
                // JPEG's blocks lie at multiples of an eighth along the axes.
                let is_jpeg = |a: i32, b: i32| a.abs() <= 1 && (b % 8).abs().min(8 - (b % 8).abs()) <= 1;
                if radius >= LEAST_BIN && !is_jpeg(u, v) && !is_jpeg(v, u) {
                    best = best.max(self.0.prominence(u, v, 3..=4));
                }
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noisy(nth: u32, grid: f32) -> Frame {
        let mut state = nth.wrapping_mul(2_654_435_761).wrapping_add(99);
        let mut data = Vec::new();
        for y in 0..200 {
            for x in 0..200 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = (state >> 24) as f32 / 32.0;
                let wave = grid * (x as f32 * 2.1 + y as f32 * 0.4).sin();
                data.extend([(120.0 + noise + wave + y as f32 / 4.0) as u8; 3]);
            }
        }
        Frame::new(200, 200, data).unwrap()
    }

    #[test]
    fn a_grid_stands_out_and_noise_does_not() {
        let face = Bounds { x: 30.0, y: 30.0, width: 140.0, height: 140.0 };
        let peak = |grid: f32| {
            let mut pattern = Pattern::default();
            (0..24).for_each(|nth| pattern.see(&noisy(nth, grid), &face));
            pattern.peak()
        };
        let (plain, grid) = (peak(0.0), peak(3.0));
        assert!(plain < 1.2 && grid > 2.0 * plain.max(0.5), "{plain} {grid}");
    }

    #[test]
    fn small_pictures_and_wild_boxes_break_nothing() {
        let mut pattern = Pattern::default();
        for x in [f32::NAN, -1e30, 1e30] {
            pattern.see(&Frame::filled(20, 20, [1; 3]), &Bounds { x, y: x, width: x, height: x });
            pattern.see(&Frame::filled(90, 90, [1; 3]), &Bounds { x, y: x, width: x, height: x });
        }
        assert_eq!(Pattern::default().vote(2.0).outcome, Outcome::Abstained);
    }
}
