//! Base addresses of partners.
//!
//! Invariant: an [`Endpoint`] is encrypted or on this machine, and has neither credentials nor a query in it.
//! Lacks on purpose: hosts of any partner; addresses are configuration.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// A base address that was checked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Endpoint(Url);

/// Why a base address is not used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EndpointError {
    /// Not an address of the form `https://host/path`.
    #[error("the gateway's address is not a URL")]
    NotAUrl,
    /// `http` to another machine would show every card to the network.
    #[error("the gateway's address must begin with https:// (http:// is for this machine only)")]
    NotEncrypted,
    /// Credentials belong into the keyring, not into an address that ends up in logs.
    #[error("the gateway's address must not contain credentials, a query or a fragment")]
    NotBare,
}

impl Endpoint {
    /// Checks a base address such as `https://api.example.test/identity`.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let url = Url::parse(text.trim()).map_err(|_| EndpointError::NotAUrl)?;
        if url.cannot_be_a_base() || url.host().is_none() {
            return Err(EndpointError::NotAUrl);
        }
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        if !bare {
            return Err(EndpointError::NotBare);
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            _ => Err(EndpointError::NotEncrypted),
        }
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
        url.path_segments_mut()
            .expect("parse refuses addresses that cannot be a base")
            .pop_if_empty()
            .extend(segments);
        url
    }
}

impl TryFrom<String> for Endpoint {
    type Error = EndpointError;

    fn try_from(text: String) -> Result<Self, EndpointError> {
        Self::parse(&text)
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.0.into()
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Endpoint({})", self.0)
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
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
    fn only_encrypted_or_local_bare_addresses_pass() {
        let check = |text: &str, expected: Result<(), EndpointError>| {
            assert_eq!(Endpoint::parse(text).map(drop), expected, "{text}");
        };
        check("https://api.example.test/identity", Ok(()));
        check("https://api.example.test/identity/", Ok(()));
        check("http://127.0.0.1:8080/identity", Ok(()));
        check("http://[::1]:8080", Ok(()));
        check("http://localhost:8080", Ok(()));
        check("http://api.example.test", Err(EndpointError::NotEncrypted));
        check("http://localhost.example.test", Err(EndpointError::NotEncrypted));
        check("http://127.0.0.1.example.test", Err(EndpointError::NotEncrypted));
        check("ftp://localhost", Err(EndpointError::NotEncrypted));
        check("https://user:secret@api.example.test", Err(EndpointError::NotBare));
        check("https://api.example.test/?key=secret", Err(EndpointError::NotBare));
        check("mailto:someone@example.test", Err(EndpointError::NotAUrl));
        check("api.example.test", Err(EndpointError::NotAUrl));
        check("", Err(EndpointError::NotAUrl));
    }

    #[test]
    fn ids_cannot_leave_their_place_in_the_path() {
        let resource = |base: &str, id: &str| {
            Endpoint::parse(base).unwrap().resource(&["api", "identity", "kyc", id]).to_string()
        };
        let base = "https://api.example.test/identity";
        let expected = "https://api.example.test/identity/api/identity/kyc/";
        assert_eq!(resource(base, "cus_0001"), format!("{expected}cus_0001"));
        assert_eq!(resource(&format!("{base}/"), "cus_0001"), format!("{expected}cus_0001"));
        assert_eq!(resource(base, "a/b?c#d"), format!("{expected}a%2Fb%3Fc%23d"));
    }
}
