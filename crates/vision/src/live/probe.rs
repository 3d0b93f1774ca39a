//! The insides of the analysis, for the tools that fit and measure it (`examples/live.rs`); not part of the product.

use frame::{Frame, Quad};
use inference::{Model, RunError};

use super::cells::Cells;
use super::gate::Likeness;
use super::params::LiveParams;
use super::tracker::Tracker;
use super::{text, trouble};
use crate::localise::Pyramid;

/// What the maps' net sees, cell by cell; empty if the corners enclose nothing.
#[must_use]
pub fn features(frame: &Frame, quad: &Quad) -> Vec<Vec<f32>> {
    let cells = Cells::of(&Pyramid::of(frame), quad);
    cells.map_or_else(Vec::new, |cells| trouble::features(&cells).iter().map(|f| f.to_vec()).collect())
}

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
