//! The partner's clock, as seen through the `Date` headers of its answers.
//!
//! Challenges expire and records are dated by that clock, and ours may be years off after a power
//! cut. Invariant: without any answer yet, our own clock stands in.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

use crate::port::Clock;
use crate::retry_after;

/// `Date` has whole seconds, cut off: on average half a second early.
const HALF_A_SECOND_MS: i64 = 500;

pub(super) struct PartnerClock {
    ours: Clock,
    ahead_ms: AtomicI64,
}

impl PartnerClock {
    pub(super) fn new(ours: Clock) -> Self {
        Self { ours, ahead_ms: AtomicI64::new(0) }
    }

    /// Our own clock.
    pub(super) fn ours(&self) -> Timestamp {
        (self.ours)()
    }

    /// The partner's clock.
    pub(super) fn now(&self) -> Timestamp {
        let ahead = SignedDuration::from_millis(self.ahead_ms.load(Ordering::Relaxed));
        self.ours().saturating_add(ahead).unwrap_or(Timestamp::MAX)
    }

    /// Takes in one answer's `Date` header; the answer was written between `sent` and now.
    pub(super) fn observe(&self, date: &str, sent: Timestamp) {
        let Some(date) = retry_after::http_date(date) else { return };
        let received = self.ours().as_millisecond();
        let middle = sent.as_millisecond() + (received - sent.as_millisecond()) / 2;
        self.ahead_ms.store(date.as_millisecond() + HALF_A_SECOND_MS - middle, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_date_header_sets_the_clock_and_nonsense_does_not() {
        let ours: Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
        let clock = PartnerClock::new(Arc::new(move || ours));
        assert_eq!(clock.now(), ours);
        clock.observe("Tue, 01 Sep 2026 03:00:00 GMT", ours);
        assert_eq!(clock.now(), "2026-09-01T03:00:00.500Z".parse().unwrap());
        clock.observe("yesterday", ours);
        assert_eq!(clock.now(), "2026-09-01T03:00:00.500Z".parse().unwrap());
    }
}
