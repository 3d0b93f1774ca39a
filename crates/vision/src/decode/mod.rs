//! What a field's text says, given what such a field can say.
//!
//! Instead of correcting a finished text, candidates that fit the field are scored against the recogniser's own
//! probabilities. Invariant: knowledge shifts the odds between readings the picture allows; it never overrules a
//! picture that is clear. Deliberately lacks any memory of other cards.

mod dates;
mod evidence;
mod person;
mod places;
mod words;

use std::collections::BTreeMap;

use ktp::Field;

use crate::assemble::{Label, Layout, Slot};
use crate::reading::Trust;
use crate::recognise::LineReading;
use evidence::Evidence;

/// A decoded value and the reasons to trust it.
pub(crate) struct Decoded {
    /// Normalised; `None` if nothing that fits the field can be read.
    pub value: Option<String>,
    /// The likeliest plain text.
    pub printed: String,
    pub trust: Trust,
}

/// Letters and digits only.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// All fields of one card.
pub(crate) fn decode(readings: &[LineReading], layout: &Layout) -> BTreeMap<Field, Decoded> {
    let evidence =
        |slot: Slot| Evidence::of(readings, layout.slots.get(&slot).map_or(&[][..], Vec::as_slice));
    let value = |label: Label| evidence(Slot::Value(label));
    let mut out = BTreeMap::new();
    let mut put = |field: Field, decoded: Option<Decoded>| {
        if let Some(decoded) = decoded {
            out.insert(field, decoded);
        }
    };
    let city = places::city(&evidence(Slot::City), &evidence(Slot::Issue));
    let district = places::district(&value(Label::District), city.as_ref());
    let context = person::Context { city: city.as_ref(), district: district.as_ref() };
    let person = person::decode(&value(Label::Nik), &value(Label::Birth), &value(Label::Gender), &context);
    put(Field::Nik, person.nik);
    put(Field::FullName, words::free(Field::FullName, &value(Label::Name)));
    put(Field::PlaceOfBirth, places::birth_place(&value(Label::Birth)));
    let valid_until = dates::valid_until(&value(Label::ValidUntil), person.birth_date.as_ref());
    let expiry = valid_until.as_ref().and_then(|decoded| decoded.value.as_deref()?.get(..4)?.parse().ok());
    put(Field::DateOfBirth, person.birth_date);
    put(Field::Gender, person.gender);
    put(Field::BloodType, words::blood_type(&value(Label::Blood)));
    put(Field::Address, words::free(Field::Address, &value(Label::Address)));
    put(Field::RtRw, words::rt_rw(&value(Label::RtRw)));
    put(Field::Kelurahan, words::free(Field::Kelurahan, &value(Label::Village)));
    put(Field::Kecamatan, district);
    put(Field::Religion, words::listed(Field::Religion, &value(Label::Religion)));
    put(Field::MaritalStatus, words::listed(Field::MaritalStatus, &value(Label::Marital)));
    put(Field::Occupation, words::listed(Field::Occupation, &value(Label::Occupation)));
    put(Field::Nationality, words::nationality(&value(Label::Nationality)));
    put(Field::ValidUntil, valid_until);
    put(Field::IssueDate, dates::issue_date(readings, layout, expiry));
    put(Field::Province, places::province(&evidence(Slot::Province)));
    put(Field::City, city);
    out
}
