//! `rppg`: is there a pulse in the skin's colour?
//! Measures how much of the power between 0.5 and 5 Hz lies around the strongest frequency of a human heart (0.7–3 Hz),
//! after slow changes of light are taken out. A heart beats nearly evenly, so its power lies close together; noise spreads
//! it, and a still picture has none.
//! Invariant: samples that are too few, too short or full of holes never pass.
//! Deliberately lacks a rate: it would be a fact about somebody's body.

use serde::{Deserialize, Serialize};

use super::super::{Vote, strength_above};
use super::PulseSample;

/// Thresholds of `rppg`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PulseParams {
    /// Least share of the power near the peak. Of noise of eight seconds 2 in 100 exceed it (see the test).
    pub min_concentration: f64,
    /// Least time: five beats of a slow heart.
    pub min_ms: u64,
    /// Longest time without a sample.
    pub max_gap_ms: u64,
}

impl Default for PulseParams {
    fn default() -> Self {
        Self { min_concentration: 0.42, min_ms: 6_000, max_gap_ms: 400 }
    }
}

/// Samples are laid on an even grid of this rate.
const GRID_HZ: f64 = 15.0;
/// Changes slower than this many seconds are light, not blood.
const SLOW_S: f64 = 1.5;
/// Frequencies looked at, and steps between them.
const ALL_HZ: std::ops::RangeInclusive<f64> = 0.5..=5.0;
const HEART_HZ: std::ops::RangeInclusive<f64> = 0.7..=3.0;
const STEP_HZ: f64 = 0.05;
/// A heart's rate moves this much within a capture, and a short one resolves no better.
const NEAR_HZ: f64 = 0.2;
/// Less power than this is a constant, whatever shape it has (squared levels).
const MIN_POWER: f64 = 1e-4;

/// Votes on the samples.
pub fn vote(samples: &[PulseSample], params: &PulseParams) -> Vote {
    let answer = |passed, reason, strength| Vote { name: "rppg", passed, reason, strength };
    let span_ms = samples.last().map_or(0, |last| last.t_ms) - samples.first().map_or(0, |first| first.t_ms);
    if span_ms < params.min_ms {
        return answer(false, format!("{span_ms} ms are too short"), 0.0);
    }
    if samples.windows(2).any(|pair| pair[1].t_ms - pair[0].t_ms > params.max_gap_ms) {
        return answer(false, "a gap in the samples".to_owned(), 0.0);
    }
    let values = detrended(&even(samples));
    if values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64 <= MIN_POWER {
        return answer(false, "no change in the skin's colour".to_owned(), 0.0);
    }
    let share = concentration(&values);
    let reason = format!("{:.0} % of the power near one frequency", share * 100.0);
    answer(share >= params.min_concentration, reason, strength_above(share, params.min_concentration))
}

/// Green, where blood shows most, on the even grid.
fn even(samples: &[PulseSample]) -> Vec<f64> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Vec::new() };
    let count = ((last.t_ms - first.t_ms) as f64 / 1000.0 * GRID_HZ) as usize;
    let mut at = 0;
    let mut values = Vec::with_capacity(count);
    for step in 0..count {
        let t_ms = first.t_ms as f64 + step as f64 * 1000.0 / GRID_HZ;
        while at + 2 < samples.len() && (samples[at + 1].t_ms as f64) <= t_ms {
            at += 1;
        }
        let (a, b) = (&samples[at], &samples[at + 1]);
        let part = ((t_ms - a.t_ms as f64) / (b.t_ms - a.t_ms).max(1) as f64).clamp(0.0, 1.0);
        values.push(a.mean[1] + part * (b.mean[1] - a.mean[1]));
    }
    values
}

/// Without the moving mean.
fn detrended(values: &[f64]) -> Vec<f64> {
    let reach = (SLOW_S * GRID_HZ / 2.0) as usize;
    let mean_around = |at: usize| {
        let around = &values[at.saturating_sub(reach)..(at + reach + 1).min(values.len())];
        around.iter().sum::<f64>() / around.len() as f64
    };
    values.iter().enumerate().map(|(at, value)| value - mean_around(at)).collect()
}

/// The share of the power that lies near the heart's strongest frequency.
fn concentration(values: &[f64]) -> f64 {
    let steps = ((ALL_HZ.end() - ALL_HZ.start()) / STEP_HZ).round() as usize;
    let spectrum: Vec<(f64, f64)> = (0..=steps)
        .map(|step| ALL_HZ.start() + step as f64 * STEP_HZ)
        .map(|hz| (hz, power(values, hz)))
        .collect();
    let of_heart = spectrum.iter().filter(|(hz, _)| HEART_HZ.contains(hz));
    let Some((peak_hz, _)) = of_heart.max_by(|a, b| a.1.total_cmp(&b.1)) else { return 0.0 };
    let near = spectrum.iter().filter(|(hz, _)| (hz - peak_hz).abs() <= NEAR_HZ + STEP_HZ / 2.0);
    let all: f64 = spectrum.iter().map(|(_, power)| power).sum();
    near.map(|(_, power)| power).sum::<f64>() / all.max(f64::MIN_POSITIVE)
}

/// Power at one frequency, under a Hann window.
fn power(values: &[f64], hz: f64) -> f64 {
    let count = values.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for (at, value) in values.iter().enumerate() {
        let window = 0.5 - 0.5 * (std::f64::consts::TAU * at as f64 / count).cos();
        let angle = std::f64::consts::TAU * hz * at as f64 / GRID_HZ;
        re += value * window * angle.cos();
        im += value * window * angle.sin();
    }
    re * re + im * im
}

#[cfg(test)]
mod tests {
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    /// Skin of which `beat` levels come and go at `hz`, in slowly changing light, with noise.
    fn skin(hz: f64, beat: f64, noise: f64, seconds: f64, seed: u64) -> Vec<PulseSample> {
        let mut rng = StdRng::seed_from_u64(seed);
        (0..(seconds * 30.0) as u64)
            .map(|at| {
                let t_s = at as f64 / 30.0;
                let light = 100.0 + 4.0 * (t_s / 5.0).sin();
                let level = light
                    + beat * (std::f64::consts::TAU * hz * t_s).sin()
                    + if noise > 0.0 { rng.random_range(-noise..noise) } else { 0.0 };
                PulseSample {
                    t_ms: at * 33,
                    mean: [level + 30.0, (level * 100.0).round() / 100.0, level - 20.0],
                }
            })
            .collect()
    }

    #[track_caller]
    fn check(samples: &[PulseSample], expected: bool) {
        let vote = vote(samples, &PulseParams::default());
        assert_eq!(vote.passed, expected, "{}", vote.reason);
    }

    #[test]
    fn a_heart_is_heard_and_nothing_else_is() {
        check(&skin(1.2, 0.5, 0.3, 10.0, 1), true);
        check(&skin(2.4, 0.3, 0.3, 8.0, 2), true);
        check(&skin(1.2, 0.0, 0.0, 10.0, 3), false);
        check(&skin(1.2, 0.0, 0.5, 10.0, 4), false);
        check(&skin(4.5, 0.5, 0.1, 10.0, 5), false);
        check(&skin(1.2, 0.5, 0.1, 3.0, 6), false);
        let mut holed = skin(1.2, 0.5, 0.1, 10.0, 7);
        holed.drain(50..80);
        check(&holed, false);
        check(&[], false);
    }

    #[test]
    fn noise_hardly_ever_passes() {
        let lucky = (0..200)
            .filter(|seed| vote(&skin(1.0, 0.0, 0.5, 8.0, 1000 + seed), &PulseParams::default()).passed);
        let lucky = lucky.count();
        assert!(lucky <= 4, "{lucky} of 200");
    }
}
