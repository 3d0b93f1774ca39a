//! Tests against the system's real camera drivers, with webcams plugged in by software.
//!
//! They run as root in a virtual machine (`cargo xtask camera-vm`, see `tests/camera-vm`) and are ignored elsewhere: they
//! load drivers and plug USB devices in and out. They judge pixels and states, never speed, which an emulated
//! processor cannot show. Deliberately absent: cameras of other systems than Linux.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "all of it is a test")]

mod damaged;
mod modes;
mod nodes;
mod pattern;
mod pixels;
mod sharing;
mod silent;
mod unplug;
mod watch;
mod webcam;
