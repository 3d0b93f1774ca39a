//! The insides of the analysis, for the tools that fit and measure it (`examples/live.rs`); not part of the product.

use frame::{Frame, Quad};
use inference::{Model, RunError};

use super::cells::Cells;
use super::gate::Likeness;
use super::params::LiveParams;
use super::text;
use super::tracker::Tracker;
use crate::localise::Pyramid;

/// Likeness of texture and of luma to a KTP, and the raw sharpness measure.
#[must_use]
pub fn print(frame: &Frame, quad: &Quad) -> Option<[f32; 3]> {
    let cells = Cells::of(&Pyramid::of(frame), quad)?;
    let likeness = Likeness::of(&cells);
    Some([likeness.texture, likeness.luma, text::raw(frame, quad).unwrap_or(0.0)])
}

/// Where the tracker alone would put a card.
pub fn find(model: &dyn Model, frame: &Frame) -> Result<Option<(Quad, f32)>, RunError> {
    let params = LiveParams::default();
    let mut tracker = Tracker::default();
    let pyramid = Pyramid::of(frame);
    let mut seen = None;
    for _ in 0..8 {
        seen = tracker.step(model, &pyramid, true, &params.track)?;
    }
    Ok(seen.map(|s| (s.quad, s.score)))
}

/// What is seen of cards that are no KTP's front: two looks at the same picture.
#[must_use]
pub fn stranger(frame: &Frame) -> Option<(Quad, super::Sight)> {
    let (pyramid, params) = (Pyramid::of(frame), LiveParams::default());
    let mut strangers = super::stranger::Strangers::default();
    (0..2 * params.stranger.every).filter_map(|_| strangers.step(&pyramid, &params.stranger)).last()
}

/// Likeness of the better way up, texture over paper, and the numbers that tell a back: red, blue, odd share.
#[must_use]
pub fn stranger_numbers(frame: &Frame) -> Option<(Quad, [f32; 5])> {
    super::stranger::numbers(&Pyramid::of(frame), &LiveParams::default().stranger)
}
