//! The server's clock: the machine's time plus a skew that tests and faults may change.
//! Invariant: everything the server stores, signs or puts into a `Date` header comes from here.
//! Deliberately lacks a frozen mode: answers must keep ageing while a test runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::{SignedDuration, Timestamp};

/// A clock that can be wrong by a chosen amount. Clones share the skew.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    skew_ms: Arc<AtomicI64>,
}

impl Clock {
    /// A clock that is `skew_ms` ahead of the machine's (negative: behind).
    pub fn skewed(skew_ms: i64) -> Self {
        Self { skew_ms: Arc::new(AtomicI64::new(skew_ms)) }
    }

    /// Current server time.
    pub fn now(&self) -> Timestamp {
        Timestamp::now().saturating_add(SignedDuration::from_millis(self.skew_ms())).unwrap_or(Timestamp::MAX)
    }

    /// The skew in force, in milliseconds.
    pub fn skew_ms(&self) -> i64 {
        self.skew_ms.load(Ordering::SeqCst)
    }

    /// Sets the skew, in milliseconds ahead of the machine's clock.
    pub fn set_skew_ms(&self, skew_ms: i64) {
        self.skew_ms.store(skew_ms, Ordering::SeqCst);
    }

    /// The current time as an HTTP date (whole seconds, as the header demands).
    pub fn http_date(&self) -> String {
        let seconds = u64::try_from(self.now().as_second()).unwrap_or(0);
        let time: SystemTime = UNIX_EPOCH + Duration::from_secs(seconds);
        httpdate::fmt_http_date(time)
    }
}

/// ISO 8601 with milliseconds, the form of every instant but those of verification rows.
pub fn iso_ms(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// ISO 8601 with whole seconds: what the contract's example shows for verification and history rows.
pub fn iso_s(at: Timestamp) -> String {
    let whole = Timestamp::from_second(at.as_second()).unwrap_or(at);
    format!("{whole:.0}")
}
