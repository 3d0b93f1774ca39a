//! From HTTP statuses and refusal bodies to [`Rejection`]s.
//!
//! Invariant: a request that changes something at the platform is called "certainly not taken"
//! only where the platform says so (4xx, 429); after any 5xx it is in doubt.

use std::time::Duration;

use reqwest::StatusCode;

use super::wire::{self, ErrorWire};
use crate::rejection::{BlockReason, LossReason, PartnerText, PermanentReason, Rejection, RetryReason};

/// Whether repeating the request is harmless.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Effect {
    /// It only reads, or what it makes may be thrown away.
    Harmless,
    /// It makes a record.
    Lasting,
}

/// What a status other than success means.
pub(super) fn rejection(
    status: StatusCode,
    body: &[u8],
    after: Option<Duration>,
    effect: Effect,
) -> Rejection {
    let error = wire::decode_error(body);
    let detail = text_of(&error);
    if blames_challenge(status, &error) {
        return Rejection::ChallengeSpent { detail };
    }
    let permanent = |reason| Rejection::Permanent { reason, detail: detail.clone() };
    match status.as_u16() {
        401 => Rejection::Blocked { reason: BlockReason::NotAuthenticated, detail },
        403 => Rejection::Blocked { reason: BlockReason::NotAuthorised, detail },
        429 => Rejection::Retryable { reason: RetryReason::RateLimited, after },
        // The request was not read, or too early to be: certainly not taken.
        408 | 425 => Rejection::Retryable { reason: RetryReason::Unavailable(status.as_u16()), after },
        409 if effect == Effect::Lasting => Rejection::NeedsRecovery { reason: LossReason::Conflict, after },
        400 => permanent(PermanentReason::Invalid),
        404 => permanent(PermanentReason::UnknownCustomer),
        413 => permanent(PermanentReason::TooLarge),
        422 => permanent(PermanentReason::RuleViolated),
        code @ 500..=599 => match effect {
            Effect::Lasting => Rejection::NeedsRecovery { reason: LossReason::ServerError(code), after },
            Effect::Harmless => Rejection::Retryable { reason: RetryReason::Unavailable(code), after },
        },
        // Redirects are not followed: a network's log-in page, or a wrong address.
        300..=399 => Rejection::Retryable { reason: RetryReason::UnreadableAnswer, after },
        code => permanent(PermanentReason::Refused(code)),
    }
}

/// The contract names no code for a spent challenge; any of these that speaks of it counts.
fn blames_challenge(status: StatusCode, error: &ErrorWire) -> bool {
    if !matches!(status.as_u16(), 400 | 404 | 409 | 410 | 422) {
        return false;
    }
    let speaks = |text: &str| {
        let lower = text.to_ascii_lowercase();
        lower.contains("challenge") || lower.contains("nonce")
    };
    // A face's gestures are called challenges too; a complaint about them is about the document.
    let is_gesture = |field: &str| field.ends_with("challenges") || field.contains("responses");
    let mut fields = error.details.iter().flat_map(|details| details.field_errors.keys());
    error.error.as_deref().is_some_and(speaks) || fields.any(|field| speaks(field) && !is_gesture(field))
}

fn text_of(error: &ErrorWire) -> PartnerText {
    let mut text = error.error.clone().unwrap_or_default();
    for (field, problems) in error.details.iter().flat_map(|details| &details.field_errors) {
        text.push_str("; ");
        text.push_str(field);
        text.push_str(": ");
        text.push_str(&problems.join(", "));
    }
    PartnerText::new(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, body: &str, effect: Effect) -> Rejection {
        let status = StatusCode::from_u16(status).unwrap();
        rejection(status, body.as_bytes(), Some(Duration::from_secs(3)), effect)
    }

    #[test]
    fn every_documented_status_has_its_meaning() {
        let check = |status, body: &str, expected: &str| {
            assert_eq!(of(status, body, Effect::Lasting).code(), expected, "{status} {body}");
        };
        let bare = r#"{"error":"no"}"#;
        check(400, bare, "invalid");
        check(401, bare, "not_authenticated");
        check(403, r#"{"error":"missing scope: verifications:view"}"#, "not_authorised");
        check(404, bare, "unknown_customer");
        check(409, bare, "conflict");
        check(413, bare, "too_large");
        check(415, bare, "refused");
        check(418, "", "refused");
        check(422, bare, "rule_violated");
        check(429, bare, "rate_limited");
        check(500, bare, "partner_error");
        check(503, "<html>", "partner_error");
        check(302, "", "unreadable_answer");
        for status in [400, 404, 409, 410, 422] {
            check(status, r#"{"error":"flash challenge already consumed"}"#, "challenge_spent");
            check(
                status,
                r#"{"error":"bad","details":{"fieldErrors":{"flashChallengeNonce":["expired"]}}}"#,
                "challenge_spent",
            );
        }
        check(500, r#"{"error":"challenge store down"}"#, "partner_error");
        check(400, r#"{"error":"no","details":{"fieldErrors":{"bundle.challenges":["no"]}}}"#, "invalid");
        let nested = r#"{"error":"no","details":{"fieldErrors":{"bundle.responses.challenge":["no"]}}}"#;
        check(400, nested, "invalid");
    }

    #[test]
    fn reads_may_simply_be_repeated() {
        assert_eq!(of(500, "", Effect::Harmless).code(), "partner_unavailable");
        assert_eq!(of(503, "", Effect::Harmless).after(), Some(Duration::from_secs(3)));
    }

    #[test]
    fn field_errors_are_kept_for_people() {
        let body =
            r#"{"error":"validation failed","details":{"fieldErrors":{"ocrFields.nik":["bad date"]}}}"#;
        let rejection = of(400, body, Effect::Lasting);
        assert_eq!(rejection.detail().unwrap().reveal(), "validation failed; ocrFields.nik: bad date");
    }
}
