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

    /// The outlines of the connected regions that count, largest first, in the pixels of the frame in which the card
    /// has these corners.
    #[must_use]
    pub fn outlines(&self, card: &Quad) -> Vec<Vec<Point>> {
        outline::outlines(self, card)
    }
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
    fn the_share_is_of_the_cells_that_count() {
        let left_half = CardMap::from_fn(|col, _| if col < 16 { 1.0 } else { 0.2 });
        assert_eq!(left_half.share(), 0.5);
        assert!(left_half.counts(15, 19) && !left_half.counts(16, 0));
    }

    #[test]
    fn nonsense_is_none() {
        let map = CardMap::from_fn(|col, _| if col == 0 { f32::NAN } else { -3.0 });
        assert_eq!(map, CardMap::empty());
        assert_eq!(map.at(99, 99), 0.0);
    }
}
