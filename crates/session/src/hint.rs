//! The one thing to do now, and what was wrong with a try.
//!
//! Invariant: [`HintCode`]s order themselves, most important first. Deliberately lacks prose.

use ktp::Field;

/// The hints, most important first (the order of the guide's table).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HintCode {
    /// No frames.
    CameraLost,
    /// Nothing found.
    NoCard,
    /// Not a KTP.
    OtherDocument,
    /// The back of the card.
    BackSide,
    /// Turned by 90° or more.
    UpsideDown,
    /// A corner lies outside.
    CutOff,
    /// The card is small in the frame.
    TooFar,
    /// The card fills the frame.
    TooClose,
    /// Perspective.
    Tilted,
    /// Something lies over fields.
    Obstructed,
    /// Fields are washed out.
    Glare,
    /// The text is too dark.
    TooDark,
    /// The text is too bright.
    TooBright,
    /// Text edges are soft.
    Blurry,
    /// The card moves.
    Moving,
    /// All is well.
    Hold,
    /// Taken.
    Captured,
}

impl HintCode {
    /// Every hint, most important first.
    pub const ALL: [Self; 17] = [
        Self::CameraLost,
        Self::NoCard,
        Self::OtherDocument,
        Self::BackSide,
        Self::UpsideDown,
        Self::CutOff,
        Self::TooFar,
        Self::TooClose,
        Self::Tilted,
        Self::Obstructed,
        Self::Glare,
        Self::TooDark,
        Self::TooBright,
        Self::Blurry,
        Self::Moving,
        Self::Hold,
        Self::Captured,
    ];
}

/// A direction as seen in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

/// The one thing to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Which.
    pub code: HintCode,
    /// [`HintCode::CutOff`]: where to move the card. [`HintCode::Glare`]: where to tilt it, away from the light.
    pub direction: Option<Direction>,
    /// [`HintCode::Obstructed`] and [`HintCode::Glare`]: the fields that are hidden, in card order.
    pub fields: Vec<Field>,
}

impl Hint {
    /// A hint that its code says in full.
    #[must_use]
    pub fn plain(code: HintCode) -> Self {
        Self { code, direction: None, fields: Vec::new() }
    }
}

/// What was wrong with a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// What actually failed, most important first; never empty.
    pub reasons: Vec<HintCode>,
    /// The fields that could not be read, in card order.
    pub fields: Vec<Field>,
}
