//! Nobody there any more: when to ask, when to wipe.
//!
//! Invariant: pure; a touch at any moment before the wipe begins the wait anew.

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IdleParams {
    /// Seconds of "still there?" before the wipe. The guide: 15.
    pub countdown_s: u32,
}

impl Default for IdleParams {
    fn default() -> Self {
        Self { countdown_s: 15 }
    }
}

/// What an idle watch says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Idle {
    /// Somebody is there.
    Present,
    /// Is somebody there? So many whole seconds are left.
    Asking {
        /// At least 1.
        seconds_left: u32,
    },
    /// Nobody is.
    Gone,
}

/// Since when nobody did anything.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdleWatch {
    since_ms: u64,
    params: IdleParams,
}

impl IdleWatch {
    /// Somebody is there.
    pub(crate) fn touch(&mut self, now_ms: u64) {
        self.since_ms = self.since_ms.max(now_ms);
    }

    /// Whether somebody is there, when `wait_s` seconds are waited before asking.
    pub(crate) fn look(&self, wait_s: u32, now_ms: u64) -> Idle {
        let wait_ms = u64::from(wait_s) * 1000;
        let idle_ms = now_ms.saturating_sub(self.since_ms);
        if idle_ms < wait_ms {
            return Idle::Present;
        }
        let left_ms = (wait_ms + u64::from(self.params.countdown_s) * 1000).saturating_sub(idle_ms);
        match u32::try_from(left_ms.div_ceil(1000)).unwrap_or(u32::MAX) {
            0 => Idle::Gone,
            seconds_left => Idle::Asking { seconds_left },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_after_the_wait_counts_down_and_gives_up() {
        let mut watch = IdleWatch::default();
        watch.touch(1_000);
        for (now_ms, expected) in [
            (1_000, Idle::Present),
            (30_999, Idle::Present),
            (31_000, Idle::Asking { seconds_left: 15 }),
            (45_001, Idle::Asking { seconds_left: 1 }),
            (46_000, Idle::Gone),
            (0, Idle::Present),
        ] {
            assert_eq!(watch.look(30, now_ms), expected, "at {now_ms}");
        }
    }

    #[test]
    fn a_touch_during_the_countdown_begins_anew() {
        let mut watch = IdleWatch::default();
        watch.touch(0);
        assert!(matches!(watch.look(30, 40_000), Idle::Asking { .. }));
        watch.touch(40_000);
        assert_eq!(watch.look(30, 69_999), Idle::Present);
    }
}
