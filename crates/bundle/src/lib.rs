//! The signed documents of a card and of a face, version 1.0: what they say, how they are written down canonically, how
//! they are signed.
//!
//! Invariant: what leaves this crate signed keeps the contract's limits, and its frames carry no metadata. Secrets come
//! in as `secrecy` types and are copied nowhere; `Debug` shows no value of a card, no picture and no signature key.
//! Deliberately lacking: transport, storage and clocks.

mod document;
mod error;
mod face;
mod face_wire;
mod jpeg;
mod limits;
mod profile;
mod signed;
mod wire;

pub use document::{CaptureDocument, FlashEvidence, FlashSample, VERSION};
pub use error::{BundleError, JpegError, UnknownProfile};
pub use face::{FaceChallenge, FaceDocument, FaceResponse, RppgSample};
pub use jpeg::JpegFrame;
pub use limits::{MAX_BASE64_BYTES, MAX_FRAMES, MAX_PASSIVE_SCORES, MAX_RPPG_SAMPLES};
pub use profile::{CanonicalForm, KeyForm, SignatureEncoding, SigningProfile};
pub(crate) use signed::Document;
pub use signed::{Signed, SignedBundle, SignedFace};
