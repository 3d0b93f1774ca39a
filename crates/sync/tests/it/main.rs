//! Queue, runner and gateway together.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod at_rest;
mod faces;
mod kill;
mod onekyc;
mod scripted;
mod simulated;
mod support;
mod watching;
