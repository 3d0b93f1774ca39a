//! Reading a KTP in a picture.
//!
//! Purpose: find the card, straighten it, find its text lines, read them, and put the text into the card's fields
//! with a calibrated confidence. Invariant: a bad picture is a [`Verdict`], a low confidence or an abstention, never
//! an error; `Err` means the nets themselves failed. No personal value appears in `Debug` output. Deliberately
//! lacks: I/O, cameras, a verdict on authenticity ([`tamper`] only annotates), and correction of names and addresses.
//!
//! The way of a picture: [`Reader::read`] → `localise` → `rectify` → `lines` → `recognise` → `assemble` (which line
//! is which field) → `decode` (what the line says, given what such a field can say) → `confidence`.

mod assemble;
mod confidence;
mod decode;
mod equations;
mod fuse;
mod lines;
pub mod live;
mod localise;
mod logits;
mod params;
mod quality;
mod reader;
mod reading;
mod recognise;
mod rectify;
mod stack;
pub mod tamper;
mod visibility;

pub use fuse::fuse;
pub use params::ReaderParams;
pub use quality::Quality;
pub use reader::{Nets, ReadError, Reader};
pub use reading::{CardEvidence, FieldReading, PrintedLine, Reading, Timings, Trust, Verdict};
pub use visibility::Visibility;
