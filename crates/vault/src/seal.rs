//! Sealed bytes: a random key per bundle, wrapped by the master key.
//!
//! Layout of `wrapped_key`: version, key id, nonce, sealed bundle key. Layout of `ciphertext`:
//! sealed payload under the bundle key and `nonce`. Both parts bind the caller's `context`
//! (an item's id and what the bytes are), so parts cannot be swapped between items.
//!
//! Invariant: opening yields exactly the sealed bytes or an error, never something in between.
//! Lacks on purpose: streaming. A bundle is at most a few tens of megabytes.

use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::key::{KeyId, MasterKey, RandomnessUnavailable};

const VERSION: u8 = 1;
const HEADER_BYTES: usize = 1 + 8;
const NONCE_BYTES: usize = 24;
/// Header, nonce, 32-byte key, 16-byte authentication tag.
const WRAPPED_KEY_BYTES: usize = HEADER_BYTES + NONCE_BYTES + 32 + 16;
const WRAP_DOMAIN: &[u8] = b"loket wrapped key v1";
const PAYLOAD_DOMAIN: &[u8] = b"loket payload v1";

/// One payload at rest. Without `wrapped_key` the rest is noise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedBundle {
    /// Version, master key's id, nonce and the bundle's key under the master key.
    pub wrapped_key: Vec<u8>,
    /// Nonce of `ciphertext`.
    pub nonce: [u8; NONCE_BYTES],
    /// The payload under the bundle's key, with its authentication tag.
    pub ciphertext: Vec<u8>,
}

/// Why sealed bytes could not be opened.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OpenError {
    /// Sealed under another master key.
    #[error("sealed with key {sealed_with}, but the key at hand is {at_hand}")]
    WrongKey {
        /// Key the bytes were sealed with.
        sealed_with: KeyId,
        /// Key that was tried.
        at_hand: KeyId,
    },
    /// Written by a newer version of this software.
    #[error("sealed in format {0}, which this version does not know")]
    UnknownVersion(u8),
    /// Not sealed bytes, or not all of them.
    #[error("these are not complete sealed bytes")]
    Malformed,
    /// The bytes or what they belong to were changed after sealing.
    #[error("the sealed bytes were changed or belong to another item")]
    Tampered,
}

impl MasterKey {
    /// Seals `payload` under a fresh random key and binds it to `context`.
    pub fn seal(&self, payload: &[u8], context: &[u8]) -> Result<SealedBundle, RandomnessUnavailable> {
        let mut bundle_key = Zeroizing::new([0; 32]);
        getrandom::fill(bundle_key.as_mut_slice())?;
        let nonce = random_nonce()?;
        let ciphertext = encrypt(&bundle_key, &nonce, payload, &associated(PAYLOAD_DOMAIN, &[], context));

        let mut wrapped_key = Vec::with_capacity(WRAPPED_KEY_BYTES);
        wrapped_key.push(VERSION);
        wrapped_key.extend_from_slice(self.id().as_bytes());
        let wrap_nonce = random_nonce()?;
        let bound = associated(WRAP_DOMAIN, &wrapped_key, context);
        wrapped_key.extend_from_slice(&wrap_nonce);
        wrapped_key.extend_from_slice(&encrypt(self.bytes(), &wrap_nonce, bundle_key.as_slice(), &bound));
        Ok(SealedBundle { wrapped_key, nonce, ciphertext })
    }

    /// Opens what [`Self::seal`] sealed for the same `context`.
    pub fn open(&self, sealed: &SealedBundle, context: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let bundle_key = self.unwrap_key(&sealed.wrapped_key, context)?;
        decrypt(&bundle_key, &sealed.nonce, &sealed.ciphertext, &associated(PAYLOAD_DOMAIN, &[], context))
    }

    /// Seals a short value into one blob; for what lives and dies with its row.
    pub fn seal_value(&self, value: &[u8], context: &[u8]) -> Result<Vec<u8>, RandomnessUnavailable> {
        let sealed = self.seal(value, context)?;
        Ok([sealed.wrapped_key.as_slice(), &sealed.nonce, &sealed.ciphertext].concat())
    }

    /// Opens what [`Self::seal_value`] sealed for the same `context`.
    pub fn open_value(&self, blob: &[u8], context: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let (wrapped_key, rest) = blob.split_at_checked(WRAPPED_KEY_BYTES).ok_or(OpenError::Malformed)?;
        let (nonce, ciphertext) = rest.split_first_chunk().ok_or(OpenError::Malformed)?;
        let sealed = SealedBundle {
            wrapped_key: wrapped_key.to_vec(),
            nonce: *nonce,
            ciphertext: ciphertext.to_vec(),
        };
        self.open(&sealed, context)
    }

    fn unwrap_key(&self, wrapped: &[u8], context: &[u8]) -> Result<Zeroizing<[u8; 32]>, OpenError> {
        let version = *wrapped.first().ok_or(OpenError::Malformed)?;
        if version != VERSION {
            return Err(OpenError::UnknownVersion(version));
        }
        if wrapped.len() != WRAPPED_KEY_BYTES {
            return Err(OpenError::Malformed);
        }
        let (header, rest) = wrapped.split_at(HEADER_BYTES);
        let sealed_with = KeyId::from_bytes(&header[1..]).ok_or(OpenError::Malformed)?;
        if sealed_with != self.id() {
            return Err(OpenError::WrongKey { sealed_with, at_hand: self.id() });
        }
        let (nonce, sealed) = rest.split_first_chunk().ok_or(OpenError::Malformed)?;
        let opened = decrypt(self.bytes(), nonce, sealed, &associated(WRAP_DOMAIN, header, context))?;
        let mut key = Zeroizing::new([0; 32]);
        if opened.len() != key.len() {
            return Err(OpenError::Malformed);
        }
        key.copy_from_slice(&opened);
        Ok(key)
    }
}

fn random_nonce() -> Result<[u8; NONCE_BYTES], RandomnessUnavailable> {
    let mut nonce = [0; NONCE_BYTES];
    getrandom::fill(&mut nonce)?;
    Ok(nonce)
}

/// Domain and header have fixed lengths, so no separator is needed before the context.
fn associated(domain: &[u8], header: &[u8], context: &[u8]) -> Vec<u8> {
    [domain, header, context].concat()
}

fn encrypt(key: &[u8; 32], nonce: &[u8; NONCE_BYTES], msg: &[u8], aad: &[u8]) -> Vec<u8> {
    XChaCha20Poly1305::new(key.into())
        .encrypt(&XNonce::from(*nonce), Payload { msg, aad })
        .expect("payloads are far below the cipher's limit of 256 GiB")
}

fn decrypt(
    key: &[u8; 32],
    nonce: &[u8; NONCE_BYTES],
    msg: &[u8],
    aad: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    XChaCha20Poly1305::new(key.into())
        .decrypt(&XNonce::from(*nonce), Payload { msg, aad })
        .map(Zeroizing::new)
        .map_err(|_| OpenError::Tampered)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_payload_never_seals_to_the_same_bytes() {
        let key = MasterKey::generate().unwrap();
        let (a, b) = (key.seal(b"CONTOH NAMA", b"1").unwrap(), key.seal(b"CONTOH NAMA", b"1").unwrap());
        assert_ne!(a.ciphertext, b.ciphertext);
        assert_ne!(a.wrapped_key, b.wrapped_key);
    }

    #[test]
    fn another_key_is_named_and_refused() {
        let (ours, other) = (MasterKey::generate().unwrap(), MasterKey::generate().unwrap());
        let sealed = ours.seal(b"payload", b"item").unwrap();
        let refused = other.open(&sealed, b"item").unwrap_err();
        assert_eq!(refused, OpenError::WrongKey { sealed_with: ours.id(), at_hand: other.id() });
    }

    #[test]
    fn parts_of_two_items_do_not_mix() {
        let key = MasterKey::generate().unwrap();
        let (a, b) = (key.seal(b"a", b"1").unwrap(), key.seal(b"b", b"2").unwrap());
        assert_eq!(key.open(&a, b"2").unwrap_err(), OpenError::Tampered);
        let mixed = SealedBundle { wrapped_key: a.wrapped_key.clone(), ..b };
        assert_eq!(key.open(&mixed, b"1").unwrap_err(), OpenError::Tampered);
        assert_eq!(key.open(&mixed, b"2").unwrap_err(), OpenError::Tampered);
    }

    #[test]
    fn newer_formats_and_scraps_are_told_apart() {
        let key = MasterKey::generate().unwrap();
        let mut sealed = key.seal(b"a", b"1").unwrap();
        sealed.wrapped_key[0] = 9;
        assert_eq!(key.open(&sealed, b"1").unwrap_err(), OpenError::UnknownVersion(9));
        sealed.wrapped_key = vec![VERSION; 5];
        assert_eq!(key.open(&sealed, b"1").unwrap_err(), OpenError::Malformed);
        assert_eq!(key.open_value(&[VERSION; 40], b"1").unwrap_err(), OpenError::Malformed);
    }

    proptest! {
        #[test]
        fn sealed_values_round_trip(value: Vec<u8>, context: Vec<u8>) {
            let key = MasterKey::generate().unwrap();
            let blob = key.seal_value(&value, &context).unwrap();
            prop_assert_eq!(&*key.open_value(&blob, &context).unwrap(), &value);
        }

        #[test]
        fn one_changed_bit_is_always_noticed(value: Vec<u8>, at: prop::sample::Index, bit in 0u8..8) {
            let key = MasterKey::generate().unwrap();
            let mut blob = key.seal_value(&value, b"context").unwrap();
            let at = at.index(blob.len());
            blob[at] ^= 1 << bit;
            prop_assert!(key.open_value(&blob, b"context").is_err());
        }

        #[test]
        fn arbitrary_bytes_never_panic(blob: Vec<u8>) {
            let key = MasterKey::generate().unwrap();
            prop_assert!(key.open_value(&blob, b"context").is_err());
        }
    }
}
