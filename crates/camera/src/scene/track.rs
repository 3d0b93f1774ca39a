//! Values over time: ramps that ease in and out, and things that change at once.
//!
//! Invariant: a value depends on the time alone; keys lie in order of time. Before the first key it is the first value.

/// A number that changes smoothly between its keys.
#[derive(Clone, Debug)]
pub(super) struct Track {
    keys: Vec<(u64, f32)>,
}

impl Track {
    pub(super) fn new(value: f32) -> Self {
        Self { keys: vec![(0, value)] }
    }

    /// Goes to `value` from where it is at `from_ms`, for `over_ms`.
    pub(super) fn go(&mut self, from_ms: u64, over_ms: u64, value: f32) {
        let now = self.at(from_ms);
        self.keys.retain(|(at_ms, _)| *at_ms <= from_ms);
        self.keys.push((from_ms, now));
        self.keys.push((from_ms + over_ms, value));
    }

    pub(super) fn at(&self, ms: u64) -> f32 {
        let after = self.keys.partition_point(|(at_ms, _)| *at_ms <= ms);
        let (start_ms, start) = self.keys[after.max(1) - 1];
        let Some(&(end_ms, end)) = self.keys.get(after).filter(|_| after > 0) else { return start };
        let share = (ms - start_ms) as f32 / (end_ms - start_ms) as f32;
        start + (end - start) * share * share * (3.0 - 2.0 * share)
    }
}

/// Something that changes at once.
#[derive(Clone, Debug)]
pub(super) struct Steps<T> {
    keys: Vec<(u64, T)>,
}

impl<T: Copy> Steps<T> {
    pub(super) fn new(value: T) -> Self {
        Self { keys: vec![(0, value)] }
    }

    pub(super) fn set(&mut self, from_ms: u64, value: T) {
        self.keys.retain(|(at_ms, _)| *at_ms <= from_ms);
        self.keys.push((from_ms, value));
    }

    pub(super) fn at(&self, ms: u64) -> T {
        let after = self.keys.partition_point(|(at_ms, _)| *at_ms <= ms);
        self.keys[after.max(1) - 1].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ramps_ease_and_hold() {
        let mut track = Track::new(1.0);
        track.go(100, 100, 3.0);
        for (ms, expected) in [(0, 1.0), (100, 1.0), (150, 2.0), (200, 3.0), (9_999, 3.0)] {
            assert_eq!(track.at(ms), expected, "at {ms}");
        }
        track.go(150, 0, 7.0);
        assert_eq!((track.at(149) < 2.0, track.at(150), track.at(200)), (true, 7.0, 7.0));
    }

    #[test]
    fn a_ramp_from_the_start_has_no_past() {
        let mut track = Track::new(1.0);
        track.go(0, 0, 5.0);
        assert_eq!((track.at(0), track.at(10)), (5.0, 5.0));
    }

    #[test]
    fn steps_change_at_their_time() {
        let mut steps = Steps::new('a');
        steps.set(10, 'b');
        assert_eq!([0, 9, 10, 99].map(|ms| steps.at(ms)), ['a', 'a', 'b', 'b']);
    }
}
