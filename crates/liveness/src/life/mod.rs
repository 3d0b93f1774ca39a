//! Whether the face before the camera is alive.
//!
//! A [`Sitting`] takes a few numbers from every frame of one selfie; its [`judge`](Sitting::judge) asks a panel of voters
//! and fuses their votes into live, spoof or unclear. Invariants: no picture outlives the frame it came from; every vote
//! follows from this sitting's frames alone; a picture, a swapped frame and a replayed video each leave at least one
//! voter unsatisfied by construction: they cannot answer gestures drawn after they were made, nor colours.
//! Deliberately lacks a level of assurance: that is the partner's word.

mod flash;
mod flow;
mod fuse;
mod glimpse;
mod grain;
mod motion;
mod pattern;
mod sitting;
mod stream;

pub use flash::FlashVoteParams;
pub use fuse::{Judgement, LocalVerdict, Outcome, Vote, Voter};
pub use glimpse::Glimpse;
pub use motion::MotionVoteParams;
pub use sitting::{LifeParams, Sitting};
pub use stream::StreamVoteParams;
