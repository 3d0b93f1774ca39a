//! Why a call to the backend came to nothing, and what that means to a queue.
//!
//! Invariant: decided by the backend's code word first and by HTTP status where the word is new, so a newer backend is
//! understood. What only a person can mend stops the queue with that person's sentence; nothing of it costs a capture.

use std::time::Duration;

use gateway::onekyc::{Failure, FailureClass, RefusalItem};
use serde::Deserialize;

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// No answer.
    #[error("the backend cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// It said no.
    #[error("the backend refuses: {} ({})", .0.code, .0.detail)]
    Refused(Refusal),
    /// It said something else.
    #[error("the backend's answer is not the documented one")]
    Unreadable,
}

/// A refusal.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
pub struct Refusal {
    /// HTTP status.
    #[serde(skip)]
    pub http: u16,
    /// How long the backend wants to be left alone.
    #[serde(skip)]
    pub after: Option<Duration>,
    /// A word to act on.
    pub code: String,
    /// A sentence for a log.
    pub detail: String,
}

impl ClientError {
    /// Whether the backend used this word.
    #[must_use]
    pub fn says(&self, code: &str) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == code)
    }

    /// The same in OneKYC's words, which the queue understands.
    #[must_use]
    pub fn failure(&self) -> Failure {
        let bare = |class| Failure { class, status: None, items: Vec::new(), after: None };
        match self {
            Self::Unreachable(_) => bare(FailureClass::Offline),
            Self::Unreadable => bare(FailureClass::Unreadable),
            Self::Refused(refusal) => Failure {
                class: refusal.class(),
                status: Some(refusal.http),
                items: vec![RefusalItem {
                    code: refusal.code.clone(),
                    cause: refusal.detail.clone(),
                    entity: Some("loket-backend".to_owned()),
                }],
                after: refusal.after,
            },
        }
    }
}

impl Refusal {
    /// What can be done about it.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self.code.as_str() {
            "partner_unavailable" | "store_unavailable" => FailureClass::Unavailable,
            "quota_exceeded" => FailureClass::QuotaExhausted,
            "correlation_id_taken" | "flow_spent" => FailureClass::SessionTaken,
            "kiosk_revoked" | "unknown_kiosk" => FailureClass::NotEnrolled,
            "clock" => FailureClass::ClockWrong,
            // Signed anew at the next try.
            "replayed" => FailureClass::Unavailable,
            "unsigned" | "bad_signature" => FailureClass::NotAuthenticated,
            // The operator's settings: they can be mended, so no capture is given up.
            "flow_not_offered" | "partner_credentials" | "no_such_route" => FailureClass::NotAuthorised,
            "malformed" | "too_large" | "contact_needed" => FailureClass::Invalid,
            _ => match self.http {
                408 | 425 | 429 | 500..=599 => FailureClass::Unavailable,
                401 => FailureClass::NotAuthenticated,
                403 => FailureClass::NotAuthorised,
                _ => FailureClass::Refused,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use gateway::{BlockReason, PermanentReason, Rejection, RetryReason};

    use super::*;

    fn rejection(http: u16, code: &str) -> Rejection {
        let detail = "a sentence".to_owned();
        let after = Some(Duration::from_secs(2));
        ClientError::Refused(Refusal { http, after, code: code.to_owned(), detail }).failure().rejection()
    }

    #[test]
    fn what_passes_by_itself_is_tried_later() {
        for (http, code) in
            [(502, "partner_unavailable"), (503, "store_unavailable"), (401, "replayed"), (500, "later")]
        {
            let Rejection::Retryable { reason: RetryReason::Unavailable(status), after } =
                rejection(http, code)
            else {
                panic!("{code}");
            };
            assert_eq!((status, after), (http, Some(Duration::from_secs(2))), "{code}");
        }
        assert!(matches!(ClientError::Unreadable.failure().rejection(), Rejection::Retryable { .. }));
    }

    #[test]
    fn what_a_person_must_mend_stops_the_queue_and_says_why() {
        #[track_caller]
        fn check(http: u16, code: &str, expected: BlockReason) {
            let Rejection::Blocked { reason, detail } = rejection(http, code) else { panic!("{code}") };
            assert_eq!((reason, detail.reveal()), (expected, "a sentence"), "{code}");
        }
        check(403, "kiosk_revoked", BlockReason::NotEnrolled);
        check(401, "unknown_kiosk", BlockReason::NotEnrolled);
        check(401, "clock", BlockReason::ClockWrong);
        check(401, "bad_signature", BlockReason::NotAuthenticated);
        check(404, "flow_not_offered", BlockReason::NotAuthorised);
        check(502, "partner_credentials", BlockReason::NotAuthorised);
        check(403, "later", BlockReason::NotAuthorised);
    }

    #[test]
    fn what_concerns_one_person_or_run_stops_that_one_alone() {
        let quota = rejection(429, "quota_exceeded");
        assert!(matches!(quota, Rejection::Permanent { reason: PermanentReason::QuotaExhausted, .. }));
        let refusal =
            |code: &str| Refusal { http: 409, after: None, code: code.to_owned(), detail: String::new() };
        // The journey begins again with new ids.
        assert_eq!(refusal("flow_spent").class(), FailureClass::SessionTaken);
        assert_eq!(refusal("correlation_id_taken").class(), FailureClass::SessionTaken);
        assert!(matches!(rejection(400, "contact_needed"), Rejection::Permanent { .. }));
    }
}
