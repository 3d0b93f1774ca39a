//! The whole pipeline with fake nets: no weights, no pictures, exact answers.

mod fakes;
mod reading;
