//! Base addresses that were checked.
//!
//! Invariant: encrypted or on this machine; no credentials, no query; without a slash at its end.

use std::fmt;

use serde::Deserialize;
use url::{Host, Url};

/// A base address.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Endpoint(Url);

/// Why an address is not used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EndpointError {
    /// Not an address of the form `https://host/path`.
    #[error("not an address of the form https://host")]
    NotAUrl,
    /// `http` to another machine.
    #[error("the address must begin with https:// (http:// is for this machine only)")]
    NotEncrypted,
    /// It would end up in logs.
    #[error("the address must not contain credentials, a query or a fragment")]
    NotBare,
}

impl Endpoint {
    /// Checks an address.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let mut url = Url::parse(text.trim()).map_err(|_| EndpointError::NotAUrl)?;
        if url.cannot_be_a_base() || url.host().is_none() {
            return Err(EndpointError::NotAUrl);
        }
        let bare = url.username().is_empty() && url.password().is_none();
        if !bare || url.query().is_some() || url.fragment().is_some() {
            return Err(EndpointError::NotBare);
        }
        let encrypted = url.scheme() == "https" || url.scheme() == "http" && is_loopback(&url);
        if !encrypted {
            return Err(EndpointError::NotEncrypted);
        }
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
        }
        Ok(Self(url))
    }

    /// Whether it is this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The address of a resource; segments are escaped as needed.
    #[must_use]
    pub fn resource(&self, segments: &[&str]) -> Url {
        let mut url = self.0.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(segments);
        }
        url
    }
}

impl TryFrom<String> for Endpoint {
    type Error = EndpointError;

    fn try_from(text: String) -> Result<Self, EndpointError> {
        Self::parse(&text)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.0)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        #[track_caller]
        fn check(text: &str, expected: Result<&str, EndpointError>) {
            let found = Endpoint::parse(text).map(|endpoint| endpoint.resource(&["a", "b c"]).to_string());
            assert_eq!(found, expected.map(str::to_owned), "{text}");
        }
        check("https://api.example.test", Ok("https://api.example.test/a/b%20c"));
        check("https://api.example.test/", Ok("https://api.example.test/a/b%20c"));
        check("https://api.example.test/identity/", Ok("https://api.example.test/identity/a/b%20c"));
        check("http://127.0.0.1:4010", Ok("http://127.0.0.1:4010/a/b%20c"));
        check("http://api.example.test", Err(EndpointError::NotEncrypted));
        check("https://user@api.example.test", Err(EndpointError::NotBare));
        check("https://api.example.test/?key=x", Err(EndpointError::NotBare));
        check("api.example.test", Err(EndpointError::NotAUrl));
        check("data:text/plain,x", Err(EndpointError::NotAUrl));
    }
}
