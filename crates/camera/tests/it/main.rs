//! The simulated camera from outside: what it renders is what its truth says, and the real reader can read it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod scene;
