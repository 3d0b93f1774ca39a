//! What one camera frame shows of a card, fast enough for every frame.
//!
//! [`LiveAnalyser::analyse`] follows the card from frame to frame and measures what a person can put right: where the
//! card is, how it is held, how sharp and bright its text is, and cell by cell where light washes it out or something
//! lies over it. Invariant: everything in an [`Analysis`] is finite, and a frame without a card is an answer
//! ([`Sight::Nothing`]), never an error. Deliberately lacks judgement (which measure is good enough, which hint to
//! give: `session`), reading (`Reader`) and threads.

mod analyser;
mod analysis;
mod appearance;
mod cells;
mod fields;
mod gate;
mod map;
mod outline;
mod params;
mod pose;
#[doc(hidden)]
pub mod probe;
mod rectangle;
mod stranger;
mod text;
mod tracker;

pub use analyser::LiveAnalyser;
pub use analysis::{Analysis, Side, Sight};
pub use fields::places as field_places;
pub use map::CardMap;
pub use params::LiveParams;
