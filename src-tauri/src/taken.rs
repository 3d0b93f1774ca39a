//! A card as the guided capture took it, with the moment it was taken by this machine's clock.
//!
//! Invariant: `Debug` shows no value. Deliberately lacks anything but what review and submission need.

use std::collections::BTreeMap;

use jiff::Timestamp;
use vision::Reading;

use crate::controller::Places;

/// A card and when it was taken.
#[derive(Debug)]
pub(crate) struct TakenCard {
    /// What was read, with its frames.
    pub card: engine::live::TakenCard,
    /// When its first frame was taken.
    pub captured_at: Timestamp,
}

impl TakenCard {
    /// What was read.
    pub(crate) fn reading(&self) -> &Reading {
        &self.card.scan.reading
    }

    /// The fields' outlines on the straightened card; none are known yet, and the window then shows none.
    pub(crate) fn places(&self) -> Places {
        BTreeMap::new()
    }
}
