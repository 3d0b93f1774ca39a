//! A document with its signature: what is queued and sent.
//!
//! Invariant: it serialises to exactly the contract's `bundle` object, and what deserialises keeps every limit. Cards and
//! faces are signed by the code here alone. Deliberately lacking: the secret, which is needed again to verify.

use std::fmt;

use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{BundleError, CaptureDocument, FaceDocument, FlashEvidence, JpegFrame, SigningProfile};

/// What can be signed; this crate's documents are all there are.
pub trait Document: Clone + PartialEq {
    /// The contract's JSON of it; without a signature, that is what is signed.
    fn wire<'a>(&'a self, signature: Option<&'a str>) -> impl Serialize + 'a;

    /// Reads the contract's JSON, limits not yet checked, and its signature.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(Self, Option<String>), D::Error>;

    /// The first limit that does not hold.
    fn check(&self) -> Result<(), BundleError>;

    /// Numbers and times as exact as they are written, so that what is signed is what is read back.
    fn rounded(self) -> Self;

    /// Its flash evidence.
    fn flash_mut(&mut self) -> &mut Option<FlashEvidence>;

    /// Its pictures, best first.
    fn frames_mut(&mut self) -> &mut Vec<JpegFrame>;
}

/// A document and its signature.
#[derive(Clone, PartialEq)]
pub struct Signed<D> {
    document: D,
    signature: String,
}

/// A signed card.
pub type SignedBundle = Signed<CaptureDocument>;

/// A signed face.
pub type SignedFace = Signed<FaceDocument>;

impl<D: Document> Signed<D> {
    /// Checks every limit and signs.
    pub(crate) fn of(
        document: D,
        profile: SigningProfile,
        secret: &SecretString,
    ) -> Result<Self, BundleError> {
        document.check()?;
        let document = document.rounded();
        let signature = profile.sign(&document.wire(None), secret).expect("strings and finite numbers");
        Ok(Self { document, signature })
    }

    /// What was signed.
    pub fn document(&self) -> &D {
        &self.document
    }

    /// The signature as the profile wrote it.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The document alone, to sign it again with another secret.
    pub fn into_document(self) -> D {
        self.document
    }

    /// Whether the signature is this document's under the profile and secret; compared in constant time.
    pub fn verify(&self, profile: SigningProfile, secret: &SecretString) -> bool {
        let verified = profile.verify(&self.document.wire(None), &self.signature, secret);
        verified.expect("strings and finite numbers")
    }

    /// The same without flash evidence, signed anew.
    ///
    /// # Errors
    /// None that a signed document could have; kept so that no caller assumes it.
    pub fn without_flash(&self, profile: SigningProfile, secret: &SecretString) -> Result<Self, BundleError> {
        let mut document = self.document.clone();
        *document.flash_mut() = None;
        Self::of(document, profile, secret)
    }

    /// The same with its best frame alone, signed anew; `None` if there is no other frame to leave out.
    ///
    /// # Errors
    /// As [`Self::without_flash`].
    pub fn with_best_frame_alone(
        &self,
        profile: SigningProfile,
        secret: &SecretString,
    ) -> Result<Option<Self>, BundleError> {
        let mut document = self.document.clone();
        if document.frames_mut().len() < 2 {
            return Ok(None);
        }
        document.frames_mut().truncate(1);
        Self::of(document, profile, secret).map(Some)
    }
}

impl<D: Document> Serialize for Signed<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document.wire(Some(&self.signature)).serialize(serializer)
    }
}

impl<'de, D: Document> Deserialize<'de> for Signed<D> {
    fn deserialize<R: Deserializer<'de>>(deserializer: R) -> Result<Self, R::Error> {
        let (document, signature) = D::read(deserializer)?;
        let signature = signature.ok_or_else(|| serde::de::Error::missing_field("signature"))?;
        document.check().map_err(serde::de::Error::custom)?;
        // Writing it again must give the same text.
        let rounded = document.clone().rounded();
        if rounded != document {
            return Err(serde::de::Error::custom(BundleError::Precision));
        }
        Ok(Self { document: rounded, signature })
    }
}

impl<D: fmt::Debug> fmt::Debug for Signed<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed").field("document", &self.document).finish_non_exhaustive()
    }
}
