//! How sharp the text is.
//!
//! The steepest step across a stroke over the ink's depth: near 1 for strokes with hard edges, falling with the width
//! of the blur, whatever the contrast. Only blocks with ink count. Invariant: 0–1. Deliberately lacks line finding:
//! the value rows lie where a KTP has them.

use frame::{Border, Frame, Gray, Homography, Point, Quad, Sampling};

use super::params::TextParams;

/// Pixels of card width at which text is measured, as the line finder sees it.
const CARD_WIDTH_PX: f32 = 640.0;
const CARD_HEIGHT_PX: f32 = 400.0;
/// The part measured, in shares of the card: labels and values, without the photograph.
const PART: [f32; 4] = [0.02, 0.16, 0.68, 0.82];
/// A block is about four capitals wide and one row high.
const BLOCK_PX: (usize, usize) = (32, 18);
/// Ink shallower than this share of the paper is no ink.
const MIN_DEPTH: f32 = 0.13;
/// Below so many blocks with ink nothing can be said.
const MIN_BLOCKS: usize = 6;

/// Sharpness of the card's text in the frame, 0–1.
pub(super) fn sharpness(frame: &Frame, quad: &Quad, params: &TextParams) -> f32 {
    let Some(part) = text_part(frame, quad) else { return 0.0 };
    let Some(steepness) = steepness(&part) else { return 0.0 };
    let (low, high) = (params.readable, params.crisp);
    // Piecewise straight through (0, 0), (readable, 0.5), (crisp, 1).
    let share =
        if steepness < low { 0.5 * steepness / low } else { 0.5 + 0.5 * (steepness - low) / (high - low) };
    share.clamp(0.0, 1.0)
}

/// The upright grey text area.
fn text_part(frame: &Frame, quad: &Quad) -> Option<Gray> {
    let [left, top, right, bottom] = PART;
    let card = Quad::rect(
        -left * CARD_WIDTH_PX,
        -top * CARD_HEIGHT_PX,
        (1.0 - left) * CARD_WIDTH_PX,
        (1.0 - top) * CARD_HEIGHT_PX,
    );
    let map = Homography::between(&card, quad)?;
    let size = (((right - left) * CARD_WIDTH_PX) as u32, ((bottom - top) * CARD_HEIGHT_PX) as u32);
    let corners = Quad::rect(0.0, 0.0, size.0 as f32, size.1 as f32).map(|p| map.apply(p));
    let (cut, at) = grey_cut(frame, &corners)?;
    let shift = Homography::affine([[1.0, 0.0, -f64::from(at.x)], [0.0, 1.0, -f64::from(at.y)]]);
    Some(cut.warped(&shift.after(&map), size, Sampling::Bilinear, Border::Replicate))
}

/// The grey pixels around some corners, and where they were cut.
fn grey_cut(frame: &Frame, corners: &Quad) -> Option<(Gray, Point)> {
    let limit = |values: [f32; 4], side: u32| -> Option<(usize, usize)> {
        let low = values.into_iter().fold(f32::MAX, f32::min).floor().max(0.0) as usize;
        let high =
            (values.into_iter().fold(f32::MIN, f32::max).ceil().max(0.0) as usize + 2).min(side as usize);
        (low < high).then_some((low, high))
    };
    let (x0, x1) = limit(corners.0.map(|p| p.x), frame.width())?;
    let (y0, y1) = limit(corners.0.map(|p| p.y), frame.height())?;
    let luma = |p: &[u8]| ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) >> 8) as u8;
    let row_bytes = frame.width() as usize * 3;
    let data = (y0..y1)
        .flat_map(|y| frame.data()[y * row_bytes + x0 * 3..y * row_bytes + x1 * 3].chunks_exact(3).map(luma))
        .collect();
    let cut = Gray::new((x1 - x0) as u32, (y1 - y0) as u32, data).ok()?;
    Some((cut, Point::new(x0 as f32, y0 as f32)))
}

/// The upper quartile over blocks with ink of steepest step over depth; `None` without ink.
fn steepness(text: &Gray) -> Option<f32> {
    let (width, height) = (text.width() as usize, text.height() as usize);
    let mut found: Vec<f32> = (0..height / BLOCK_PX.1)
        .flat_map(|row| (0..width / BLOCK_PX.0).map(move |col| (col * BLOCK_PX.0, row * BLOCK_PX.1)))
        .filter_map(|at| block_steepness(text, at))
        .collect();
    if found.len() < MIN_BLOCKS {
        return None;
    }
    found.sort_by(f32::total_cmp);
    Some(found[found.len() / 2])
}

fn block_steepness(text: &Gray, (left, top): (usize, usize)) -> Option<f32> {
    let mut levels = [0u16; 256];
    let mut steps = [0u16; 256];
    for y in top..top + BLOCK_PX.1 {
        let row = &text.row(y as u32)[left..left + BLOCK_PX.0];
        row.iter().for_each(|&v| levels[usize::from(v)] += 1);
        row.windows(2).for_each(|pair| steps[usize::from(pair[0].abs_diff(pair[1]))] += 1);
    }
    let count = BLOCK_PX.0 * BLOCK_PX.1;
    let (ink, paper) = (quantile(&levels, count / 25), quantile(&levels, count * 3 / 4));
    let depth = paper - ink;
    let steepest = quantile(&steps, count - BLOCK_PX.1 - count / 40);
    (depth > MIN_DEPTH * paper.max(40.0)).then_some(steepest / depth)
}

/// The level below which `rank` values lie.
fn quantile(histogram: &[u16; 256], rank: usize) -> f32 {
    let mut seen = 0;
    let level = histogram.iter().position(|&n| {
        seen += usize::from(n);
        seen > rank
    });
    level.unwrap_or(255) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vertical strokes with edges this soft, on a card that fills the frame.
    fn strokes(soft_px: f32, ink: f32) -> f32 {
        let data = (0..640 * 400)
            .flat_map(|i| {
                let phase = ((i % 640) as f32 % 12.0 - 6.0).abs();
                [(220.0 - ink * (0.5 - (phase - 2.0) / soft_px).clamp(0.0, 1.0)) as u8; 3]
            })
            .collect();
        let frame = Frame::new(640, 400, data).unwrap();
        sharpness(&frame, &Quad::rect(0.0, 0.0, 640.0, 400.0), &TextParams::default())
    }

    #[test]
    fn blur_lowers_it_and_contrast_does_not() {
        let (crisp, soft) = (strokes(1.0, 160.0), strokes(5.0, 160.0));
        assert!(crisp > 0.8 && soft < 0.6 && crisp > soft + 0.3, "{crisp} {soft}");
        assert!((strokes(3.0, 160.0) - strokes(3.0, 80.0)).abs() < 0.1);
    }

    #[test]
    fn without_ink_there_is_nothing_to_judge() {
        assert_eq!(strokes(1.0, 3.0), 0.0);
        let frame = Frame::filled(3, 3, [9; 3]);
        assert_eq!(sharpness(&frame, &Quad::rect(900.0, 900.0, 990.0, 950.0), &TextParams::default()), 0.0);
    }
}
