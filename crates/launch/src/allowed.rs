//! What a deployment allows: where pictures may go, and which web pages may launch.
//!
//! Invariant: whole addresses and whole origins are compared, never parts of them.

use gateway::Endpoint;
use url::{Origin, Url};

/// The platform's addresses that this deployment names.
#[derive(Clone, Debug, Default)]
pub struct AllowedBaseUrls(Vec<Endpoint>);

impl AllowedBaseUrls {
    /// These, whether written with a slash at their end or without.
    #[must_use]
    pub fn new(endpoints: Vec<Endpoint>) -> Self {
        Self(endpoints)
    }

    /// Whether a launch may name it: else a launch could send pictures anywhere.
    #[must_use]
    pub fn has(&self, base_url: &Endpoint) -> bool {
        let bare = |endpoint: &Endpoint| endpoint.to_string().trim_end_matches('/').to_owned();
        self.0.iter().any(|allowed| bare(allowed) == bare(base_url))
    }
}

/// Origins of web pages that may launch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedOrigins(Vec<Origin>);

/// Why a text is no origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no origin such as https://teller.example.test or http://127.0.0.1:8080")]
pub struct OriginError(String);

impl AllowedOrigins {
    /// Reads origins.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a String>) -> Result<Self, OriginError> {
        let origin = |text: &String| origin_of(text).ok_or_else(|| OriginError(text.clone()));
        texts.into_iter().map(origin).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a page of this origin may launch. A page without one (`null`) may not.
    #[must_use]
    pub fn has(&self, header: &str) -> bool {
        origin_of(header).is_some_and(|origin| self.0.contains(&origin))
    }
}

/// The origin, if the text is one and nothing more.
fn origin_of(text: &str) -> Option<Origin> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "https" | "http");
    let origin = url.origin();
    (is_web && origin.ascii_serialization() == text).then_some(origin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_named_base_addresses_are_allowed() {
        let endpoint = |text: &str| Endpoint::parse(text).unwrap();
        let allowed = AllowedBaseUrls::new(vec![
            endpoint("https://one.example.test/"),
            endpoint("http://127.0.0.1:9/a"),
        ]);
        let check = |text: &str, expected| assert_eq!(allowed.has(&endpoint(text)), expected, "{text}");
        check("https://one.example.test", true);
        check("https://one.example.test/", true);
        check("https://ONE.example.test", true);
        check("http://127.0.0.1:9/a/", true);
        check("http://127.0.0.1:9", false);
        check("http://127.0.0.1:90/a", false);
        check("https://one.example.test.evil.example", false);
        check("https://one.example.test/other", false);
        check("https://one.example.test:8443", false);
        assert!(!AllowedBaseUrls::default().has(&endpoint("https://one.example.test")));
    }

    #[test]
    fn only_named_origins_are_allowed() {
        let texts = ["https://teller.example.test".to_owned(), "http://127.0.0.1:8080".to_owned()];
        let allowed = AllowedOrigins::parse(&texts).unwrap();
        let check = |text: &str, expected| assert_eq!(allowed.has(text), expected, "{text}");
        check("https://teller.example.test", true);
        check("http://127.0.0.1:8080", true);
        check("http://127.0.0.1", false);
        check("http://teller.example.test", false);
        check("https://teller.example.test.evil.example", false);
        check("https://teller.example.test:444", false);
        check("https://teller.example.test/page", false);
        check("null", false);
        check("", false);
    }

    #[test]
    fn what_is_no_origin_is_named() {
        for text in ["*", "teller.example.test", "https://teller.example.test/", "file://x", "null"] {
            assert_eq!(
                AllowedOrigins::parse(&[text.to_owned()]),
                Err(OriginError(text.to_owned())),
                "{text}"
            );
        }
    }
}
