//! The crate as its users see it: canonical text, signatures, limits, the JSON of a bundle.

mod bundle;
mod canonical;
mod limits;
mod sample;
