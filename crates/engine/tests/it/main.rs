//! The guided capture over simulated scenes, with the real nets.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod guidance;
