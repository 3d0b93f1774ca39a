//! The partner's backend: holds what a kiosk must not hold, and is what the partner platforms can reach.
//!
//! It enrols kiosks, starts flows with OneKYC for them, receives callbacks and webhooks, reads again what they hint at,
//! and hands every kiosk its results, once and in order. Invariant: a result is in the database before anybody is told.
//! Lacks on purpose: a card's data, pictures and the platforms' tokens in its database or its log.

pub mod api;
pub mod app;
pub mod bench;
pub mod config;
pub mod flow;
pub mod metrics;
pub mod partner;
pub mod rehearsal;
pub mod store;
pub mod verdict;
pub mod wake;
pub mod worker;
