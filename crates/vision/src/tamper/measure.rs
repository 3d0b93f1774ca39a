//! What is measured of a digit, and what each measure is called.
//!
//! Invariant: every measure is one that is the same for all digits of an untouched line, up to noise. Deliberately lacks limits; see
//! `font`.

/// How many measures a digit has.
pub const MEASURES: usize = 18;

/// What is measured of a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Off the pitch, in capitals.
    Across,
    /// Off the line, in capitals.
    Down,
    /// Wider or narrower than the form.
    Wide,
    /// Taller or lower than the form.
    Tall,
    /// Ink where the form has none, as a share of the form's ink.
    Extra,
    /// No ink where the form has some, likewise.
    Missing,
    /// What the fitted form leaves unexplained, in depths of ink (ln).
    Rest,
    /// How little the form resembles it (ln of 1 − correlation).
    Unlike,
    /// Darker than the others (ln).
    Dark,
    /// Fatter or thinner strokes than the others.
    Weight,
    /// Sharper or softer strokes than the others.
    Sharpness,
    /// Ink of another colour (red), in depths of ink.
    InkRed,
    /// The same in blue.
    InkBlue,
    /// Paper lighter or darker than beside it, in depths of ink.
    Ground,
    /// Paper of another colour (red) than beside it, in depths of ink.
    GroundRed,
    /// The same in blue.
    GroundBlue,
    /// More or less noise on the paper than around the others (ln).
    Noise,
    /// More or less pattern on the paper than around the others (ln).
    Texture,
}

impl Measure {
    pub const ALL: [Self; MEASURES] = [
        Self::Across,
        Self::Down,
        Self::Wide,
        Self::Tall,
        Self::Extra,
        Self::Missing,
        Self::Rest,
        Self::Unlike,
        Self::Dark,
        Self::Weight,
        Self::Sharpness,
        Self::InkRed,
        Self::InkBlue,
        Self::Ground,
        Self::GroundRed,
        Self::GroundBlue,
        Self::Noise,
        Self::Texture,
    ];

    /// Says of a digit that it differs by this.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Across => "stands off the pitch",
            Self::Down => "stands off the line",
            Self::Wide => "is wider or narrower than the printer's form",
            Self::Tall => "is taller or lower than the printer's form",
            Self::Extra => "has ink where the printer's form has none",
            Self::Missing => "lacks ink where the printer's form has some",
            Self::Rest | Self::Unlike => "does not have the printer's form",
            Self::Dark => "is darker or paler than the others",
            Self::Weight => "has strokes of another weight",
            Self::Sharpness => "is sharper or softer than the others",
            Self::InkRed | Self::InkBlue => "has ink of another colour",
            Self::Ground => "stands on lighter or darker ground",
            Self::GroundRed | Self::GroundBlue => "stands on ground of another colour",
            Self::Noise => "stands on ground with other noise",
            Self::Texture => "stands on ground with another pattern",
        }
    }
}

/// The measures of one digit, in the order of [`Measure::ALL`].
pub(super) type DigitMarks = [f32; MEASURES];
