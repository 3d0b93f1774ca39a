//! Whether a frame may speak for or against a hint.
//!
//! A card on its way into the frame is cut off, far and tilted for a moment, and a card that is lost for a few frames is
//! not gone: a hint that came up for it would have to stay. Invariant: silence ends, at the latest after
//! [`CardParams::travel_ms`]. Deliberately lacks any say in what is kept.

use crate::observation::{Observation, Sight};
use crate::params::CardParams;

/// What the last frames left open.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Settling {
    /// When a card was last seen.
    card_ms: Option<u64>,
    /// Since when it has been moving too fast to be meant to be held.
    travels_ms: Option<u64>,
    /// Since when it has been held still.
    still_ms: Option<u64>,
}

impl Settling {
    /// Takes in a frame; answers whether what it shows counts.
    pub(crate) fn counts(&mut self, seen: &Observation, now_ms: u64, params: &CardParams) -> bool {
        let is_within = |since_ms: Option<u64>, limit_ms: u64| {
            since_ms.is_some_and(|since_ms| now_ms.saturating_sub(since_ms) < limit_ms)
        };
        let is_still = seen.sight == Sight::Ktp && seen.motion <= params.moving.raise;
        self.still_ms = if is_still { self.still_ms.or(Some(now_ms)) } else { None };
        if seen.sight == Sight::Nothing {
            self.travels_ms = None;
            return !is_within(self.card_ms, params.glimpse_ms);
        }
        self.card_ms = Some(now_ms);
        if seen.motion <= params.travelling {
            self.travels_ms = None;
            return true;
        }
        self.travels_ms.get_or_insert(now_ms);
        !is_within(self.travels_ms, params.travel_ms)
    }

    /// Whether it has been held still for long enough that softness comes from the focus, not from the move before.
    pub(crate) fn shows_focus(self, now_ms: u64, params: &CardParams) -> bool {
        self.still_ms.is_some_and(|since_ms| now_ms.saturating_sub(since_ms) >= params.focus_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::tests::good;

    #[test]
    fn focus_shows_once_it_is_held_still() {
        let (mut settling, params) = (Settling::default(), CardParams::default());
        let moving = Observation { motion: 0.4, ..good() };
        let frames = [(0, good()), (100, good()), (130, moving), (160, good()), (290, good())];
        let shows = frames.map(|(at_ms, seen)| {
            settling.counts(&seen, at_ms, &params);
            settling.shows_focus(at_ms, &params)
        });
        assert_eq!(shows, [false, true, false, false, true]);
    }

    #[test]
    fn what_passes_is_not_spoken_of() {
        #[track_caller]
        fn check(frames: &[(u64, Observation)], expected: &[bool]) {
            let (mut settling, params) = (Settling::default(), CardParams::default());
            let counts: Vec<_> =
                frames.iter().map(|(at_ms, seen)| settling.counts(seen, *at_ms, &params)).collect();
            assert_eq!(counts, expected);
        }
        let nothing = Observation::default;
        let fast = || Observation { motion: 2.5, ..good() };
        check(&[(0, nothing()), (30, nothing())], &[true, true]);
        check(
            &[(0, good()), (30, nothing()), (140, nothing()), (160, nothing())],
            &[true, false, false, true],
        );
        check(&[(0, good()), (30, fast()), (300, fast()), (330, fast())], &[true, false, false, true]);
        check(&[(0, fast()), (300, good()), (400, fast())], &[false, true, false]);
    }
}
