//! Guided captures: camera frames in, a read card or a selfie out.
//!
//! [`GuidedCard`] ties analysis, machine and reader together frame by frame, in whatever time its caller has: the window
//! runs it in a thread of its own ([`CardCapture`]), a bench in simulated time. Invariant: a card is taken only if its
//! NIK is trusted ([`ReadGate`]) and was hidden in none of the frames that were read. Deliberately absent: words,
//! windows, storing.

mod advice;
mod burst;
mod gate;
mod guided;
mod nets;
mod observe;
mod read;
mod run;
mod selfie;
mod watch;

pub use burst::BurstParams;
pub use gate::ReadGate;
pub use guided::{GuidedCard, GuidedParams, GuidedView, Order};
pub use nets::{Loadable, Shared, SharedFaceReader, SharedReader};
pub use read::{ReadAnswer, ReadJob, TakenCard};
pub use run::{CardCapture, CardEvent, CardNets, Wish};
pub use selfie::{
    GuidedSelfie, Life, Sat, SelfieCapture, SelfieEvent, SelfieNets, SelfieOrder, SelfieWish, SitOrder,
    TakeSelfieError, TakenSelfie, sit, take_selfie,
};
