//! Whether the partner can be reached, learnt from real calls, and when to call next.
//!
//! Invariant: one answered call makes us online; asking anew ends our own pause, never the one the partner asked
//! for; a row of failures pauses everything, so that a dead partner costs a few calls and not one
//! per item. Pure: time and chance are arguments.

use gateway::{BlockReason, LossReason, Rejection, RetryReason};
use jiff::Timestamp;

use crate::params::SyncParams;
use crate::policy;

/// What the last calls told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LinkState {
    /// No call yet.
    #[default]
    Unknown,
    /// The partner answered.
    Online,
    /// No connection.
    Offline,
    /// The partner answered that this device may not; a person must act.
    Blocked(BlockReason),
}

/// The connection to the partner.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Link {
    state: LinkState,
    troubles: u32,
    /// Our own pause, after failures.
    resting_until: Option<Timestamp>,
    /// The pause the partner asked for.
    wished_until: Option<Timestamp>,
}

impl Link {
    /// What the last calls told.
    #[must_use]
    pub fn state(&self) -> LinkState {
        self.state
    }

    /// Until when no call should be made.
    #[must_use]
    pub fn paused_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.resting_until.max(self.wished_until).filter(|until| *until > now)
    }

    /// Until when the partner wants no calls, whoever asks for one.
    #[must_use]
    pub fn wished_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.wished_until.filter(|until| *until > now)
    }

    /// The partner answered a question. That it can take captures is not said by that.
    pub fn reached(&mut self) {
        self.state = LinkState::Online;
    }

    /// The partner answered the question whether it is there: worth another try.
    pub fn found(&mut self) {
        self.reached();
        self.resting_until = None;
    }

    /// The partner dealt with a capture: all is well.
    pub fn served(&mut self) {
        self.found();
        self.troubles = 0;
    }

    /// A call ended with a rejection.
    pub fn rejected(&mut self, rejection: &Rejection, now: Timestamp, random: f64, params: &SyncParams) {
        match rejection {
            Rejection::Permanent { .. }
            | Rejection::ChallengeSpent { .. }
            | Rejection::NeedsRecovery { reason: LossReason::Conflict, .. } => self.served(),
            Rejection::Blocked { reason, .. } => {
                self.state = LinkState::Blocked(*reason);
                self.resting_until = Some(policy::later(now, params.max_delay));
            }
            Rejection::Retryable { reason: RetryReason::RateLimited, after } => {
                self.served();
                self.wished_until = Some(policy::next_attempt(now, 0, *after, random, params));
            }
            Rejection::Retryable { reason: RetryReason::Offline, .. } => {
                self.state = LinkState::Offline;
                self.rest(rejection, now, random, params);
            }
            Rejection::Retryable {
                reason: RetryReason::Unavailable(_) | RetryReason::UnreadableAnswer,
                ..
            }
            | Rejection::NeedsRecovery {
                reason: LossReason::Interrupted | LossReason::ServerError(_) | LossReason::UnreadableAnswer,
                ..
            } => {
                if self.troubles + 1 >= params.outage_after {
                    self.rest(rejection, now, random, params);
                } else {
                    self.troubles += 1;
                }
            }
        }
    }

    fn rest(&mut self, rejection: &Rejection, now: Timestamp, random: f64, params: &SyncParams) {
        let until = policy::next_attempt(now, self.troubles, rejection.after(), random, params);
        self.resting_until = Some(until);
        if rejection.after().is_some() {
            self.wished_until = Some(until);
        }
        self.troubles = self.troubles.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use gateway::PermanentReason;

    use super::*;

    fn now() -> Timestamp {
        "2026-09-01T03:00:00Z".parse().unwrap()
    }

    fn after(rejections: &[Rejection]) -> Link {
        let mut link = Link::default();
        for rejection in rejections {
            link.rejected(rejection, now(), 1.0, &SyncParams::default());
        }
        link
    }

    fn pause_s(link: &Link) -> i64 {
        link.paused_until(now()).map_or(0, |until| until.duration_since(now()).as_secs())
    }

    fn offline() -> Rejection {
        Rejection::Retryable { reason: RetryReason::Offline, after: None }
    }

    fn server_error() -> Rejection {
        Rejection::NeedsRecovery { reason: LossReason::ServerError(500), after: None }
    }

    #[test]
    fn each_hour_offline_costs_fewer_calls_than_the_one_before() {
        let pauses: Vec<_> = (1..6).map(|times| pause_s(&after(&vec![offline(); times]))).collect();
        assert_eq!(pauses, [2, 4, 8, 16, 32]);
        assert_eq!(after(&[offline()]).state(), LinkState::Offline);
        assert_eq!(pause_s(&after(&vec![offline(); 100])), 600);
    }

    #[test]
    fn one_answer_ends_it() {
        let mut link = after(&vec![offline(); 9]);
        link.served();
        assert_eq!((link.state(), pause_s(&link)), (LinkState::Online, 0));
        let refused = Rejection::Permanent { reason: PermanentReason::Invalid, detail: Default::default() };
        assert_eq!(pause_s(&after(&[offline(), offline(), refused])), 0);
    }

    #[test]
    fn answers_to_questions_do_not_hide_that_captures_fail() {
        let mut link = Link::default();
        for _ in 0..3 {
            link.rejected(&server_error(), now(), 1.0, &SyncParams::default());
            link.reached();
        }
        assert!(pause_s(&link) > 0);
        link.found();
        assert_eq!(pause_s(&link), 0, "somebody asked, and the partner is there");
        link.rejected(&server_error(), now(), 1.0, &SyncParams::default());
        assert!(pause_s(&link) >= 16, "but the next failure rests for longer still");
    }

    #[test]
    fn one_failing_item_does_not_stop_the_others_but_three_in_a_row_do() {
        assert_eq!(pause_s(&after(&[server_error(), server_error()])), 0);
        assert!(pause_s(&after(&[server_error(), server_error(), server_error()])) > 0);
        let mut link = after(&[server_error(), server_error()]);
        link.served();
        link.rejected(&server_error(), now(), 1.0, &SyncParams::default());
        assert_eq!(pause_s(&link), 0, "an answer in between starts the count anew");
    }

    #[test]
    fn the_partners_wish_is_heeded() {
        let wish = Some(Duration::from_secs(40));
        let throttled = Rejection::Retryable { reason: RetryReason::RateLimited, after: wish };
        let link = after(&[throttled]);
        assert_eq!(link.state(), LinkState::Online);
        assert!((40..=42).contains(&pause_s(&link)));
        let mut link = link;
        link.found();
        assert!((40..=42).contains(&pause_s(&link)), "being there is not being ready");
    }

    #[test]
    fn a_refused_key_stops_everything_for_long() {
        let reason = BlockReason::NotAuthenticated;
        let link = after(&[Rejection::Blocked { reason, detail: Default::default() }]);
        assert_eq!((link.state(), pause_s(&link)), (LinkState::Blocked(reason), 600));
    }
}
