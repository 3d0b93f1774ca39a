//! Averaged power spectra: what repeats at one frequency everywhere.
//!
//! Power of square, windowed tiles, as logarithms, averaged: only what repeats at one frequency in all tiles stands out of
//! its neighbourhood. Invariant: every bin is taken to hold the noise of one level, or clean drawings would make peaks of
//! their empty bins. Deliberately lacks any notion of what makes a pattern; callers choose frequencies and limits.

use std::fmt;
use std::ops::RangeInclusive;

use microfft::Complex32;
use microfft::complex::{cfft_64, cfft_128};

/// Sides of tiles, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TileSide {
    /// 64 × 64.
    Px64,
    /// 128 × 128.
    Px128,
}

impl TileSide {
    /// In pixels.
    #[must_use]
    pub const fn px(self) -> usize {
        match self {
            Self::Px64 => 64,
            Self::Px128 => 128,
        }
    }

    /// Transforms every row.
    fn transform(self, rows: &mut [Complex32]) {
        for row in rows.chunks_exact_mut(self.px()) {
            match self {
                Self::Px64 => {
                    let _ = cfft_64(row.try_into().expect("chunks are one side long"));
                }
                Self::Px128 => {
                    let _ = cfft_128(row.try_into().expect("chunks are one side long"));
                }
            }
        }
    }
}

/// An average over tiles.
#[derive(Clone)]
pub struct Spectrum {
    tile: TileSide,
    side: usize,
    window: Vec<f32>,
    sums: Vec<f32>,
    tiles: usize,
}

impl fmt::Debug for Spectrum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spectrum")
            .field("side", &self.side)
            .field("tiles", &self.tiles)
            .finish_non_exhaustive()
    }
}

impl Spectrum {
    /// Of tiles of this side.
    #[must_use]
    pub fn new(tile: TileSide) -> Self {
        let side = tile.px();
        let rise = |at: usize| 0.5 - 0.5 * (std::f32::consts::TAU * at as f32 / side as f32).cos();
        Self { tile, side, window: (0..side).map(rise).collect(), sums: vec![0.0; side * side], tiles: 0 }
    }

    /// Tiles taken in so far.
    #[must_use]
    pub fn tiles(&self) -> usize {
        self.tiles
    }

    /// Takes in a tile; `level` gives the value (0–255) of its pixel in column x and row y.
    pub fn add(&mut self, level: impl Fn(usize, usize) -> f32) {
        let side = self.side;
        let values: Vec<f32> = (0..side * side).map(|at| level(at % side, at / side)).collect();
        let mean = values.iter().sum::<f32>() / values.len().max(1) as f32;
        let weight = |at: usize| self.window[at % side] * self.window[at / side];
        let mut rows: Vec<Complex32> =
            values.iter().enumerate().map(|(at, v)| Complex32::new((v - mean) * weight(at), 0.0)).collect();
        self.tile.transform(&mut rows);
        let mut columns: Vec<Complex32> =
            (0..side * side).map(|at| rows[(at % side) * side + at / side]).collect();
        self.tile.transform(&mut columns);
        let noise = (side * side) as f32 * 9.0 / 64.0;
        for (sum, value) in self.sums.iter_mut().zip(&columns) {
            *sum += (value.norm_sqr() + noise).ln();
        }
        self.tiles += 1;
    }

    /// How far, in nepers of power, the bin of `u` periods across and `v` down stands out of the median of the bins around
    /// it, as far away (in bins, the larger of both directions) as `ring` says. 0 without tiles.
    #[must_use]
    pub fn prominence(&self, u: i32, v: i32, ring: RangeInclusive<i32>) -> f32 {
        let reach = *ring.end();
        let mut around: Vec<f32> = (-reach..=reach)
            .flat_map(|dv| (-reach..=reach).map(move |du| (du, dv)))
            .filter(|(du, dv)| ring.contains(&du.abs().max(dv.abs())))
            .map(|(du, dv)| self.level(u + du, v + dv))
            .collect();
        around.sort_by(f32::total_cmp);
        around.get(around.len() / 2).map_or(0.0, |middle| self.level(u, v) - middle)
    }

    fn level(&self, u: i32, v: i32) -> f32 {
        let place = |k: i32| k.rem_euclid(self.side as i32) as usize;
        self.sums[place(u) * self.side + place(v)] / self.tiles.max(1) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_stands_out_at_its_own_frequency() {
        let mut spectrum = Spectrum::new(TileSide::Px64);
        assert!(spectrum.prominence(8, 2, 3..=4).abs() < 1e-6);
        for tile in 0..4 {
            spectrum.add(|x, y| {
                let phase = (8 * x + 2 * y + tile) as f32 / 64.0 * std::f32::consts::TAU;
                120.0 + 9.0 * phase.sin()
            });
        }
        assert_eq!(spectrum.tiles(), 4);
        assert!(spectrum.prominence(8, 2, 3..=4) > 3.0);
        assert!(spectrum.prominence(2, 8, 3..=4) < 0.5);
    }
}
