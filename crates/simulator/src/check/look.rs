//! Whether a picture looks like what it should show, by colour alone.
//! Invariant: pure; used only where no reader was brought along. Deliberately lacks reading: a blue poster passes.

use image::RgbImage;

/// A KTP's paper is pale blue: blue leads red clearly, and it is not dark.
const MIN_PAPER_SHARE: f64 = 0.12;
/// Skin: red leads green leads blue, moderately, in some light.
const MIN_SKIN_SHARE: f64 = 0.05;

fn share(picture: &RgbImage, matches: impl Fn([u8; 3]) -> bool) -> f64 {
    let found = picture.pixels().filter(|pixel| matches(pixel.0)).count();
    found as f64 / f64::from(picture.width() * picture.height()).max(1.0)
}

/// Whether enough of a picture has the colour of a KTP's paper.
pub fn looks_like_a_card(picture: &RgbImage) -> bool {
    let is_paper = |[r, g, b]: [u8; 3]| {
        b > 90 && b > r.saturating_add(12) && g.saturating_add(8) >= r && b.abs_diff(g) < 90
    };
    // Noise has every colour, and hardly two neighbours alike.
    share(picture, is_paper) >= MIN_PAPER_SHARE && smoothness(picture) < 40.0
}

/// Whether enough of a picture has the colour of skin.
pub fn shows_skin(picture: &RgbImage) -> bool {
    let is_skin = |[r, g, b]: [u8; 3]| r > 60 && r > g.saturating_add(10) && g > b && r.abs_diff(b) < 140;
    share(picture, is_skin) >= MIN_SKIN_SHARE && smoothness(picture) < 40.0
}

/// Mean difference of neighbours along a row.
fn smoothness(picture: &RgbImage) -> f64 {
    let (mut sum, mut count) = (0_u64, 0_u64);
    for y in 0..picture.height() {
        for x in 1..picture.width() {
            let (left, right) = (picture.get_pixel(x - 1, y).0, picture.get_pixel(x, y).0);
            sum += left.iter().zip(right).map(|(a, b)| u64::from(a.abs_diff(b))).sum::<u64>() / 3;
            count += 1;
        }
    }
    sum as f64 / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn plain(colour: [u8; 3]) -> RgbImage {
        RgbImage::from_pixel(64, 40, Rgb(colour))
    }

    #[test]
    fn colours_decide() {
        assert!(looks_like_a_card(&plain([150, 186, 212])));
        assert!(!looks_like_a_card(&plain([200, 150, 120])));
        assert!(!looks_like_a_card(&plain([20, 20, 60])));
        assert!(shows_skin(&plain([200, 150, 120])));
        assert!(!shows_skin(&plain([150, 186, 212])));
        let noise = RgbImage::from_fn(64, 40, |x, y| {
            let seed = x.wrapping_mul(2_654_435_761).wrapping_add(y.wrapping_mul(40_503));
            Rgb([(seed >> 8) as u8, (seed >> 16) as u8, (seed >> 24) as u8])
        });
        assert!(!looks_like_a_card(&noise) && !shows_skin(&noise));
    }
}
