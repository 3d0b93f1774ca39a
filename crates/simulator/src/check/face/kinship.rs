//! `deepfake`: are the frames of one capture different moments of the same scene?
//! Measures two things that a generated or assembled sequence gets wrong easily: the same frame twice (a camera's noise
//! never repeats), and pictures that hardly resemble each other (faces swapped between frames). Resemblance is the
//! correlation of small grey copies, so that the light of a flash does not matter.
//! Invariant: absent for a single frame, which can show neither. Deliberately lacks any look for traces of a generator:
//! what passes here is not shown to be genuine.

use image::imageops::{self, FilterType};
use image::{GrayImage, RgbImage};
use serde::{Deserialize, Serialize};

use super::super::{Vote, strength_above};

/// Thresholds of `deepfake`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KinshipParams {
    /// Least correlation of any frame with the first. A turned head in front of the same wall stays above it, two unrelated
    /// pictures most often below (see the test).
    pub min_correlation: f64,
    /// Least mean difference of two frames, levels of 255. Sensors differ by a level or more between frames.
    pub min_difference: f64,
}

impl Default for KinshipParams {
    fn default() -> Self {
        Self { min_correlation: 0.4, min_difference: 0.05 }
    }
}

/// Side of the grey copies.
const SIDE: u32 = 32;

/// Votes on the frames; `None` for fewer than two.
pub fn vote(pictures: &[RgbImage], params: &KinshipParams) -> Option<Vote> {
    let (first, others) = pictures.split_first().filter(|(_, others)| !others.is_empty())?;
    let answer = |passed, reason, strength| Some(Vote { name: "deepfake", passed, reason, strength });
    let pairs =
        pictures.iter().enumerate().flat_map(|(at, a)| pictures[at + 1..].iter().map(move |b| (a, b)));
    let least = pairs.filter_map(|(a, b)| difference(a, b)).fold(f64::INFINITY, f64::min);
    if least < params.min_difference {
        return answer(false, "the same frame twice".to_owned(), 0.0);
    }
    let copy = small(first);
    let kin = others.iter().map(|other| correlation(&copy, &small(other))).fold(f64::INFINITY, f64::min);
    let reason = format!("frames correlate by {kin:.2} at least");
    answer(kin >= params.min_correlation, reason, strength_above(kin, params.min_correlation))
}

/// Mean absolute difference; `None` for pictures of different sizes, which are not the same frame.
fn difference(a: &RgbImage, b: &RgbImage) -> Option<f64> {
    if a.dimensions() != b.dimensions() {
        return None;
    }
    let sum: u64 = a.as_raw().iter().zip(b.as_raw()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    Some(sum as f64 / a.as_raw().len().max(1) as f64)
}

fn small(picture: &RgbImage) -> GrayImage {
    imageops::resize(&imageops::grayscale(picture), SIDE, SIDE, FilterType::Triangle)
}

/// Pearson's; 0 where one of the two is plain.
fn correlation(a: &GrayImage, b: &GrayImage) -> f64 {
    let centred = |picture: &GrayImage| {
        let count = picture.as_raw().len() as f64;
        let mean = picture.as_raw().iter().map(|level| f64::from(*level)).sum::<f64>() / count;
        picture.as_raw().iter().map(|level| f64::from(*level) - mean).collect::<Vec<_>>()
    };
    let (a, b) = (centred(a), centred(b));
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    let scale = (product(&a, &a) * product(&b, &b)).sqrt();
    if scale < f64::from(SIDE * SIDE) { 0.0 } else { product(&a, &b) / scale }
}

#[cfg(test)]
mod tests {
    use image::Rgb;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    /// An oval before a wall with a shadow; `shift` moves the oval, `seed` makes the noise.
    fn scene(shift: i32, bright: f64, seed: u64) -> RgbImage {
        let mut rng = StdRng::seed_from_u64(seed);
        RgbImage::from_fn(160, 120, |x, y| {
            let (dx, dy) = (f64::from(x as i32 - 80 - shift) / 30.0, (f64::from(y) - 60.0) / 42.0);
            let base = if dx * dx + dy * dy < 1.0 { 170.0 } else { 60.0 + f64::from(x) / 4.0 };
            let level = (base * bright + rng.random_range(-2.0..2.0)).clamp(0.0, 255.0) as u8;
            Rgb([level, level.saturating_sub(20), level.saturating_sub(40)])
        })
    }

    #[track_caller]
    fn check(pictures: &[RgbImage], expected: Option<bool>) {
        let vote = vote(pictures, &KinshipParams::default());
        assert_eq!(vote.as_ref().map(|vote| vote.passed), expected, "{vote:?}");
    }

    #[test]
    fn moments_of_one_scene_are_kin() {
        check(&[scene(0, 1.0, 1), scene(3, 0.8, 2), scene(-9, 1.2, 3)], Some(true));
        check(&[scene(0, 1.0, 1)], None);
        check(&[scene(0, 1.0, 1), scene(4, 1.0, 2), scene(0, 1.0, 1)], Some(false));
        let plain = RgbImage::from_pixel(160, 120, Rgb([120, 110, 100]));
        check(&[scene(0, 1.0, 1), plain], Some(false));
        let turned = imageops::rotate90(&scene(55, 1.0, 4));
        check(&[scene(0, 1.0, 1), turned], Some(false));
        let inverted = RgbImage::from_fn(160, 120, |x, y| {
            Rgb(scene(0, 1.0, 5).get_pixel(x, y).0.map(|level| 255 - level))
        });
        check(&[scene(0, 1.0, 1), inverted], Some(false));
    }
}
