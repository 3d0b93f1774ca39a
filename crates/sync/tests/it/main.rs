//! Queue, runner and gateway together.

mod at_rest;
mod kill;
mod onekyc;
mod scripted;
mod simulated;
mod support;
mod watching;
