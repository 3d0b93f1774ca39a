//! A camera's bytes → frames.
//!
//! Invariant: no bytes, however damaged, make this panic, and a damaged picture is an error, never a half-grey frame:
//! grey would read as a card without text. Deliberately absent: formats beyond the two that practically every webcam
//! speaks.

pub(crate) mod jpeg;
pub(crate) mod yuyv;

/// The bytes are not the picture that they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the camera's frame is damaged")]
pub(crate) struct Damaged;
