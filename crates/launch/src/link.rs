//! `loket://launch?code=…`: a link that any page may hold, and that therefore says nothing.
//!
//! Invariant: the code is one-time and worth nothing without this installation's own credentials at the partner's
//! backend; everything but exactly this form is refused. Deliberately absent: tokens and addresses.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

/// The scheme that is registered with the desktop.
pub const SCHEME: &str = "loket";

const MAX_LINK_CHARS: usize = 512;
/// Fewer could be guessed: 16 signs of 64 are 96 bits.
const LEAST_CODE_CHARS: usize = 16;
const MAX_CODE_CHARS: usize = 256;

/// A one-time code that the partner's backend gave to its front end.
#[derive(Clone)]
pub struct HandOverCode(SecretString);

/// Why a link is not followed. Nothing of the link is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Not a link of ours.
    #[error("this is no {SCHEME}://launch link")]
    NotOurs,
    /// The code is missing, or no code.
    #[error("the link has no usable code")]
    NoCode,
    /// There is more in it than a code.
    #[error("the link holds more than a code")]
    TooMuch,
}

impl HandOverCode {
    /// The code of a link.
    pub fn of_link(link: &str) -> Result<Self, LinkError> {
        if link.len() > MAX_LINK_CHARS {
            return Err(LinkError::NotOurs);
        }
        let url = Url::parse(link).map_err(|_| LinkError::NotOurs)?;
        // Browsers add the slash.
        let is_ours = url.scheme() == SCHEME
            && url.host_str() == Some("launch")
            && matches!(url.path(), "" | "/")
            && url.port().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !is_ours {
            return Err(LinkError::NotOurs);
        }
        let query = url.query().ok_or(LinkError::NoCode)?;
        if url.fragment().is_some() || query.contains('&') {
            return Err(LinkError::TooMuch);
        }
        let code = query.strip_prefix("code=").ok_or(LinkError::NoCode)?;
        Self::parse(code).ok_or(LinkError::NoCode)
    }

    /// Checks a code.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_code = (LEAST_CODE_CHARS..=MAX_CODE_CHARS).contains(&text.len()) && text.chars().all(is_plain);
        is_code.then(|| Self(SecretString::from(text)))
    }

    /// The code itself, for the backend alone.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for HandOverCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hand-over code")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CODE: &str = "AbCd_0123456-789";

    #[test]
    fn a_link_is_a_code_and_nothing_more() {
        #[track_caller]
        fn check(link: &str, expected: Result<&str, LinkError>) {
            let code = HandOverCode::of_link(link);
            assert_eq!(code.as_ref().map(HandOverCode::reveal), expected.as_ref().copied(), "{link}");
        }
        check(&format!("loket://launch?code={CODE}"), Ok(CODE));
        check(&format!("loket://launch/?code={CODE}"), Ok(CODE));
        check(&format!("LOKET://launch?code={CODE}"), Ok(CODE));
        check("loket://launch", Err(LinkError::NoCode));
        check("loket://launch?code=", Err(LinkError::NoCode));
        check("loket://launch?code=short", Err(LinkError::NoCode));
        check(&format!("loket://launch?code={CODE}%41"), Err(LinkError::NoCode));
        check(&format!("loket://launch?code={}", "a".repeat(257)), Err(LinkError::NoCode));
        check(&format!("loket://launch?token={CODE}"), Err(LinkError::NoCode));
        check(&format!("loket://launch?code={CODE}&code={CODE}"), Err(LinkError::TooMuch));
        check(&format!("loket://launch?code={CODE}&baseUrl=https://x"), Err(LinkError::TooMuch));
        check(&format!("loket://launch?code={CODE}#x"), Err(LinkError::TooMuch));
        check(&format!("loket://launch/more?code={CODE}"), Err(LinkError::NotOurs));
        check(&format!("loket://other?code={CODE}"), Err(LinkError::NotOurs));
        check(&format!("loket://launch:80?code={CODE}"), Err(LinkError::NotOurs));
        check(&format!("loket://me@launch?code={CODE}"), Err(LinkError::NotOurs));
        check(&format!("loket:launch?code={CODE}"), Err(LinkError::NotOurs));
        check(&format!("https://launch?code={CODE}"), Err(LinkError::NotOurs));
        check("--help", Err(LinkError::NotOurs));
        check(&format!("loket://launch?{}", "a".repeat(600)), Err(LinkError::NotOurs));
    }

    #[test]
    fn debug_shows_no_code() {
        assert!(!format!("{:?}", HandOverCode::parse(CODE)).contains(CODE));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "loket://launch.{0,80}|.{0,80}") {
            if let Ok(code) = HandOverCode::of_link(&text) {
                prop_assert!(text.ends_with(code.reveal()));
            }
        }
    }
}
