//! Whether there is progress, and what is offered without.
//!
//! Invariant: progress is a lesser problem than any before in the same try; going back and forth is none. Deliberately
//! lacks the hints themselves.

use crate::hint::HintCode;
use crate::params::CardParams;

/// One try's patience.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    try_ms: u64,
    progress_ms: u64,
    best: HintCode,
}

impl Patience {
    pub(crate) fn from(now_ms: u64) -> Self {
        Self { try_ms: now_ms, progress_ms: now_ms, best: HintCode::CameraLost }
    }

    /// Takes note of what the frames agree on.
    pub(crate) fn learn(&mut self, believed: HintCode, now_ms: u64) {
        if believed > self.best {
            self.best = believed;
            self.progress_ms = now_ms;
        }
    }

    pub(crate) fn wants_help(self, now_ms: u64, params: &CardParams) -> bool {
        now_ms.saturating_sub(self.progress_ms) >= params.help_ms
    }

    pub(crate) fn wants_shutter(self, now_ms: u64, params: &CardParams) -> bool {
        now_ms.saturating_sub(self.try_ms) >= params.shutter_ms
    }

    pub(crate) fn is_lenient(self, now_ms: u64, params: &CardParams) -> bool {
        now_ms.saturating_sub(self.try_ms) >= params.lenient_ms
    }

    pub(crate) fn is_over(self, now_ms: u64, params: &CardParams) -> bool {
        now_ms.saturating_sub(self.progress_ms) >= params.give_up_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_lesser_problem_is_progress() {
        let params = CardParams::default();
        let mut patience = Patience::from(0);
        patience.learn(HintCode::Glare, 1_000);
        patience.learn(HintCode::NoCard, 2_000);
        patience.learn(HintCode::Glare, 3_000);
        assert!(patience.wants_help(6_000, &params));
        patience.learn(HintCode::Moving, 6_000);
        assert!(!patience.wants_help(10_999, &params) && patience.wants_help(11_000, &params));
        assert!(!patience.wants_shutter(9_999, &params) && patience.wants_shutter(10_000, &params));
        assert!(patience.is_over(126_000, &params));
    }
}
