//! What the platform says of one submission, and which saying beats which.
//!
//! Invariant: `Verdict::supersedes` is a strict order, so whatever order callbacks come in, the last word is the same.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How far a submission is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Status {
    /// Addresses for uploading were handed out.
    Initiated,
    /// It is being judged.
    InProgress,
    /// The identity passed, the certificate is still being made.
    PartiallyCompleted,
    /// It could not be judged. A platform that recovers may still complete it.
    Error,
    /// It was judged.
    Completed,
}

/// How it was judged.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Judgement {
    /// Passed.
    Valid,
    /// Rejected.
    Invalid,
}

/// Status, judgement and reason together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// How far.
    pub status: Status,
    /// Only where there is one.
    pub judgement: Option<Judgement>,
    /// A code such as `NOT_EKTP`; never prose.
    pub reason_code: Option<String>,
}

/// A word outside the vocabulary.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an unknown word")]
pub struct UnknownWord;

impl Status {
    /// All, in order.
    pub const ALL: [Self; 5] =
        [Self::Initiated, Self::InProgress, Self::PartiallyCompleted, Self::Error, Self::Completed];

    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Initiated => "INITIATED",
            Self::InProgress => "IN_PROGRESS",
            Self::PartiallyCompleted => "PARTIALLY_COMPLETED",
            Self::Error => "ERROR",
            Self::Completed => "COMPLETED",
        }
    }

    /// Whether a kiosk is told: the steps before are noise to it.
    #[must_use]
    pub const fn is_news(self) -> bool {
        match self {
            Self::Initiated | Self::InProgress => false,
            Self::PartiallyCompleted | Self::Error | Self::Completed => true,
        }
    }
}

impl FromStr for Status {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        Self::ALL.into_iter().find(|status| status.word() == word).ok_or(UnknownWord)
    }
}

impl Judgement {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Valid => "VALID",
            Self::Invalid => "INVALID",
        }
    }
}

impl FromStr for Judgement {
    type Err = UnknownWord;

    /// `REJECTED` stands in one schema only; it means the same as `INVALID`.
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "VALID" => Ok(Self::Valid),
            "INVALID" | "REJECTED" => Ok(Self::Invalid),
            _ => Err(UnknownWord),
        }
    }
}

impl Verdict {
    /// Whether it takes the place of what is stored. A judgement, once given, stays.
    #[must_use]
    pub fn supersedes(&self, stored: Option<&Self>) -> bool {
        stored.is_none_or(|stored| self.status > stored.status)
    }

    /// Whether it says the opposite of a stored judgement.
    #[must_use]
    pub fn contradicts(&self, stored: &Self) -> bool {
        matches!((self.judgement, stored.judgement), (Some(new), Some(old)) if new != old)
    }

    /// Whether nothing more can come of it.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.status == Status::Completed && self.judgement == Some(Judgement::Valid)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_verdict() -> impl Strategy<Value = Verdict> {
        let judgement = prop_oneof![Just(None), Just(Some(Judgement::Valid)), Just(Some(Judgement::Invalid))];
        (prop::sample::select(&Status::ALL[..]), judgement).prop_map(|(status, judgement)| Verdict {
            status,
            judgement,
            reason_code: None,
        })
    }

    proptest! {
        #[test]
        fn any_order_ends_with_the_same_status_and_never_goes_back(
            sayings in prop::collection::vec(any_verdict(), 1..12),
        ) {
            let mut stored: Option<Verdict> = None;
            for saying in &sayings {
                let before = stored.as_ref().map(|verdict| verdict.status);
                if saying.supersedes(stored.as_ref()) {
                    stored = Some(saying.clone());
                }
                prop_assert!(stored.as_ref().map(|verdict| verdict.status) >= before);
            }
            let highest = sayings.iter().map(|saying| saying.status).max();
            prop_assert_eq!(stored.map(|verdict| verdict.status), highest);
        }
    }

    #[test]
    fn words_are_read_back() {
        for status in Status::ALL {
            assert_eq!(status.word().parse(), Ok(status));
            assert_eq!(serde_json::to_value(status).unwrap(), status.word());
        }
        assert_eq!("REJECTED".parse(), Ok(Judgement::Invalid));
        assert_eq!("completed".parse::<Status>(), Err(UnknownWord));
    }
}
