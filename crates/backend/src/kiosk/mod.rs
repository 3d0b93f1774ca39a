//! The other end: what a kiosk does to be heard.
//!
//! Invariant: every request is signed over its method, path, body, time and a fresh nonce. Lacks on purpose: storage of the
//! key, which is the caller's business, and of correlation ids, which it must keep before it asks.

mod client;
mod signature;

pub use client::{ClientError, KioskClient, Refusal};
pub use signature::{
    KIOSK_HEADER, KioskKey, NONCE_HEADER, SIGNATURE_HEADER, SignedParts, TIMESTAMP_HEADER, enrolment_text,
    request_text, verify,
};
