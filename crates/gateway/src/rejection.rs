//! Everything but a receipt, sorted by what can be done about it.
//!
//! Invariant: `Debug` and `Display` show our own words only. What the partner wrote is kept in
//! [`PartnerText`], which must be asked for: it may quote a name or a number off a card.

use std::fmt;
use std::time::Duration;

/// Text from a partner, for a person's eyes: bounded, and invisible to logs.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PartnerText(String);

impl PartnerText {
    /// Enough for a sentence and a list of fields.
    const MAX_CHARS: usize = 300;

    pub(crate) fn new(text: &str) -> Self {
        Self(text.chars().filter(|c| !c.is_control()).take(Self::MAX_CHARS).collect())
    }

    /// The text itself; show it to the operator or seal it, never log it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PartnerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} characters>", self.0.chars().count())
    }
}

/// Certainly not taken this time; the same may be sent again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RetryReason {
    /// No connection to the partner.
    Offline,
    /// Too many requests.
    RateLimited,
    /// The partner has trouble of its own (HTTP status).
    Unavailable(u16),
    /// Something else answered: no partner's answer, or none we can read.
    UnreadableAnswer,
}

/// Why it is not known whether the submission was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LossReason {
    /// The connection broke or timed out after sending began.
    Interrupted,
    /// The partner failed while working on it (HTTP status).
    ServerError(u16),
    /// The partner says yes in words we cannot read.
    UnreadableAnswer,
    /// The partner says it conflicts with what it holds already.
    Conflict,
}

/// Nothing wrong with the item: no item can be sent until a person acts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockReason {
    /// Key missing, wrong or withdrawn.
    NotAuthenticated,
    /// Key lacks a scope, or the organisation a capability.
    NotAuthorised,
    /// The partner's server has no such kiosk, or shut it out.
    NotEnrolled,
    /// This machine's clock is too far off.
    ClockWrong,
}

/// The same would be refused again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PermanentReason {
    /// The partner finds the request malformed.
    Invalid,
    /// The partner does not know the customer.
    UnknownCustomer,
    /// Larger than the partner takes.
    TooLarge,
    /// A rule of the partner's forbids it.
    RuleViolated,
    /// The partner's challenge breaks the contract or leaves no time to use it.
    UnusableChallenge,
    /// The submission cannot be written as a request.
    Unsendable,
    /// The customer has no attempts left with the partner.
    QuotaExhausted,
    /// The token that came with the launch is not taken any more, and no other can be had.
    TokenSpent,
    /// The partner cannot use the picture.
    PictureRefused,
    /// Another refusal (HTTP status).
    Refused(u16),
}

/// Why there is no receipt.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Rejection {
    /// Try again later, not before `after` if the partner said so.
    #[error("try again later: {}", .reason.code())]
    Retryable {
        /// Why.
        reason: RetryReason,
        /// The partner's wish.
        after: Option<Duration>,
    },
    /// Ask [`crate::Gateway::recover`] before anything else.
    #[error("the answer was lost: {}", .reason.code())]
    NeedsRecovery {
        /// Why.
        reason: LossReason,
        /// The partner's wish.
        after: Option<Duration>,
    },
    /// The flash challenge is expired, consumed or unknown.
    #[error("the flash challenge is spent")]
    ChallengeSpent {
        /// The partner's words.
        detail: PartnerText,
    },
    /// Stop and tell a person.
    #[error("the partner refuses this device: {}", .reason.code())]
    Blocked {
        /// Why.
        reason: BlockReason,
        /// The partner's words.
        detail: PartnerText,
    },
    /// Do not send this again.
    #[error("the partner refuses this submission: {}", .reason.code())]
    Permanent {
        /// Why.
        reason: PermanentReason,
        /// The partner's words.
        detail: PartnerText,
    },
}

impl RetryReason {
    /// One of a closed set of words, for logs and the queue.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::RateLimited => "rate_limited",
            Self::Unavailable(_) => "partner_unavailable",
            Self::UnreadableAnswer => "unreadable_answer",
        }
    }
}

impl LossReason {
    /// One of a closed set of words, for logs and the queue.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Interrupted => "answer_lost",
            Self::ServerError(_) => "partner_error",
            Self::UnreadableAnswer => "answer_unreadable",
            Self::Conflict => "conflict",
        }
    }
}

impl BlockReason {
    /// One of a closed set of words, for logs and the queue.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotAuthenticated => "not_authenticated",
            Self::NotAuthorised => "not_authorised",
            Self::NotEnrolled => "not_enrolled",
            Self::ClockWrong => "clock_wrong",
        }
    }
}

impl PermanentReason {
    /// One of a closed set of words, for logs and the queue.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::UnknownCustomer => "unknown_customer",
            Self::TooLarge => "too_large",
            Self::RuleViolated => "rule_violated",
            Self::UnusableChallenge => "unusable_challenge",
            Self::Unsendable => "unsendable",
            Self::QuotaExhausted => "quota_exhausted",
            Self::TokenSpent => "token_spent",
            Self::PictureRefused => "picture_refused",
            Self::Refused(_) => "refused",
        }
    }
}

impl Rejection {
    /// One of a closed set of words, for logs and the queue.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Retryable { reason, .. } => reason.code(),
            Self::NeedsRecovery { reason, .. } => reason.code(),
            Self::ChallengeSpent { .. } => "challenge_spent",
            Self::Blocked { reason, .. } => reason.code(),
            Self::Permanent { reason, .. } => reason.code(),
        }
    }

    /// The partner's words, if it wrote any.
    #[must_use]
    pub fn detail(&self) -> Option<&PartnerText> {
        match self {
            Self::ChallengeSpent { detail }
            | Self::Blocked { detail, .. }
            | Self::Permanent { detail, .. } => Some(detail),
            Self::Retryable { .. } | Self::NeedsRecovery { .. } => None,
        }
    }

    /// How long the partner wants to be left alone.
    #[must_use]
    pub fn after(&self) -> Option<Duration> {
        match self {
            Self::Retryable { after, .. } | Self::NeedsRecovery { after, .. } => *after,
            Self::ChallengeSpent { .. } | Self::Blocked { .. } | Self::Permanent { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partners_words_stay_out_of_debug_and_display() {
        let detail = PartnerText::new("fullName CONTOH NAMA\u{7} is not on file");
        let rejection = Rejection::Permanent { reason: PermanentReason::RuleViolated, detail };
        for shown in [format!("{rejection:?}"), rejection.to_string()] {
            assert!(!shown.contains("CONTOH"), "{shown}");
        }
        assert_eq!(rejection.detail().unwrap().reveal(), "fullName CONTOH NAMA is not on file");
    }

    #[test]
    fn partners_cannot_flood_us_with_words() {
        assert_eq!(PartnerText::new(&"é".repeat(5000)).reveal().chars().count(), 300);
    }
}
