//! The kiosk's side of the partner's backend (`loket-backend`): what a kiosk does to be heard.
//!
//! It enrols with a one-time code, starts flows, redeems hand-over codes and reads its results. [`BackendTokens`] is how
//! OneKYC's client gets user tokens on a kiosk. Invariants: every request is signed over its method, path, body, time and
//! a fresh nonce; no token, contact or key is in `Debug`, messages or logs.
//! Lacks on purpose: storage of the key and of the last result's number, which are the caller's business, and of correlation
//! ids, which it must keep before it asks.

mod client;
mod refusal;
mod signature;
mod tokens;
mod wire;

pub use client::KioskClient;
pub use refusal::{ClientError, Refusal};
pub use signature::{
    KIOSK_HEADER, KioskKey, NONCE_HEADER, SIGNATURE_HEADER, SignedParts, TIMESTAMP_HEADER, enrolment_text,
    request_text, verify,
};
pub use tokens::BackendTokens;
pub use wire::{
    Enrolment, FlowRequest, FlowResponse, Locale, ResultContent, ResultItem, ResultsResponse, VerifiedBy,
};
