//! Outbox times gateway: every accepted capture reaches the partner exactly once, or stays in
//! sight with a reason.
//!
//! [`policy`] and [`Link`] decide, given the time and a random number; [`Runner`] does what they
//! decide. Invariants: an item whose answer was lost is looked for before it is sent again; an
//! item that fails alone never holds up other customers; whether we are online is known from real
//! calls only; a partner that takes captures in steps finds each step written down before the next is made, and so is a card's receipt before its face is sent. Lacks on purpose: a clock, randomness and threads of its own.

mod delivery;
mod introduce;
mod link;
mod params;
mod parts;
pub mod policy;
mod progress;
mod route;
mod runner;
mod staged;
mod stop;

pub use link::{Link, LinkState};
pub use params::SyncParams;
pub use parts::CARD_TAKEN;
pub use progress::{PassSummary, Progress};
pub use route::Route;
pub use runner::{DeviceSigner, Random, Runner, SyncError};
pub use staged::PROCESSING;
pub use stop::{Stop, Stopper, stop_signal};
