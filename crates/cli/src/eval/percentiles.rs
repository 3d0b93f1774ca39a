//! Median and 90th percentile of measured milliseconds.
//!
//! Invariant: nearest-rank percentiles, so every printed number was really measured.

use serde::Serialize;

/// Median and 90th percentile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
}

impl Percentiles {
    /// Percentiles of these samples; zeros when there are none.
    pub fn of(samples_ms: &[f64]) -> Self {
        let mut sorted = samples_ms.to_vec();
        sorted.sort_by(f64::total_cmp);
        Self { p50: rank(&sorted, 0.5), p90: rank(&sorted, 0.9) }
    }
}

/// The sample below which this share of the sorted ones lies, in tenths.
pub fn rank(sorted: &[f64], share: f64) -> f64 {
    let place = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(place.saturating_sub(1)).map_or(0.0, |ms| (ms * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        fn check(samples: &[f64], p50: f64, p90: f64) {
            assert_eq!(Percentiles::of(samples), Percentiles { p50, p90 }, "{samples:?}");
        }
        check(&[], 0.0, 0.0);
        check(&[7.0], 7.0, 7.0);
        check(&[3.0, 1.0, 2.0], 2.0, 3.0);
        check(&[10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0], 5.0, 9.0);
    }
}
