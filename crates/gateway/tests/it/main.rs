//! Identity Platform's client against the simulator and against hand-written answers.

mod conformance;
mod headers;
mod identity_platform;
mod support;
