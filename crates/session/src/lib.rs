//! The guided captures of a card and of a selfie, as machines.
//!
//! Observations of frames, wishes of people and the present time go in; what to show and what to do come out:
//! [`CardSession::handle`] answers with [`Effect`]s, [`CardSession::view`] says what is on the screen.
//!
//! Invariants: one hint at a time, none of them shorter than a person needs to read it; no frame whose NIK was seen to
//! be hidden is ever kept; every state is left by itself in the end; no input and no clock, however wrong, breaks it.
//! Deliberately lacks pictures, cameras, threads, clocks and words.

mod board;
mod card;
mod hint;
mod judge;
mod observation;
mod params;
mod patience;
mod recent;
mod selfie;
mod settling;
mod steady;
mod time;
mod view;

pub use card::{CardSession, Effect, End, Input, ReadOutcome};
pub use hint::{Direction, Hint, HintCode, Retry};
pub use observation::{Observation, Side, Sight};
pub use params::{CardParams, Limit};
pub use selfie::{
    Cue, Gesture, GestureParams, GesturePrompt, SeenFace, SelfieEffect, SelfieEnd, SelfieHint, SelfieInput,
    SelfieObservation, SelfieParams, SelfiePlan, SelfieSession, SelfieSessionView,
};
pub use view::{CardPhase, CardSessionView, ReadingProgress};
