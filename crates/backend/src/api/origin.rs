//! Where a request came from, and whether a caller brings what was agreed.
//!
//! Invariant: `X-Forwarded-For` counts only from a trusted proxy, and only its last entry that no trusted proxy wrote.
//! Secrets are compared in time that does not depend on where they differ.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;
use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

use super::error::{self, ApiError};
use crate::app::App;

fn is_in(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

/// Who asked, seen through our own proxies.
pub(super) fn caller(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
    if !is_in(trusted, peer) {
        return Some(peer);
    }
    let values = headers.get_all("x-forwarded-for").iter();
    let entries: Vec<&str> =
        values.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
    let mut caller = peer;
    for entry in entries.into_iter().rev() {
        // What is no address was not written by our proxy.
        caller = entry.trim().parse().ok()?;
        if !is_in(trusted, caller) {
            break;
        }
    }
    Some(caller)
}

/// Whether a platform's caller brings the fixed headers, from where it may.
pub(super) fn check_caller(app: &App, peer: SocketAddr, headers: &HeaderMap) -> Result<(), ApiError> {
    let allowed = app.config.onekyc.as_ref().map(|onekyc| onekyc.callbacks.allowed_ips.as_slice());
    let allowed = allowed.unwrap_or_default();
    let caller = caller(&app.config.trusted_proxies, peer.ip(), headers);
    if !allowed.is_empty() && !caller.is_some_and(|caller| is_in(allowed, caller)) {
        return Err(error::FOREIGN_CALLER);
    }
    if brings(&app.callback_headers, headers) { Ok(()) } else { Err(error::CALLER_UNPROVEN) }
}

/// Whether all agreed headers are there. Without any agreed, nobody is believed.
fn brings(agreed: &[(String, SecretString)], headers: &HeaderMap) -> bool {
    let mut all = !agreed.is_empty();
    for (name, secret) in agreed {
        let brought = headers.get(name).map(|value| value.as_bytes()).unwrap_or_default();
        all &= bool::from(brought.ct_eq(secret.expose_secret().as_bytes()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_count_only_from_a_trusted_proxy() {
        #[track_caller]
        fn check(peer: &str, forwarded: Option<&str>, expected: Option<&str>) {
            let trusted = ["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
            let mut headers = HeaderMap::new();
            if let Some(forwarded) = forwarded {
                headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            }
            let found = caller(&trusted, peer.parse().unwrap(), &headers);
            assert_eq!(found, expected.map(|text| text.parse().unwrap()), "{peer} {forwarded:?}");
        }
        check("192.0.2.7", Some("198.51.100.1"), Some("192.0.2.7"));
        check("127.0.0.1", Some("198.51.100.1"), Some("198.51.100.1"));
        check("127.0.0.1", Some("203.0.113.9, 198.51.100.1, 10.1.1.1"), Some("198.51.100.1"));
        check("127.0.0.1", Some("198.51.100.1, nonsense"), None);
        check("127.0.0.1", None, Some("127.0.0.1"));
        check("::ffff:127.0.0.1", Some("2001:db8::1"), Some("2001:db8::1"));
    }

    #[test]
    fn all_agreed_headers_are_needed_and_none_agreed_means_no() {
        #[track_caller]
        fn check(agreed: &[(&str, &str)], brought: &[(&'static str, &str)], expected: bool) {
            let agreed: Vec<_> =
                agreed.iter().map(|(name, value)| ((*name).to_owned(), SecretString::from(*value))).collect();
            let mut headers = HeaderMap::new();
            for (name, value) in brought {
                headers.insert(*name, value.parse().unwrap());
            }
            assert_eq!(brings(&agreed, &headers), expected, "{brought:?}");
        }
        check(&[("x-key", "synthetic")], &[("x-key", "synthetic")], true);
        check(&[("x-key", "synthetic")], &[("x-key", "synthetiC")], false);
        check(&[("x-key", "synthetic")], &[("x-key", "synth")], false);
        check(&[("x-key", "synthetic")], &[], false);
        check(&[("x-key", "a"), ("x-more", "b")], &[("x-key", "a")], false);
        check(&[], &[("x-key", "a")], false);
    }
}
