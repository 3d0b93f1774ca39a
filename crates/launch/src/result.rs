//! What comes out of a launch, as JSON in the vendor's words.
//!
//! Invariant: it holds ids, statuses and words of ours or the platform's; never a value, a token or a picture.

use serde::{Deserialize, Serialize};

/// What a partner's front end is told when its flow is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LaunchResult {
    /// As it was given; empty where a request could not be read so far.
    pub correlation_id: String,
    /// How it ended.
    pub status: LaunchStatus,
    /// The platform's name for what was submitted; with [`LaunchStatus::Completed`] only.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub submission_id: Option<String>,
    /// Whether the platform has yet to decide.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub pending: bool,
    /// Why not; never with [`LaunchStatus::Completed`].
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub extra: Option<Extra>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LaunchStatus {
    /// The flow was finished, which is not the same as approved.
    Completed,
    /// Somebody left.
    NotCompleted,
    /// It could not be finished.
    Error,
}

impl LaunchStatus {
    /// The vendor's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "COMPLETED",
            Self::NotCompleted => "NOT_COMPLETED",
            Self::Error => "ERROR",
        }
    }
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Extra {
    /// The vendor's class.
    pub error_code: ErrorCode,
    /// A word of ours, or `"<http>:<code>:<cause>"` of the platform's.
    pub detailed_error_code: String,
    /// For a developer's eyes, in English.
    pub error_message: String,
}

/// The vendor's classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ErrorCode {
    /// No camera.
    Camera,
    /// The camera is denied.
    Permission,
    /// No connection.
    Network,
    /// Refused by a server.
    Api,
    /// Not possible here, or not now.
    Verification,
    /// Help was asked for.
    HelpClicked,
    /// Not trusted.
    Security,
    /// Somebody left.
    UserCancelled,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_document() {
        for status in [LaunchStatus::Completed, LaunchStatus::NotCompleted, LaunchStatus::Error] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.word());
        }
    }
}
