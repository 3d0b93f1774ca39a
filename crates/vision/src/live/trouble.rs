//! Where light washes the card out and where something lies over it.
//!
//! Each cell is compared with the average card under this picture's light, together with its neighbourhood; a small
//! net, fitted to frames with known truth (`models/training/fit_live.py`), says how likely glare and a cover are.
//! Invariant: finite maps. Deliberately lacks what caused the trouble.

use super::CardMap;
use super::appearance::{Expected, Fit};
use super::cells::{Cell, Cells};
use super::weights;

/// Comparisons of one cell by itself.
const OWN: usize = 8;
/// All numbers the net sees of one cell.
pub(super) const FEATURES: usize = 3 * OWN + 4;

/// The maps of one frame: glare and cover.
pub(super) fn maps(cells: &Cells) -> (CardMap, CardMap) {
    let strengths: Vec<[f32; 2]> = features(cells).iter().map(weights::strengths).collect();
    let map = |which: usize| CardMap::from_fn(|c, r| strengths[r * CardMap::COLS + c][which]);
    (map(0), map(1))
}

/// What the net sees, cell by cell.
pub(super) fn features(cells: &Cells) -> Vec<[f32; FEATURES]> {
    let fit = Fit::of(cells);
    let paper = cells.median_paper().max(20.0);
    let own: Vec<[f32; OWN]> = cells
        .iter()
        .enumerate()
        .map(|(i, cell)| compared(cell, &Expected::at(i), &fit.expected_rgb(i), &fit, paper))
        .collect();
    (0..own.len())
        .map(|index| {
            let expected = Expected::at(index);
            let mut out = [0.0; FEATURES];
            out[..OWN].copy_from_slice(&own[index]);
            out[OWN..2 * OWN].copy_from_slice(&around(&own, index, 1));
            out[2 * OWN..3 * OWN].copy_from_slice(&around(&own, index, 2));
            out[3 * OWN] = expected.texture / 30.0;
            out[3 * OWN + 1] = expected.spread.iter().sum::<f32>() / 90.0;
            out[3 * OWN + 2] = fit.texture_gain;
            out[3 * OWN + 3] = paper / 255.0;
            out
        })
        .collect()
}

/// A cell against what it should be.
fn compared(cell: &Cell, expected: &Expected, wanted: &[f32; 3], fit: &Fit, paper: f32) -> [f32; OWN] {
    let usual = luma(wanted).max(8.0);
    let scale = cell.luma().max(4.0) / usual;
    // What is left after scaling to the same luma is another colour; shade darkens all channels alike.
    let hue = |c: usize| (cell.rgb[c] - wanted[c] * scale) / cell.luma().max(16.0);
    let texture = (cell.texture + 1.0) / (expected.texture * fit.texture_gain + 1.0);
    [
        (cell.luma() - usual) / paper,
        hue(0),
        hue(2),
        scale.ln().clamp(-2.0, 2.0),
        cell.burnt,
        texture.max(1e-3).ln().clamp(-3.0, 3.0),
        (cell.paper - paper) / paper,
        cell.paper / 255.0,
    ]
}

/// Means over the cells at most `reach` away.
fn around(own: &[[f32; OWN]], index: usize, reach: usize) -> [f32; OWN] {
    let (col, row) = (index % CardMap::COLS, index / CardMap::COLS);
    let mut sum = [0.0; OWN];
    let mut count = 0.0;
    for r in row.saturating_sub(reach)..=(row + reach).min(CardMap::ROWS - 1) {
        for c in col.saturating_sub(reach)..=(col + reach).min(CardMap::COLS - 1) {
            sum.iter_mut().zip(own[r * CardMap::COLS + c]).for_each(|(s, v)| *s += v);
            count += 1.0;
        }
    }
    sum.map(|v| v / count)
}

fn luma(rgb: &[f32; 3]) -> f32 {
    0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
}
