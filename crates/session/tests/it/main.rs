//! The machine as a whole: what it asks for, when it takes the picture, and what bad luck cannot make it do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks at what it is about")]

mod bad_luck;
mod guidance;
mod support;
