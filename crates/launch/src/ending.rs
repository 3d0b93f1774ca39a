//! How a launched visit ends, and what its partner's front end is told: the table of contract A.11.
//!
//! Invariant: every end has one row; `submissionId` goes with `COMPLETED` alone and `extra` with the others alone.

use crate::result::{ErrorCode, Extra, LaunchResult, LaunchStatus};

/// The platform's own words for a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlatformRefusal {
    /// The HTTP status.
    pub http: u16,
    /// The envelope's code; empty where there was none.
    pub code: String,
    /// The envelope's cause; empty where there was none.
    pub cause: String,
}

impl PlatformRefusal {
    /// Reads `"<http>:<code>:<cause>"`, where the last two are words or numbers and no prose.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let (http, code, cause) = (parts.next()?, parts.next()?, parts.next()?);
        let is_word = |part: &str| {
            part.len() <= 64 && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
        };
        let http = http.parse().ok().filter(|status| (100..600).contains(status))?;
        (is_word(code) && is_word(cause)).then(|| Self {
            http,
            code: code.to_owned(),
            cause: cause.to_owned(),
        })
    }
}

/// How a launched visit ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The platform decided, whatever it decided: approval is between it and the partner's backend.
    Decided {
        /// The platform's name for the submission.
        submission_id: String,
    },
    /// Taken and safe on this machine; the platform has not decided, or cannot be reached.
    Pending {
        /// The platform's name for the submission, once it has one.
        submission_id: Option<String>,
    },
    /// The customer or staff left.
    Cancelled,
    /// Nobody was there any more.
    Abandoned,
    /// Help was asked for, and the partner wanted to give it.
    HelpClicked,
    /// There is no camera that can be used.
    CameraMissing,
    /// The system denies the camera.
    CameraDenied,
    /// No connection.
    Unreachable,
    /// The platform or the partner's backend refused.
    Refused(PlatformRefusal),
    /// No picture passed the checks on this machine.
    NeverPassed,
    /// The partner does not take it, and did not say so in the contract's words; one of a closed set of ours says why.
    NotTaken(String),
    /// The capture could not be kept here; one of a closed set of words says why.
    NotKept(String),
    /// The deployment does not name this base address.
    BaseUrlNotAllowed,
    /// A visit or another launch is under way.
    Busy,
    /// The window cannot take captures: it says itself what is wrong.
    NotReady,
    /// This installation cannot do this flow.
    FlowNotAvailable,
    /// No way to redeem hand-over codes is set up here.
    NoHandOver,
    /// The request cannot be used; the words say why and hold nothing of it but a key's name.
    Malformed(String),
    /// The window was closed.
    WindowClosed,
}

/// The row of an ending that has no parts: status, class, word, sentence.
type Row = (LaunchStatus, ErrorCode, &'static str, &'static str);

impl Ending {
    /// What the partner's front end is told.
    #[must_use]
    pub fn result(&self, correlation_id: &str) -> LaunchResult {
        let told = |status, submission_id: Option<&String>, pending, extra| LaunchResult {
            correlation_id: correlation_id.to_owned(),
            status,
            submission_id: submission_id.cloned(),
            pending,
            extra,
        };
        let completed = |submission_id, pending| told(LaunchStatus::Completed, submission_id, pending, None);
        let not = |status, error_code, detailed_error_code: String, error_message: &str| {
            let error_message = error_message.to_owned();
            told(status, None, false, Some(Extra { error_code, detailed_error_code, error_message }))
        };
        let failed = |code, detail: String, message: &str| not(LaunchStatus::Error, code, detail, message);
        match (self, self.row()) {
            (Self::Decided { submission_id }, _) => completed(Some(submission_id), false),
            (Self::Pending { submission_id }, _) => completed(submission_id.as_ref(), true),
            (Self::Refused(PlatformRefusal { http, code, cause }), _) => {
                failed(ErrorCode::Api, format!("{http}:{code}:{cause}"), "the platform refused")
            }
            (Self::NotKept(word), _) => failed(
                ErrorCode::Verification,
                word.to_ascii_uppercase(),
                "the capture could not be kept here",
            ),
            (Self::NotTaken(word), _) => {
                failed(ErrorCode::Api, word.to_ascii_uppercase(), "the partner does not take the capture")
            }
            (Self::Malformed(what), _) => failed(ErrorCode::Api, "INVALID_REQUEST".to_owned(), what),
            (_, Some((status, code, detail, message))) => not(status, code, detail.to_owned(), message),
            (_, None) => unreachable!("endings without a row are told above"),
        }
    }

    fn row(&self) -> Option<Row> {
        use ErrorCode::{Camera, HelpClicked, Network, Permission, Security, UserCancelled, Verification};
        use LaunchStatus::{Error, NotCompleted};
        Some(match self {
            Self::Decided { .. }
            | Self::Pending { .. }
            | Self::Refused(_)
            | Self::NotTaken(_)
            | Self::NotKept(_)
            | Self::Malformed(_) => return None,
            Self::Cancelled => (NotCompleted, UserCancelled, "USER_CANCELLED", "the customer left"),
            Self::Abandoned => (NotCompleted, UserCancelled, "NOBODY_THERE", "the customer went away"),
            Self::HelpClicked => (NotCompleted, HelpClicked, "HELP_CLICKED", "the customer asked for help"),
            Self::CameraMissing => (Error, Camera, "CAMERA_MISSING", "there is no camera that can be used"),
            Self::CameraDenied => (Error, Permission, "CAMERA_DENIED", "the system denies the camera"),
            Self::Unreachable => (Error, Network, "UNREACHABLE", "the partner cannot be reached"),
            Self::NeverPassed => (Error, Verification, "CAPTURE_FAILED", "no picture passed the checks"),
            Self::BaseUrlNotAllowed => {
                let message = "launch.allowed_base_urls does not name this baseUrl";
                (Error, Security, "BASE_URL_NOT_ALLOWED", message)
            }
            Self::Busy => (Error, Verification, "BUSY", "another customer is being served; try again later"),
            Self::NotReady => {
                (Error, Verification, "NOT_READY", "the window cannot take captures; look at it")
            }
            Self::FlowNotAvailable => (Error, Verification, "FLOW_NOT_AVAILABLE", "not available here"),
            Self::NoHandOver => (Error, Verification, "NO_HAND_OVER", "no backend is set up for codes"),
            Self::WindowClosed => (Error, Verification, "WINDOW_CLOSED", "the window was closed"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(ending: &Ending) -> Value {
        serde_json::to_value(ending.result("c-1")).unwrap()
    }

    #[test]
    fn only_the_contracts_words_are_read_as_a_refusal() {
        let told = |text: &str| {
            let refusal = PlatformRefusal::parse(text)?;
            Ending::Refused(refusal).result("c-1").extra.map(|extra| extra.detailed_error_code)
        };
        for text in ["401:110:UNAUTHORIZED", "429:1510:SUBMISSION_QUOTA_EXCEEDED", "502:-:-", "410::"] {
            assert_eq!(told(text).as_deref(), Some(text));
        }
        for text in ["", "401", "401:110", "the name is 3174", "40:1:A", "401:110:two words", "x:1:A"] {
            assert_eq!(told(text), None, "{text}");
        }
    }

    #[test]
    fn completions_name_the_submission_and_have_no_extra() {
        let decided = Ending::Decided { submission_id: "sub_1".into() };
        assert_eq!(
            told(&decided),
            json!({"correlationId": "c-1", "status": "COMPLETED", "submissionId": "sub_1"})
        );
        let pending = |submission_id: Option<&str>| {
            told(&Ending::Pending { submission_id: submission_id.map(str::to_owned) })
        };
        let expected =
            json!({"correlationId": "c-1", "status": "COMPLETED", "submissionId": "s", "pending": true});
        assert_eq!(pending(Some("s")), expected);
        assert_eq!(pending(None), json!({"correlationId": "c-1", "status": "COMPLETED", "pending": true}));
    }

    #[test]
    fn every_other_end_has_its_row_of_the_contract() {
        #[track_caller]
        fn check(ending: &Ending, status: &str, code: &str, detail: &str) {
            let told = told(ending);
            assert_eq!(told["correlationId"], "c-1");
            assert_eq!(told["status"], status, "{ending:?}");
            assert_eq!(told["extra"]["errorCode"], code, "{ending:?}");
            assert_eq!(told["extra"]["detailedErrorCode"], detail, "{ending:?}");
            assert!(told["extra"]["errorMessage"].as_str().is_some_and(|message| !message.is_empty()));
            assert!(told.get("submissionId").is_none() && told.get("pending").is_none(), "{ending:?}");
        }
        let refused = |http, code: &str, cause: &str| {
            Ending::Refused(PlatformRefusal { http, code: code.into(), cause: cause.into() })
        };
        check(&Ending::Cancelled, "NOT_COMPLETED", "USER_CANCELLED", "USER_CANCELLED");
        check(&Ending::Abandoned, "NOT_COMPLETED", "USER_CANCELLED", "NOBODY_THERE");
        check(&Ending::HelpClicked, "NOT_COMPLETED", "HELP_CLICKED", "HELP_CLICKED");
        check(&Ending::CameraMissing, "ERROR", "CAMERA", "CAMERA_MISSING");
        check(&Ending::CameraDenied, "ERROR", "PERMISSION", "CAMERA_DENIED");
        check(&Ending::Unreachable, "ERROR", "NETWORK", "UNREACHABLE");
        check(&refused(401, "110", "UNAUTHORIZED"), "ERROR", "API", "401:110:UNAUTHORIZED");
        check(&refused(502, "", ""), "ERROR", "API", "502::");
        check(&Ending::NeverPassed, "ERROR", "VERIFICATION", "CAPTURE_FAILED");
        check(&Ending::NotTaken("token_spent".into()), "ERROR", "API", "TOKEN_SPENT");
        check(&Ending::NotKept("disk_full".into()), "ERROR", "VERIFICATION", "DISK_FULL");
        check(&Ending::BaseUrlNotAllowed, "ERROR", "SECURITY", "BASE_URL_NOT_ALLOWED");
        check(&Ending::Busy, "ERROR", "VERIFICATION", "BUSY");
        check(&Ending::NotReady, "ERROR", "VERIFICATION", "NOT_READY");
        check(&Ending::FlowNotAvailable, "ERROR", "VERIFICATION", "FLOW_NOT_AVAILABLE");
        check(&Ending::NoHandOver, "ERROR", "VERIFICATION", "NO_HAND_OVER");
        check(&Ending::Malformed("token is missing".into()), "ERROR", "API", "INVALID_REQUEST");
        check(&Ending::WindowClosed, "ERROR", "VERIFICATION", "WINDOW_CLOSED");
    }
}
