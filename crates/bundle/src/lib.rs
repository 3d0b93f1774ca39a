//! The signed capture document, version 1.0: what it says, how it is written down canonically, how it is signed.
//!
//! Invariant: what leaves this crate signed keeps the contract's limits, and its frames carry no metadata. Secrets come
//! in as `secrecy` types and are copied nowhere; `Debug` shows no value of a card, no picture and no signature key.
//! Deliberately lacking: transport, storage and clocks.

mod document;
mod error;
mod jpeg;
mod limits;
mod profile;
mod signed;
mod wire;

pub use document::{CaptureDocument, FlashEvidence, FlashSample, VERSION};
pub use error::{BundleError, JpegError, UnknownProfile};
pub use jpeg::JpegFrame;
pub use limits::{MAX_BASE64_BYTES, MAX_FRAMES};
pub use profile::{CanonicalForm, KeyForm, SignatureEncoding, SigningProfile};
pub use signed::SignedBundle;
