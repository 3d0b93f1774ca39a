//! A clock that stands still until a test moves it.
//!
//! Invariant: clones share one time. Deliberately lacking: real time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

/// A shared time, moved by hand.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Timestamp>>);

impl ManualClock {
    /// A clock at this time.
    pub fn at(now: Timestamp) -> ManualClock {
        ManualClock(Arc::new(Mutex::new(now)))
    }

    /// The time it shows.
    pub fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Move it forward and return the new time.
    ///
    /// # Panics
    /// Past the year 9999.
    pub fn advance(&self, by: Duration) -> Timestamp {
        let later = self.now() + by;
        self.set(later);
        later
    }

    /// Move it to any time, also backwards, as a corrected system clock does.
    pub fn set(&self, now: Timestamp) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Default for ManualClock {
    /// 1 September 2026, 10:00 in Jakarta.
    fn default() -> ManualClock {
        ManualClock::at("2026-09-01T03:00:00Z".parse().expect("a time"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_the_time() {
        let clock = ManualClock::default();
        let other = clock.clone();
        let before = clock.now();
        other.advance(Duration::from_secs(90));
        assert_eq!(clock.now().as_second() - before.as_second(), 90);
    }
}
