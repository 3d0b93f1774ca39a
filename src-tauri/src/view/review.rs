//! What was read, for staff to check beside the card.
//!
//! Invariant: a correction never replaces what was read; both are shown and both are kept.

use serde::Serialize;

use super::{PointView, StepView};

/// What was read, beside the card. The straightened card itself comes from the command `card_picture`.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ReviewView {
    /// Where we are.
    pub step: StepView,
    /// The fields in card order.
    pub fields: Vec<FieldView>,
    /// What disagrees, warnings first.
    pub issues: Vec<IssueView>,
    /// Signs of tampering that this device saw: notes, which hinder nothing.
    pub signs: Vec<SignView>,
    /// Whether the NIK is shown in full.
    pub is_nik_shown: bool,
    /// Fields without which it cannot be sent, keys; empty when it can be.
    pub missing: Vec<String>,
    /// Changes that can be undone.
    pub undo_steps: u32,
}

impl std::fmt::Debug for ReviewView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "review of {} fields", self.fields.len())
    }
}

/// One field.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// Key of `ktp::Field`, such as `fullName`.
    pub key: String,
    /// The value as it will be sent, normalised; `None` if nobody knows it. A NIK is masked unless it is shown.
    pub value: Option<String>,
    /// What was read, if a person corrected it.
    pub original: Option<String>,
    /// Whether a person should look at it.
    pub needs_check: bool,
    /// Whether it must be there.
    pub is_required: bool,
    /// The words it is chosen from, if there are only so many.
    pub choices: Vec<String>,
    /// Its place on the straightened card, if known: outline as shares of that picture.
    pub place: Option<[PointView; 4]>,
    /// Why the last correction was not taken, if it was not.
    pub rejected: Option<FieldProblem>,
}

/// Why a correction was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FieldProblem {
    /// It may not be empty.
    Empty,
    /// A NIK has 16 digits.
    NotSixteenDigits,
    /// No date of the calendar; dates are `YYYY-MM-DD`.
    NotADate,
    /// Not `NNN/NNN`.
    NotRtRw,
    /// None of the words a card can carry.
    UnknownWord,
    /// Longer than a card can carry, or signs it cannot carry.
    NotPrintable,
}

/// Something that disagrees.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct IssueView {
    /// Code of `ktp::IssueCode`, such as `nik_birth_date_differs`.
    pub code: String,
    /// Whether a person must look, or may.
    pub is_warning: bool,
    /// The fields it is about, keys.
    pub fields: Vec<String>,
    /// A value that would settle it, where we are sure.
    pub fix: Option<FixView>,
}

/// One sign of tampering. The NIK's contradictions are not among them: as [`IssueView`]s they follow corrections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SignView {
    /// What was seen.
    pub code: SignCode,
    /// The field it is about, a key, if it is about one.
    pub field: Option<String>,
}

/// What was seen on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum SignCode {
    /// A digit that stands out of its line.
    FontMatch,
    /// The pixel grid of a screen.
    ScreenMoire,
    /// A card without a card's colours.
    Photocopy,
    /// A highlight that stays where it is as the card moves.
    SpecularCheck,
    /// A backdrop of the wrong colour for the birth year.
    Backdrop,
}

/// One tap that settles an issue.
#[derive(Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FixView {
    /// The field, a key.
    pub key: String,
    /// Its value then.
    pub value: String,
}
