//! The crate as its users see it: checks of whole cards, and properties that hold for any text.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod checks;
mod properties;
