//! Why a platform did not do what it was asked.
//!
//! Invariant: decided by HTTP status and cause together, since the platform shares its codes.

/// What went wrong.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PartnerError {
    /// No answer, or none in time.
    #[error("the platform cannot be reached")]
    Unreachable,
    /// It is there and cannot serve now.
    #[error("the platform is not able to answer now (HTTP {http})")]
    Unavailable {
        /// 408, 425, 429 or 5xx.
        http: u16,
    },
    /// Our credentials or codes are wrong.
    #[error("the platform refuses our credentials or onboarding code (HTTP {http} {cause})")]
    Credentials {
        /// 401 or 403.
        http: u16,
        /// The platform's word.
        cause: String,
    },
    /// The session id was used before and its token is lost.
    #[error("the platform has seen this session id before")]
    SessionSpent,
    /// The person's attempts are used up.
    #[error("the platform allows this person no further attempt")]
    QuotaExceeded,
    /// There is no such submission, or not yet.
    #[error("the platform knows no such submission")]
    NotFound,
    /// It does not accept what was sent.
    #[error("the platform refuses the request (HTTP {http} {cause})")]
    Refused {
        /// Another 4xx.
        http: u16,
        /// The platform's word.
        cause: String,
    },
    /// It answered something else than documented.
    #[error("the platform's answer is not the documented one")]
    Unreadable,
}

impl PartnerError {
    /// Reads a refusal.
    #[must_use]
    pub fn from_refusal(http: u16, causes: &[String]) -> Self {
        let cause = causes.first().map(|cause| word(cause)).unwrap_or_default();
        let has = |wanted: &str| causes.iter().any(|cause| cause == wanted);
        if has("DUPLICATE_PARTNER_SESSION_ID") {
            return Self::SessionSpent;
        }
        if has("SUBMISSION_QUOTA_EXCEEDED") {
            return Self::QuotaExceeded;
        }
        if has("SUBMISSION_DOES_NOT_EXIST") || causes.iter().any(|cause| cause.starts_with("USER_NOT_FOUND"))
        {
            return Self::NotFound;
        }
        match http {
            401 | 403 => Self::Credentials { http, cause },
            404 => Self::NotFound,
            408 | 425 | 429 | 500..=599 => Self::Unavailable { http },
            _ => Self::Refused { http, cause },
        }
    }

    /// Whether the same request may do better later.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable | Self::Unavailable { .. } => true,
            Self::Credentials { .. }
            | Self::SessionSpent
            | Self::QuotaExceeded
            | Self::NotFound
            | Self::Refused { .. }
            | Self::Unreadable => false,
        }
    }
}

/// Only what looks like one of the platform's constants: free text may quote a person.
fn word(cause: &str) -> String {
    let is_constant = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '/';
    if cause.len() <= 80 && cause.chars().all(is_constant) { cause.to_owned() } else { "OTHER".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_and_cause_decide_together() {
        #[track_caller]
        fn check(http: u16, cause: &str, expected: PartnerError) {
            assert_eq!(PartnerError::from_refusal(http, &[cause.to_owned()]), expected);
        }
        let credentials = |http, cause: &str| PartnerError::Credentials { http, cause: cause.to_owned() };
        check(401, "UNAUTHORIZED", credentials(401, "UNAUTHORIZED"));
        check(
            403,
            "ONBOARDING_PARTNER_DOES_NOT_BELONG_TO_CLIENT",
            credentials(403, "ONBOARDING_PARTNER_DOES_NOT_BELONG_TO_CLIENT"),
        );
        check(400, "DUPLICATE_PARTNER_SESSION_ID", PartnerError::SessionSpent);
        check(429, "SUBMISSION_QUOTA_EXCEEDED", PartnerError::QuotaExceeded);
        check(429, "TOO_MANY_REQUESTS", PartnerError::Unavailable { http: 429 });
        check(400, "SUBMISSION_DOES_NOT_EXIST", PartnerError::NotFound);
        check(404, "USER_NOT_FOUND", PartnerError::NotFound);
        check(503, "SERVICE_UNAVAILABLE", PartnerError::Unavailable { http: 503 });
        check(400, "INVALID_FLOW", PartnerError::Refused { http: 400, cause: "INVALID_FLOW".to_owned() });
        check(400, "Budi is not valid", PartnerError::Refused { http: 400, cause: "OTHER".to_owned() });
    }
}
