//! The simulator over real HTTP: what it refuses, what it computes, how it misbehaves.
//! Invariant: every test has a server of its own on a free port. Deliberately lacks any crate that speaks the
//! contract from our side.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod capture;
mod client;
mod contract;
mod control;
mod face;
mod faults;
mod onekyc;
mod webhooks;
