//! How long something takes, most of the time.
//!
//! Invariant: every number printed was measured. Deliberately absent: means, which one slow frame spoils.

use serde::Serialize;

/// Median and 95th percentile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
}

impl Spread {
    /// Of these samples, nearest rank; zeros when there are none.
    pub fn of(mut samples: Vec<f64>) -> Self {
        samples.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = (share * samples.len() as f64).ceil() as usize;
            samples.get(place.saturating_sub(1)).map_or(0.0, |ms| (ms * 10.0).round() / 10.0)
        };
        Self { p50: at(0.5), p95: at(0.95) }
    }
}
