//! One invented capture.

use std::collections::BTreeMap;

use bundle::{CaptureDocument, FlashEvidence, FlashSample, JpegFrame};

/// The marker structure of a one-pixel JPEG, without any segment but the needed ones.
pub fn jpeg() -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
    bytes.extend(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    bytes.extend([0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
    bytes.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xFF, 0, 0x34, 0xFF, 0xD9]);
    bytes
}

/// A clean JPEG of about this many bytes.
pub fn jpeg_of(size_bytes: usize) -> JpegFrame {
    let mut bytes = jpeg();
    let end = bytes.len() - 2;
    bytes.splice(end..end, std::iter::repeat_n(0x55, size_bytes.saturating_sub(end + 2)));
    JpegFrame::try_from(bytes).expect("clean")
}

pub fn document() -> CaptureDocument {
    let owned = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
    CaptureDocument {
        sdk_version: "loket@0.1.0".into(),
        platform: "web".into(),
        frames: vec![JpegFrame::try_from(jpeg()).expect("clean")],
        captured_at: "2026-09-01T03:00:20.481913Z".parse().expect("a time"),
        flash: Some(FlashEvidence {
            nonce: "b1f0c2aa-0000-4000-8000-000000000001".into(),
            samples: vec![FlashSample { t_ms: 100, mean_r: 231, mean_g: 32, mean_b: 30 }],
        }),
        ocr_fields: [("nik", "3174095207900000"), ("fullName", "CONTOH NAMA"), ("gender", "PEREMPUAN")]
            .map(owned)
            .into(),
        ocr_confidence: BTreeMap::from([("nik".to_owned(), 0.987_654), ("fullName".to_owned(), 1.0)]),
    }
}
