//! What tests need and no product code may use: invented people, pictures, signed bundles and a clock that is moved by
//! hand.
//!
//! Invariant: everything is a pure function of its seed, and nobody exists: every NIK ends in `0000`, which is never
//! issued. Deliberately lacking: pictures of cards; the training pipeline draws those.

mod capture;
mod clock;
mod person;

pub use capture::{DEVICE_SECRET, document, face_document, jpeg, plain_jpeg, signed_bundle, signed_face};
pub use clock::ManualClock;
pub use person::Person;
