//! Settings of the guided selfie.
//!
//! Invariant: every value is one a person can be asked for; what is out of bounds is an error when it is read.
//! Deliberately absent: thresholds, which are not for an installation to choose.

use serde::{Deserialize, Serialize};

/// Bounds of [`SelfieConfig::gestures`]: there are three, and each is asked for once.
pub const GESTURES: std::ops::RangeInclusive<u8> = 0..=3;

/// Settings of the guided selfie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SelfieConfig {
    /// How many gestures are asked for, drawn anew for every try, 0–3. With none, nothing shows on this device that
    /// somebody living was there.
    pub gestures: u8,
}

impl Default for SelfieConfig {
    fn default() -> Self {
        // Two of three in any order: six sequences, and ten seconds of a customer's time.
        Self { gestures: 2 }
    }
}
