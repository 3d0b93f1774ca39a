//! The one place that reads clock, randomness and environment.
//!
//! Invariant: everything else takes them as arguments. Deliberately absent: decisions.

use std::ffi::OsString;

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use uuid::Uuid;

/// The present moment.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// Today where this machine stands.
pub fn today() -> Date {
    Zoned::now().date()
}

/// A fresh name for a capture, ordered by time of making.
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}

/// A fresh name that tells nothing, not even when it was made.
pub fn random_id() -> Uuid {
    Uuid::new_v4()
}

/// An environment variable.
pub fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// A number in 0..1, evenly spread.
pub fn random() -> f64 {
    rand::random()
}
