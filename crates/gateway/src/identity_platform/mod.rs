//! Identity Platform: KTP captures and faces with flash challenges and HMAC-signed bundles.
//!
//! Its contract leaves gaps (canonical JSON, envelope, idempotency); how we fill them is noted
//! where it matters. Lacks on purpose: the parts a counter must not call (the population
//! registry's verdict, screenings).

mod budget;
mod client;
mod config;
mod exchange;
mod face_read;
pub mod face_wire;
mod partner_clock;
mod read;
mod refusal;
pub mod wire;

pub use client::{ClientError, IdentityPlatform};
pub use config::{FaceCall, FaceConfig, IdentityPlatformConfig, RateLimits};

pub use crate::endpoint::{Endpoint, EndpointError};
