//! `hologram_check`: is part of the card burnt out by glare?
//! Measures the share of the picture that is white in all channels and not joined to the picture's edge (a white
//! table or scanner lid is no glare). Invariant: the clearest frame counts, for one good frame is enough.
//! Deliberately lacks a look at the hologram itself: the card's foil is not in any picture we may learn from.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::{Vote, strength_below};

/// Thresholds of `hologram_check`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GlareParams {
    /// A pixel is burnt when its darkest channel is at least this.
    pub burnt_level: u8,
    /// Largest share of burnt pixels in the clearest frame. Six synthetic cards with glare had 0.7 % to 1.6 %, of 48
    /// photographs and scans without it one had more than 0.5 %.
    pub max_share: f64,
}

impl Default for GlareParams {
    fn default() -> Self {
        Self { burnt_level: 250, max_share: 0.006 }
    }
}

/// Votes on the frames.
pub fn vote(pictures: &[RgbImage], params: &GlareParams) -> Vote {
    let shares = pictures.iter().map(|picture| burnt_share(picture, params.burnt_level));
    let clearest = shares.min_by(f64::total_cmp).unwrap_or(1.0);
    Vote {
        name: "hologram_check",
        passed: clearest <= params.max_share,
        reason: format!("{:.1} % burnt out", clearest * 100.0),
        strength: strength_below(clearest, params.max_share),
    }
}

fn burnt_share(picture: &RgbImage, level: u8) -> f64 {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut burnt: Vec<bool> = picture.pixels().map(|pixel| pixel.0.iter().all(|c| *c >= level)).collect();
    let edge = (0..width)
        .flat_map(|x| [x, (height - 1) * width + x])
        .chain((0..height).flat_map(|y| [y * width, y * width + width - 1]));
    let mut open: Vec<usize> = edge.filter(|at| burnt[*at]).collect();
    while let Some(at) = open.pop() {
        if !std::mem::take(&mut burnt[at]) {
            continue;
        }
        let x = at % width;
        let beside = [
            (x > 0).then(|| at - 1),
            (x + 1 < width).then_some(at + 1),
            at.checked_sub(width),
            (at + width < burnt.len()).then_some(at + width),
        ];
        open.extend(beside.into_iter().flatten().filter(|next| burnt[*next]));
    }
    burnt.iter().filter(|burnt| **burnt).count() as f64 / burnt.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn with_spot(radius: i64, centre: (i64, i64)) -> RgbImage {
        RgbImage::from_fn(200, 120, |x, y| {
            let (dx, dy) = (i64::from(x) - centre.0, i64::from(y) - centre.1);
            if dx * dx + dy * dy <= radius * radius { Rgb([255, 255, 255]) } else { Rgb([90, 120, 150]) }
        })
    }

    #[test]
    fn spots_inside_count_and_white_surroundings_do_not() {
        let check = |pictures: &[RgbImage], expected: bool| {
            let vote = vote(pictures, &GlareParams::default());
            assert_eq!(vote.passed, expected, "{}", vote.reason);
        };
        check(&[with_spot(0, (-9, -9))], true);
        check(&[with_spot(4, (100, 60))], true);
        check(&[with_spot(25, (100, 60))], false);
        check(&[with_spot(25, (0, 0))], true);
        check(&[with_spot(25, (100, 60)), with_spot(4, (100, 60))], true);
        check(&[], false);
    }
}
