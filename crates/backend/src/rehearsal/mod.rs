//! Stand-ins for tests and for measuring: a platform that answers and calls back, and a database server of one's own.
//!
//! Invariant: everything here listens on this machine only and is gone when it is dropped.
//! Lacks on purpose: strictness. The simulator judges requests; this only plays along, fast.

mod platform;
mod postgres;

pub use platform::{Judged, Platform, PlatformConfig};
pub use postgres::{PostgresError, PostgresServer};
