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
}

impl Settling {
    /// Takes in a frame; answers whether what it shows counts.
    pub(crate) fn counts(&mut self, seen: &Observation, now_ms: u64, params: &CardParams) -> bool {
        let is_within = |since_ms: Option<u64>, limit_ms: u64| {
            since_ms.is_some_and(|since_ms| now_ms.saturating_sub(since_ms) < limit_ms)
        };
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::tests::good;

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
