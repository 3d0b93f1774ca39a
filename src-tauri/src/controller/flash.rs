//! The flash screen: announced, then playing.
//!
//! Invariant: no colour is shown for less than was asked, and never so short that the screen flashes more than three
//! times a second (WCAG 2.2, 2.3.1). Deliberately lacks light and frames.

use gateway::FlashChallenge;

use crate::view::{FlashStepView, FlashSubject, FlashView, StepView};

/// Shortest time of a colour: a flash is a pair of opposing changes, so two colours; three flashes a second leave
/// 167 ms for each, and twice that and more keeps saturated red below any rate that is known to harm.
const LEAST_HOLD_MS: u32 = 400;
/// Time to read the announcement and to choose the way without.
const ANNOUNCED_MS: u64 = 4_000;
/// A window that never reports the end is not waited for longer than this beyond the colours' time.
const GRACE_MS: u64 = 3_000;

/// The challenge as it is shown.
fn slowed(challenge: &FlashChallenge) -> FlashChallenge {
    let mut slowed = challenge.clone();
    for (_, hold_ms) in &mut slowed.steps {
        *hold_ms = (*hold_ms).max(LEAST_HOLD_MS);
    }
    slowed
}

/// The flash screen.
pub(crate) struct FlashScreen {
    subject: FlashSubject,
    steps: Vec<FlashStepView>,
    begins_at_ms: u64,
    is_playing: bool,
}

impl FlashScreen {
    /// Announced now.
    pub(crate) fn announced(subject: FlashSubject, challenge: &FlashChallenge, now_ms: u64) -> Self {
        let step = |(colour, hold_ms): &(gateway::Rgb, u32)| {
            let [r, g, b] = colour.0;
            FlashStepView { r, g, b, hold_ms: *hold_ms }
        };
        let steps = slowed(challenge).steps.iter().map(step).collect();
        Self { subject, steps, begins_at_ms: now_ms + ANNOUNCED_MS, is_playing: false }
    }

    /// Plays; answers whether it did not before.
    pub(crate) fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.is_playing, true)
    }

    /// Whether it is time to begin by itself.
    pub(crate) fn is_due(&self, now_ms: u64) -> bool {
        !self.is_playing && now_ms >= self.begins_at_ms
    }

    /// Whether the window has had all the time it needs, and more.
    pub(crate) fn is_overdue(&self, now_ms: u64) -> bool {
        self.is_playing && now_ms >= self.begins_at_ms + self.total_ms() + GRACE_MS
    }

    fn total_ms(&self) -> u64 {
        self.steps.iter().map(|step| u64::from(step.hold_ms)).sum()
    }

    /// What to show.
    pub(crate) fn view(&self, step: StepView, now_ms: u64) -> FlashView {
        if self.is_playing {
            return FlashView::Playing { subject: self.subject, steps: self.steps.clone() };
        }
        let begins_in_ms = self.begins_at_ms.saturating_sub(now_ms);
        FlashView::Announced {
            subject: self.subject,
            step,
            seconds: u32::try_from(self.total_ms().div_ceil(1000)).unwrap_or(u32::MAX),
            // In whole seconds, so that the view changes once a second.
            begins_in_ms: u32::try_from(begins_in_ms.div_ceil(1000) * 1000).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use gateway::Rgb;
    use jiff::Timestamp;

    use super::*;

    fn challenge(holds_ms: &[u32]) -> FlashChallenge {
        FlashChallenge {
            id: "fc_0001".into(),
            nonce: "n".into(),
            steps: holds_ms.iter().map(|hold_ms| (Rgb([255, 0, 0]), *hold_ms)).collect(),
            expires_at: Timestamp::UNIX_EPOCH,
            hmac_secret: "qe_whsec_EXAMPLEONLY".into(),
        }
    }

    #[test]
    fn short_colours_are_held_longer_and_long_ones_as_asked() {
        let holds: Vec<u32> =
            slowed(&challenge(&[100, 400, 700])).steps.iter().map(|(_, hold)| *hold).collect();
        assert_eq!(holds, [400, 400, 700]);
    }

    #[test]
    fn begins_by_itself_once_and_is_not_waited_for_without_end() {
        let mut screen = FlashScreen::announced(FlashSubject::Face, &challenge(&[500, 500]), 1_000);
        let step = StepView { number: 1, of: 3 };
        assert!(matches!(
            screen.view(step, 1_000),
            FlashView::Announced { subject: FlashSubject::Face, seconds: 1, begins_in_ms: 4_000, .. }
        ));
        assert!(!screen.is_due(4_999) && screen.is_due(5_000));
        assert!(screen.begin() && !screen.begin());
        assert!(matches!(screen.view(step, 5_000), FlashView::Playing { .. }));
        assert!(!screen.is_overdue(8_999) && screen.is_overdue(9_000));
    }
}
