//! [`CardMap`]: one strength per cell of a 32×20 grid over the upright card.
//!
//! Invariant: strengths lie in 0–1. Deliberately lacks what the strength means.

use std::fmt;

use frame::{Point, Quad};

use super::outline;

/// Strengths over the card, 0–1; a cell counts from [`CardMap::COUNTS`] on.
#[derive(Clone, PartialEq)]
pub struct CardMap {
    cells: Vec<f32>,
}

impl CardMap {
    /// Cells from left to right.
    pub const COLS: usize = 32;
    /// Cells from top to bottom.
    pub const ROWS: usize = 20;
    /// The strength from which a cell counts.
    pub const COUNTS: f32 = 0.5;

    /// Nothing anywhere.
    #[must_use]
    pub fn empty() -> Self {
        Self { cells: vec![0.0; Self::COLS * Self::ROWS] }
    }

    /// The strength of each cell by column and row; what is not a number is none.
    #[must_use]
    pub fn from_fn(mut strength: impl FnMut(usize, usize) -> f32) -> Self {
        let cells = (0..Self::COLS * Self::ROWS)
            .map(|i| strength(i % Self::COLS, i / Self::COLS))
            .map(|v| if v.is_finite() { v.clamp(0.0, 1.0) } else { 0.0 })
            .collect();
        Self { cells }
    }

    /// The strength of one cell; nothing outside the card.
    #[must_use]
    pub fn at(&self, col: usize, row: usize) -> f32 {
        if col < Self::COLS && row < Self::ROWS { self.cells[row * Self::COLS + col] } else { 0.0 }
    }

    /// Whether a cell counts.
    #[must_use]
    pub fn counts(&self, col: usize, row: usize) -> bool {
        self.at(col, row) >= Self::COUNTS
    }

    /// Share of the cells that count, 0–1.
    #[must_use]
    pub fn share(&self) -> f32 {
        self.cells.iter().filter(|&&v| v >= Self::COUNTS).count() as f32 / self.cells.len() as f32
    }

    /// Share of a part of the card that counts, 0–1. The part is given in shares of the card's width and height:
    /// left, top, right, bottom.
    #[must_use]
    pub fn share_within(&self, [left, top, right, bottom]: [f32; 4]) -> f32 {
        let (mut hit, mut all) = (0.0, 0.0);
        for row in 0..Self::ROWS {
            let high = overlap(row, Self::ROWS, top, bottom);
            for col in 0..Self::COLS {
                let area = high * overlap(col, Self::COLS, left, right);
                all += area;
                hit += if self.counts(col, row) { area } else { 0.0 };
            }
        }
        if all > 0.0 { hit / all } else { 0.0 }
    }

    /// The outlines of the connected regions that count, largest first, in the pixels of the frame in which the card
    /// has these corners.
    #[must_use]
    pub fn outlines(&self, card: &Quad) -> Vec<Vec<Point>> {
        outline::outlines(self, card)
    }
}

/// How much of a cell lies between two shares of the card, in shares of the card.
fn overlap(index: usize, count: usize, from: f32, to: f32) -> f32 {
    let (start, end) = (index as f32 / count as f32, (index + 1) as f32 / count as f32);
    (end.min(to) - start.max(from)).max(0.0)
}

impl fmt::Debug for CardMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CardMap({:.1} %)", self.share() * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_part_asked_for() {
        let left_half = CardMap::from_fn(|col, _| if col < 16 { 1.0 } else { 0.2 });
        assert_eq!(left_half.share(), 0.5);
        let check = |part, expected: f32| {
            assert!((left_half.share_within(part) - expected).abs() < 1e-4, "{part:?}");
        };
        check([0.0, 0.0, 1.0, 1.0], 0.5);
        check([0.0, 0.3, 0.5, 0.4], 1.0);
        check([0.25, 0.0, 0.75, 0.05], 0.5);
        check([0.6, 0.0, 0.9, 1.0], 0.0);
        check([0.9, 0.9, 0.1, 0.1], 0.0);
    }

    #[test]
    fn nonsense_is_none() {
        let map = CardMap::from_fn(|col, _| if col == 0 { f32::NAN } else { -3.0 });
        assert_eq!(map, CardMap::empty());
        assert_eq!(map.at(99, 99), 0.0);
    }
}
