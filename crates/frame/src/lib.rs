//! Pictures as plain pixel buffers, and the geometry between them.
//!
//! Purpose: decode untrusted picture files, hold RGB and grey pixels, map quads onto each other, resample,
//! average spectra, and write fresh JPEGs. Invariant: a buffer always holds exactly `width × height × channels` bytes, and no
//! input, however hostile, makes decoding panic or allocate past its [`DecodeLimits`]. Deliberately lacks:
//! any notion of cards, cameras or text, colour management, and colour depths beyond 8 bits.

mod buffer;
mod decode;
mod encode;
mod geometry;
mod resample;
mod spectrum;

pub use buffer::{BufferSizeError, Frame, Gray};
pub use decode::{DecodeError, DecodeLimits, decode};
pub use encode::encode_jpeg;
pub use geometry::{Homography, Point, Quad};
pub use resample::{Border, Sampling};
pub use spectrum::{Spectrum, TileSide};
