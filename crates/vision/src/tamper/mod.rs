//! Signs that a card, or a picture of it, was tampered with.
//!
//! [`Marks`] are a few numbers measured on one picture of a card; [`judge`] turns the marks of one card's pictures, and
//! what was read, into one [`Vote`] per voter. Invariants: a vote annotates and never refuses; what cannot be judged
//! is [`Outcome::NotJudged`], which is not a suspicion; a reason names measures and places, never a value of the card.
//! Deliberately lacks a verdict over all votes, which is the gateway's, and nets.

mod cell;
mod colour;
mod fit;
mod font;
mod forms;
mod marks;
mod measure;
mod nik;
mod params;
mod pattern;
mod shine;
mod strip;
#[cfg(test)]
mod tests;
mod vote;

pub use font::{DigitLine, digit_lines};
pub use marks::{Marks, judge};
pub use measure::MEASURES;
pub use params::TamperParams;
pub use vote::{Outcome, Vote, Voter};
