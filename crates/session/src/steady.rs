//! How long all has been well.
//!
//! Invariant: a hidden NIK, a long problem or a gap between frames starts it anew; a short lesser problem does not.
//! Deliberately lacks what is done about it.

use crate::params::CardParams;

/// A run of frames in which all is well.
#[derive(Clone, Copy, Debug)]
struct Run {
    since_ms: u64,
    well_ms: u64,
    frame_ms: u64,
}

/// The run that is under way, if one is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Steady {
    run: Option<Run>,
    /// When the NIK was last seen to be hidden.
    hidden_ms: Option<u64>,
}

/// What a frame means for the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The frame is one of the run.
    Well,
    /// The frame is not, but the run goes on.
    Blip,
    /// There is no run, or no longer.
    Broken,
}

impl Steady {
    /// Takes in a frame. For [`CardParams::clear_ms`] after a frame that hides the NIK it still counts as hidden: what
    /// goes away slowly is too little to be seen before it is gone.
    pub(crate) fn step(&mut self, is_well: bool, hides_nik: bool, now_ms: u64, params: &CardParams) -> Step {
        if hides_nik {
            self.hidden_ms = Some(now_ms);
        }
        let hides_nik = self.hidden_ms.is_some_and(|at_ms| now_ms.saturating_sub(at_ms) < params.clear_ms);
        let is_whole = |run: &Run| {
            let lasting = now_ms.saturating_sub(run.well_ms) > params.blip_ms;
            let gap = now_ms.saturating_sub(run.frame_ms) > params.gap_ms;
            !hides_nik && !gap && (is_well || !lasting)
        };
        let run = self.run.filter(is_whole);
        let was_broken = self.run.is_some() && run.is_none();
        self.run = match (run, is_well && !hides_nik) {
            (Some(run), true) => Some(Run { well_ms: now_ms, frame_ms: now_ms, ..run }),
            (Some(run), false) => Some(Run { frame_ms: now_ms, ..run }),
            (None, true) => Some(Run { since_ms: now_ms, well_ms: now_ms, frame_ms: now_ms }),
            (None, false) => None,
        };
        match (self.run.is_some(), is_well) {
            // The frames of the broken run must not be mixed with a new one's.
            (_, _) if was_broken => Step::Broken,
            (true, true) => Step::Well,
            (true, false) => Step::Blip,
            (false, _) => Step::Broken,
        }
    }

    pub(crate) fn stop(&mut self) {
        self.run = None;
    }

    /// How long the run has lasted; 0 without one.
    pub(crate) fn lasted_ms(self, now_ms: u64) -> u64 {
        self.run.map_or(0, |run| now_ms.saturating_sub(run.since_ms))
    }

    pub(crate) fn is_under_way(self) -> bool {
        self.run.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blips_pass_and_gaps_break() {
        #[derive(Clone, Copy, Debug)]
        enum Frame {
            Well,
            Bad,
            Hidden,
        }
        use Frame::{Bad, Hidden, Well};
        #[track_caller]
        fn check(frames: &[(u64, Frame)], expected: Step, lasted_ms: u64) {
            let (mut steady, params) = (Steady::default(), CardParams::default());
            let mut step = Step::Broken;
            let mut now_ms = 0;
            for (at_ms, frame) in frames {
                now_ms = *at_ms;
                step = steady.step(matches!(frame, Well), matches!(frame, Hidden), now_ms, &params);
            }
            assert_eq!((step, steady.lasted_ms(now_ms)), (expected, lasted_ms), "{frames:?}");
        }
        check(&[(0, Bad)], Step::Broken, 0);
        check(&[(0, Well), (300, Well)], Step::Well, 300);
        check(&[(0, Well), (100, Bad)], Step::Blip, 100);
        check(&[(0, Well), (100, Bad), (140, Well)], Step::Well, 140);
        check(&[(0, Well), (100, Bad), (200, Bad)], Step::Broken, 0);
        check(&[(0, Well), (100, Hidden)], Step::Broken, 0);
        check(&[(0, Hidden), (100, Well)], Step::Broken, 0);
        check(&[(0, Hidden), (150, Well), (250, Well)], Step::Well, 100);
        check(&[(0, Well), (900, Well)], Step::Broken, 0);
        check(&[(0, Well), (900, Well), (1_000, Well)], Step::Well, 100);
    }
}
