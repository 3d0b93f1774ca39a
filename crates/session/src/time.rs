//! The session's own clock.
//!
//! Invariant: it never goes back, and never moves by more than one step at a time. Deliberately lacks the time of day.

/// Milliseconds since the session began.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SessionClock {
    seen_ms: Option<u64>,
    now_ms: u64,
}

impl SessionClock {
    /// Takes over the caller's time and answers with the session's.
    pub(crate) fn advance(&mut self, caller_ms: u64, step_ms: u64) -> u64 {
        let passed_ms = self.seen_ms.map_or(0, |seen_ms| caller_ms.saturating_sub(seen_ms));
        self.seen_ms = Some(caller_ms);
        self.now_ms += passed_ms.min(step_ms);
        self.now_ms
    }

    /// The session's time.
    pub(crate) fn now_ms(self) -> u64 {
        self.now_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_never_goes_back_and_never_leaps() {
        let mut clock = SessionClock::default();
        let told = [5_000, 5_100, 90_000, 200, 250, u64::MAX, 0];
        let shown = told.map(|caller_ms| clock.advance(caller_ms, 1_000));
        assert_eq!(shown, [0, 100, 1_100, 1_100, 1_150, 2_150, 2_150]);
    }
}
