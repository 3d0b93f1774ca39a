//! Any bytes as a picture file: decoding neither panics nor costs more than its limits, and what it lets in can be
//! sent: the fresh JPEG of it carries no metadata.

#![no_main]

use bundle::JpegFrame;
use frame::{DecodeLimits, decode, encode_jpeg};
use libfuzzer_sys::fuzz_target;

/// Small, so that the fuzzer spends its time on structure instead of pixels.
const LIMITS: DecodeLimits =
    DecodeLimits { max_file_bytes: 1 << 20, max_side_px: 512, max_pixels: 1 << 16, max_alloc_bytes: 4 << 20 };

fuzz_target!(|data: &[u8]| {
    if let Ok(picture) = decode(data, &LIMITS) {
        assert!(u64::from(picture.width()) * u64::from(picture.height()) <= LIMITS.max_pixels);
        JpegFrame::try_from(encode_jpeg(&picture, 80)).expect("a fresh JPEG is clean");
    }
});
