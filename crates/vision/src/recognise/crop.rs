//! One line's pixels: the rectified card → 32 px high, level, with its margins.
//!
//! Invariant: at most `max_width_px` wide whatever the line claims. Deliberately lacks contrast stretching: the net
//! standardises its input.

use frame::{Border, Gray, Homography, Sampling};

use crate::lines::{CANVAS_WIDTH_PX, TextLine};
use crate::params::RecogniseParams;

/// Height of the recogniser's input.
pub(crate) const HEIGHT_PX: u32 = 32;
const MIN_WIDTH_PX: u32 = 16;

/// How a crop differs from the usual one, in line heights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CropShape {
    pub side: f32,
    pub vertical: f32,
    /// Shift downwards.
    pub shift: f32,
}

impl CropShape {
    pub fn usual(params: &RecogniseParams) -> Self {
        Self { side: params.side_margin, vertical: params.vertical_margin, shift: 0.0 }
    }
}

/// The line's crop from a rectified picture of any size.
pub(crate) fn crop(card: &Gray, line: &TextLine, shape: CropShape, max_width_px: u32) -> Gray {
    let scale = card.width() as f32 / CANVAS_WIDTH_PX as f32;
    let half = line.height * (0.5 + shape.vertical);
    let (left, right) = (line.left - shape.side * line.height, line.right + shape.side * line.height);
    let wanted = (right - left) / (2.0 * half) * HEIGHT_PX as f32;
    let width = (wanted as u32).clamp(MIN_WIDTH_PX, max_width_px);
    // Source pixels per crop pixel; above 1 the crop is made larger and averaged down.
    let shrink = 2.0 * half * scale / HEIGHT_PX as f32;
    let factor = shrink.ceil().clamp(1.0, 4.0) as u32;
    let (w, h) = (width * factor, HEIGHT_PX * factor);
    let top = line.y_at(left) + shape.shift * line.height - half;
    let step_x = f64::from((right - left) * scale) / f64::from(w);
    let step_y = f64::from(2.0 * half * scale) / f64::from(h);
    let rise = step_x * f64::from(line.slope);
    let to_card = Homography::affine([
        [step_x, 0.0, f64::from(left * scale) + (step_x - 1.0) / 2.0],
        [rise, step_y, f64::from(top * scale) + (step_y - 1.0) / 2.0],
    ]);
    let sampling = if shrink > 1.0 { Sampling::Bilinear } else { Sampling::Bicubic };
    let large = card.warped(&to_card, (w, h), sampling, Border::Replicate);
    if factor == 1 { large } else { large.resized(width, HEIGHT_PX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lines::Ribbon;

    fn line(slope: f32) -> TextLine {
        TextLine {
            left: 100.0,
            right: 300.0,
            offset: 200.0,
            slope,
            height: 10.0,
            ribbon: Ribbon::Value,
            weight: 1.0,
        }
    }

    /// A card with a dark bar where the line is.
    fn card(width: u32, slope: f32) -> Gray {
        let s = width as f32 / 640.0;
        let height = width * 5 / 8;
        let data = (0..height)
            .flat_map(|y| {
                (0..width).map(move |x| {
                    let (cx, cy) = ((x as f32 + 0.5) / s, (y as f32 + 0.5) / s);
                    let on = (100.0..300.0).contains(&cx) && (cy - 200.0 - slope * cx).abs() < 5.0;
                    if on { 20 } else { 220 }
                })
            })
            .collect();
        Gray::new(width, height, data).unwrap()
    }

    #[test]
    fn the_line_sits_in_the_middle_at_any_resolution_and_slope() {
        for (width, slope) in [(640, 0.0), (1280, 0.0), (900, 0.06), (1280, -0.05)] {
            let shape = CropShape { side: 0.5, vertical: 0.3, shift: 0.0 };
            let out = crop(&card(width, slope), &line(slope), shape, 1600);
            assert_eq!((out.height(), out.width()), (32, 420));
            let column = |x: usize| (0..32).filter(|&y| out.row(y)[x] < 120).count();
            for x in [20, 200, 400] {
                assert!((19..=21).contains(&column(x)), "{width} {slope} {x}: {}", column(x));
                assert!(out.row(2)[x] > 150 && out.row(29)[x] > 150);
            }
            assert_eq!((column(2), column(417)), (0, 0));
        }
    }

    #[test]
    fn absurd_lines_stay_small() {
        let mut wild = line(0.0);
        wild.right = 1e7;
        let out = crop(&card(640, 0.0), &wild, CropShape { side: 0.5, vertical: 0.3, shift: 0.0 }, 1024);
        assert_eq!(out.width(), 1024);
        wild.right = -1e7;
        assert_eq!(
            crop(&card(640, 0.0), &wild, CropShape { side: 0.5, vertical: 0.3, shift: 0.0 }, 1024).width(),
            16
        );
    }
}
