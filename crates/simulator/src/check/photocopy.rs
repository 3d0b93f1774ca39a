//! `specular_check`: is the picture in colour, as a KTP's blue paper and photograph are, or a grey copy?
//! Measures the spread of chroma (how far Cb and Cr scatter around their own median), so that a grey copy under
//! yellow light stays grey. Invariant: the median over the frames counts.
//! Deliberately lacks knowledge of where the card is: a grey copy on a colourful table may pass.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::{Vote, median, strength_above};

/// Thresholds of `specular_check`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PhotocopyParams {
    /// Least chroma spread (levels of 255) in the middle of the picture.
    pub min_chroma_spread: f64,
    /// The middle: this share of each side.
    pub middle_share: f64,
}

impl Default for PhotocopyParams {
    fn default() -> Self {
        Self { min_chroma_spread: 3.0, middle_share: 0.7 }
    }
}

/// Votes on the frames.
pub fn vote(pictures: &[RgbImage], params: &PhotocopyParams) -> Vote {
    let spreads = pictures.iter().map(|picture| chroma_spread(picture, params.middle_share)).collect();
    let spread = median(spreads).unwrap_or(0.0);
    Vote {
        name: "specular_check",
        passed: spread >= params.min_chroma_spread,
        reason: format!("chroma spread {spread:.1}"),
        strength: strength_above(spread, params.min_chroma_spread),
    }
}

/// Root mean square distance of (Cb, Cr) from their medians, over 4 × 4 blocks (which average noise away).
fn chroma_spread(picture: &RgbImage, middle_share: f64) -> f64 {
    const BLOCK: u32 = 4;
    let range = |side: u32| {
        let margin = (f64::from(side) * (1.0 - middle_share) / 2.0) as u32;
        margin..side.saturating_sub(margin + BLOCK - 1)
    };
    let (mut cb, mut cr) = (Vec::new(), Vec::new());
    for y in range(picture.height()).step_by(BLOCK as usize) {
        for x in range(picture.width()).step_by(BLOCK as usize) {
            let [r, g, b] = block_mean(picture, x, y, BLOCK);
            cb.push(-0.1687 * r - 0.3313 * g + 0.5 * b);
            cr.push(0.5 * r - 0.4187 * g - 0.0813 * b);
        }
    }
    let (Some(cb_mid), Some(cr_mid)) = (median(cb.clone()), median(cr.clone())) else { return 0.0 };
    let squares: f64 = cb.iter().zip(&cr).map(|(b, r)| (b - cb_mid).powi(2) + (r - cr_mid).powi(2)).sum();
    (squares / cb.len() as f64).sqrt()
}

fn block_mean(picture: &RgbImage, x: u32, y: u32, block: u32) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for dy in 0..block {
        for dx in 0..block {
            for (total, channel) in sum.iter_mut().zip(picture.get_pixel(x + dx, y + dy).0) {
                *total += f64::from(channel);
            }
        }
    }
    sum.map(|total| total / f64::from(block * block))
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn colour_passes_and_tinted_grey_does_not() {
        let check = |picture: RgbImage, expected: bool| {
            let vote = vote(&[picture], &PhotocopyParams::default());
            assert_eq!(vote.passed, expected, "{}", vote.reason);
        };
        let grey = |x: u32, y: u32| u8::try_from((x * 7 + y * 13) % 200 + 40).unwrap();
        check(RgbImage::from_fn(160, 100, |x, y| Rgb([grey(x, y); 3])), false);
        check(RgbImage::from_fn(160, 100, |_, _| Rgb([200, 190, 150])), false);
        check(
            RgbImage::from_fn(
                160,
                100,
                |x, _| if x < 110 { Rgb([150, 190, 215]) } else { Rgb([180, 40, 40]) },
            ),
            true,
        );
    }
}
