//! What a field's text says, given what such a field can say.
//!
//! Instead of correcting a finished text, candidates that fit the field are scored against the recogniser's own
//! probabilities. Invariant: knowledge shifts the odds between readings the picture allows; it never overrules a
//! picture that is clear. Deliberately lacks any memory of other cards.

mod dates;
mod evidence;
mod free;
mod letters;
mod person;
mod places;
mod words;

use std::collections::BTreeMap;

use ktp::Field;

use crate::assemble::{Label, Layout, Slot};
use crate::reading::Trust;
use crate::recognise::LineReading;
use evidence::Evidence;
pub(crate) use evidence::Picture;

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

/// All fields of one card, from one picture.
pub(crate) fn decode(readings: &[LineReading], layout: &Layout) -> BTreeMap<Field, Decoded> {
    decode_together(&[Picture { readings, layout }])
}

/// All fields of one card, from pictures of it, the leading one first. Likelihoods are means over the pictures that show a field,
/// so that they can be rated as one picture's are.
pub(crate) fn decode_together(pictures: &[Picture<'_>]) -> BTreeMap<Field, Decoded> {
    let mut fields = decode_fields(pictures);
    if pictures.len() > 1 {
        for (field, decoded) in &mut fields {
            let shown = pictures.iter().filter(|picture| picture.shows(slot_of(*field))).count();
            decoded.trust.log_likelihood /= shown.max(1) as f32;
        }
    }
    fields
}

/// Where a field stands.
fn slot_of(field: Field) -> Slot {
    match field {
        Field::Nik => Slot::Value(Label::Nik),
        Field::FullName => Slot::Value(Label::Name),
        Field::PlaceOfBirth | Field::DateOfBirth => Slot::Value(Label::Birth),
        Field::Gender => Slot::Value(Label::Gender),
        Field::BloodType => Slot::Value(Label::Blood),
        Field::Address => Slot::Value(Label::Address),
        Field::RtRw => Slot::Value(Label::RtRw),
        Field::Kelurahan => Slot::Value(Label::Village),
        Field::Kecamatan => Slot::Value(Label::District),
        Field::Religion => Slot::Value(Label::Religion),
        Field::MaritalStatus => Slot::Value(Label::Marital),
        Field::Occupation => Slot::Value(Label::Occupation),
        Field::Nationality => Slot::Value(Label::Nationality),
        Field::ValidUntil => Slot::Value(Label::ValidUntil),
        Field::IssueDate => Slot::Issue,
        Field::Province => Slot::Province,
        Field::City => Slot::City,
    }
}

fn decode_fields(pictures: &[Picture<'_>]) -> BTreeMap<Field, Decoded> {
    let evidence = |slot: Slot| Evidence::of(pictures, slot);
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
    put(Field::FullName, free::free(Field::FullName, &value(Label::Name)));
    put(Field::PlaceOfBirth, places::birth_place(&value(Label::Birth)));
    let valid_until = dates::valid_until(&value(Label::ValidUntil), person.birth_date.as_ref());
    let expiry = valid_until.as_ref().and_then(|decoded| decoded.value.as_deref()?.get(..4)?.parse().ok());
    put(Field::DateOfBirth, person.birth_date);
    put(Field::Gender, person.gender);
    put(Field::BloodType, words::blood_type(&value(Label::Blood)));
    put(Field::Address, free::free(Field::Address, &value(Label::Address)));
    put(Field::RtRw, words::rt_rw(&value(Label::RtRw)));
    put(Field::Kelurahan, free::free(Field::Kelurahan, &value(Label::Village)));
    put(Field::Kecamatan, district);
    put(Field::Religion, words::listed(Field::Religion, &value(Label::Religion)));
    put(Field::MaritalStatus, words::listed(Field::MaritalStatus, &value(Label::Marital)));
    put(Field::Occupation, words::listed(Field::Occupation, &value(Label::Occupation)));
    put(Field::Nationality, words::nationality(&value(Label::Nationality)));
    put(Field::ValidUntil, valid_until);
    put(Field::IssueDate, dates::issue_date(&Evidence::one_by_one(pictures, Slot::Issue), expiry));
    put(Field::Province, places::province(&evidence(Slot::Province)));
    put(Field::City, city);
    out
}
