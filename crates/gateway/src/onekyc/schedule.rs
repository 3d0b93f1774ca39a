//! When to ask again: repeating a failed call, and polling a submission.
//!
//! Invariant: pure; randomness is an argument in 0..1.
//! Lacks on purpose: waiting for a better moment than these seconds; that is the queue's business.

use std::sync::Arc;
use std::time::Duration;

/// Gives numbers in 0..1; injected, so that tests decide them.
pub type Jitter = Arc<dyn Fn() -> f64 + Send + Sync>;

/// How a call is repeated (contract A.9).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RetryParams {
    /// The first one included: 4.
    pub tries: u32,
    /// Longest wait before the second try: 0.5 s; it doubles.
    pub first: Duration,
    /// No wait of ours is longer: 8 s.
    pub longest: Duration,
    /// A partner's wish up to this is waited for within the call; a longer one is the caller's to schedule.
    pub longest_wish: Duration,
}

impl Default for RetryParams {
    fn default() -> Self {
        Self {
            tries: 4,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            longest_wish: Duration::from_secs(10),
        }
    }
}

impl RetryParams {
    /// The wait after the `failed`-th try (from 1); `None` if there is no further one.
    #[must_use]
    pub fn wait(&self, failed: u32, wish: Option<Duration>, random: f64) -> Option<Duration> {
        if failed >= self.tries || wish.is_some_and(|wish| wish > self.longest_wish) {
            return None;
        }
        let doubled = self.first.saturating_mul(2_u32.saturating_pow(failed.saturating_sub(1)));
        let full_jitter = doubled.min(self.longest).mul_f64(random.clamp(0.0, 1.0));
        Some(full_jitter.max(wish.unwrap_or_default()))
    }
}

/// How a submission is polled (contract A.4.4; nothing is documented, the numbers are ours).
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PollParams {
    /// After the confirmation: 1 s.
    pub first: Duration,
    /// After the first poll: 2 s.
    pub second: Duration,
    /// Each further one: 1.5.
    pub factor: f64,
    /// At most: 5 s.
    pub longest: Duration,
    /// ± this share: 0.2.
    pub spread: f64,
    /// While somebody waits: 90 s in all.
    pub budget: Duration,
    /// Afterwards, for ten minutes: 60 s.
    pub patient: Duration,
    /// Then: 10 min.
    pub rare: Duration,
    /// After this nobody asks any more: 24 h.
    pub give_up: Duration,
}

impl Default for PollParams {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            second: Duration::from_secs(2),
            factor: 1.5,
            longest: Duration::from_secs(5),
            spread: 0.2,
            budget: Duration::from_secs(90),
            patient: Duration::from_secs(60),
            rare: Duration::from_secs(600),
            give_up: Duration::from_secs(24 * 3600),
        }
    }
}

const PATIENT_FOR: Duration = Duration::from_secs(600);

impl PollParams {
    /// The wait before the poll that follows `polls` earlier ones, `since` the confirmation. `None`: give up.
    #[must_use]
    pub fn wait(&self, polls: u32, since: Duration, random: f64) -> Option<Duration> {
        if since >= self.give_up {
            return None;
        }
        if since >= self.budget {
            return Some(if since < PATIENT_FOR { self.patient } else { self.rare });
        }
        let exact = match polls {
            0 => self.first,
            // Beyond thirty steps the cap holds anyway.
            later => {
                let steps = i32::try_from(later.min(30) - 1).unwrap_or(0);
                self.second.mul_f64(self.factor.powi(steps)).min(self.longest)
            }
        };
        Some(exact.mul_f64(1.0 + self.spread * (2.0 * random.clamp(0.0, 1.0) - 1.0)))
    }

    /// Whether the time is over in which somebody waits before a screen.
    #[must_use]
    pub fn is_over(&self, since: Duration) -> bool {
        since >= self.budget
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ms(wait: Option<Duration>) -> Option<u128> {
        wait.map(|wait| wait.as_millis())
    }

    #[test]
    fn calls_are_tried_four_times_and_wishes_are_heard() {
        let params = RetryParams::default();
        let longest: Vec<_> = (1..=4).map(|failed| ms(params.wait(failed, None, 1.0))).collect();
        assert_eq!(longest, [Some(500), Some(1000), Some(2000), None]);
        assert_eq!(ms(params.wait(1, Some(Duration::from_secs(7)), 0.5)), Some(7000));
        assert_eq!(params.wait(1, Some(Duration::from_secs(60)), 0.5), None);
    }

    #[test]
    fn polls_grow_slower_and_end() {
        let params = PollParams::default();
        let waits: Vec<_> =
            (0..6).map(|polls| ms(params.wait(polls, Duration::ZERO, 0.5)).unwrap()).collect();
        assert_eq!(waits, [1000, 2000, 3000, 4500, 5000, 5000]);
        let after = |seconds| ms(params.wait(30, Duration::from_secs(seconds), 0.0));
        assert_eq!(after(89), Some(4000));
        assert_eq!((after(90), after(599), after(600)), (Some(60_000), Some(60_000), Some(600_000)));
        assert_eq!(after(24 * 3600), None);
    }

    proptest! {
        #[test]
        fn waits_are_bounded(failed: u32, polls: u32, since_s in 0u64..200_000, random: f64) {
            let wait = RetryParams::default().wait(failed, None, random);
            prop_assert!(wait.is_none_or(|wait| wait <= Duration::from_secs(8)));
            let wait = PollParams::default().wait(polls, Duration::from_secs(since_s), random);
            prop_assert!(wait.is_none_or(|wait| wait <= Duration::from_secs(600)));
        }
    }
}
