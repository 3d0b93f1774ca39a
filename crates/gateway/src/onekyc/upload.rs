//! Putting a picture into the partner's storage (contract A.4.2).
//!
//! Invariants: no header of the platform and no credential is ever sent to a storage host; no redirects; nothing is sent
//! unencrypted but to this machine; an address is used only while it lives and only at hosts that are allowed.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use super::config::UploadParams;
use super::exchange::transport_failure;
use super::failure::{Failure, FailureClass};
use super::schedule::Jitter;
use crate::port::Clock;

pub(super) struct Storage {
    pub(super) http: Client,
    pub(super) params: UploadParams,
    pub(super) hosts: Vec<String>,
    /// The API itself is on this machine, so its storage may be.
    pub(super) may_be_local: bool,
    pub(super) clock: Clock,
    pub(super) jitter: Jitter,
}

impl Storage {
    /// Puts the bytes at a signed address that lives until `expires_at`.
    pub(super) async fn put(
        &self,
        address: &SecretString,
        expires_at: Timestamp,
        picture: &[u8],
    ) -> Result<(), Failure> {
        let url = self.checked(address.expose_secret())?;
        let kind = media_type(picture).ok_or_else(|| Failure::of(FailureClass::Unsendable))?;
        if picture.len() > self.params.max_bytes {
            return Err(Failure::of(FailureClass::Unsendable));
        }
        let mut failed = 0;
        loop {
            if self.left(expires_at) < self.params.margin {
                return Err(Failure::of(FailureClass::AddressExpired));
            }
            let failure = match self.once(&url, kind, picture).await {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            failed += 1;
            match self.params.retry.wait(failed, failure.after, (self.jitter)()) {
                Some(wait) if failure.class.is_transient() => tokio::time::sleep(wait).await,
                Some(_) | None => return Err(failure),
            }
        }
    }

    async fn once(&self, url: &Url, kind: &'static str, picture: &[u8]) -> Result<(), Failure> {
        let request = self.http.put(url.clone()).header(CONTENT_TYPE, kind).timeout(self.params.timeout);
        let response = request.body(picture.to_vec()).send().await.map_err(|e| transport_failure(&e))?;
        let status = response.status().as_u16();
        tracing::debug!(status, "stored");
        let class = match status {
            200..=299 => return Ok(()),
            // Object stores answer an outdated signature so.
            401 | 403 => FailureClass::AddressExpired,
            413 | 415 | 422 => FailureClass::PictureRefused,
            429 => FailureClass::TooManyRequests,
            408 | 500..=599 => FailureClass::Unavailable,
            300..=399 => FailureClass::Unreadable,
            _ => FailureClass::Refused,
        };
        Err(Failure { status: Some(status), ..Failure::of(class) })
    }

    fn left(&self, expires_at: Timestamp) -> Duration {
        Duration::try_from(expires_at.duration_since((self.clock)())).unwrap_or_default()
    }

    fn checked(&self, address: &str) -> Result<Url, Failure> {
        let refused = || Failure::of(FailureClass::Unsendable);
        let url = Url::parse(address).map_err(|_| refused())?;
        let host = url.host().ok_or_else(refused)?;
        let local = match &host {
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.is_loopback(),
            Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
        };
        let encrypted = url.scheme() == "https" && (!local || self.may_be_local);
        let here = url.scheme() == "http" && local && self.may_be_local;
        let name = host.to_string();
        let listed =
            self.hosts.is_empty() || self.hosts.iter().any(|listed| listed.eq_ignore_ascii_case(&name));
        let bare = url.username().is_empty() && url.password().is_none();
        if (encrypted || here) && listed && bare { Ok(url) } else { Err(refused()) }
    }
}

fn media_type(picture: &[u8]) -> Option<&'static str> {
    if picture.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some("image/jpeg");
    }
    picture.starts_with(b"\x89PNG\r\n\x1a\n").then_some("image/png")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn storage(may_be_local: bool, hosts: &[&str]) -> Storage {
        Storage {
            http: crate::transport::client(true).unwrap(),
            params: UploadParams::default(),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
            may_be_local,
            clock: Arc::new(|| "2026-09-01T03:00:00Z".parse().unwrap()),
            jitter: Arc::new(|| 0.0),
        }
    }

    #[test]
    fn pictures_go_to_encrypted_and_listed_hosts_only() {
        let check = |local, hosts: &[&str], url: &str, expected: bool| {
            assert_eq!(storage(local, hosts).checked(url).is_ok(), expected, "{url}");
        };
        check(false, &[], "https://storage.example.test/put?sig=x", true);
        check(false, &[], "http://storage.example.test/put?sig=x", false);
        check(false, &[], "http://127.0.0.1:9000/put?sig=x", false);
        check(false, &[], "https://127.0.0.1:9000/put?sig=x", false);
        check(true, &[], "http://127.0.0.1:9000/put?sig=x", true);
        check(true, &[], "http://storage.example.test/put?sig=x", false);
        check(false, &["storage.example.test"], "https://STORAGE.example.test/put", true);
        check(false, &["storage.example.test"], "https://storage.example.test.evil.test/put", false);
        check(false, &["storage.example.test"], "https://storage.example.test@evil.test/put", false);
        check(false, &[], "https://user:secret@storage.example.test/put", false);
        check(false, &[], "file:///etc/passwd", false);
        check(false, &[], "put?sig=x", false);
    }

    #[tokio::test]
    async fn an_address_that_ran_out_is_not_used() {
        let storage = storage(true, &[]);
        let soon = (storage.clock)() + Duration::from_secs(9);
        let address = SecretString::from("http://127.0.0.1:9/never");
        let failure = storage.put(&address, soon, &[0xFF, 0xD8, 0xFF]).await.unwrap_err();
        assert_eq!(failure.class, FailureClass::AddressExpired);
    }

    #[test]
    fn only_pictures_are_sent() {
        assert_eq!(media_type(&[0xFF, 0xD8, 0xFF, 0xE0]), Some("image/jpeg"));
        assert_eq!(media_type(b"\x89PNG\r\n\x1a\n..."), Some("image/png"));
        assert_eq!(media_type(b"GIF89a"), None);
        assert_eq!(media_type(b""), None);
    }
}
