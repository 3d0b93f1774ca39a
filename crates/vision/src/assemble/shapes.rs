//! Labels by the shape of their ribbons: what can be said of a label that nobody read.
//!
//! Invariant: a shape is weaker evidence than letters, and never counts for a label that was read. Shapes are shares of the
//! card's width. Deliberately lacks heights: labels differ in length and indent alone.

use super::LABEL_COLUMN;
use super::labels::Label;
use crate::lines::{CANVAS_WIDTH_PX, MARGIN, Ribbon, TextLine, canvas_x};

/// Where labels start, flush and indented (measured on real cards).
const FLUSH: f32 = 0.026;
const INDENTED: f32 = 0.081;
/// Lefts up to here are those of flush labels.
const FLUSH_UP_TO: f32 = 0.06;
/// Where `Gol. Darah` starts.
const BLOOD: f32 = 0.486;
/// Labels up to this length are read in any case: `NIK`, `Nama`, `Alamat`, `RT/RW` and `Agama`. Fit: the longest of them and
/// the shortest of the others on sixteen synthetic cards.
const SHORT: f32 = 0.099;
/// Ribbons shorter than this are specks.
const SPECK: f32 = 0.04;
/// How far lefts and lengths of ribbons scatter: cells of an eightieth of the canvas, faces from narrow to wide.
const LEFT_SD: f32 = 0.011;
const LENGTH_SD: f32 = 0.010;
const STRETCH_SD: f32 = 0.07;
/// Squared deviations up to this are a fit.
const FITTING: f32 = 6.0;

/// A label's ribbon.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shape {
    pub left: f32,
    pub right: f32,
}

impl Shape {
    /// On a card whose print lies this far right of its usual place.
    pub fn of(line: &TextLine, column: f32) -> Self {
        let share = |x: f32| (x / CANVAS_WIDTH_PX as f32 - MARGIN) / (1.0 - 2.0 * MARGIN) - column;
        Self { left: share(line.left), right: share(line.right) }
    }

    /// The ribbon of all fragments together; `None` for specks.
    pub fn of_all<'a>(lines: impl Iterator<Item = &'a TextLine>, column: f32) -> Option<Self> {
        let both = |a: Self, b: Self| Self { left: a.left.min(b.left), right: a.right.max(b.right) };
        lines.map(|line| Self::of(line, column)).reduce(both).filter(|shape| shape.length() > SPECK)
    }

    fn length(self) -> f32 {
        self.right - self.left
    }

    /// Squared deviation from how a label is printed, in standard deviations.
    pub fn deviation(self, label: Label) -> f32 {
        let (left, length) = printed(label);
        let spread = LENGTH_SD.hypot(STRETCH_SD * length);
        ((self.left - left) / LEFT_SD).powi(2) + ((self.length() - length) / spread).powi(2)
    }

    pub fn fits(self, label: Label) -> bool {
        self.deviation(label) < FITTING
    }
}

/// Left end and length: medians of ribbons whose labels were read.
const fn printed(label: Label) -> (f32, f32) {
    match label {
        Label::Nik => (FLUSH, 0.079),
        Label::Name => (FLUSH, 0.076),
        Label::Birth => (FLUSH, 0.197),
        Label::Gender => (FLUSH, 0.160),
        Label::Blood => (BLOOD, 0.131),
        Label::Address => (FLUSH, 0.088),
        Label::RtRw => (INDENTED, 0.092),
        Label::Village => (INDENTED, 0.114),
        Label::District => (INDENTED, 0.132),
        Label::Religion => (FLUSH, 0.088),
        Label::Marital => (FLUSH, 0.222),
        Label::Occupation => (FLUSH, 0.118),
        Label::Nationality => (FLUSH, 0.213),
        Label::ValidUntil => (FLUSH, 0.182),
    }
}

/// How far right of its usual place the print of this card lies, from the labels at its flush column.
pub(crate) fn column<'a>(lines: impl Iterator<Item = &'a TextLine>) -> f32 {
    let labels = lines.filter(|line| line.ribbon == Ribbon::Label).map(|line| Shape::of(line, 0.0));
    let mut lefts: Vec<f32> = labels.map(|shape| shape.left).filter(|left| *left < FLUSH_UP_TO).collect();
    lefts.sort_by(f32::total_cmp);
    lefts.get(lefts.len() / 2).map_or(0.0, |left| left - FLUSH)
}

/// Which lines are worth reading at first: all but long labels that lie where labels lie, which say little that their
/// values, their shapes and the short labels do not.
pub(crate) fn first_looks(lines: &[TextLine]) -> Vec<bool> {
    let column = column(lines.iter());
    let is_long_label = |line: &TextLine| {
        let shape = Shape::of(line, column);
        let fits = |label: &Label| printed(*label).1 > SHORT && shape.fits(*label);
        line.ribbon == Ribbon::Label && shape.length() > SHORT && Label::ALL.iter().any(fits)
    };
    lines.iter().map(|line| !is_long_label(line)).collect()
}

/// Whether a line may be the ribbon of a row's label.
pub(super) fn is_row_label(line: &TextLine) -> bool {
    line.ribbon == Ribbon::Label && line.left < canvas_x(LABEL_COLUMN)
}
