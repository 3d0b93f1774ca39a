//! Where light washes the card out and where something lies over it.
//!
//! Both show as cells that differ from the average card under this picture's light: glare is brighter, paler and has
//! lost its ink; a cover has another colour or a texture the card does not have there. Invariant: finite maps.
//! Deliberately lacks what caused it.

use super::CardMap;
use super::appearance::{Expected, Fit};
use super::cells::{Cell, Cells};

/// The two maps of one frame.
pub(super) fn maps(cells: &Cells) -> (CardMap, CardMap) {
    let fit = Fit::of(cells);
    let brightest = brightest_paper(cells);
    let at = |col: usize, row: usize| row * CardMap::COLS + col;
    let glare = CardMap::from_fn(|c, r| glare(&cells.get(at(c, r)), at(c, r), &fit, brightest));
    let cover = CardMap::from_fn(|c, r| {
        let strength = cover(&cells.get(at(c, r)), at(c, r), &fit);
        if glare.counts(c, r) { 0.0 } else { strength }
    });
    (without_loners(&glare), without_loners(&cover))
}

/// The paper level that nearly all of the card stays below.
fn brightest_paper(cells: &Cells) -> f32 {
    let mut levels: Vec<f32> = cells.iter().map(|cell| cell.paper).collect();
    levels.sort_by(f32::total_cmp);
    levels[levels.len() / 2]
}

fn glare(cell: &Cell, index: usize, fit: &Fit, paper: f32) -> f32 {
    let expected = Expected::at(index);
    let wanted = fit.expected_rgb(index, &expected);
    let lift = (cell.luma() - luma(wanted)) / paper.max(30.0);
    let lost_ink = 1.0 - cell.texture / (expected.texture * fit.texture_gain).max(1.0);
    let burnt = if paper < 246.0 { cell.burnt * 1.6 } else { 0.0 };
    let veiled = if lift > 0.08 { (lift - 0.08) * 3.0 + 0.4 * lost_ink.max(0.0) } else { 0.0 };
    burnt.max(veiled)
}

fn cover(cell: &Cell, index: usize, fit: &Fit) -> f32 {
    let expected = Expected::at(index);
    let wanted = fit.expected_rgb(index, &expected);
    let scale = cell.luma().max(12.0) / luma(wanted).max(12.0);
    // Shade darkens all channels alike: only what is left after scaling to the same luma is another colour.
    let hue: f32 = cell.rgb.iter().zip(wanted).map(|(seen, w)| (seen - w * scale).abs()).sum::<f32>()
        / luma(wanted).max(40.0);
    let gain = fit.gain().iter().sum::<f32>() / 3.0;
    let usual = expected.spread.iter().sum::<f32>() / 3.0 * gain / luma(wanted).max(40.0);
    let dark = (0.45 - scale).max(0.0) * 2.0;
    (hue - 1.5 * usual) * 2.2 + dark
}

fn luma(rgb: [f32; 3]) -> f32 {
    0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]
}

/// Cells without any neighbour that counts are noise.
fn without_loners(map: &CardMap) -> CardMap {
    CardMap::from_fn(|c, r| {
        let near = [(c.wrapping_sub(1), r), (c + 1, r), (c, r.wrapping_sub(1)), (c, r + 1)];
        let strength = map.at(c, r);
        if near.iter().any(|&(c, r)| map.counts(c, r)) { strength } else { strength.min(0.49) }
    })
}
