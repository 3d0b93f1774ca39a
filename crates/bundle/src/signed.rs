//! A document with its signature: what is queued and sent.
//!
//! Invariant: it serialises to exactly the contract's `bundle` object, and what deserialises keeps every limit.
//! Deliberately lacking: the secret, which is needed again to verify.

use std::borrow::Cow;
use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::BundleWire;
use crate::{CaptureDocument, SigningProfile};

/// A capture document and its signature.
#[derive(Clone, PartialEq)]
pub struct SignedBundle {
    document: CaptureDocument,
    signature: String,
}

impl SignedBundle {
    /// Sign a document whose limits were checked.
    pub(crate) fn sign(
        document: CaptureDocument,
        profile: SigningProfile,
        secret: &SecretString,
    ) -> SignedBundle {
        let signature =
            profile.sign(&BundleWire::unsigned(&document), secret).expect("strings and finite numbers");
        SignedBundle { document, signature }
    }

    /// What was signed.
    pub fn document(&self) -> &CaptureDocument {
        &self.document
    }

    /// The signature as the profile wrote it.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The document alone, to sign it again with another secret.
    pub fn into_document(self) -> CaptureDocument {
        self.document
    }

    /// Whether the signature is this document's under the profile and secret; compared in constant time.
    pub fn verify(&self, profile: SigningProfile, secret: &SecretString) -> bool {
        let verified = profile.verify(&BundleWire::unsigned(&self.document), &self.signature, secret);
        verified.expect("strings and finite numbers")
    }
}

impl Serialize for SignedBundle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let signature = Some(Cow::from(&self.signature));
        BundleWire { signature, ..BundleWire::unsigned(&self.document) }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SignedBundle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SignedBundle, D::Error> {
        let mut wire = BundleWire::deserialize(deserializer)?;
        let signature = wire.signature.take().ok_or_else(|| serde::de::Error::missing_field("signature"))?;
        let document =
            wire.into_document().and_then(CaptureDocument::checked).map_err(serde::de::Error::custom)?;
        Ok(SignedBundle { document, signature: signature.into_owned() })
    }
}

impl fmt::Debug for SignedBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedBundle").field("document", &self.document).finish_non_exhaustive()
    }
}
