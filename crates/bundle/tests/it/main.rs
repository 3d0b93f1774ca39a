//! The crate as its users see it: canonical text, signatures, limits, the JSON of a bundle.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bundle;
mod canonical;
mod face;
mod limits;
mod sample;
