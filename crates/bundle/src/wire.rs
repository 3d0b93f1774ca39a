//! The contract's JSON of a card's bundle, and what a face's shares with it.
//!
//! Invariant: key names, their order and the absent-when-unknown rule are the contract's (a snapshot holds them); OCR
//! maps are written in card order, which is what a signature over insertion order covers. Deliberately lacking:
//! tolerance for other versions.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ktp::Field;
use serde::{Deserialize, Serialize, Serializer};

use crate::{BundleError, CaptureDocument, FlashEvidence, FlashSample, JpegFrame, VERSION};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct BundleWire<'a> {
    pub(crate) version: Cow<'a, str>,
    pub(crate) sdk_version: Cow<'a, str>,
    pub(crate) platform: Cow<'a, str>,
    pub(crate) frames: Vec<String>,
    #[serde(serialize_with = "milliseconds")]
    pub(crate) captured_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) flash_challenge_nonce: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) flash_samples: Option<Vec<FlashSampleWire>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", serialize_with = "card_order")]
    pub(crate) ocr_fields: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", serialize_with = "card_order")]
    pub(crate) ocr_confidence: BTreeMap<Cow<'a, str>, DecimalWire>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) signature: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct FlashSampleWire {
    t_ms: u32,
    mean_r: u8,
    mean_g: u8,
    mean_b: u8,
}

/// A number of a small range; whole ones are written without decimals, as ECMAScript writes them, so that a verifier
/// there that serialises what it parsed gets our text back.
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(crate) struct DecimalWire(pub(crate) f64);

impl Serialize for DecimalWire {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let whole = (0..=u8::MAX).find(|whole| f64::from(*whole) == self.0);
        match whole {
            Some(whole) => serializer.serialize_u8(whole),
            None => serializer.serialize_f64(self.0),
        }
    }
}

pub(crate) fn milliseconds<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&format_args!("{at:.3}"))
}

/// Card order for the contract's keys, the rest after them.
fn card_order<S: Serializer, V: Serialize>(
    map: &BTreeMap<Cow<'_, str>, V>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| Field::from_key(key).map_or(usize::MAX, |field| field as usize));
    serializer.collect_map(entries)
}

impl<'a> BundleWire<'a> {
    /// The document as it is signed: without a signature.
    pub(crate) fn unsigned(document: &'a CaptureDocument) -> BundleWire<'a> {
        let flash = document.flash.as_ref();
        let fields = document.ocr_fields.iter();
        let confidence = document.ocr_confidence.iter();
        BundleWire {
            version: VERSION.into(),
            sdk_version: document.sdk_version.as_str().into(),
            platform: document.platform.as_str().into(),
            frames: document.frames.iter().map(|frame| STANDARD.encode(frame.as_bytes())).collect(),
            captured_at: document.captured_at,
            flash_challenge_nonce: flash.map(|flash| flash.nonce.as_str().into()),
            flash_samples: flash.map(|flash| flash.samples.iter().copied().map(Into::into).collect()),
            ocr_fields: fields.map(|(key, value)| (key.as_str().into(), value.as_str().into())).collect(),
            ocr_confidence: confidence
                .map(|(key, value)| (key.as_str().into(), DecimalWire(*value)))
                .collect(),
            signature: None,
        }
    }

    /// The document, its limits not yet checked.
    pub(crate) fn into_document(self) -> Result<CaptureDocument, BundleError> {
        if self.version != VERSION {
            return Err(BundleError::Version { found: self.version.into_owned() });
        }
        let fields = self.ocr_fields.into_iter();
        let confidence = self.ocr_confidence.into_iter();
        Ok(CaptureDocument {
            sdk_version: self.sdk_version.into_owned(),
            platform: self.platform.into_owned(),
            frames: self.frames.iter().enumerate().map(frame).collect::<Result<_, _>>()?,
            captured_at: self.captured_at,
            flash: flash(self.flash_challenge_nonce, self.flash_samples)?,
            ocr_fields: fields.map(|(key, value)| (key.into_owned(), value.into_owned())).collect(),
            ocr_confidence: confidence.map(|(key, value)| (key.into_owned(), value.0)).collect(),
        })
    }
}

/// Nonce and samples belong together.
pub(crate) fn flash(
    nonce: Option<Cow<'_, str>>,
    samples: Option<Vec<FlashSampleWire>>,
) -> Result<Option<FlashEvidence>, BundleError> {
    match (nonce, samples) {
        (Some(nonce), Some(samples)) => {
            let samples = samples.into_iter().map(Into::into).collect();
            Ok(Some(FlashEvidence { nonce: nonce.into_owned(), samples }))
        }
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(BundleError::Flash),
    }
}

pub(crate) fn frame((index, text): (usize, &String)) -> Result<JpegFrame, BundleError> {
    let bytes = STANDARD.decode(text).map_err(|_| BundleError::Base64 { index })?;
    JpegFrame::try_from(bytes).map_err(|source| BundleError::Frame { index, source })
}

impl From<FlashSample> for FlashSampleWire {
    fn from(sample: FlashSample) -> FlashSampleWire {
        let FlashSample { t_ms, mean_r, mean_g, mean_b } = sample;
        FlashSampleWire { t_ms, mean_r, mean_g, mean_b }
    }
}

impl From<FlashSampleWire> for FlashSample {
    fn from(wire: FlashSampleWire) -> FlashSample {
        let FlashSampleWire { t_ms, mean_r, mean_g, mean_b } = wire;
        FlashSample { t_ms, mean_r, mean_g, mean_b }
    }
}
