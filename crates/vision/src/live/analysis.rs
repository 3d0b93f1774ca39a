//! [`Analysis`]: what was seen in one frame.
//!
//! Invariant: numbers are finite; without a card (`quad` is `None`) all measures are zero and all lists empty.
//! Deliberately lacks thresholds.

use std::time::Duration;

use frame::Quad;
use ktp::Field;

use super::CardMap;

/// What the frame shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sight {
    /// No card.
    Nothing,
    /// The front of a KTP.
    Ktp,
    /// A card that looks like the back of a KTP.
    BackSide,
    /// A card or paper that is not a KTP.
    OtherDocument,
}

/// A side of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Top.
    Top,
    /// Bottom.
    Bottom,
}

/// What was seen in one frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The time given with the frame.
    pub at_ms: u64,
    /// What the frame shows.
    pub sight: Sight,
    /// The card's corners in its own order (top left, top right, bottom right, bottom left), in frame pixels.
    pub quad: Option<Quad>,
    /// Sides of the frame that cut the card off.
    pub cut_off: Vec<Side>,
    /// Longest side of the card over the frame's width (for a card turned by a quarter: over its height).
    pub width_share: f32,
    /// Angle between the card and the picture's plane, in degrees.
    pub perspective_degrees: f32,
    /// Turn of the card in the picture's plane, −180 to 180 degrees, clockwise positive.
    pub rotation_degrees: f32,
    /// Speed of the fastest corner, in card widths a second.
    pub motion: f32,
    /// Sharpness of the text, 0–1; from 0.5 on the text can be read.
    pub sharpness: f32,
    /// Luma of the card's paper, 0–1.
    pub brightness: f32,
    /// Where light washes the card out.
    pub glare: CardMap,
    /// Where something lies over the card.
    pub cover: CardMap,
    /// Fields hidden by glare, in card order.
    pub glare_fields: Vec<Field>,
    /// Fields hidden by something over the card, in card order.
    pub covered_fields: Vec<Field>,
    /// How long the analysis took.
    pub took: Duration,
}

impl Analysis {
    /// A frame without a card.
    #[must_use]
    pub fn nothing(at_ms: u64) -> Self {
        Self {
            at_ms,
            sight: Sight::Nothing,
            quad: None,
            cut_off: Vec::new(),
            width_share: 0.0,
            perspective_degrees: 0.0,
            rotation_degrees: 0.0,
            motion: 0.0,
            sharpness: 0.0,
            brightness: 0.0,
            glare: CardMap::empty(),
            cover: CardMap::empty(),
            glare_fields: Vec::new(),
            covered_fields: Vec::new(),
            took: Duration::ZERO,
        }
    }
}
