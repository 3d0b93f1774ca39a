//! The one place that reads clock, randomness and environment.
//!
//! Invariant: everything else takes them as arguments. Deliberately absent: decisions.

use std::ffi::OsString;

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use secrecy::SecretString;
use uuid::Uuid;
use zeroize::Zeroizing;

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

/// Fresh random bytes for a key, as hexadecimal digits.
pub fn random_key<const BYTES: usize>() -> SecretString {
    let bytes = Zeroizing::new(rand::random::<[u8; BYTES]>());
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect::<String>().into()
}

/// A number in 0..1, evenly spread.
pub fn random() -> f64 {
    rand::random()
}
