//! The real binary, run as a user runs it.
//!
//! Invariant: every run has a data folder, a key file and an environment of its own. Deliberately absent:
//! anything that reaches into the binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bad_input;
mod bench;
mod demo;
mod enrol;
mod eval;
mod flow;
mod scan;
mod setup;
mod simulate;
mod support;
