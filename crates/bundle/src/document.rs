//! What a capture of a card says, before it is signed.
//!
//! Invariant: none by type; the fields are free until [`CaptureDocument::sign`] checks them all. Deliberately lacking:
//! JSON, which is the wire module's business.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use ktp::{Field, Fields};
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::BundleWire;
use crate::{BundleError, Document, JpegFrame, Signed, SignedBundle, SigningProfile, limits};

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
    pub fn sign(self, profile: SigningProfile, secret: &SecretString) -> Result<SignedBundle, BundleError> {
        Signed::of(self, profile, secret)
    }
}

impl Document for CaptureDocument {
    fn wire<'a>(&'a self, signature: Option<&'a str>) -> impl Serialize + 'a {
        BundleWire { signature: signature.map(Into::into), ..BundleWire::unsigned(self) }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(Self, Option<String>), D::Error> {
        let mut wire = BundleWire::deserialize(deserializer)?;
        let signature = wire.signature.take().map(Into::into);
        Ok((wire.into_document().map_err(serde::de::Error::custom)?, signature))
    }

    fn check(&self) -> Result<(), BundleError> {
        limits::check(self)
    }

    fn rounded(mut self) -> Self {
        self.ocr_confidence.values_mut().for_each(|value| *value = two_decimals(*value));
        self.captured_at = whole_ms(self.captured_at);
        self
    }

    fn flash_mut(&mut self) -> &mut Option<FlashEvidence> {
        &mut self.flash
    }

    fn frames_mut(&mut self) -> &mut Vec<JpegFrame> {
        &mut self.frames
    }
}

/// As decimals are written: to hundredths.
pub(crate) fn two_decimals(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// As times are written: to milliseconds.
pub(crate) fn whole_ms(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).expect("milliseconds of a timestamp are one")
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
