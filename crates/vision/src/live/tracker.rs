//! Following the card from frame to frame with one or two runs of the localiser.
//!
//! A card that is followed costs one run on its own crop; a card that is looked for costs one on the whole picture and
//! one on the crop found. Invariant: at most three runs a frame. Deliberately lacks prediction: at 30 frames a second a
//! hand moves less than the crop's margin.

use frame::Quad;
use inference::{Model, RunError};

use super::params::TrackParams;
use super::pose::largest_move;
use crate::localise::{Candidate, Localiser, Pyramid};
use crate::params::LocaliseParams;

/// Which way the picture is turned for the next first looks: upright half of the time.
const TURNS: [u8; 6] = [0, 1, 0, 3, 0, 2];

#[derive(Debug, Default)]
pub(super) struct Tracker {
    last: Option<Candidate>,
    /// Frames since the whole picture was looked at.
    since_look: u32,
    turn: usize,
    localise: LocaliseParams,
}

/// What the tracker saw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sighting {
    pub quad: Quad,
    /// The localiser's.
    pub score: f32,
    /// Seen for the first time: not the continuation of the last frame.
    pub is_new: bool,
}

impl Tracker {
    /// The card in this frame. `trusted`: the last sighting was a KTP, so there is no need to look elsewhere.
    pub fn step(
        &mut self,
        model: &dyn Model,
        pyramid: &Pyramid<'_>,
        trusted: bool,
        params: &TrackParams,
    ) -> Result<Option<Sighting>, RunError> {
        let localise = self.localise.clone();
        let localiser = Localiser { model, params: &localise };
        self.since_look += 1;
        if let Some(last) = self.last {
            let due = !trusted && self.since_look >= params.look_every;
            if !due && let Some(next) = self.follow(&localiser, pyramid, last, params)? {
                return Ok(Some(Sighting { quad: next.quad, score: next.score, is_new: false }));
            }
        }
        self.look(&localiser, pyramid, params)
    }

    /// Forgets the card, so that the next frame is looked at whole.
    pub fn forget(&mut self) {
        self.last = None;
    }

    fn follow(
        &mut self,
        localiser: &Localiser<'_>,
        pyramid: &Pyramid<'_>,
        last: Candidate,
        params: &TrackParams,
    ) -> Result<Option<Candidate>, RunError> {
        let Some(seen) = localiser.look_closer(pyramid, &last.quad, params.margin)? else { return Ok(None) };
        if seen.score < params.kept || largest_move(&seen.quad, &last.quad) > params.max_move {
            return Ok(None);
        }
        let next = Candidate { quad: steadied(&last.quad, &seen.quad, params), score: seen.score };
        self.last = Some(next);
        Ok(Some(next))
    }

    fn look(
        &mut self,
        localiser: &Localiser<'_>,
        pyramid: &Pyramid<'_>,
        params: &TrackParams,
    ) -> Result<Option<Sighting>, RunError> {
        self.since_look = 0;
        let before = self.last.take();
        let quarters = if before.is_some() { 0 } else { TURNS[self.turn % TURNS.len()] };
        self.turn = if before.is_some() { 0 } else { self.turn + 1 };
        let rough = localiser.glance(pyramid, quarters)?;
        if rough.score < params.found {
            return Ok(None);
        }
        let closer = localiser.look_closer(pyramid, &rough.quad, params.margin)?;
        let fits =
            |c: &Candidate| c.score > params.kept && largest_move(&c.quad, &rough.quad) < params.max_move;
        let Some(best) = closer.filter(fits) else { return Ok(None) };
        let is_new = before.is_none_or(|b| largest_move(&b.quad, &best.quad) > params.max_move);
        self.last = Some(best);
        Ok(Some(Sighting { quad: best.quad, score: best.score, is_new }))
    }
}

/// The new corners, averaged with the old where the difference is noise; real movement passes without delay.
fn steadied(old: &Quad, new: &Quad, params: &TrackParams) -> Quad {
    let moved = largest_move(old, new) / params.still;
    let weight = (params.still_weight + (1.0 - params.still_weight) * moved).min(1.0);
    old.towards(new, weight)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_averaged_and_movement_is_not() {
        let params = TrackParams::default();
        let at = |x: f32| Quad::rect(x, 0.0, x + 600.0, 380.0);
        let step = |dx: f32| steadied(&at(0.0), &at(dx), &params).0[0].x;
        assert!((step(0.6) - 0.6 * 0.46).abs() < 0.01);
        assert!((step(6.0) - 6.0).abs() < 1e-3);
        assert!((step(60.0) - 60.0).abs() < 1e-3);
    }
}
