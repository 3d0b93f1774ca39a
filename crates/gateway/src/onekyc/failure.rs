//! Whatever goes wrong with a call, sorted by what can be done about it (contract A.9).
//!
//! Invariants: a refusal is classed by HTTP status and cause word, never by its code alone, because codes are shared.
//! `Debug` and `Display` show our own words, the status, and words that look like the contract's; prose is kept apart.

use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::lenient::Object;
use crate::rejection::{BlockReason, PartnerText, PermanentReason, Rejection, RetryReason};

/// What can be done about a failure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailureClass {
    /// No connection, or it broke: the same again.
    Offline,
    /// Too many requests: the same again, later.
    TooManyRequests,
    /// The partner has trouble of its own: the same again, later.
    Unavailable,
    /// Something else answered, or in words we cannot read: the same again, later.
    Unreadable,
    /// The token is missing, wrong or has run out: a new one, once.
    NotAuthenticated,
    /// The account may not do this: a person.
    NotAuthorised,
    /// The partner's server does not know this kiosk, or no longer: a person.
    NotEnrolled,
    /// This machine's clock is too far off for the partner's server: a person.
    ClockWrong,
    /// The partner does not know the submission: begin again, once.
    UnknownSubmission,
    /// The partner does not know the user.
    UnknownUser,
    /// Confirmed already: go on as if it had just worked.
    AlreadyConfirmed,
    /// The picture cannot be used: take another.
    PictureRefused,
    /// The user has no attempts left: final.
    QuotaExhausted,
    /// The session id was used before and its token is lost: a new session.
    SessionTaken,
    /// The upload address ran out or is not ours: a new one, once.
    AddressExpired,
    /// A mistake of ours or of the configuration.
    Invalid,
    /// Any other refusal.
    Refused,
    /// It cannot be written as a request, or would break a rule of ours.
    Unsendable,
}

impl FailureClass {
    /// Whether the same request may simply be repeated.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::Offline | Self::TooManyRequests | Self::Unavailable)
    }

    /// One of a closed set of words, for logs and the queue.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Offline => "offline",
            Self::TooManyRequests => "rate_limited",
            Self::Unavailable => "partner_unavailable",
            Self::Unreadable => "unreadable_answer",
            Self::NotAuthenticated => "not_authenticated",
            Self::NotAuthorised => "not_authorised",
            Self::NotEnrolled => "not_enrolled",
            Self::ClockWrong => "clock_wrong",
            Self::UnknownSubmission => "unknown_submission",
            Self::UnknownUser => "unknown_customer",
            Self::AlreadyConfirmed => "already_confirmed",
            Self::PictureRefused => "picture_refused",
            Self::QuotaExhausted => "quota_exhausted",
            Self::SessionTaken => "session_taken",
            Self::AddressExpired => "upload_address_expired",
            Self::Invalid => "invalid",
            Self::Refused => "refused",
            Self::Unsendable => "unsendable",
        }
    }
}

/// One entry of a refusal's list.
#[derive(Clone, PartialEq, Eq)]
pub struct RefusalItem {
    /// String or integer on the wire.
    pub code: String,
    /// A word, or prose.
    pub cause: String,
    /// The part of the partner that refused.
    pub entity: Option<String>,
}

/// Why a call brought nothing.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct Failure {
    /// What can be done.
    pub class: FailureClass,
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The partner's list.
    pub items: Vec<RefusalItem>,
    /// How long the partner wants to be left alone.
    pub after: Option<Duration>,
}

/// More entries than any page shows.
const MAX_ITEMS: usize = 16;

impl Failure {
    pub(super) fn of(class: FailureClass) -> Self {
        Self { class, status: None, items: Vec::new(), after: None }
    }

    /// From an answer other than the one hoped for.
    #[must_use]
    pub fn from_answer(status: u16, body: &[u8], after: Option<Duration>) -> Self {
        let items = decode_items(body);
        Self { class: classify(status, &items), status: Some(status), items, after }
    }

    /// The vendor's `detailedErrorCode`: status, code and cause. Prose is left out.
    #[must_use]
    pub fn detailed_code(&self) -> String {
        let status = self.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
        let first = self.items.first();
        let code = first.map_or("-", |item| word_or_dash(&item.code));
        let cause = first.map_or("-", |item| word_or_dash(&item.cause));
        format!("{status}:{code}:{cause}")
    }

    /// What the partner said: in the contract's words where it used them, else in its own.
    fn told(&self) -> String {
        let said: Vec<&str> =
            self.items.iter().map(|item| item.cause.as_str()).filter(|cause| !cause.is_empty()).collect();
        match self.items.first() {
            Some(first) if said.len() == 1 && word_or_dash(&first.cause) != "-" => self.detailed_code(),
            Some(_) | None => said.join("; "),
        }
    }

    /// Whether some entry has this cause.
    #[must_use]
    pub fn has_cause(&self, cause: &str) -> bool {
        self.items.iter().any(|item| item.cause == cause)
    }

    /// The same in the words that the queue understands.
    #[must_use]
    pub fn rejection(&self) -> Rejection {
        let detail = PartnerText::new(&self.told());
        let retry = |reason| Rejection::Retryable { reason, after: self.after };
        let permanent = |reason| Rejection::Permanent { reason, detail: detail.clone() };
        let blocked = |reason| Rejection::Blocked { reason, detail: detail.clone() };
        match self.class {
            FailureClass::Offline => retry(RetryReason::Offline),
            FailureClass::TooManyRequests => retry(RetryReason::RateLimited),
            FailureClass::Unavailable => retry(RetryReason::Unavailable(self.status.unwrap_or_default())),
            FailureClass::Unreadable | FailureClass::AddressExpired => retry(RetryReason::UnreadableAnswer),
            FailureClass::NotAuthenticated => blocked(BlockReason::NotAuthenticated),
            FailureClass::NotAuthorised => blocked(BlockReason::NotAuthorised),
            FailureClass::NotEnrolled => blocked(BlockReason::NotEnrolled),
            FailureClass::ClockWrong => blocked(BlockReason::ClockWrong),
            FailureClass::UnknownUser => permanent(PermanentReason::UnknownCustomer),
            FailureClass::QuotaExhausted => permanent(PermanentReason::QuotaExhausted),
            FailureClass::PictureRefused => permanent(PermanentReason::PictureRefused),
            FailureClass::Invalid | FailureClass::SessionTaken => permanent(PermanentReason::Invalid),
            FailureClass::Unsendable => permanent(PermanentReason::Unsendable),
            FailureClass::UnknownSubmission | FailureClass::AlreadyConfirmed | FailureClass::Refused => {
                permanent(PermanentReason::Refused(self.status.unwrap_or_default()))
            }
        }
    }
}

/// Words of the contract are capitals, digits, `_` and `/`; anything else may be prose about a person.
fn word_or_dash(text: &str) -> &str {
    let is_word =
        |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'/';
    // Sixteen digits would be a NIK.
    let has_long_number = text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() > 6);
    if !text.is_empty() && text.len() <= 80 && text.bytes().all(is_word) && !has_long_number {
        text
    } else {
        "-"
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.class.code(), self.detailed_code())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({:?} {})", self.class, self.detailed_code())
    }
}

fn decode_items(body: &[u8]) -> Vec<RefusalItem> {
    let root = serde_json::from_slice::<Value>(body).ok().and_then(Object::of);
    let Some(mut root) = root else { return Vec::new() };
    let item = |mut item: Object| RefusalItem {
        code: item.text("code").unwrap_or_default(),
        cause: item.text("cause").or_else(|| item.text("message")).unwrap_or_default(),
        entity: item.text("entity"),
    };
    root.list("errors").into_iter().take(MAX_ITEMS).map(item).collect()
}

fn classify(status: u16, items: &[RefusalItem]) -> FailureClass {
    let says = |cause: &str| items.iter().any(|item| item.cause == cause);
    let unknown_submission = says("SUBMISSION_DOES_NOT_EXIST");
    match status {
        401 => FailureClass::NotAuthenticated,
        403 => FailureClass::NotAuthorised,
        409 => FailureClass::AlreadyConfirmed,
        422 => FailureClass::PictureRefused,
        429 if says("SUBMISSION_QUOTA_EXCEEDED") => FailureClass::QuotaExhausted,
        429 => FailureClass::TooManyRequests,
        400 | 404 if unknown_submission => FailureClass::UnknownSubmission,
        404 if items.iter().any(|item| item.cause.starts_with("USER_NOT_FOUND")) => FailureClass::UnknownUser,
        400 if says("DUPLICATE_PARTNER_SESSION_ID") => FailureClass::SessionTaken,
        400 => FailureClass::Invalid,
        408 | 425 | 500 | 502 | 503 | 504 => FailureClass::Unavailable,
        // Redirects are not followed: a network's log-in page, or a wrong address. A yes that says no is neither.
        200..=399 => FailureClass::Unreadable,
        _ if StatusCode::from_u16(status).is_err() => FailureClass::Unreadable,
        _ => FailureClass::Refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_and_numbers_stay_out_of_debug_and_display() {
        let body = br#"{"success":false,"errors":[{"code":900,"cause":"NIK 3174095207900000 of CONTOH NAMA"},
            {"code":"900","cause":"3174095207900000"}]}"#;
        let failure = Failure::from_answer(500, body, None);
        assert_eq!(failure.detailed_code(), "500:900:-");
        let shown = format!("{failure} {failure:?} {:?}", failure.rejection());
        assert!(!shown.contains("3174") && !shown.contains("CONTOH"), "{shown}");
        assert_eq!(word_or_dash("3174095207900000"), "-");
    }
}
