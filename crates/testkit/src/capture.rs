//! Invented captures: small real JPEGs, documents and signed bundles.
//!
//! Invariant: two seeds never give the same picture, so a test can tell bundles apart by their frames. Deliberately
//! lacking: anything that looks like a card.

use std::collections::BTreeMap;

use bundle::{
    CaptureDocument, FaceChallenge, FaceDocument, FaceResponse, FlashEvidence, FlashSample, JpegFrame,
    SignedBundle, SignedFace, SigningProfile,
};
use jiff::Timestamp;
use jpeg_encoder::{ColorType, Encoder};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use secrecy::SecretString;

use crate::Person;

/// The secret the ready bundles are signed with.
pub const DEVICE_SECRET: &str = "qe_whsec_EXAMPLEONLY";

/// Pictures are this small: a few hundred bytes each.
const SIDE_PX: u16 = 16;

/// A small valid JPEG of coloured squares.
pub fn jpeg(seed: u64) -> Vec<u8> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut pixels = vec![0; usize::from(SIDE_PX) * usize::from(SIDE_PX) * 3];
    rng.fill(&mut pixels[..]);
    let mut bytes = vec![];
    let encoded = Encoder::new(&mut bytes, 80).encode(&pixels, SIDE_PX, SIDE_PX, ColorType::Rgb);
    encoded.expect("the sides fit and memory does not refuse writes");
    bytes
}

/// A JPEG of one colour, large enough to be looked at.
pub fn plain_jpeg(colour: [u8; 3]) -> Vec<u8> {
    const WIDTH_PX: u16 = 96;
    const HEIGHT_PX: u16 = 64;
    let pixels = colour.repeat(usize::from(WIDTH_PX) * usize::from(HEIGHT_PX));
    let mut bytes = vec![];
    let encoded = Encoder::new(&mut bytes, 90).encode(&pixels, WIDTH_PX, HEIGHT_PX, ColorType::Rgb);
    encoded.expect("the sides fit and memory does not refuse writes");
    bytes
}

/// The capture of a seed's person: one frame, all sixteen values, flash evidence if a nonce is given.
pub fn document(seed: u64, captured_at: Timestamp, nonce: Option<&str>) -> CaptureDocument {
    let person = Person::seeded(seed);
    let mut document = CaptureDocument {
        sdk_version: "loket@0.1.0".to_owned(),
        platform: "web".to_owned(),
        frames: vec![JpegFrame::try_from(jpeg(seed)).expect("freshly encoded")],
        captured_at,
        flash: nonce.map(flash),
        ocr_fields: BTreeMap::new(),
        ocr_confidence: BTreeMap::new(),
    };
    let confidence = person.fields().iter().map(|(field, _)| (field, 0.97)).collect();
    document.set_ocr(person.fields(), &confidence);
    document
}

/// A face to follow [`document`]: one frame of its own, two gestures seen, flash evidence if a nonce is given.
pub fn face_document(seed: u64, captured_at: Timestamp, nonce: Option<&str>) -> FaceDocument {
    let seen = |challenge| FaceResponse { challenge, satisfied: true };
    FaceDocument {
        sdk_version: "loket@0.1.0".to_owned(),
        platform: "web".to_owned(),
        // Another picture than any card's.
        frames: vec![JpegFrame::try_from(jpeg(!seed)).expect("freshly encoded")],
        captured_at,
        responses: [FaceChallenge::Blink, FaceChallenge::TurnLeft].map(seen).to_vec(),
        passive_scores: vec![0.97, 0.95, 0.98],
        flash: nonce.map(flash),
        rppg: Vec::new(),
    }
}

/// [`face_document`] signed under the default profile with [`DEVICE_SECRET`].
pub fn signed_face(seed: u64, captured_at: Timestamp) -> SignedFace {
    let secret = SecretString::from(DEVICE_SECRET);
    let document = face_document(seed, captured_at, None);
    document.sign(SigningProfile::default(), &secret).expect("within every limit")
}

fn flash(nonce: &str) -> FlashEvidence {
    let colours: [[u8; 3]; 3] = [[231, 32, 30], [30, 220, 41], [28, 35, 225]];
    let samples = (0..).zip(colours).map(|(step, [mean_r, mean_g, mean_b])| FlashSample {
        t_ms: 100 + step * 400,
        mean_r,
        mean_g,
        mean_b,
    });
    FlashEvidence { nonce: nonce.to_owned(), samples: samples.collect() }
}

/// [`document`] signed under the default profile with [`DEVICE_SECRET`].
pub fn signed_bundle(seed: u64, captured_at: Timestamp) -> SignedBundle {
    let secret = SecretString::from(DEVICE_SECRET);
    document(seed, captured_at, None).sign(SigningProfile::default(), &secret).expect("within every limit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_differ_and_are_small() {
        let pictures: std::collections::BTreeSet<_> = (0..50).map(jpeg).collect();
        assert_eq!(pictures.len(), 50);
        assert!(pictures.iter().all(|picture| picture.len() < 2000));
    }

    #[test]
    fn bundles_verify() {
        let at = "2026-09-01T03:00:00Z".parse().expect("a time");
        let bundle = signed_bundle(1, at);
        assert!(bundle.verify(SigningProfile::default(), &SecretString::from(DEVICE_SECRET)));
        assert_eq!(bundle.document().ocr_fields.len(), 16);
        assert!(document(1, at, Some("n-1")).sign(SigningProfile::default(), &DEVICE_SECRET.into()).is_ok());
    }
}
