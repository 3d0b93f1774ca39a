//! Queue, runner and gateway together.

mod at_rest;
mod kill;
mod scripted;
mod simulated;
mod support;
mod watching;
