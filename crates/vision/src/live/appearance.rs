//! What each cell of a KTP looks like, and how this picture's light changes it.
//!
//! The expectation is an average over synthetic cards (`models/training/make_appearance.py`). Light, exposure and white
//! balance are one gain, one offset and one slope across the card per channel, fitted to all cells but weighing down
//! those that do not fit: fingers and reflections. Invariant: finite numbers. Deliberately lacks verdicts.

use super::CardMap;
use super::cells::Cells;

/// 8 bytes a cell: R, G, B, their deviations × 4, texture × 4, its deviation × 4.
static EXPECTED: &[u8; CardMap::COLS * CardMap::ROWS * 8] = include_bytes!("appearance.bin");
/// Deviations and textures are stored in quarters.
const QUARTERS: f32 = 4.0;
/// How often the fit is repeated with new weights.
const ROUNDS: usize = 4;
/// Residuals of this many levels weigh half.
const HALF_WEIGHT: f32 = 9.0;
/// Gain, offset, slope along x, slope along y.
type Light = [f32; 4];

/// What a cell of an average card shows, evenly lit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected {
    pub rgb: [f32; 3],
    /// Deviation from card to card per channel.
    pub spread: [f32; 3],
    pub texture: f32,
}

impl Expected {
    pub fn at(index: usize) -> Self {
        let bytes: [f32; 8] = std::array::from_fn(|k| f32::from(EXPECTED[index * 8 + k]));
        Self {
            rgb: [bytes[0], bytes[1], bytes[2]],
            spread: [bytes[3] / QUARTERS, bytes[4] / QUARTERS, bytes[5] / QUARTERS],
            texture: bytes[6] / QUARTERS,
        }
    }

    /// Cards differ little here: no photograph, no signature.
    pub fn is_steady(&self) -> bool {
        self.spread.iter().all(|&s| s < 22.0)
    }
}

/// A picture's light, per channel.
pub(super) struct Fit {
    light: [Light; 3],
    /// Texture of this picture over the expected, from the cells that fit.
    pub texture_gain: f32,
}

impl Fit {
    pub fn of(cells: &Cells) -> Self {
        let light = std::array::from_fn(|channel| fit_channel(cells, channel));
        let mut fit = Self { light, texture_gain: 1.0 };
        fit.texture_gain = fit.gain_of_texture(cells);
        fit
    }

    /// The channel levels expected in a cell under this light.
    pub fn expected_rgb(&self, index: usize, expected: &Expected) -> [f32; 3] {
        std::array::from_fn(|c| dot(&self.light[c], &terms(index, expected.rgb[c])))
    }

    /// Contrast of this picture, per channel, over that of the flat card.
    pub fn gain(&self) -> [f32; 3] {
        self.light.map(|light| light[0])
    }

    fn gain_of_texture(&self, cells: &Cells) -> f32 {
        let mut ratios: Vec<f32> = cells
            .iter()
            .enumerate()
            .map(|(index, cell)| (Expected::at(index), cell))
            .filter(|(expected, _)| expected.is_steady() && expected.texture > 6.0)
            .map(|(expected, cell)| cell.texture / expected.texture)
            .collect();
        ratios.sort_by(f32::total_cmp);
        // Above the middle: what is covered or washed out has less.
        ratios.get(ratios.len() * 6 / 10).copied().unwrap_or(1.0).max(0.02)
    }
}

fn terms(index: usize, level: f32) -> Light {
    let x = (index % CardMap::COLS) as f32 / CardMap::COLS as f32 - 0.5;
    let y = (index / CardMap::COLS) as f32 / CardMap::ROWS as f32 - 0.5;
    // All terms of one size keep the equations well conditioned.
    [level, 255.0, 255.0 * x, 255.0 * y]
}

fn dot(a: &Light, b: &Light) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Iteratively reweighted least squares over the steady cells; identity where nothing can be said.
fn fit_channel(cells: &Cells, channel: usize) -> Light {
    let samples: Vec<(Light, f32)> = cells
        .iter()
        .enumerate()
        .map(|(index, cell)| (index, Expected::at(index), cell))
        .filter(|(_, expected, _)| expected.is_steady())
        .map(|(index, expected, cell)| (terms(index, expected.rgb[channel]), cell.rgb[channel]))
        .collect();
    let mut light = starting_light(&samples);
    for _ in 0..ROUNDS {
        let weight = |residual: f32| 1.0 / (1.0 + (residual / HALF_WEIGHT).powi(2));
        let weighted = samples.iter().map(|(x, y)| (x, *y, weight(y - dot(&light, x))));
        match solve(weighted) {
            Some(better) => light = better,
            None => return light,
        }
    }
    light
}

/// An even light that brings the median expectation to the median level.
fn starting_light(samples: &[(Light, f32)]) -> Light {
    let median = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(1.0)
    };
    let expected = median(samples.iter().map(|(x, _)| x[0]).collect());
    let seen = median(samples.iter().map(|(_, y)| *y).collect());
    [seen / expected.max(1.0), 0.0, 0.0, 0.0]
}

/// Weighted normal equations with a small pull of gain and slopes towards an even card, by Gaussian elimination.
fn solve<'a>(samples: impl Iterator<Item = (&'a Light, f32, f32)>) -> Option<Light> {
    const N: usize = 4;
    let mut rows = [[0f64; N + 1]; N];
    for (x, y, weight) in samples {
        for i in 0..N {
            for j in 0..N {
                rows[i][j] += f64::from(weight * x[i] * x[j]);
            }
            rows[i][N] += f64::from(weight * x[i] * y);
        }
    }
    for (i, row) in rows.iter_mut().enumerate() {
        row[i] += 255.0 * 255.0 * 0.02;
    }
    for i in 0..N {
        let pivot = (i..N).max_by(|&a, &b| rows[a][i].abs().total_cmp(&rows[b][i].abs()))?;
        rows.swap(i, pivot);
        if rows[i][i].abs() < 1e-6 {
            return None;
        }
        let lead = rows[i];
        for row in rows.iter_mut().skip(i + 1) {
            let factor = row[i] / lead[i];
            row.iter_mut().zip(lead).for_each(|(v, l)| *v -= factor * l);
        }
    }
    let mut out = [0f64; N];
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| rows[i][j] * out[j]).sum();
        out[i] = (rows[i][N] - known) / rows[i][i];
    }
    let out = out.map(|v| v as f32);
    out.iter().all(|v| v.is_finite()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::localise::Pyramid;
    use frame::{Frame, Quad};

    /// The average card itself, under a light.
    fn average_card(light: impl Fn(f32, usize, usize) -> f32) -> Cells {
        let data = (0..640 * 400)
            .flat_map(|i| {
                let (x, y) = (i % 640, i / 640);
                let index = (y / 20) * CardMap::COLS + x / 20;
                Expected::at(index).rgb.map(|v| light(v, x, y).clamp(0.0, 255.0) as u8)
            })
            .collect();
        let frame = Frame::new(640, 400, data).unwrap();
        let quad = Quad::rect(-0.5, -0.5, 639.5, 399.5);
        Cells::of(&Pyramid::of(&frame), &quad).unwrap()
    }

    fn worst(cells: &Cells) -> f32 {
        let fit = Fit::of(cells);
        let off = |(index, cell): (usize, &super::super::cells::Cell)| {
            let wanted = fit.expected_rgb(index, &Expected::at(index));
            cell.rgb.iter().zip(wanted).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
        };
        cells.iter().enumerate().map(off).fold(0.0, f32::max)
    }

    #[test]
    fn light_and_exposure_are_explained_away() {
        assert!(worst(&average_card(|v, _, _| v)) < 3.0);
        assert!(worst(&average_card(|v, _, _| v * 0.4 + 12.0)) < 3.0);
        assert!(worst(&average_card(|v, x, _| v * 0.6 + x as f32 * 0.05)) < 4.0);
    }

    #[test]
    fn a_finger_does_not_pull_the_light() {
        let cells = average_card(|v, x, y| if x > 300 && y > 300 { 20.0 } else { v * 0.8 });
        let fit = Fit::of(&cells);
        let wanted = fit.expected_rgb(4 * 32 + 4, &Expected::at(4 * 32 + 4));
        let seen = cells.get(4 * 32 + 4).rgb;
        assert!((wanted[1] - seen[1]).abs() < 5.0, "{wanted:?} {seen:?}");
    }
}
