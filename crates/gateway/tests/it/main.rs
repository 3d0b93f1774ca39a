//! The partners' clients against the simulator and against hand-written answers.

mod conformance;
mod headers;
mod identity_platform;
mod identity_platform_rows;
mod onekyc;
mod rows;
mod support;
