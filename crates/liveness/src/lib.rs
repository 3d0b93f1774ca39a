//! Judging the picture of a face.
//!
//! What is measured here is the *picture*: whether there is light, focus, rest, and something of the colour of skin in the
//! oval that the person is asked to fill. Invariant: measures are shares between 0 and 1 and do not depend on the size of
//! the frame. Deliberately lacks any claim that a face is there, is alive, or is somebody's; the partner decides that.

mod look;

pub use look::{Oval, SelfieAnalyser, SelfieLook};
