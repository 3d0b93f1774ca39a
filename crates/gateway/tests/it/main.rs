//! The partners' clients against the simulator and against hand-written answers.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod conformance;
mod headers;
mod identity_platform;
mod identity_platform_face;
mod identity_platform_rows;
mod onekyc;
mod rows;
mod support;
