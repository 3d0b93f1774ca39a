//! Finding a face, judging its picture, and whether it is alive.
//!
//! [`FaceReader`] runs the nets on a picture, [`SelfieAnalyser`] looks at live frames. Invariant: every number is about
//! the pixels given. Deliberately lacks who somebody is; and it claims no level of attack detection: what it does is
//! measured on synthetic people and scripted attacks, and the partner decides.

mod analyser;
mod cut;
mod detector;
mod face;
mod life;
mod quality;
mod reader;

pub use analyser::{SelfieAnalyser, SelfieLook};
pub use face::{Bounds, Expression, Face, FoundFace, Points, Pose};
pub use life::{
    FlashVoteParams, Glimpse, Judgement, LifeParams, LocalVerdict, MotionVoteParams, Outcome, Sitting,
    StreamVoteParams, Vote, Voter,
};
pub use quality::{FaceQuality, Oval, measure, surroundings};
pub use reader::FaceReader;
