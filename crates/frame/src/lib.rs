//! Pixel buffers, hostile-proof decoding, quads, homographies, resampling, JPEG encoding.
