//! `font_match`: is there print of one stroke width, as the card's line printer makes it?
//! Measures horizontal runs of pixels darker than their surroundings: how much of the picture they cover, and how
//! far their widths spread around their median. Invariant: the frame with the most even print counts.
//! Deliberately lacks letters: it cannot tell one font from another, only print from no print or from a medley.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::{Vote, strength_below};

/// Thresholds of `font_match`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FontParams {
    /// A pixel is ink when it is this many levels darker than its surroundings.
    pub ink_contrast: f64,
    /// Least share of the picture that is ink.
    pub min_ink_share: f64,
    /// Largest quartile distance of stroke widths, in medians.
    pub max_width_spread: f64,
}

impl Default for FontParams {
    fn default() -> Self {
        Self { ink_contrast: 18.0, min_ink_share: 0.004, max_width_spread: 1.6 }
    }
}

/// Half the side of a pixel's surroundings.
const REACH_PX: usize = 12;
/// Longer runs are pictures, hair and shadows, not strokes.
const MAX_STROKE_PX: usize = 24;

struct Strokes {
    ink_share: f64,
    median_px: f64,
    spread: f64,
}

/// Votes on the frames.
pub fn vote(pictures: &[RgbImage], params: &FontParams) -> Vote {
    let measured = pictures.iter().map(|picture| strokes(picture, params.ink_contrast));
    let printed = measured.filter(|strokes| strokes.ink_share >= params.min_ink_share);
    let Some(best) = printed.min_by(|a, b| a.spread.total_cmp(&b.spread)) else {
        return Vote {
            name: "font_match",
            passed: false,
            reason: "no print found".to_owned(),
            strength: 0.0,
        };
    };
    Vote {
        name: "font_match",
        passed: best.spread <= params.max_width_spread,
        reason: format!("strokes {:.0} px, spread {:.2}", best.median_px, best.spread),
        strength: strength_below(best.spread, params.max_width_spread),
    }
}

fn strokes(picture: &RgbImage, contrast: f64) -> Strokes {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let luma = image::imageops::grayscale(picture).into_raw();
    let sums = integral(&luma, width);
    let mean = |x: usize, y: usize| {
        let (left, right) = (x.saturating_sub(REACH_PX), (x + REACH_PX + 1).min(width));
        let (top, bottom) = (y.saturating_sub(REACH_PX), (y + REACH_PX + 1).min(height));
        let at = |x: usize, y: usize| sums[y * (width + 1) + x];
        let sum = at(right, bottom) + at(left, top) - at(left, bottom) - at(right, top);
        sum as f64 / ((right - left) * (bottom - top)) as f64
    };
    let mut runs: Vec<usize> = Vec::new();
    let mut run = 0;
    for y in 0..height {
        for x in 0..width {
            let is_ink = f64::from(luma[y * width + x]) < mean(x, y) - contrast;
            if is_ink {
                run += 1;
            }
            if (!is_ink || x + 1 == width) && run > 0 {
                runs.push(std::mem::take(&mut run));
            }
        }
    }
    runs.retain(|run| *run <= MAX_STROKE_PX);
    runs.sort_unstable();
    let quantile = |share: f64| runs.get((runs.len() as f64 * share) as usize).map_or(0.0, |run| *run as f64);
    let ink: usize = runs.iter().sum();
    let median_px = quantile(0.5);
    Strokes {
        ink_share: ink as f64 / luma.len().max(1) as f64,
        median_px,
        spread: (quantile(0.75) - quantile(0.25)) / median_px.max(1.0),
    }
}

/// Summed-area table with a zero row and column in front.
fn integral(luma: &[u8], width: usize) -> Vec<u64> {
    let mut sums = vec![0; (width + 1) * (luma.len() / width.max(1) + 1)];
    for (y, row) in luma.chunks_exact(width).enumerate() {
        let mut row_sum = 0;
        for (x, value) in row.iter().enumerate() {
            row_sum += u64::from(*value);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row_sum;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn even_strokes_pass_and_blank_or_mixed_ones_do_not() {
        let check = |ink: &dyn Fn(u32, u32) -> bool, expected: bool| {
            let picture =
                RgbImage::from_fn(300, 200, |x, y| if ink(x, y) { Rgb([30; 3]) } else { Rgb([200; 3]) });
            let vote = vote(&[picture], &FontParams::default());
            assert_eq!(vote.passed, expected, "{}", vote.reason);
        };
        let line = |y: u32| y % 30 < 12;
        check(&|_, _| false, false);
        check(&|x, y| line(y) && x % 12 < 3, true);
        check(&|x, y| line(y) && (x % 20 < 1 || (x % 40 > 22)), false);
    }
}
