//! The one hint on the screen.
//!
//! Invariant: what asks for something stays long enough to be read; only a lost camera and success come at once.
//! Deliberately lacks the choice of the hint.

use crate::hint::{Hint, HintCode};
use crate::params::CardParams;

/// What is shown, and since when.
#[derive(Clone, Debug)]
pub(crate) struct Board {
    shown: Hint,
    /// `None` for what nobody asked for: it may be replaced at once.
    since_ms: Option<u64>,
}

impl Board {
    /// The first hint of a try.
    pub(crate) fn new() -> Self {
        Self { shown: Hint::plain(HintCode::NoCard), since_ms: None }
    }

    pub(crate) fn shown(&self) -> &Hint {
        &self.shown
    }

    /// Shows the wanted hint if the one shown has been seen long enough.
    pub(crate) fn offer(&mut self, wanted: Hint, now_ms: u64, params: &CardParams) {
        if wanted == self.shown {
            // A hint that turned out to be meant is held from now on.
            self.since_ms.get_or_insert(now_ms);
            return;
        }
        let least_ms = least_ms(self.shown.code, wanted.code, params);
        if self.since_ms.is_none_or(|since_ms| now_ms.saturating_sub(since_ms) >= least_ms) {
            *self = Self { shown: wanted, since_ms: Some(now_ms) };
        }
    }
}

/// How long a hint stays before that other one may replace it.
fn least_ms(shown: HintCode, wanted: HintCode, params: &CardParams) -> u64 {
    match (shown, wanted) {
        (_, HintCode::CameraLost | HintCode::Captured) => 0,
        (HintCode::Captured, _) => params.captured_ms,
        (HintCode::Hold, _) => params.hold_hint_ms,
        (_, HintCode::Hold) => params.done_ms,
        (_, _) => params.hint_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_stay_long_enough() {
        use HintCode::{CameraLost, Captured, Glare, Hold, NoCard, Tilted};
        /// Offers hints at times and tells what is shown after each.
        #[track_caller]
        fn check(offers: &[(u64, HintCode)], expected: &[HintCode]) {
            let (mut board, params) = (Board::new(), CardParams::default());
            let shown: Vec<_> = offers
                .iter()
                .map(|(at_ms, code)| {
                    board.offer(Hint::plain(*code), *at_ms, &params);
                    board.shown().code
                })
                .collect();
            assert_eq!(shown, expected, "{offers:?}");
        }
        check(&[(10, Tilted), (1_500, Glare), (1_510, Glare)], &[Tilted, Tilted, Glare]);
        check(&[(10, NoCard), (500, Glare), (1_510, Glare)], &[NoCard, NoCard, Glare]);
        check(&[(10, Tilted), (500, Hold), (610, Hold)], &[Tilted, Tilted, Hold]);
        check(&[(10, Hold), (200, Glare), (310, Glare)], &[Hold, Hold, Glare]);
        check(&[(10, Tilted), (20, CameraLost), (30, Tilted)], &[Tilted, CameraLost, CameraLost]);
        check(&[(10, Tilted), (20, Captured), (500, Tilted)], &[Tilted, Captured, Captured]);
    }
}
