//! The whole pipeline with fake nets: no weights, no pictures, exact answers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod fakes;
mod reading;
