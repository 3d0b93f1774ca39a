//! How good a picture of a card is.
//!
//! Invariant: numbers measured on the rectified card, no judgement; who decides what is good enough has the limits.
//! Deliberately lacks anything learnt.

use frame::{Frame, Gray, Quad};

use crate::lines::{CANVAS_WIDTH_PX, MARGIN, Ribbon, TextLine};

/// Measures of one picture of a card.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quality {
    /// Width of the card in the picture, in pixels.
    pub card_width_px: f32,
    /// Share of the card burnt out to white (all channels ≥ 250).
    pub glare_share: f32,
    /// Median width of stroke edges (10–90 %) over capital height, at text lines; about 0.13 on good pictures, above
    /// 0.25 on blurred ones. `None` without text lines.
    pub edge_per_cap: Option<f32>,
    /// Median luma of the card, 0–1; a well exposed card lies between 0.45 and 0.95.
    pub brightness: f32,
    /// Turn of the card against the picture, in degrees, clockwise positive.
    pub tilt_degrees: f32,
    /// Share of the card's corners inside the picture, 0–1.
    pub corners_inside: f32,
}

impl Quality {
    /// What can be said of a picture without a card.
    pub(crate) fn without_card() -> Self {
        Self {
            card_width_px: 0.0,
            glare_share: 0.0,
            edge_per_cap: None,
            brightness: 0.0,
            tilt_degrees: 0.0,
            corners_inside: 0.0,
        }
    }

    pub(crate) fn measure(
        picture: &Frame,
        quad: &Quad,
        colour: &Frame,
        grey: &Gray,
        lines: &[TextLine],
    ) -> Self {
        let (w, h) = (picture.width() as f32, picture.height() as f32);
        let inside = quad.0.iter().filter(|p| (0.0..w).contains(&p.x) && (0.0..h).contains(&p.y)).count();
        let card: Vec<[u8; 3]> = inner_pixels(colour);
        let burnt = card.iter().filter(|p| p.iter().all(|&v| v >= 250)).count();
        Self {
            card_width_px: quad.width(),
            glare_share: burnt as f32 / card.len().max(1) as f32,
            edge_per_cap: edge_per_cap(grey, lines),
            brightness: median_luma(grey),
            tilt_degrees: quad.tilt_degrees(),
            corners_inside: inside as f32 / 4.0,
        }
    }
}

/// Every fourth pixel in both directions, margin left out.
fn inner_pixels(colour: &Frame) -> Vec<[u8; 3]> {
    let (w, h) = (colour.width(), colour.height());
    let margin = |side: u32| (side as f32 * MARGIN) as u32;
    let rows = (margin(h)..h - margin(h)).step_by(4);
    rows.flat_map(|y| (margin(w)..w - margin(w)).step_by(4).map(move |x| colour.pixel(x, y))).collect()
}

fn median_luma(grey: &Gray) -> f32 {
    let mut counts = [0usize; 256];
    grey.data().iter().for_each(|&v| counts[usize::from(v)] += 1);
    let half = grey.data().len() / 2;
    let mut seen = 0;
    let level = counts.iter().position(|&n| {
        seen += n;
        seen > half
    });
    level.unwrap_or(0) as f32 / 255.0
}

/// The depth of the ink over its steepest horizontal step is the width of a full edge in pixels; 0.8 of it lies
/// between 10 % and 90 %.
fn edge_per_cap(grey: &Gray, lines: &[TextLine]) -> Option<f32> {
    let scale = grey.width() as f32 / CANVAS_WIDTH_PX as f32;
    let mut ratios: Vec<f32> = lines
        .iter()
        .filter(|line| line.ribbon == Ribbon::Value && line.right - line.left > 40.0)
        .filter_map(|line| {
            let y = (line.centre_y() * scale).round();
            let columns = (line.left * scale).max(0.0) as usize
                ..((line.right * scale) as usize).min(grey.width() as usize);
            if !(0.0..grey.height() as f32).contains(&y) || columns.len() < 16 {
                return None;
            }
            let row = &grey.row(y as u32)[columns];
            let mut sorted = row.to_vec();
            sorted.sort_unstable();
            let depth = f32::from(sorted[sorted.len() * 9 / 10]) - f32::from(sorted[sorted.len() / 20]);
            let mut steps: Vec<u8> = row.windows(2).map(|p| p[0].abs_diff(p[1])).collect();
            steps.sort_unstable();
            let steepest = f32::from(steps[steps.len() * 19 / 20]).max(1.0);
            (depth > 12.0).then(|| 0.8 * depth / steepest / (line.height * scale))
        })
        .collect();
    ratios.sort_by(f32::total_cmp);
    ratios.get(ratios.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burnt_half_is_half_glare() {
        let data: Vec<u8> =
            (0..640 * 400).flat_map(|i| if i % 640 < 320 { [255; 3] } else { [150, 170, 190] }).collect();
        let colour = Frame::new(640, 400, data).unwrap();
        let quad = Quad::rect(10.0, 10.0, 310.0, 200.0);
        let picture = Frame::filled(320, 240, [0; 3]);
        let quality = Quality::measure(&picture, &quad, &colour, &colour.to_gray(), &[]);
        assert!((quality.glare_share - 0.5).abs() < 0.02);
        assert_eq!((quality.card_width_px, quality.corners_inside, quality.edge_per_cap), (300.0, 1.0, None));
    }

    #[test]
    fn blur_widens_edges() {
        let line = TextLine {
            left: 50.0,
            right: 500.0,
            offset: 200.0,
            slope: 0.0,
            height: 11.0,
            ribbon: Ribbon::Value,
            weight: 1.0,
        };
        let strokes = |soft: f32| {
            let data = (0..640 * 400)
                .map(|i| {
                    let phase = ((i % 640) as f32 % 16.0 - 8.0).abs();
                    (255.0 * ((phase - 4.0) / soft + 0.5).clamp(0.0, 1.0)) as u8
                })
                .collect();
            edge_per_cap(&Gray::new(640, 400, data).unwrap(), &[line]).unwrap()
        };
        assert!(strokes(6.0) > 2.0 * strokes(1.0));
    }
}
