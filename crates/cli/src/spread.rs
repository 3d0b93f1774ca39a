//! How long something takes, most of the time.
//!
//! Invariant: every number printed was measured. Deliberately absent: means, which one slow frame spoils.

use serde::Serialize;

use crate::eval::percentiles::rank;

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
        Self { p50: rank(&samples, 0.5), p95: rank(&samples, 0.95) }
    }
}
