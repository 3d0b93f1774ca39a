//! What a voter says.
//!
//! Invariant: a suspicion of 1 is where suspecting begins, for every voter. Deliberately lacks weights.

use ktp::Field;

/// Who votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Voter {
    /// The NIK agrees with the birth date, sex and region codes.
    NikConsistency,
    /// Every digit of the NIK and the birth date has the shape, place, weight and ground of its neighbours.
    FontMatch,
    /// No pixel grid of a screen lies over the card.
    ScreenMoire,
    /// The card has colours, as no grey copy has.
    Photocopy,
    /// A lamp's image on the laminate wanders as the card is moved.
    SpecularCheck,
    /// Colours play on the card as it is moved.
    HologramCheck,
    /// The photograph's backdrop has the colour of the birth year. A hint.
    Backdrop,
}

impl Voter {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 7] = [
        Self::NikConsistency,
        Self::FontMatch,
        Self::ScreenMoire,
        Self::Photocopy,
        Self::SpecularCheck,
        Self::HologramCheck,
        Self::Backdrop,
    ];

    /// Its word for audit and interfaces; the partner's own where it has one.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NikConsistency => "nik_consistency",
            Self::FontMatch => "font_match",
            Self::ScreenMoire => "screen_moire",
            Self::Photocopy => "photocopy",
            Self::SpecularCheck => "specular_check",
            Self::HologramCheck => "hologram_check",
            Self::Backdrop => "backdrop",
        }
    }
}

/// A vote's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As a genuine card would be.
    Passed,
    /// As a genuine card hardly ever is.
    Suspect,
    /// There was not enough to go by.
    NotJudged,
}

impl Outcome {
    /// Its word for audit and interfaces.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Suspect => "suspect",
            Self::NotJudged => "not_judged",
        }
    }
}

/// One vote.
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    /// Whose.
    pub voter: Voter,
    /// What.
    pub outcome: Outcome,
    /// The measure it follows from, 1 where suspecting begins; `None` if not judged.
    pub suspicion: Option<f32>,
    /// The field it is about, if it is about one.
    pub field: Option<Field>,
    /// Why, in English, for staff and audit.
    pub reason: String,
}

impl Vote {
    pub(super) fn of(voter: Voter, suspicion: f32, reason: String) -> Self {
        let outcome = if suspicion >= 1.0 { Outcome::Suspect } else { Outcome::Passed };
        Self { voter, outcome, suspicion: Some(suspicion), field: None, reason }
    }

    pub(super) fn about(self, field: Field) -> Self {
        Self { field: Some(field), ..self }
    }

    pub(super) fn not_judged(voter: Voter, reason: &str) -> Self {
        Self { voter, outcome: Outcome::NotJudged, suspicion: None, field: None, reason: reason.to_owned() }
    }
}
