//! What reading one picture gives.
//!
//! Invariant: `fields` holds an entry only for fields some text was found for; `value` is normalised by
//! [`ktp::normalise`] or absent. `Debug` shows verdicts and confidences, no text. Deliberately lacks the pixels of
//! intermediate steps.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use frame::{Frame, Quad};
use ktp::{Field, Fields};

use crate::Quality;
use crate::assemble::Layout;
use crate::recognise::LineReading;

/// What the picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A KTP whose labels could be read.
    Ktp,
    /// Nothing that looks like a card with text.
    NoCard,
    /// Text, but not a KTP's labels: another document, the back side, or a card too poor to tell.
    OtherDocument,
}

/// One field's text and how much it can be trusted.
#[derive(Clone, PartialEq)]
pub struct FieldReading {
    /// The normalised value; `None` if the reader abstains.
    pub value: Option<String>,
    /// What was read, before normalising.
    pub printed: String,
    /// Estimated probability that the value is exactly right, 0–1.
    pub confidence: f32,
    /// What the confidence was computed from.
    pub trust: Trust,
}

/// Signs of trust in a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trust {
    /// Log-probability of the value under the recogniser, averaged over all crops that were tried.
    pub log_likelihood: f32,
    /// Log-probability of the value against its rivals, knowledge included; 0 where there are none.
    pub log_posterior: f32,
    /// Characters compared.
    pub length: usize,
    /// Another source agrees: a list holds it, or NIK and birth date match.
    pub supported: bool,
}

impl Trust {
    pub(crate) const NONE: Self =
        Self { log_likelihood: f32::NEG_INFINITY, log_posterior: 0.0, length: 0, supported: false };
}

impl fmt::Debug for FieldReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.value.is_some() { "answered" } else { "abstained" };
        write!(f, "{state} at {:.2}", self.confidence)
    }
}

/// How long the steps took, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Timings {
    /// Finding the card.
    pub localise_ms: f64,
    /// Straightening it, finding and reading the lines, assembling the fields.
    pub read_ms: f64,
    /// Everything.
    pub total_ms: f64,
}

/// Where a line of print lies on the rectified card: lengths in shares of its width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrintedLine {
    /// Where the text ends.
    pub right: f32,
    /// The line's centre is y = `offset` + `slope` · x.
    pub offset: f32,
    /// dy/dx.
    pub slope: f32,
    /// Height of a capital.
    pub height: f32,
}

/// The outcome of reading one picture.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What the picture shows.
    pub verdict: Verdict,
    /// The card's corners in the picture, in the card's own order; `None` without a card.
    pub quad: Option<Quad>,
    /// The straightened card with a margin of 2.5 % on each side; `None` without a card.
    pub rectified: Option<Frame>,
    /// The fields that were found.
    pub fields: BTreeMap<Field, FieldReading>,
    /// Where NIK and birth date end their lines, if they do.
    pub lines: BTreeMap<Field, PrintedLine>,
    /// How good the picture is.
    pub quality: Quality,
    /// How long it took.
    pub timings: Timings,
    /// What the fields were decoded from, for [`crate::fuse`].
    pub evidence: CardEvidence,
}

/// The recogniser's probabilities of one card's lines and their layout; nothing for readings that were not read here. Its
/// `Debug` shows nothing.
#[derive(Clone, Default)]
pub struct CardEvidence(pub(crate) Option<Arc<(Vec<LineReading>, Layout)>>);

impl fmt::Debug for CardEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "evidence" } else { "no evidence" })
    }
}

impl Reading {
    /// The answered values.
    #[must_use]
    pub fn fields(&self) -> Fields {
        self.fields.iter().filter_map(|(field, reading)| Some((*field, reading.value.clone()?))).collect()
    }

    /// The confidence of a field; 0 if it was not found.
    #[must_use]
    pub fn confidence(&self, field: Field) -> f32 {
        self.fields.get(&field).map_or(0.0, |reading| reading.confidence)
    }
}
