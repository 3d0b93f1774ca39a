//! Ed25519 over what a request says.
//!
//! Invariant: the signed text names every part on its own line, and no part can hold a line break, so two different requests
//! never have the same text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Who signs.
pub const KIOSK_HEADER: &str = "x-loket-kiosk";
/// When, in milliseconds of Unix time.
pub const TIMESTAMP_HEADER: &str = "x-loket-timestamp";
/// A UUID that is never used again.
pub const NONCE_HEADER: &str = "x-loket-nonce";
/// The signature, base64.
pub const SIGNATURE_HEADER: &str = "x-loket-signature";

/// What is signed of a request.
#[derive(Clone, Copy, Debug)]
pub struct SignedParts<'a> {
    /// Upper case.
    pub method: &'a str,
    /// Path and query as sent.
    pub path_and_query: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// Who.
    pub kiosk: Uuid,
    /// When.
    pub timestamp_ms: i64,
    /// Once.
    pub nonce: Uuid,
}

/// The text that is signed.
#[must_use]
pub fn request_text(parts: &SignedParts<'_>) -> String {
    let SignedParts { method, path_and_query, body, kiosk, timestamp_ms, nonce } = parts;
    let digest = hex::encode(Sha256::digest(body));
    format!("loket-request-v1\n{method}\n{path_and_query}\n{digest}\n{kiosk}\n{timestamp_ms}\n{nonce}")
}

/// The text by which a new kiosk proves that it holds the key it presents.
#[must_use]
pub fn enrolment_text(code: &str, public_key: &str) -> String {
    format!("loket-enrolment-v1\n{code}\n{public_key}")
}

/// Whether `signature` (base64) was made over `text` by the owner of `public_key`.
#[must_use]
pub fn verify(public_key: &[u8], text: &str, signature: &str) -> bool {
    let Ok(signature) = STANDARD.decode(signature) else { return false };
    UnparsedPublicKey::new(&ED25519, public_key).verify(text.as_bytes(), &signature).is_ok()
}

/// A kiosk's key pair.
pub struct KioskKey(Ed25519KeyPair);

impl std::fmt::Debug for KioskKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KioskKey(…)")
    }
}

impl KioskKey {
    /// A new pair, and its PKCS #8 document for safe keeping. `None` if the system has no randomness.
    #[must_use]
    pub fn generate() -> Option<(Self, Vec<u8>)> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).ok()?;
        Some((Self::from_pkcs8(document.as_ref())?, document.as_ref().to_vec()))
    }

    /// A pair from its document.
    #[must_use]
    pub fn from_pkcs8(document: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_pkcs8(document).ok().map(Self)
    }

    /// The public half, base64.
    #[must_use]
    pub fn public_key(&self) -> String {
        STANDARD.encode(self.0.public_key())
    }

    /// Signs a text; base64.
    #[must_use]
    pub fn sign(&self, text: &str) -> String {
        STANDARD.encode(self.0.sign(text.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts(body: &[u8]) -> SignedParts<'_> {
        SignedParts {
            method: "POST",
            path_and_query: "/kiosk/v1/flows?x=1",
            body,
            kiosk: Uuid::nil(),
            timestamp_ms: 1_800_000_000_000,
            nonce: Uuid::max(),
        }
    }

    #[test]
    fn the_text_is_fixed() {
        assert_eq!(
            request_text(&parts(b"{}")),
            "loket-request-v1\nPOST\n/kiosk/v1/flows?x=1\n\
             44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n\
             00000000-0000-0000-0000-000000000000\n1800000000000\nffffffff-ffff-ffff-ffff-ffffffffffff"
        );
    }

    #[test]
    fn only_the_owner_of_the_key_signs() {
        let (key, document) = KioskKey::generate().unwrap();
        let (other, _) = KioskKey::generate().unwrap();
        let text = request_text(&parts(b"{}"));
        let public = STANDARD.decode(key.public_key()).unwrap();
        assert!(verify(&public, &text, &key.sign(&text)));
        assert!(verify(&public, &text, &KioskKey::from_pkcs8(&document).unwrap().sign(&text)));
        assert!(!verify(&public, &text, &other.sign(&text)));
        assert!(!verify(&public, &text, "not base64"));
        assert!(!verify(&public, &text, ""));
    }

    proptest! {
        #[test]
        fn any_change_of_any_part_changes_the_text(
            body in prop::collection::vec(any::<u8>(), 0..64), at in 0usize..64, time in any::<i64>(),
        ) {
            let sent = request_text(&parts(&body));
            let mut changed = body.clone();
            match changed.get_mut(at) {
                Some(byte) => *byte ^= 1,
                None => changed.push(0),
            }
            prop_assert_ne!(&sent, &request_text(&parts(&changed)));
            let moved = SignedParts { timestamp_ms: time, ..parts(&body) };
            prop_assert_eq!(time == 1_800_000_000_000, sent == request_text(&moved));
        }
    }
}
