//! The KTP domain: the card's fields, their vocabularies and printed forms, the NIK, the region codes, and checks of
//! one against another.
//!
//! Invariant: pure and total. No I/O, no clock (today is an argument), no panic on any input of any length, and no
//! personal value in a `Debug` text or an error. Deliberately lacking: pictures, JSON and any partner's format beyond
//! the words of [`Fields::on_wire`].

mod check;
mod field;
mod fields;
mod nik;
mod normalise;
pub mod region;
mod text;
pub mod vocabulary;

pub use check::{Issue, IssueCode, Severity, check};
pub use field::Field;
pub use fields::Fields;
pub use nik::{BirthContext, Nik, NikError, Sex};
pub use normalise::{FieldError, normalise};
