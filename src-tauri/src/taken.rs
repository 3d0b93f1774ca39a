//! Card and selfie as the guided captures took them, with the moment they were taken by this machine's clock.
//!
//! Invariant: `Debug` shows no value. Deliberately lacks anything but what review and submission need.

use jiff::Timestamp;
use vision::Reading;

use crate::controller::Places;
use crate::view::{FaceVerdict, FaceVoteView, PointView};

/// A selfie, when it was taken, and what was found out about it.
#[derive(Debug)]
pub(crate) struct TakenSelfie {
    /// Its pictures.
    pub selfie: engine::live::TakenSelfie,
    /// When the best was taken.
    pub captured_at: Timestamp,
    /// What this device makes of it.
    pub verdict: FaceVerdict,
    /// Vote by vote.
    pub votes: Vec<FaceVoteView>,
    /// Whether frames show the light of its challenge.
    pub has_light: bool,
}

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

    /// The fields' outlines on the straightened card, as cards usually carry them: right to about a row.
    pub(crate) fn places(&self) -> Places {
        /// Of the straightened picture, on each side of the card.
        const MARGIN: f32 = 0.025;
        let share = |of_card: f32| MARGIN + (1.0 - 2.0 * MARGIN) * of_card;
        let point = |at: frame::Point| PointView { x: share(at.x), y: share(at.y) };
        let outlines = vision::live::field_places().into_iter();
        outlines.map(|(field, quad)| (field, quad.0.map(point))).collect()
    }
}
