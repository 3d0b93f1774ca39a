//! A strict stand-in for the partner platforms, for development and tests: Identity Platform here, OneKYC in [`onekyc`].
//!
//! Purpose: a real HTTP server that refuses what the documented contract refuses, computes every verdict
//! from the bytes it received, and can be told to misbehave (late, broken, lost or repeated answers).
//! Invariant: a capture's rows are stored in one transaction, so "stored" and "not stored" are the only states.
//! Deliberately lacks: any type of the `bundle` or `gateway` crates (a shared mistake must not pass), pictures
//! at rest (only their digests are kept), and a listener on anything but the loopback interface.

mod api;
mod app;
mod check;
mod clock;
mod config;
mod control;
mod fault;
mod keys;
mod listener;
pub mod onekyc;
mod server;
mod signature;
mod store;
mod tier;
mod webhook;

pub use check::{
    CheckParams, FaceParams, FlashParams, FontParams, GlareParams, MoireParams, PhotocopyParams,
    picture_votes,
};
pub use config::{Envelope, FaceSettings, RateLimits, Settings, SimulatorConfig, StateLocation};
pub use fault::{Endpoint, FaultKind, FaultRule};
pub use keys::{generate_api_key, generate_secret};
pub use server::{Running, start};
pub use store::rows::{
    CaptureRow, ChallengeRow, CustomerRow, DeliveryRow, FaceRow, KycEventRow, Purpose, RequestRow,
    VerificationRow,
};
