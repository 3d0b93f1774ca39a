//! What to do after each outcome: pure decisions over time and chance.
//!
//! Invariants: a wait is never shorter than the partner asked for and never longer than
//! [`SyncParams::max_delay`] beyond that; being offline or throttled is never held against an
//! item; nothing is sent again while an earlier, unprotected send may still take effect.
//! Lacks on purpose: I/O, clocks, randomness; all are arguments.

use std::time::Duration;

use gateway::{LossReason, Rejection, RetryReason};
use jiff::{SignedDuration, Timestamp};
use outbox::{Reason, Sending};

use crate::params::SyncParams;

/// Code of items parked because they alone keep failing.
pub const WEDGED: &str = "wedged";
/// Code of items waiting until an earlier send cannot take effect any more.
pub const SETTLING: &str = "settling";
/// Code of items whose challenge the partner called spent though no record was found.
pub const CHALLENGE_SPENT: &str = "challenge_spent";

/// What is known about the item at hand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ItemFacts {
    /// Its failures in a row before this one.
    pub failures: u32,
    /// Another item was delivered since they began.
    pub others_pass: bool,
}

/// What to do with the item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Decision {
    /// The send certainly had no effect; try again at `at`.
    Retry {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Reason,
        /// Whether it counts as the item's failure.
        failed: bool,
    },
    /// Whether it had an effect is as open as before; go on at `at`.
    Defer {
        /// When.
        at: Timestamp,
        /// Why.
        reason: Reason,
        /// Whether it counts as the item's failure.
        failed: bool,
    },
    /// Take it out of the line.
    Park(Reason),
}

/// The wait after `failures` failures in a row: exponential, capped, with full jitter. `random`
/// is in 0..1.
#[must_use]
pub fn backoff(failures: u32, random: f64, params: &SyncParams) -> Duration {
    let doubled = params.base_delay.saturating_mul(2_u32.saturating_pow(failures.min(31)));
    doubled.min(params.max_delay).mul_f64(random.clamp(0.0, 1.0))
}

/// When to try again, heeding the partner's `Retry-After`. A herd told the same second is spread
/// over one base delay.
#[must_use]
pub fn next_attempt(
    now: Timestamp,
    failures: u32,
    after: Option<Duration>,
    random: f64,
    params: &SyncParams,
) -> Timestamp {
    let wait = match after {
        Some(after) => after.saturating_add(params.base_delay.mul_f64(random.clamp(0.0, 1.0))),
        None => backoff(failures, random, params),
    };
    later(now, wait)
}

/// What a rejection means for the item it hit. [`Rejection::ChallengeSpent`] and
/// [`Rejection::Blocked`] are decided elsewhere where more is known; here they count as waits.
#[must_use]
pub fn after_rejection(
    rejection: &Rejection,
    facts: ItemFacts,
    now: Timestamp,
    random: f64,
    params: &SyncParams,
) -> Decision {
    let reason = reason_of(rejection);
    let failed = blames_item(rejection);
    if failed && facts.others_pass && facts.failures + 1 >= params.wedge_after {
        return Decision::Park(Reason::new(WEDGED, format!("last failure: {}", reason.code)));
    }
    let at = next_attempt(now, facts.failures, rejection.after(), random, params);
    match rejection {
        Rejection::Permanent { .. } => Decision::Park(reason),
        Rejection::Retryable { .. } | Rejection::Blocked { .. } => Decision::Retry { at, reason, failed },
        Rejection::NeedsRecovery { .. } | Rejection::ChallengeSpent { .. } => {
            Decision::Defer { at, reason, failed }
        }
    }
}

/// The moment from which a document may be sent although earlier sends are in doubt. A guarded
/// document may follow guarded ones at once, because the partner takes one of them at most. A send
/// dated after `now` shows a clock set back since: its age is unknown, so one whole wait from now
/// on, after which the item `has_waited`, stands for the rest of it.
#[must_use]
pub fn may_repeat_from(
    sending: &Sending,
    guarded: bool,
    has_waited: bool,
    now: Timestamp,
    params: &SyncParams,
) -> Option<Timestamp> {
    let is_dated_ahead = sending.last > now;
    if (guarded && !sending.unguarded) || (is_dated_ahead && has_waited) {
        return None;
    }
    Some(later(sending.last.min(now), params.settle))
}

/// Whether the send it answers had no effect. A challenge called spent may have been spent by that very send.
#[must_use]
pub fn was_certainly_refused(rejection: &Rejection) -> bool {
    match rejection {
        Rejection::Permanent { .. } | Rejection::Retryable { .. } | Rejection::Blocked { .. } => true,
        Rejection::NeedsRecovery { .. } | Rejection::ChallengeSpent { .. } => false,
    }
}

/// A rejection as the queue keeps it: our word for it, and the partner's words sealed.
#[must_use]
pub fn reason_of(rejection: &Rejection) -> Reason {
    let detail = rejection.detail().map(|detail| detail.reveal().to_owned()).unwrap_or_default();
    Reason::new(rejection.code(), detail)
}

/// Whether the outcome may be the item's own fault. Having no network, too many requests or a
/// wrong key is not.
fn blames_item(rejection: &Rejection) -> bool {
    match rejection {
        Rejection::Retryable { reason, .. } => match reason {
            RetryReason::Offline | RetryReason::RateLimited => false,
            RetryReason::Unavailable(_) | RetryReason::UnreadableAnswer => true,
        },
        Rejection::NeedsRecovery { reason, .. } => match reason {
            LossReason::Interrupted
            | LossReason::ServerError(_)
            | LossReason::UnreadableAnswer
            | LossReason::Conflict => true,
        },
        Rejection::ChallengeSpent { .. } | Rejection::Permanent { .. } => true,
        Rejection::Blocked { .. } => false,
    }
}

pub(crate) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    let wait = SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX);
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use gateway::{BlockReason, PermanentReason};
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-09-01T03:00:00Z".parse().unwrap()
    }

    fn params() -> SyncParams {
        SyncParams::default()
    }

    fn retryable(reason: RetryReason, after_s: Option<u64>) -> Rejection {
        Rejection::Retryable { reason, after: after_s.map(Duration::from_secs) }
    }

    fn lost(reason: LossReason) -> Rejection {
        Rejection::NeedsRecovery { reason, after: None }
    }

    #[test]
    fn waits_double_up_to_the_cap() {
        let longest = |failures| backoff(failures, 1.0, &params()).as_secs();
        let waits: Vec<_> = (0..11).map(longest).collect();
        assert_eq!(waits, [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600]);
        assert_eq!(longest(u32::MAX), 600);
        assert_eq!(backoff(5, 0.0, &params()), Duration::ZERO);
    }

    #[test]
    fn each_outcome_has_its_decision() {
        let alone = ItemFacts { failures: 0, others_pass: false };
        let check = |rejection: Rejection, expected: &str| {
            let decided = match after_rejection(&rejection, alone, now(), 0.5, &params()) {
                Decision::Retry { reason, failed, .. } => format!("retry {} {failed}", reason.code),
                Decision::Defer { reason, failed, .. } => format!("defer {} {failed}", reason.code),
                Decision::Park(reason) => format!("park {}", reason.code),
            };
            assert_eq!(decided, expected);
        };
        let detail = Default::default;
        check(retryable(RetryReason::Offline, None), "retry offline false");
        check(retryable(RetryReason::RateLimited, Some(9)), "retry rate_limited false");
        check(retryable(RetryReason::Unavailable(503), None), "retry partner_unavailable true");
        check(retryable(RetryReason::UnreadableAnswer, None), "retry unreadable_answer true");
        check(lost(LossReason::Interrupted), "defer answer_lost true");
        check(lost(LossReason::ServerError(500)), "defer partner_error true");
        check(lost(LossReason::Conflict), "defer conflict true");
        check(Rejection::ChallengeSpent { detail: detail() }, "defer challenge_spent true");
        check(
            Rejection::Blocked { reason: BlockReason::NotAuthenticated, detail: detail() },
            "retry not_authenticated false",
        );
        check(
            Rejection::Permanent { reason: PermanentReason::RuleViolated, detail: detail() },
            "park rule_violated",
        );
    }

    #[test]
    fn only_an_item_that_fails_alone_is_parked_as_wedged() {
        let parked = |failures, others_pass, rejection: Rejection| {
            let facts = ItemFacts { failures, others_pass };
            matches!(after_rejection(&rejection, facts, now(), 0.5, &params()), Decision::Park(reason) if reason.code == WEDGED)
        };
        assert!(parked(7, true, lost(LossReason::ServerError(500))));
        assert!(!parked(6, true, lost(LossReason::ServerError(500))));
        assert!(
            !parked(700, false, lost(LossReason::ServerError(500))),
            "everybody fails: the partner is down"
        );
        assert!(!parked(700, true, retryable(RetryReason::Offline, None)));
        assert!(!parked(700, true, retryable(RetryReason::RateLimited, Some(3))));
    }

    #[test]
    fn unprotected_sends_settle_before_a_repeat() {
        let sending = |unguarded| Sending { since: now(), last: now(), unguarded };
        let settled = Some(later(now(), params().settle));
        let from =
            |unguarded, guarded| may_repeat_from(&sending(unguarded), guarded, false, now(), &params());
        assert_eq!(from(false, true), None);
        assert_eq!(from(true, true), settled);
        assert_eq!(from(false, false), settled);
        assert_eq!(from(true, false), settled);
    }

    #[test]
    fn a_send_dated_ahead_of_the_clock_is_waited_for_once() {
        let ahead = later(now(), Duration::from_secs(86_400 * 365));
        let sending = Sending { since: now(), last: ahead, unguarded: true };
        let from = |has_waited| may_repeat_from(&sending, false, has_waited, now(), &params());
        assert_eq!(from(false), Some(later(now(), params().settle)));
        assert_eq!(from(true), None);
    }

    fn any_rejection() -> impl Strategy<Value = Rejection> {
        let after = prop::option::of((0u64..200_000).prop_map(Duration::from_secs));
        prop_oneof![
            (
                prop::sample::select(vec![
                    RetryReason::Offline,
                    RetryReason::RateLimited,
                    RetryReason::Unavailable(503),
                    RetryReason::UnreadableAnswer,
                ]),
                after.clone()
            )
                .prop_map(|(reason, after)| Rejection::Retryable { reason, after }),
            (
                prop::sample::select(vec![
                    LossReason::Interrupted,
                    LossReason::ServerError(500),
                    LossReason::UnreadableAnswer,
                    LossReason::Conflict,
                ]),
                after
            )
                .prop_map(|(reason, after)| Rejection::NeedsRecovery { reason, after }),
            Just(Rejection::ChallengeSpent { detail: Default::default() }),
            Just(Rejection::Blocked { reason: BlockReason::NotAuthorised, detail: Default::default() }),
            Just(Rejection::Permanent { reason: PermanentReason::Invalid, detail: Default::default() }),
        ]
    }

    proptest! {
        /// Never earlier than asked, never later than cap and wish together, never in the past.
        #[test]
        fn waits_are_bounded(
            rejection in any_rejection(),
            failures: u32,
            others_pass: bool,
            random in 0.0f64..1.0,
            start in 0i64..4_000_000_000,
        ) {
            let now = Timestamp::from_second(start).unwrap();
            let facts = ItemFacts { failures, others_pass };
            let at = match after_rejection(&rejection, facts, now, random, &params()) {
                Decision::Retry { at, .. } | Decision::Defer { at, .. } => at,
                Decision::Park(_) => return Ok(()),
            };
            let wait = Duration::try_from(at.duration_since(now)).unwrap();
            let wish = rejection.after().unwrap_or_default();
            prop_assert!(wait >= wish);
            prop_assert!(wait <= wish + params().max_delay);
        }

        /// A lost answer is never mistaken for a certain refusal, whatever else is known.
        #[test]
        fn doubt_is_never_forgotten(rejection in any_rejection(), failures: u32, others_pass: bool, random in 0.0f64..1.0) {
            let facts = ItemFacts { failures, others_pass };
            let decision = after_rejection(&rejection, facts, now(), random, &params());
            let in_doubt = matches!(rejection, Rejection::NeedsRecovery { .. } | Rejection::ChallengeSpent { .. });
            let forgotten = in_doubt && matches!(decision, Decision::Retry { .. });
            prop_assert!(!forgotten);
        }

        /// Trouble of the network or of our key alone never parks anything.
        #[test]
        fn nothing_is_parked_for_being_offline(failures: u32, others_pass: bool, random in 0.0f64..1.0, which in 0usize..3) {
            let rejection = [
                retryable(RetryReason::Offline, None),
                retryable(RetryReason::RateLimited, Some(1)),
                Rejection::Blocked { reason: BlockReason::NotAuthenticated, detail: Default::default() },
            ][which].clone();
            let facts = ItemFacts { failures, others_pass };
            let decision = after_rejection(&rejection, facts, now(), random, &params());
            let blameless = matches!(decision, Decision::Retry { failed: false, .. });
            prop_assert!(blameless);
        }

        /// With full jitter, waits use the whole range: two devices rarely meet again.
        #[test]
        fn jitter_is_full(failures in 0u32..40, random in 0.0f64..1.0) {
            let wait = backoff(failures, random, &params());
            let longest = backoff(failures, 1.0, &params());
            prop_assert!((wait.as_secs_f64() - longest.as_secs_f64() * random).abs() < 1e-6);
        }
    }
}
