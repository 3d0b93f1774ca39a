//! The card reader that a stand-in partner judges pictures by: our own, loaded when the first picture comes.
//!
//! Invariant: the stand-in sees nothing but the bytes it received. Deliberately lacks the corrections and checks of a
//! capture; a partner reads for itself.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use frame::DecodeLimits;
use inference::ModelSource;
use ktp::{Field, Fields};
use simulator::onekyc::{CardReader, CardReading};
use vision::{Reader, Verdict};

/// Reads cards for a stand-in.
#[derive(Default)]
pub struct SimulatedReading(OnceLock<Option<Reader>>);

impl CardReader for SimulatedReading {
    fn read(&self, picture: &[u8]) -> CardReading {
        let reader = self.0.get_or_init(|| Reader::load(&ModelSource::from_env()).ok());
        let Some(reader) = reader else { return CardReading::Unreadable };
        let Ok(picture) = frame::decode(picture, &DecodeLimits::default()) else {
            return CardReading::Unreadable;
        };
        match reader.read(&picture) {
            Ok(reading) => match reading.verdict {
                Verdict::Ktp => CardReading::Card(values(&reading.fields())),
                Verdict::NoCard | Verdict::OtherDocument => CardReading::NotACard,
            },
            Err(_) => CardReading::Unreadable,
        }
    }
}

/// The values by the contract's names and in its forms.
fn values(fields: &Fields) -> BTreeMap<String, String> {
    const SAME: [(Field, &str); 12] = [
        (Field::Nik, "nik"),
        (Field::FullName, "name"),
        (Field::PlaceOfBirth, "region"),
        (Field::BloodType, "bloodType"),
        (Field::Address, "address"),
        (Field::Kelurahan, "town"),
        (Field::Kecamatan, "district"),
        (Field::Religion, "religion"),
        (Field::MaritalStatus, "maritalStatus"),
        (Field::Occupation, "occupation"),
        (Field::Nationality, "citizenship"),
        (Field::ValidUntil, "validUntil"),
    ];
    let mut values = BTreeMap::new();
    let mut put = |key: &str, value: String| {
        values.insert(key.to_owned(), value);
    };
    let places = [(Field::City, "city"), (Field::Province, "province")];
    for (field, key) in SAME.into_iter().chain(places) {
        if let Some(value) = fields.get(field) {
            put(key, value.to_owned());
        }
    }
    for (field, key) in [(Field::DateOfBirth, "dateOfBirth"), (Field::IssueDate, "issuanceDate")] {
        if let Some(value) = fields.get(field) {
            put(key, day_first(value));
        }
    }
    if let Some((rt, rw)) = fields.get(Field::RtRw).and_then(|value| value.split_once('/')) {
        put("rt", rt.to_owned());
        put("rw", rw.to_owned());
    }
    if let Some(gender) = fields.get(Field::Gender) {
        put("gender", if gender.starts_with("LAKI") { "male" } else { "female" }.to_owned());
    }
    values
}

/// `YYYY-MM-DD` to `DD-MM-YYYY`; anything else as it is.
fn day_first(date: &str) -> String {
    match date.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => format!("{day}-{month}-{year}"),
        _ => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_contracts_form() {
        let fields: Fields = [
            (Field::DateOfBirth, "1990-07-12"),
            (Field::RtRw, "001/002"),
            (Field::Gender, "PEREMPUAN"),
            (Field::Kelurahan, "CONTOH KIDUL"),
        ]
        .into_iter()
        .map(|(field, value)| (field, value.to_owned()))
        .collect();
        let values = values(&fields);
        let get = |key: &str| values.get(key).map(String::as_str);
        assert_eq!(get("dateOfBirth"), Some("12-07-1990"));
        assert_eq!((get("rt"), get("rw")), (Some("001"), Some("002")));
        assert_eq!((get("gender"), get("town"), get("nik")), (Some("female"), Some("CONTOH KIDUL"), None));
    }
}
