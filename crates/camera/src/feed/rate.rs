//! Frames a second, as they came.

use std::collections::VecDeque;
use std::time::Instant;

/// A second at video rate: long enough for a steady number, short enough to show that light became dim.
const WINDOW: usize = 31;

/// The times of the last frames.
#[derive(Debug, Default)]
pub(super) struct Rate {
    times: VecDeque<Instant>,
}

impl Rate {
    pub(super) fn count(&mut self, at: Instant) {
        if self.times.len() == WINDOW {
            self.times.pop_front();
        }
        self.times.push_back(at);
    }

    pub(super) fn per_second(&self) -> f32 {
        let (Some(first), Some(last)) = (self.times.front(), self.times.back()) else { return 0.0 };
        let seconds = last.duration_since(*first).as_secs_f32();
        if seconds > 0.0 { (self.times.len() - 1) as f32 / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_last_second_counts() {
        let mut rate = Rate::default();
        assert_eq!(rate.per_second(), 0.0);
        let mut at = Instant::now();
        rate.count(at);
        assert_eq!(rate.per_second(), 0.0);
        for spacing_ms in [500; 5].into_iter().chain([40; 40]) {
            at += Duration::from_millis(spacing_ms);
            rate.count(at);
        }
        assert!((rate.per_second() - 25.0).abs() < 0.01, "{}", rate.per_second());
    }
}
