//! What a run came to.
//!
//! Invariant: percentiles are of all requests, not of a sample; failures count as lost, never as fast.

use serde::Serialize;

use super::Shape;
use super::swarm::Told;

/// Numbers of one run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// How many.
    pub kiosks: usize,
    /// Flows each.
    pub rounds: usize,
    /// Which database.
    pub storage: &'static str,
    /// How long all took.
    pub seconds: f64,
    /// Requests of kiosks and callbacks.
    pub requests: usize,
    /// Per second.
    pub requests_per_second: f64,
    /// Beginning a flow, as the kiosk sees it, without the stand-in platform's own time.
    pub begin_ms: Percentiles,
    /// A callback, until it was answered.
    pub callback_ms: Percentiles,
    /// From a callback's sending until the kiosk has the result.
    pub result_ms: Percentiles,
    /// Largest memory of the backend's process.
    pub memory_mib: Option<f64>,
    /// Processor time of the backend's process per flow.
    pub cpu_ms_per_flow: Option<f64>,
    /// Flows without a result.
    pub lost: usize,
    /// Results that came twice.
    pub doubled: usize,
    /// Requests that failed and were repeated.
    pub repeated: usize,
}

/// Of a set of durations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Percentiles {
    /// Half are faster.
    pub p50: f64,
    /// All but one in a hundred are faster.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

/// What the backend's process used.
pub(super) struct Usage {
    pub(super) seconds: f64,
    pub(super) cpu_seconds: Option<f64>,
    pub(super) memory_mib: Option<f64>,
}

impl Percentiles {
    fn of(mut all_ms: Vec<f64>) -> Self {
        all_ms.sort_by(f64::total_cmp);
        let at = |hundredths: usize| {
            let index = (all_ms.len() * hundredths).div_ceil(100).saturating_sub(1);
            all_ms.get(index).copied().map_or(0.0, |ms| (ms * 100.0).round() / 100.0)
        };
        Self { p50: at(50), p99: at(99), max: at(100) }
    }
}

impl Report {
    pub(super) fn new(shape: &Shape, told: Told, usage: Usage) -> Self {
        let flows = (shape.kiosks * shape.rounds) as f64;
        Self {
            kiosks: shape.kiosks,
            rounds: shape.rounds,
            storage: shape.storage,
            seconds: usage.seconds,
            requests: told.requests,
            requests_per_second: told.requests as f64 / usage.seconds,
            begin_ms: Percentiles::of(told.begin_ms),
            callback_ms: Percentiles::of(told.callback_ms),
            result_ms: Percentiles::of(told.result_ms),
            memory_mib: usage.memory_mib,
            cpu_ms_per_flow: usage.cpu_seconds.map(|seconds| seconds * 1000.0 / flows),
            lost: told.lost,
            doubled: told.doubled,
            repeated: told.repeated,
        }
    }
}

fn status_field(pid: Option<u32>, name: &str) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{}/status", pid?)).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().ok()
}

/// Only where the system tells it in `/proc`.
pub(super) fn peak_memory_mib(pid: Option<u32>) -> Option<f64> {
    Some(status_field(pid, "VmHWM")? / 1024.0)
}

/// User and system time; Linux counts it in hundredths of a second.
pub(super) fn cpu_seconds(pid: Option<u32>) -> Option<f64> {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", pid?)).ok()?;
    let after_name = text.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_what_was_measured() {
        let all = (1..=200).rev().map(f64::from).collect();
        assert_eq!(Percentiles::of(all), Percentiles { p50: 100.0, p99: 198.0, max: 200.0 });
        assert_eq!(Percentiles::of(vec![7.0]), Percentiles { p50: 7.0, p99: 7.0, max: 7.0 });
        assert_eq!(Percentiles::of(Vec::new()), Percentiles::default());
    }
}
