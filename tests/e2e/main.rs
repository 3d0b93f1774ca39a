//! The whole application by its window: the real binary of the demo under a virtual display, driven by WebDriver as a
//! person would drive it, judged by what the screen says.
//!
//! Invariant: what is tested is what ships, but for the simulated camera and the stand-in partner behind a link that
//! really is cut. Every test has an installation of its own. Deliberately lacks anything that pages alone can show; that
//! is in `ui/tests`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[allow(dead_code, reason = "shared with screenshots and preview bench, which use the rest")]
mod bench;
mod counter;
mod front_end;
mod identity;
mod kiosk;
mod launched;
mod office;
mod onekyc;
mod trouble;
#[allow(dead_code, reason = "shared with screenshots and preview bench, which use the rest")]
mod visit;
