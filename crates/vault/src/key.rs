//! The master key, its public identity, and the keyed tags derived from it.
//!
//! Invariant: the key's bytes are readable only inside this crate; `Debug` shows the identity.
//! Lacks on purpose: `Clone`, serialisation and comparison.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// Text form of a key: this prefix and the base64 of 32 bytes, so that a wrong file is told
/// from a wrong key.
const TEXT_PREFIX: &str = "loket-key-v1:";
const ID_DOMAIN: &[u8] = b"loket key id v1";
const TAG_DOMAIN: &[u8] = b"loket tag v1";

/// Public name of a key: eight bytes of a one-way hash of it. Safe to store and to show.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    /// The id as bytes, for storing.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 8] {
        &self.0
    }

    /// The id back from stored bytes; `None` unless there are exactly eight.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}

/// The operating system gave no random bytes; nothing can be sealed safely.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes: {0}")]
pub struct RandomnessUnavailable(#[from] getrandom::Error);

/// The 256-bit key that wraps every bundle's own key.
pub struct MasterKey {
    bytes: Box<Zeroizing<[u8; 32]>>,
    id: KeyId,
}

impl MasterKey {
    /// A new random key, held in memory only.
    pub fn generate() -> Result<Self, RandomnessUnavailable> {
        let mut bytes = Box::new(Zeroizing::new([0; 32]));
        getrandom::fill(bytes.as_mut_slice())?;
        Ok(Self::from_boxed(bytes))
    }

    fn from_boxed(bytes: Box<Zeroizing<[u8; 32]>>) -> Self {
        let digest = Sha256::new().chain_update(ID_DOMAIN).chain_update(bytes.as_slice()).finalize();
        let id = KeyId::from_bytes(&digest[..8]).expect("a SHA-256 digest is longer than eight bytes");
        Self { bytes, id }
    }

    /// This key's public name.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    /// A keyed tag over `parts`: equal inputs give equal tags, and without the key a tag neither
    /// reveals nor confirms its input. `purpose` separates uses from each other.
    #[must_use]
    pub fn tag(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.bytes.as_slice()).expect("HMAC accepts keys of any length");
        mac.update(TAG_DOMAIN);
        for part in [purpose.as_bytes()].iter().chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Whether `tag` is [`Self::tag`] of the same input, compared in constant time.
    #[must_use]
    pub fn verify_tag(&self, purpose: &str, parts: &[&[u8]], tag: &[u8]) -> bool {
        use subtle::ConstantTimeEq as _;
        self.tag(purpose, parts).ct_eq(tag).into()
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        // Sized up front: a growing string would leave unwiped copies behind.
        let mut text = Zeroizing::new(String::with_capacity(TEXT_PREFIX.len() + 48));
        text.push_str(TEXT_PREFIX);
        BASE64_STANDARD.encode_string(self.bytes.as_slice(), &mut text);
        text
    }

    /// `None` if the text is not one key in text form.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let encoded = text.trim().strip_prefix(TEXT_PREFIX)?;
        // base64 asks for room by its own estimate, which is one group more than 32 bytes need.
        let mut decoded = Zeroizing::new([0; 36]);
        let length = BASE64_STANDARD.decode_slice(encoded, decoded.as_mut_slice()).ok()?;
        let mut bytes = Box::new(Zeroizing::new([0; 32]));
        if length != bytes.len() {
            return None;
        }
        bytes.copy_from_slice(&decoded[..length]);
        Some(Self::from_boxed(bytes))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MasterKey").field("id", &self.id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_keeps_the_id() {
        let key = MasterKey::generate().unwrap();
        let text = key.to_text();
        let back = MasterKey::from_text(&format!("{}\n", *text)).unwrap();
        assert_eq!(back.id(), key.id());
        assert_eq!(back.bytes(), key.bytes());
    }

    #[test]
    fn anything_else_is_not_a_key() {
        let long = format!("{TEXT_PREFIX}{}", BASE64_STANDARD.encode([7; 33]));
        let short = format!("{TEXT_PREFIX}{}", BASE64_STANDARD.encode([7; 31]));
        for text in ["", "loket-key-v1:", "loket-key-v1:AAAA", "hello", &long, &short, "loket-key-v2:AAAA"] {
            assert!(MasterKey::from_text(text).is_none(), "{text}");
        }
    }

    #[test]
    fn debug_shows_the_id_alone() {
        let key = MasterKey::generate().unwrap();
        let shown = format!("{key:?}");
        assert!(shown.contains(&key.id().to_string()));
        assert!(!shown.contains(&key.to_text()[TEXT_PREFIX.len()..]));
    }

    #[test]
    fn tags_depend_on_key_purpose_and_boundaries() {
        let (a, b) = (MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
        let tag = a.tag("customer", &[b"ab", b"c"]);
        assert_eq!(tag, a.tag("customer", &[b"ab", b"c"]));
        assert_ne!(tag, a.tag("customer", &[b"a", b"bc"]));
        assert_ne!(tag, a.tag("audit", &[b"ab", b"c"]));
        assert_ne!(tag, b.tag("customer", &[b"ab", b"c"]));
        assert!(a.verify_tag("customer", &[b"ab", b"c"], &tag));
        assert!(!a.verify_tag("customer", &[b"ab", b"c"], &tag[..31]));
    }
}
