//! The queue on real files: order, crashes, keys, full disks, and what can be read without a key.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
// Says which tests were skipped and why, and talks to the process that started it.
#![allow(clippy::print_stdout)]

mod accept;
mod at_rest;
mod audit;
mod delivery;
mod full_disk;
mod leases;
mod opening;
mod processes;
mod retention;
mod stages;
mod support;
