//! What the platform takes, checked before anything is signed.
//!
//! Invariant: a document that passes here is accepted or refused by the platform for what it shows, not for its form.
//! Deliberately lacking: picture quality.

use std::collections::BTreeMap;

use ktp::Field;

use crate::{BundleError, CaptureDocument, FaceDocument, FaceResponse, FlashEvidence, JpegFrame, RppgSample};

/// Most frames in one document. The contract names no number; five were agreed on as enough evidence.
pub const MAX_FRAMES: usize = 5;

/// Most base64 bytes of one frame (the contract's 12 MB) and, by our choice, of all frames together. Decimal
/// megabytes, so that it holds whichever megabyte the platform means.
pub const MAX_BASE64_BYTES: usize = 12_000_000;

/// Most passive scores of one face: far more than a capture has frames that are judged.
pub const MAX_PASSIVE_SCORES: usize = 600;

/// Most samples of the skin's colour: a minute at thirty a second.
pub const MAX_RPPG_SAMPLES: usize = 1800;

/// Longest accepted platform word, nonce or software name, in bytes: far above any real one.
const MAX_WORD_BYTES: usize = 200;

pub(crate) fn check(document: &CaptureDocument) -> Result<(), BundleError> {
    frames(&document.frames)?;
    sdk_version(&document.sdk_version)?;
    platform(&document.platform)?;
    document.flash.as_ref().map_or(Ok(()), flash)?;
    known_keys(document.ocr_fields.keys())?;
    known_keys(document.ocr_confidence.keys())?;
    confidences(&document.ocr_confidence)
}

pub(crate) fn check_face(document: &FaceDocument) -> Result<(), BundleError> {
    frames(&document.frames)?;
    sdk_version(&document.sdk_version)?;
    platform(&document.platform)?;
    document.flash.as_ref().map_or(Ok(()), flash)?;
    gestures(&document.responses)?;
    passive_scores(&document.passive_scores)?;
    rppg(&document.rppg)
}

fn gestures(responses: &[FaceResponse]) -> Result<(), BundleError> {
    let again = |(at, response): (usize, &FaceResponse)| {
        responses[..at].iter().any(|earlier| earlier.challenge == response.challenge)
    };
    if responses.iter().enumerate().any(again) { Err(BundleError::Gestures) } else { Ok(()) }
}

fn passive_scores(scores: &[f64]) -> Result<(), BundleError> {
    let sound = scores.len() <= MAX_PASSIVE_SCORES && scores.iter().all(|score| (0.0..=1.0).contains(score));
    if sound { Ok(()) } else { Err(BundleError::PassiveScores) }
}

fn rppg(samples: &[RppgSample]) -> Result<(), BundleError> {
    let ordered = samples.is_sorted_by(|a, b| a.t_ms < b.t_ms);
    let levels = |sample: &RppgSample| [sample.mean_r, sample.mean_g, sample.mean_b];
    let sound = samples.iter().flat_map(levels).all(|level| (0.0..=255.0).contains(&level));
    if ordered && sound && samples.len() <= MAX_RPPG_SAMPLES { Ok(()) } else { Err(BundleError::Rppg) }
}

fn frames(frames: &[JpegFrame]) -> Result<(), BundleError> {
    if frames.is_empty() {
        return Err(BundleError::NoFrames);
    }
    if frames.len() > MAX_FRAMES {
        return Err(BundleError::TooManyFrames { count: frames.len() });
    }
    let base64_bytes = frames.iter().map(JpegFrame::base64_bytes).sum();
    if base64_bytes > MAX_BASE64_BYTES { Err(BundleError::FramesTooLarge { base64_bytes }) } else { Ok(()) }
}

fn sdk_version(text: &str) -> Result<(), BundleError> {
    let whole = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic());
    match text.split_once('@') {
        Some((name, version)) if whole(name) && whole(version) && text.len() <= MAX_WORD_BYTES => Ok(()),
        Some(_) | None => Err(BundleError::SdkVersion),
    }
}

fn platform(word: &str) -> Result<(), BundleError> {
    let clean = word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    if word.is_empty() || word.len() > MAX_WORD_BYTES || !clean { Err(BundleError::Platform) } else { Ok(()) }
}

fn flash(evidence: &FlashEvidence) -> Result<(), BundleError> {
    let nonce = !evidence.nonce.is_empty() && evidence.nonce.len() <= MAX_WORD_BYTES;
    let ordered = evidence.samples.is_sorted_by(|a, b| a.t_ms < b.t_ms);
    if nonce && ordered && !evidence.samples.is_empty() { Ok(()) } else { Err(BundleError::Flash) }
}

fn known_keys<'a>(mut keys: impl Iterator<Item = &'a String>) -> Result<(), BundleError> {
    let known = |key: &str| Field::from_key(key).is_some_and(|field| Field::ON_WIRE.contains(&field));
    keys.find(|key| !known(key)).map_or(Ok(()), |key| Err(BundleError::UnknownField { key: key.clone() }))
}

fn confidences(map: &BTreeMap<String, f64>) -> Result<(), BundleError> {
    let outside = map.iter().find(|(_, value)| !(0.0..=1.0).contains(*value));
    outside.map_or(Ok(()), |(key, _)| Err(BundleError::Confidence { key: key.clone() }))
}
