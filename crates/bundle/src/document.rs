//! What a capture says, before it is signed.
//!
//! Invariant: none by type; the fields are free until [`CaptureDocument::sign`] checks them all. Deliberately lacking:
//! JSON, which is the wire module's business.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use ktp::{Field, Fields};
use secrecy::SecretString;

use crate::{BundleError, JpegFrame, SignedBundle, SigningProfile, limits};

/// The document version written and understood.
pub const VERSION: &str = "1.0";

/// One capture of a card: pictures, values read and, where a challenge was played, its flash evidence.
#[derive(Clone, PartialEq)]
pub struct CaptureDocument {
    /// This software, `name@version`.
    pub sdk_version: String,
    /// One of the platform words of the contract.
    pub platform: String,
    /// One to [`crate::MAX_FRAMES`] pictures, best first.
    pub frames: Vec<JpegFrame>,
    /// When the first frame was taken; milliseconds count, finer parts are dropped.
    pub captured_at: Timestamp,
    /// What the camera saw of the challenge's colours, if one was played.
    pub flash: Option<FlashEvidence>,
    /// Normalised values by the keys of [`Field::ON_WIRE`].
    pub ocr_fields: BTreeMap<String, String>,
    /// Confidence from 0 to 1 by the same keys; two decimals are written.
    pub ocr_confidence: BTreeMap<String, f64>,
}

/// The answer to a flash challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlashEvidence {
    /// The challenge's nonce, echoed.
    pub nonce: String,
    /// One sample per colour shown, in order of time.
    pub samples: Vec<FlashSample>,
}

/// Mean colour the camera saw while one challenge colour was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlashSample {
    /// Milliseconds from the first colour.
    pub t_ms: u32,
    /// Mean red, 0–255.
    pub mean_r: u8,
    /// Mean green, 0–255.
    pub mean_g: u8,
    /// Mean blue, 0–255.
    pub mean_b: u8,
}

impl CaptureDocument {
    /// Put in the values read and their confidences; fields the contract does not carry are left out, confidences
    /// of fields without a value too.
    pub fn set_ocr(&mut self, values: &Fields, confidence: &BTreeMap<Field, f32>) {
        self.ocr_fields = values.on_wire();
        let known = |field: &Field| self.ocr_fields.contains_key(field.key());
        let confidence = confidence.iter().filter(|(field, _)| known(field));
        self.ocr_confidence =
            confidence.map(|(field, value)| (field.key().to_owned(), f64::from(*value))).collect();
    }

    /// Check every limit and sign.
    ///
    /// # Errors
    /// The first limit that does not hold.
    pub fn sign(
        mut self,
        profile: SigningProfile,
        secret: &SecretString,
    ) -> Result<SignedBundle, BundleError> {
        limits::check(&self)?;
        self = self.rounded();
        Ok(SignedBundle::sign(self, profile, secret))
    }

    /// Confidences to two decimals and the time to milliseconds, so that what is signed is what is read back.
    fn rounded(mut self) -> CaptureDocument {
        for value in self.ocr_confidence.values_mut() {
            *value = (*value * 100.0).round() / 100.0;
        }
        let ms = self.captured_at.as_millisecond();
        self.captured_at = Timestamp::from_millisecond(ms).expect("milliseconds of a timestamp are one");
        self
    }

    /// As read from JSON: every limit holds, and writing it again gives the same text.
    pub(crate) fn checked(self) -> Result<CaptureDocument, BundleError> {
        limits::check(&self)?;
        let (captured_at, confidence) = (self.captured_at, self.ocr_confidence.clone());
        let rounded = self.rounded();
        let same = rounded.captured_at == captured_at && rounded.ocr_confidence == confidence;
        if same { Ok(rounded) } else { Err(BundleError::Precision) }
    }
}

impl fmt::Debug for CaptureDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureDocument")
            .field("sdk_version", &self.sdk_version)
            .field("platform", &self.platform)
            .field("frames", &self.frames)
            .field("captured_at", &self.captured_at)
            .field("flash", &self.flash.is_some())
            .field("ocr_fields", &self.ocr_fields.keys())
            .finish_non_exhaustive()
    }
}
