//! What is measured on one picture of a card, and the panel's votes on all pictures of it.
//!
//! Invariant: marks hold numbers, no pixels of the card's print; they may be kept as long as a reading. Deliberately lacks
//! the pictures themselves.

use std::fmt;

use frame::Frame;
use jiff::civil::Date;

use super::colour::{self, ColourMarks};
use super::font::{self, FontMarks};
use super::params::TamperParams;
use super::shine::{self, ShineMarks};
use super::vote::Vote;
use super::{nik, pattern};
use crate::reading::Reading;

/// The numbers of one picture.
#[derive(Clone, PartialEq)]
pub struct Marks {
    colour: Option<ColourMarks>,
    font: Option<FontMarks>,
    peak: Option<f32>,
    shine: Option<ShineMarks>,
}

/// Coarse maps of brightness say little to whoever reads a log.
impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("marks of one picture")
    }
}

impl Marks {
    /// Measures a picture and its own reading; `None` without a card.
    #[must_use]
    pub fn of(picture: &Frame, reading: &Reading, params: &TamperParams) -> Option<Self> {
        let (card, quad) = (reading.rectified.as_ref()?, reading.quad?);
        Some(Self {
            colour: colour::measure(card),
            font: font::measure(card, reading, params),
            peak: pattern::peak(picture, &quad),
            shine: shine::measure(card, &quad),
        })
    }

    /// Measures a few pictures of a burst of one card, as far apart as they come: what moves has moved then, and measuring
    /// one takes nearly as long as reading it.
    #[must_use]
    pub fn of_burst(cards: &[(Reading, Frame)], params: &TamperParams) -> Vec<Self> {
        let apart = cards.len().div_ceil(MEASURED).max(1);
        let some = cards.iter().step_by(apart);
        some.filter_map(|(reading, picture)| Self::of(picture, reading, params)).collect()
    }
}

/// Pictures of a burst that are measured.
const MEASURED: usize = 3;

/// One vote per voter on the pictures of one card and what they say together, in the order of
/// [`Voter::ALL`](super::Voter::ALL).
#[must_use]
pub fn judge(pictures: &[Marks], reading: &Reading, today: Date, params: &TamperParams) -> Vec<Vote> {
    let middle =
        |of: &dyn Fn(&Marks) -> Option<f32>| colour::median(pictures.iter().filter_map(of).collect());
    let mut fonts: Vec<FontMarks> = pictures.iter().filter_map(|marks| marks.font).collect();
    fonts.sort_by(|a, b| a.suspicion.total_cmp(&b.suspicion));
    let shine: Vec<&ShineMarks> = pictures.iter().filter_map(|marks| marks.shine.as_ref()).collect();
    vec![
        nik::vote(reading, today, params),
        font::vote(fonts.get(fonts.len() / 2).copied()),
        pattern::vote(middle(&|marks| marks.peak), params),
        colour::photocopy(middle(&|marks| marks.colour.map(|colour| colour.distance)), params),
        shine::specular(&shine, params),
        shine::hologram(&shine, params),
        colour::backdrop_vote(
            middle(&|marks| marks.colour.and_then(|colour| colour.backdrop)),
            reading,
            params,
        ),
    ]
}
