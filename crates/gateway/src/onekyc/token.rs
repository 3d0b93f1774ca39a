//! Tokens, and where they come from.
//!
//! Invariant: a token is opaque, invisible to `Debug`, and has an end that was told by the partner.
//! Lacks on purpose: `client-id` and `pass-key`. Only [`super::Direct`] holds those, on a server.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::failure::{Failure, FailureClass};
use super::lenient::Object;
use super::run::FlowRun;

/// A pending answer of this partner.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

/// A token is renewed when less than this is left (contract A.2).
pub(super) const RENEW_BEFORE: SignedDuration = SignedDuration::from_secs(300);
/// Nothing documented lives longer than 60 days; more is a mistake.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24 * 366);

/// A token of either kind.
#[derive(Clone)]
pub struct Token {
    /// Sent as `x-onekyc-token`.
    pub value: SecretString,
    /// As the partner told it, or its lifetime from receipt.
    pub expires_at: Timestamp,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

impl Token {
    /// Whether it should be renewed before it is used.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.expires_at.duration_since(now) < RENEW_BEFORE
    }

    pub(super) fn header(&self) -> &str {
        self.value.expose_secret()
    }
}

/// What starting a flow gives: a token for our own capture, or a page of the vendor's.
#[derive(Clone, Debug)]
pub enum Launch {
    /// `source: SDK`.
    Token(Token),
    /// `source: WEB_SDK`; the address carries a token.
    Page(SecretString),
}

/// Gives user tokens for runs. On a counter this is the partner's backend; see [`super::Direct`] for the other way.
pub trait TokenSource: Send + Sync {
    /// A fresh token for a run, never one given before.
    fn user_token<'a>(&'a self, run: &'a FlowRun) -> Pending<'a, Token>;

    /// Whether tokens can be had at all.
    fn probe(&self) -> Pending<'_, ()>;

    /// Tells the source that a submission of a run was confirmed, so that a partner's server need not wait for a callback.
    /// It may be told again; that it could not be told changes nothing for the run.
    fn confirmed<'a>(&'a self, _run: &'a FlowRun, _submission_id: &'a str) -> Pending<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// Reads a token answer in both spellings, with texts or numbers.
pub fn decode_token(bytes: &[u8], received_at: Timestamp) -> Result<Token, Failure> {
    match decode_launch(bytes, received_at)? {
        Launch::Token(token) => Ok(token),
        Launch::Page(_) => Err(Failure::of(FailureClass::Unreadable)),
    }
}

/// Reads the answer to starting a flow.
pub fn decode_launch(bytes: &[u8], received_at: Timestamp) -> Result<Launch, Failure> {
    launch(super::answer::data_of(bytes)?, received_at)
}

pub(super) fn launch(mut data: Object, received_at: Timestamp) -> Result<Launch, Failure> {
    let unreadable = || Failure::of(FailureClass::Unreadable);
    if let Some(token) = data.filled_text("token") {
        let value = SecretString::from(token);
        let expires_at = expiry(&mut data, received_at).ok_or_else(unreadable)?;
        return Ok(Launch::Token(Token { value, expires_at }));
    }
    let page = data.filled_text("launchUrl").ok_or_else(unreadable)?;
    if !Url::parse(&page).is_ok_and(|url| matches!(url.scheme(), "https" | "http")) {
        return Err(unreadable());
    }
    Ok(Launch::Page(page.into()))
}

/// `expires_at` if it lies ahead within reason, else the lifetime from now.
fn expiry(data: &mut Object, received_at: Timestamp) -> Option<Timestamp> {
    let is_sane = |at: &Timestamp| {
        let ahead = at.duration_since(received_at);
        ahead > SignedDuration::ZERO && ahead < LONGEST_LIFE
    };
    let told = data.integer("expiresAt").and_then(|seconds| Timestamp::from_second(seconds).ok());
    if let Some(at) = told.filter(is_sane) {
        return Some(at);
    }
    let lifetime = SignedDuration::from_secs(data.integer("expirySeconds")?);
    received_at.checked_add(lifetime).ok().filter(is_sane)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-09-01T03:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_spelling_of_a_token_is_understood() {
        let at = now().as_second() + 3600;
        for body in [
            format!(
                r#"{{"success":true,"data":{{"token":"t","expiry_seconds":"3600","expires_at":"{at}"}}}}"#
            ),
            format!(r#"{{"success":true,"data":{{"token":"t","expirySeconds":3600,"expiresAt":{at}}}}}"#),
            r#"{"success":true,"data":{"token":"t","expirySeconds":"3600"}}"#.to_owned(),
            r#"{"success":true,"data":{"token":"t","expirySeconds":"3600","expiresAt":"soon"}}"#.to_owned(),
            // A clock that is years off is not believed.
            r#"{"success":true,"data":{"token":"t","expirySeconds":"3600","expiresAt":"17"}}"#.to_owned(),
            format!(r#"{{"token":"t","expiresAt":{at}}}"#),
        ] {
            let token = decode_token(body.as_bytes(), now()).unwrap();
            assert_eq!(token.expires_at.as_second(), at, "{body}");
        }
    }

    #[test]
    fn a_token_without_an_end_is_none() {
        for body in
            [r#"{"data":{"token":"t"}}"#, r#"{"data":{"token":"","expirySeconds":"9"}}"#, "{}", "", "7"]
        {
            assert!(decode_token(body.as_bytes(), now()).is_err(), "{body}");
        }
    }

    #[test]
    fn tokens_are_renewed_in_time_and_never_shown() {
        let token = Token { value: "eyJSECRET".into(), expires_at: now() + SignedDuration::from_secs(301) };
        assert!(!token.is_stale(now()));
        assert!(token.is_stale(now() + SignedDuration::from_secs(2)));
        assert!(!format!("{token:?}").contains("eyJ"));
    }
}
