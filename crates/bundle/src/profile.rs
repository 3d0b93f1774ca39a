//! How a document is written down and signed.
//!
//! Invariant: HMAC-SHA256 over UTF-8 text that every implementation of the same profile writes byte for byte alike.
//! The partner's documentation leaves canonical form, key bytes and encoding open, so each is a switch; the default is
//! our reading. Deliberately lacking: where the secret comes from.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::UnknownProfile;

/// What the platform's secrets start with.
const SECRET_PREFIX: &str = "qe_whsec_";

/// Which text is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CanonicalForm {
    /// RFC 8785: keys sorted, no spaces, numbers as ECMAScript writes them.
    #[default]
    Jcs,
    /// Compact JSON with keys in the order they are sent.
    Insertion,
}

/// How the signature is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignatureEncoding {
    /// 64 lower-case hex digits.
    #[default]
    Hex,
    /// Standard base64 with padding.
    Base64,
}

/// Which bytes of the secret are the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyForm {
    /// All of it, prefix included.
    #[default]
    Whole,
    /// What follows the prefix `qe_whsec_`, where it has one.
    WithoutPrefix,
}

/// A signing profile; the default is `jcs-hex-v1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SigningProfile {
    /// Which text is signed.
    pub form: CanonicalForm,
    /// How the signature is written.
    pub encoding: SignatureEncoding,
    /// Which bytes of the secret are the key.
    pub key: KeyForm,
}

impl SigningProfile {
    /// RFC 8785 text, whole secret, lower-case hex.
    pub const JCS_HEX_V1: SigningProfile =
        SigningProfile { form: CanonicalForm::Jcs, encoding: SignatureEncoding::Hex, key: KeyForm::Whole };

    /// Every profile.
    pub fn all() -> impl Iterator<Item = SigningProfile> {
        let forms = [CanonicalForm::Jcs, CanonicalForm::Insertion];
        let encodings = [SignatureEncoding::Hex, SignatureEncoding::Base64];
        let keys = [KeyForm::Whole, KeyForm::WithoutPrefix];
        let pairs = forms.into_iter().flat_map(move |form| encodings.map(|encoding| (form, encoding)));
        pairs.flat_map(move |(form, encoding)| keys.map(|key| SigningProfile { form, encoding, key }))
    }

    /// The names of every profile, as configuration files write them.
    pub fn names() -> Vec<String> {
        SigningProfile::all().map(|profile| profile.to_string()).collect()
    }

    /// The text that is signed.
    ///
    /// # Errors
    /// When the value has no JSON form, such as a map with keys that are not strings or a number that is not finite.
    pub fn canonical(self, document: &impl Serialize) -> serde_json::Result<String> {
        match self.form {
            CanonicalForm::Jcs => serde_json_canonicalizer::to_string(document),
            CanonicalForm::Insertion => serde_json::to_string(document),
        }
    }

    /// The signature of a document.
    ///
    /// # Errors
    /// As [`SigningProfile::canonical`].
    pub fn sign(self, document: &impl Serialize, secret: &SecretString) -> serde_json::Result<String> {
        let text = Zeroizing::new(self.canonical(document)?);
        Ok(self.sign_text(&text, secret))
    }

    /// Whether a signature is the document's, compared in constant time.
    ///
    /// # Errors
    /// As [`SigningProfile::canonical`].
    pub fn verify(
        self,
        document: &impl Serialize,
        signature: &str,
        secret: &SecretString,
    ) -> serde_json::Result<bool> {
        let expected = self.sign(document, secret)?;
        Ok(expected.as_bytes().ct_eq(signature.as_bytes()).into())
    }

    fn sign_text(self, text: &str, secret: &SecretString) -> String {
        let secret = secret.expose_secret();
        let key = match self.key {
            KeyForm::Whole => secret,
            KeyForm::WithoutPrefix => secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret),
        };
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).expect("HMAC takes keys of any length");
        mac.update(text.as_bytes());
        let digest = mac.finalize().into_bytes();
        match self.encoding {
            SignatureEncoding::Hex => hex::encode(digest),
            SignatureEncoding::Base64 => STANDARD.encode(digest),
        }
    }
}

impl fmt::Display for SigningProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let form = match self.form {
            CanonicalForm::Jcs => "jcs",
            CanonicalForm::Insertion => "insertion",
        };
        let encoding = match self.encoding {
            SignatureEncoding::Hex => "hex",
            SignatureEncoding::Base64 => "base64",
        };
        let key = match self.key {
            KeyForm::Whole => "",
            KeyForm::WithoutPrefix => "-bare-key",
        };
        write!(f, "{form}-{encoding}{key}-v1")
    }
}

impl FromStr for SigningProfile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<SigningProfile, UnknownProfile> {
        let found = SigningProfile::all().find(|profile| profile.to_string() == name);
        found.ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip() {
        assert_eq!(SigningProfile::default(), SigningProfile::JCS_HEX_V1);
        assert_eq!(SigningProfile::default().to_string(), "jcs-hex-v1");
        assert_eq!(SigningProfile::names().len(), 8);
        for profile in SigningProfile::all() {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        assert_eq!("jcs".parse::<SigningProfile>(), Err(UnknownProfile("jcs".to_owned())));
    }
}
