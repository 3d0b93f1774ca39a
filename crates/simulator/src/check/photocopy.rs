//! `specular_check`: is the picture in colour, as a KTP's blue paper and photograph are, or a grey copy?
//! Measures how far colour scatters around its own median once brightness is divided out, so that a grey copy under
//! yellow light stays grey however its tones vary. Invariant: the median over the frames counts.
//! Deliberately lacks knowledge of where the card is: a grey copy on a colourful table may pass.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::{Vote, median, strength_above};

/// Thresholds of `specular_check`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PhotocopyParams {
    /// Least chroma spread, in hundredths of brightness, in the middle of the picture. Of 64 honest synthetic
    /// pictures of severities 0 and 1 none fell below 5.7; of 22 grey copies 20 did, the others lay on coloured tables.
    pub min_chroma_spread: f64,
    /// The middle: this share of each side.
    pub middle_share: f64,
}

impl Default for PhotocopyParams {
    fn default() -> Self {
        Self { min_chroma_spread: 5.0, middle_share: 0.7 }
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

/// Blocks darker than this have no colour to speak of.
const MIN_LUMA: f64 = 40.0;
/// Blocks brighter than this are burnt out.
const MAX_LEVEL: f64 = 252.0;
/// The spread is the distance that this share of the blocks does not exceed.
const QUANTILE: f64 = 0.9;

/// Spread of (B − Y, R − Y) / Y around their medians, over 4 × 4 blocks (which average noise away).
fn chroma_spread(picture: &RgbImage, middle_share: f64) -> f64 {
    const BLOCK: u32 = 4;
    let range = |side: u32| {
        let margin = (f64::from(side) * (1.0 - middle_share) / 2.0) as u32;
        margin..(side - margin).saturating_sub(BLOCK - 1)
    };
    let (mut blue, mut red) = (Vec::new(), Vec::new());
    for y in range(picture.height()).step_by(BLOCK as usize) {
        for x in range(picture.width()).step_by(BLOCK as usize) {
            let [r, g, b] = block_mean(picture, x, y, BLOCK);
            let luma = 0.299 * r + 0.587 * g + 0.114 * b;
            if luma > MIN_LUMA && r.max(g).max(b) < MAX_LEVEL {
                blue.push((b - luma) / luma);
                red.push((r - luma) / luma);
            }
        }
    }
    let (Some(blue_mid), Some(red_mid)) = (median(blue.clone()), median(red.clone())) else { return 0.0 };
    let mut distances: Vec<f64> =
        blue.iter().zip(&red).map(|(b, r)| 100.0 * (b - blue_mid).hypot(r - red_mid)).collect();
    distances.sort_by(f64::total_cmp);
    distances[((distances.len() - 1) as f64 * QUANTILE) as usize]
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
        let tinted = |x, y| [1.0, 0.95, 0.75].map(|share| (f64::from(grey(x, y)) * share) as u8);
        check(RgbImage::from_fn(160, 100, |x, y| Rgb(tinted(x, y))), false);
        check(RgbImage::new(2, 2), false);
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
