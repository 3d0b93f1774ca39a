//! Where the browser goes when a flow is over.
//!
//! Invariant: encrypted or this machine, so that no link can open a program or a file; the query gains the correlation
//! id and the status, and nothing else of the result.

use std::fmt;

use url::{Host, Url};

use crate::result::LaunchResult;

const MAX_URL_CHARS: usize = 2048;

/// An address that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectUrl(Url);

/// Why an address is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectUrlError {
    /// Not an address, or too long for one.
    #[error("it is no address")]
    NotAUrl,
    /// Neither encrypted nor this machine.
    #[error("it must begin with https:// (http:// is for this machine only)")]
    NotEncrypted,
    /// Credentials do not belong into addresses.
    #[error("it must not contain credentials")]
    Credentials,
}

impl RedirectUrl {
    /// Checks an address.
    pub fn parse(text: &str) -> Result<Self, RedirectUrlError> {
        if text.len() > MAX_URL_CHARS {
            return Err(RedirectUrlError::NotAUrl);
        }
        let url = Url::parse(text).map_err(|_| RedirectUrlError::NotAUrl)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(RedirectUrlError::Credentials);
        }
        let is_local = match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
            None => false,
        };
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_local => Ok(Self(url)),
            _other => Err(RedirectUrlError::NotEncrypted),
        }
    }

    /// The address with what came of the flow in its query.
    #[must_use]
    pub fn with(&self, result: &LaunchResult) -> Url {
        let mut url = self.0.clone();
        url.query_pairs_mut()
            .append_pair("correlationId", &result.correlation_id)
            .append_pair("status", result.status.word());
        url
    }
}

impl fmt::Display for RedirectUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ending;

    #[test]
    fn only_encrypted_or_local_addresses_pass() {
        #[track_caller]
        fn check(text: &str, expected: Result<(), RedirectUrlError>) {
            assert_eq!(RedirectUrl::parse(text).map(drop), expected, "{text}");
        }
        check("https://bank.example.test/done", Ok(()));
        check("http://127.0.0.1:8080/done", Ok(()));
        check("http://localhost/done", Ok(()));
        check("http://bank.example.test/done", Err(RedirectUrlError::NotEncrypted));
        check("file:///etc/passwd", Err(RedirectUrlError::NotEncrypted));
        check("javascript:alert(1)", Err(RedirectUrlError::NotEncrypted));
        check("loket://launch?code=x", Err(RedirectUrlError::NotEncrypted));
        check("https://a:b@bank.example.test", Err(RedirectUrlError::Credentials));
        check("bank.example.test", Err(RedirectUrlError::NotAUrl));
        check(&format!("https://x/{}", "a".repeat(MAX_URL_CHARS)), Err(RedirectUrlError::NotAUrl));
    }

    #[test]
    fn the_query_gains_id_and_status_and_keeps_what_it_had() {
        let url = RedirectUrl::parse("https://bank.example.test/done?step=2").unwrap();
        let result = Ending::Busy.result("c&1");
        assert_eq!(
            url.with(&result).as_str(),
            "https://bank.example.test/done?step=2&correlationId=c%261&status=ERROR"
        );
    }
}
