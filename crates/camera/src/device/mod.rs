//! Cameras of this machine: which there are, which one to take, and their frames.
//!
//! On Linux the `v4l` crate speaks to the driver; elsewhere `nokhwa` speaks to the system, from a thread of its own.
//! Invariant: listing answers within a bound and never panics, whatever a driver does; nodes that cannot capture video
//! (metadata, codecs, outputs) are left out. Deliberately absent: controls (exposure, zoom), which every camera gets
//! wrong in its own way.

mod choose;
mod known;
mod list;
mod mode;

// Compiled for the tests too, so that a machine with Linux notices when it breaks.
#[cfg(any(test, not(target_os = "linux")))]
#[cfg_attr(target_os = "linux", allow(dead_code, reason = "Linux only tests it"))]
mod foreign;
#[cfg(target_os = "linux")]
mod linux;

pub use list::{Device, DeviceAccess, DevicesError, list_devices};
pub use mode::{Mode, PixelFormat};

pub(crate) use choose::open;
