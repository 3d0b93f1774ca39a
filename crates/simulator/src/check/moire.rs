//! `screen_moire`: does a regular grid run through the whole picture, as a photographed screen's does?
//! Measures the strongest narrow peak of the picture's spectrum against its neighbourhood, averaged (as logarithms)
//! over tiles, so that only what repeats everywhere at one frequency stands out; print and paper do not.
//! Invariant: frequencies where JPEG's own 8 × 8 blocks show are never looked at.
//! Deliberately lacks chroma: video coding smears colour before a grid in it could be told from noise.

use image::RgbImage;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex32;
use serde::{Deserialize, Serialize};

use super::{Vote, median, strength_below};

/// Thresholds of `screen_moire`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MoireParams {
    /// Highest peak allowed, in nepers of power above the neighbourhood's median. Of 80 synthetic photographs,
    /// scans and webcam frames none exceeded 4.7; of 32 photographed screens none fell below 8.5.
    pub max_peak: f64,
    /// Lowest frequency looked at, cycles per pixel: below it lie text lines and the card's own edges.
    pub min_frequency: f64,
}

impl Default for MoireParams {
    fn default() -> Self {
        Self { max_peak: 6.5, min_frequency: 0.1 }
    }
}

/// Side of a tile: long enough to resolve a grid, short enough that perspective does not smear it.
const TILE: usize = 256;
/// Tiles per side of the picture.
const TILES: usize = 3;
/// Neighbourhood of a bin: this far away and no further, as Chebyshev distance.
const RING: std::ops::RangeInclusive<i32> = 4..=6;
/// Power of noise of one level in every bin of a windowed tile. Every picture is taken to hold that much, or the
/// empty bins of clean drawings would make peaks of their neighbours.
const NOISE_POWER: f32 = (TILE * TILE) as f32 * 9.0 / 64.0;
/// JPEG's blocks repeat every 8 pixels.
const JPEG_HARMONIC: i32 = TILE as i32 / 8;

/// Votes on the frames.
pub fn vote(pictures: &[RgbImage], params: &MoireParams) -> Vote {
    let peaks = pictures.iter().filter_map(|picture| peak(picture, params.min_frequency)).collect();
    let Some(peak) = median(peaks) else {
        // A picture below one tile cannot show a screen's grid, nor a readable card: other voters judge it.
        return Vote {
            name: "screen_moire",
            passed: true,
            reason: "too small to tell".to_owned(),
            strength: 0.5,
        };
    };
    Vote {
        name: "screen_moire",
        passed: peak <= params.max_peak,
        reason: format!("spectral peak {peak:.1} Np"),
        strength: strength_below(peak, params.max_peak),
    }
}

/// Height of the strongest narrow peak; `None` for pictures smaller than a tile.
fn peak(picture: &RgbImage, min_frequency: f64) -> Option<f64> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (room_x, room_y) = (width.checked_sub(TILE)?, height.checked_sub(TILE)?);
    let mut planner = FftPlanner::new();
    let fft = planner.plan_fft_forward(TILE);
    let window: Vec<f32> =
        (0..TILE).map(|at| 0.5 - 0.5 * (std::f32::consts::TAU * at as f32 / TILE as f32).cos()).collect();
    let mut spectrum = vec![0.0_f32; TILE * TILE];
    for tile in 0..TILES * TILES {
        let x = room_x * (tile % TILES) / (TILES - 1);
        let y = room_y * (tile / TILES) / (TILES - 1);
        let mut values = tile_values(picture, x, y, &window);
        fft.process(&mut values);
        let mut turned = transposed(&values);
        fft.process(&mut turned);
        for (sum, value) in spectrum.iter_mut().zip(&turned) {
            *sum += (value.norm_sqr() + NOISE_POWER).ln() / (TILES * TILES) as f32;
        }
    }
    Some(strongest(&spectrum, min_frequency))
}

fn tile_values(picture: &RgbImage, left: usize, top: usize, window: &[f32]) -> Vec<Complex32> {
    let stride = picture.width() as usize * 3;
    let raw = picture.as_raw();
    let luma = |x: usize, y: usize| {
        let at = (top + y) * stride + (left + x) * 3;
        0.299 * f32::from(raw[at]) + 0.587 * f32::from(raw[at + 1]) + 0.114 * f32::from(raw[at + 2])
    };
    let mut values: Vec<f32> = (0..TILE * TILE).map(|at| luma(at % TILE, at / TILE)).collect();
    let mean = values.iter().sum::<f32>() / values.len() as f32;
    for (at, value) in values.iter_mut().enumerate() {
        *value = (*value - mean) * window[at % TILE] * window[at / TILE];
    }
    values.into_iter().map(|value| Complex32::new(value, 0.0)).collect()
}

fn transposed(values: &[Complex32]) -> Vec<Complex32> {
    (0..TILE * TILE).map(|at| values[(at % TILE) * TILE + at / TILE]).collect()
}

/// The largest difference between a bin and the median of its ring, over one half of the (symmetric) plane.
fn strongest(spectrum: &[f32], min_frequency: f64) -> f64 {
    let half = TILE as i32 / 2;
    let ring: Vec<(i32, i32)> = (-RING.end()..=*RING.end())
        .flat_map(|dy| (-RING.end()..=*RING.end()).map(move |dx| (dx, dy)))
        .filter(|(dx, dy)| RING.contains(&dx.abs().max(dy.abs())))
        .collect();
    let at = |u: i32, v: i32| {
        let (u, v) = (u.rem_euclid(TILE as i32) as usize, v.rem_euclid(TILE as i32) as usize);
        spectrum[u * TILE + v]
    };
    let mut best = 0.0_f32;
    let mut around = Vec::with_capacity(ring.len());
    for v in 0..half {
        for u in -half..half {
            let radius = f64::from(u * u + v * v).sqrt() / TILE as f64;
            // Only local maxima can be the peak; the ring is costly.
            if radius < min_frequency || is_jpeg(u, v) || at(u, v) < at(u - 1, v).max(at(u, v + 1)) {
                continue;
            }
            around.clear();
            around.extend(ring.iter().map(|(du, dv)| at(u + du, v + dv)));
            let middle = around.len() / 2;
            let (_, mid, _) = around.select_nth_unstable_by(middle, f32::total_cmp);
            best = best.max(at(u, v) - *mid);
        }
    }
    f64::from(best)
}

fn is_jpeg(u: i32, v: i32) -> bool {
    let near = |k: i32| {
        let rest = k.rem_euclid(JPEG_HARMONIC);
        rest <= 1 || rest >= JPEG_HARMONIC - 1
    };
    near(u) && near(v)
}

#[cfg(test)]
mod tests {
    use image::Rgb;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    /// Print-like blotches and noise; `depth` adds a screen's grid of pitch 2.7 px.
    fn picture(depth: f64) -> RgbImage {
        let mut rng = StdRng::seed_from_u64(3);
        let dark: Vec<bool> = (0..64 * 40).map(|_| rng.random_bool(0.2)).collect();
        RgbImage::from_fn(640, 400, |x, y| {
            let base = if dark[((y / 10) * 64 + x / 10) as usize] { 60.0 } else { 190.0 };
            let grid =
                1.0 + depth * ((f64::from(x) + 0.05 * f64::from(y)) * std::f64::consts::TAU / 2.7).sin();
            let noise = rng.random_range(-6.0..6.0);
            Rgb([(base * grid + noise).clamp(0.0, 255.0) as u8; 3])
        })
    }

    #[test]
    fn a_grid_stands_out_and_print_does_not() {
        for (depth, expected) in [(0.0, true), (0.1, false), (0.2, false)] {
            let vote = vote(&[picture(depth)], &MoireParams::default());
            assert_eq!(vote.passed, expected, "{depth}: {}", vote.reason);
        }
    }

    #[test]
    fn jpeg_blocks_are_no_screen() {
        let mut bytes = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 30)
            .encode_image(&picture(0.0))
            .unwrap();
        let coarse = image::load_from_memory(&bytes).unwrap().to_rgb8();
        let vote = vote(&[coarse], &MoireParams::default());
        assert!(vote.passed, "{}", vote.reason);
    }
}
