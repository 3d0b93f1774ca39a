//! Fresh JPEGs.
//!
//! Invariant: the bytes carry pixels and coding tables only: no EXIF, no thumbnail, no maker notes, whatever the
//! picture came from. Deliberately lacks progressive and lossless output.

use jpeg_encoder::{ColorType, Encoder, EncodingError, SamplingFactor};

use crate::Frame;

/// Largest side JPEG can state.
const MAX_SIDE: u32 = 65_535;

/// Encodes baseline JPEG, 4:2:0, `quality` 1–100 (clamped). Pictures wider or higher than 65,535 pixels, which
/// the format cannot state, are shrunk to fit.
#[must_use]
pub fn encode_jpeg(frame: &Frame, quality: u8) -> Vec<u8> {
    let (w, h) = (frame.width(), frame.height());
    if w.max(h) > MAX_SIDE {
        let scale = f64::from(MAX_SIDE) / f64::from(w.max(h));
        let side = |v: u32| ((f64::from(v) * scale) as u32).max(1);
        return encode_jpeg(&frame.resized(side(w), side(h)), quality);
    }
    let mut out = Vec::new();
    write(frame, quality.clamp(1, 100), &mut out).expect("sides fit and memory does not refuse writes");
    out
}

fn write(frame: &Frame, quality: u8, out: &mut Vec<u8>) -> Result<(), EncodingError> {
    let mut encoder = Encoder::new(out, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let (width, height) = (frame.width() as u16, frame.height() as u16);
    encoder.encode(frame.data(), width, height, ColorType::Rgb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DecodeLimits, decode};

    #[test]
    fn survives_a_round_trip_without_metadata() {
        let frame = Frame::filled(33, 17, [200, 100, 50]);
        let bytes = encode_jpeg(&frame, 90);
        assert!(!bytes.windows(4).any(|w| w == b"Exif"));
        let back = decode(&bytes, &DecodeLimits::default()).unwrap();
        assert_eq!((back.width(), back.height()), (33, 17));
        let near = |a: u8, b: u8| a.abs_diff(b) < 6;
        let p = back.pixel(5, 5);
        assert!(near(p[0], 200) && near(p[1], 100) && near(p[2], 50), "{p:?}");
    }
}
