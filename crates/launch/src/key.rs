//! The per-install key that a web page must know to launch.
//!
//! Invariant: compared in constant time, shown by `Debug` nowhere. Deliberately absent: making and keeping it, which is
//! done like every other secret's.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Random bytes of a key; it is written as twice as many hexadecimal digits.
pub const KEY_BYTES: usize = 32;

/// The key of this installation.
#[derive(Clone)]
pub struct LaunchKey(SecretString);

impl LaunchKey {
    /// Takes a key as it is kept; `None` if it is none of ours.
    #[must_use]
    pub fn parse(key: SecretString) -> Option<Self> {
        let text = key.expose_secret();
        let is_key = text.len() == 2 * KEY_BYTES && text.chars().all(|c| c.is_ascii_hexdigit());
        is_key.then_some(Self(key))
    }

    /// Whether somebody knows it. Digests are compared, so that not even a length is told by the time it takes.
    #[must_use]
    pub fn is(&self, told: &str) -> bool {
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        digest(self.0.expose_secret()).ct_eq(&digest(told)).into()
    }
}

impl fmt::Debug for LaunchKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a launch key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_key_is_the_key() {
        let text = "0123456789abcdef".repeat(4);
        let key = LaunchKey::parse(text.clone().into()).unwrap();
        assert!(key.is(&text));
        for other in ["", "0", &text[1..], &text.to_uppercase(), &format!("{text}0")] {
            assert!(!key.is(other), "{other}");
        }
        assert!(!format!("{key:?}").contains("0123"));
    }

    #[test]
    fn what_is_no_key_is_not_taken() {
        for text in ["", "short", &"g".repeat(64), &"0".repeat(63), &"0".repeat(65)] {
            assert!(LaunchKey::parse(text.into()).is_none(), "{text}");
        }
    }
}
