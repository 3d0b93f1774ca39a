//! From what nets say to chances.
//!
//! Invariant: answers are finite, and no number is so small or so large that a processor takes a hundredfold for it.

/// Beyond this (ln) nothing is likelier than another.
pub(crate) const FURTHEST: f32 = 80.0;

/// e to this power.
pub(crate) fn exp(power: f32) -> f32 {
    power.clamp(-FURTHEST, FURTHEST).exp()
}

/// The chance of a logit.
pub(crate) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + exp(-logit))
}
