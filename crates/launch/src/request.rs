//! What a partner's front end asks for: the vendor's launch functions and parameters as one JSON document.
//!
//! Invariant: strict. An unknown key, a value out of its bounds or a document that is too large is an error which names
//! the key and shows nothing of the value; the token is in `Debug` nowhere. Deliberately absent: whether the address is
//! allowed here, which is the deployment's to say.

use std::fmt;

use gateway::Endpoint;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::redirect::RedirectUrl;

/// More than any request: tokens are below 8 KiB.
pub(crate) const MAX_REQUEST_BYTES: usize = 16 * 1024;
const MAX_TOKEN_CHARS: usize = 8 * 1024;
const MAX_THEME_CHARS: usize = 64;
const MAX_USER_ID_CHARS: usize = 128;

/// Which flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flow {
    /// A card.
    #[serde(rename = "launchKTPScan")]
    KtpScan,
    /// A living face.
    #[serde(rename = "launchSelfieLiveness")]
    SelfieLiveness,
    /// Both.
    #[serde(rename = "launchIdentityVerification")]
    IdentityVerification,
}

/// In which language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Bahasa Indonesia.
    Id,
    /// English.
    En,
}

/// Light or dark, in the vendor's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appearance {
    /// `LIGHT_MODE`.
    Light,
    /// `DARK_MODE`.
    Dark,
}

/// How the window should look.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Look {
    /// As always; `NO_PREFERENCE`.
    #[default]
    Default,
    /// Light or dark.
    Appearance(Appearance),
    /// A theme that may be installed here, by name.
    Theme(String),
}

/// A request that was checked.
#[derive(Clone)]
pub struct LaunchRequest {
    /// Which flow.
    pub flow: Flow,
    /// The platform's gateway.
    pub base_url: Endpoint,
    /// The customer's token, good for one flow.
    pub token: SecretString,
    /// The partner's name for this run; the platform's `x-partner-session-id`.
    pub correlation_id: Uuid,
    /// The partner's name for the customer; the platform's `x-partner-user-id`, which identity verification asks for.
    pub user_id: Option<String>,
    /// In which language; `None` is the window's own.
    pub language: Option<Language>,
    /// How it should look.
    pub look: Look,
    /// Where the browser goes after `COMPLETED`.
    pub success_redirect: Option<RedirectUrl>,
    /// Where the browser goes after anything else.
    pub failure_redirect: Option<RedirectUrl>,
    /// Whether a tap on help ends the flow, because the partner gives help itself.
    pub ends_on_help: bool,
}

/// Shows which flow under which id, and no more.
impl fmt::Debug for LaunchRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LaunchRequest")
            .field("flow", &self.flow)
            .field("correlation_id", &self.correlation_id)
            .finish_non_exhaustive()
    }
}

/// Why a request cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Larger than any request.
    #[error("the request is larger than {MAX_REQUEST_BYTES} bytes")]
    TooLarge,
    /// No JSON, or not of this shape. Where it fails is told, what stands there is not.
    #[error(
        "the request is no launch request (line {line}, column {column}): a key is unknown, missing or of the wrong type"
    )]
    Malformed {
        /// Of the JSON.
        line: usize,
        /// Of the JSON.
        column: usize,
    },
    /// One value cannot be used.
    #[error("{key}: {reason}")]
    Value {
        /// Its key.
        key: &'static str,
        /// Why, without the value.
        reason: String,
    },
}

/// The document.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RequestWire {
    launch: Flow,
    base_url: String,
    token: Zeroizing<String>,
    correlation_id: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    partner_user_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    language: Option<Language>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    theme: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    success_redirection_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    failure_redirection_url: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    help_handled_by_partner: bool,
}

impl LaunchRequest {
    /// Reads a document.
    pub fn parse(json: &[u8]) -> Result<Self, RequestError> {
        if json.len() > MAX_REQUEST_BYTES {
            return Err(RequestError::TooLarge);
        }
        let wire: RequestWire = serde_json::from_slice(json)
            .map_err(|error| RequestError::Malformed { line: error.line(), column: error.column() })?;
        wire.try_into()
    }

    /// The document again, for the process that has the window. It holds the token.
    #[must_use]
    pub fn to_json(&self) -> Zeroizing<String> {
        let wire = RequestWire {
            launch: self.flow,
            base_url: self.base_url.to_string(),
            token: Zeroizing::new(self.token.expose_secret().to_owned()),
            correlation_id: self.correlation_id.to_string(),
            partner_user_id: self.user_id.clone(),
            language: self.language,
            theme: self.look.word(),
            success_redirection_url: self.success_redirect.as_ref().map(ToString::to_string),
            failure_redirection_url: self.failure_redirect.as_ref().map(ToString::to_string),
            help_handled_by_partner: self.ends_on_help,
        };
        Zeroizing::new(serde_json::to_string(&wire).expect("texts and words are always JSON"))
    }
}

fn unusable(key: &'static str, reason: impl ToString) -> RequestError {
    RequestError::Value { key, reason: reason.to_string() }
}

impl TryFrom<RequestWire> for LaunchRequest {
    type Error = RequestError;

    fn try_from(wire: RequestWire) -> Result<Self, RequestError> {
        let is_token_char = |c: char| c.is_ascii_graphic();
        if wire.token.is_empty()
            || wire.token.len() > MAX_TOKEN_CHARS
            || !wire.token.chars().all(is_token_char)
        {
            return Err(unusable("token", "it is empty, too long, or has signs that no token has"));
        }
        let is_id = |id: &String| {
            (1..=MAX_USER_ID_CHARS).contains(&id.len()) && id.chars().all(|c| c.is_ascii_graphic())
        };
        if wire.partner_user_id.as_ref().is_some_and(|id| !is_id(id)) {
            return Err(unusable(
                "partnerUserId",
                "it is empty, too long, or has signs that no header takes",
            ));
        }
        let redirect = |key, text: Option<&str>| {
            text.map(RedirectUrl::parse).transpose().map_err(|error| unusable(key, error))
        };
        Ok(Self {
            flow: wire.launch,
            base_url: Endpoint::parse(&wire.base_url).map_err(|error| unusable("baseUrl", error))?,
            token: SecretString::from(wire.token.as_str()),
            correlation_id: Uuid::try_parse(&wire.correlation_id)
                .map_err(|_| unusable("correlationId", "it is no UUID"))?,
            user_id: wire.partner_user_id,
            language: wire.language,
            look: Look::parse(wire.theme)?,
            success_redirect: redirect("successRedirectionUrl", wire.success_redirection_url.as_deref())?,
            failure_redirect: redirect("failureRedirectionUrl", wire.failure_redirection_url.as_deref())?,
            ends_on_help: wire.help_handled_by_partner,
        })
    }
}

impl Look {
    fn parse(theme: Option<String>) -> Result<Self, RequestError> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        match theme {
            None => Ok(Self::Default),
            Some(word) => match word.as_str() {
                "NO_PREFERENCE" => Ok(Self::Default),
                "LIGHT_MODE" => Ok(Self::Appearance(Appearance::Light)),
                "DARK_MODE" => Ok(Self::Appearance(Appearance::Dark)),
                name if !name.is_empty() && name.len() <= MAX_THEME_CHARS && name.chars().all(is_plain) => {
                    Ok(Self::Theme(word))
                }
                _no_name => Err(unusable("theme", "it is no name of a theme")),
            },
        }
    }

    fn word(&self) -> Option<String> {
        match self {
            Self::Default => None,
            Self::Appearance(Appearance::Light) => Some("LIGHT_MODE".to_owned()),
            Self::Appearance(Appearance::Dark) => Some("DARK_MODE".to_owned()),
            Self::Theme(name) => Some(name.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn document(change: impl FnOnce(&mut Value)) -> Vec<u8> {
        let mut document = json!({
            "launch": "launchKTPScan",
            "baseUrl": "https://onekyc.example.test/",
            "token": "header.EXAMPLEONLY.signature",
            "correlationId": "5b0cbb1e-6f55-4a8c-9a93-1d1f6f6a0001",
        });
        change(&mut document);
        serde_json::to_vec(&document).unwrap()
    }

    fn with(key: &'static str, value: Value) -> Vec<u8> {
        document(|document| document[key] = value)
    }

    #[test]
    fn the_least_and_the_most_are_read_and_survive_being_handed_on() {
        #[track_caller]
        fn check(json: &[u8]) -> LaunchRequest {
            let request = LaunchRequest::parse(json).unwrap();
            let again = LaunchRequest::parse(request.to_json().as_bytes()).unwrap();
            assert_eq!(*request.to_json(), *again.to_json());
            again
        }
        let least = check(&document(|_| {}));
        assert_eq!((least.flow, least.language, least.look), (Flow::KtpScan, None, Look::Default));
        assert!(!least.ends_on_help);
        let most = check(&document(|document| {
            document["launch"] = json!("launchIdentityVerification");
            document["language"] = json!("en");
            document["theme"] = json!("contoh");
            document["successRedirectionUrl"] = json!("https://bank.example.test/done?step=2");
            document["failureRedirectionUrl"] = json!("http://127.0.0.1:8080/failed");
            document["helpHandledByPartner"] = json!(true);
        }));
        assert_eq!((most.flow, most.language), (Flow::IdentityVerification, Some(Language::En)));
        assert_eq!(most.look, Look::Theme("contoh".into()));
        assert!(most.ends_on_help && most.success_redirect.is_some() && most.failure_redirect.is_some());
        assert_eq!(check(&with("theme", json!("DARK_MODE"))).look, Look::Appearance(Appearance::Dark));
    }

    #[test]
    fn what_cannot_be_used_is_named_and_not_shown() {
        #[track_caller]
        fn check(json: &[u8], says: &str) {
            let error = LaunchRequest::parse(json).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains("EXAMPLEONLY") && !error.contains("evil"), "{error}");
        }
        check(b"", "no launch request");
        check(b"[1, 2]", "no launch request");
        check(&with("evil", json!(1)), "unknown");
        check(&with("launch", json!("launchEvil")), "no launch request");
        check(&with("language", json!("fr")), "no launch request");
        check(&document(|document| drop(document.as_object_mut().unwrap().remove("token"))), "missing");
        check(&with("token", json!("")), "token");
        check(&with("token", json!("evil token")), "token");
        check(&with("token", json!("evil\ntoken")), "token");
        check(&with("token", json!("x".repeat(MAX_TOKEN_CHARS + 1))), "token");
        check(&with("correlationId", json!("evil")), "correlationId");
        check(&with("baseUrl", json!("http://evil.example.test")), "baseUrl");
        check(&with("baseUrl", json!("https://a:evil@example.test")), "baseUrl");
        check(&with("theme", json!("../evil")), "theme");
        check(&with("successRedirectionUrl", json!("javascript:evil()")), "successRedirectionUrl");
        check(&with("failureRedirectionUrl", json!("http://evil.example.test")), "failureRedirectionUrl");
        check(&with("theme", json!("x".repeat(MAX_REQUEST_BYTES))), "larger");
    }

    #[test]
    fn debug_shows_no_token() {
        let request = LaunchRequest::parse(&document(|_| {})).unwrap();
        let shown = format!("{request:?}");
        assert!(shown.contains("5b0cbb1e") && !shown.contains("EXAMPLEONLY"), "{shown}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            prop_assert!(LaunchRequest::parse(&bytes).is_err());
        }
    }
}
