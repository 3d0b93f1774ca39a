//! The values read from one card.
//!
//! Invariant: values are normalised (see [`crate::normalise`]) by whoever puts them in; `Debug` shows which fields are
//! present, never a value. Deliberately lacking: confidences and their origin.

use std::collections::BTreeMap;
use std::fmt;

use crate::vocabulary;
use crate::{Field, FieldError, normalise};

/// Normalised values by field, in card order. A field that is absent was not read.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields(BTreeMap<Field, String>);

impl Fields {
    /// An empty set.
    pub fn new() -> Fields {
        Fields::default()
    }

    /// The value of one field.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.get(&field).map(String::as_str)
    }

    /// Put in a value that is already normalised; returns the one it replaces.
    pub fn insert(&mut self, field: Field, value: impl Into<String>) -> Option<String> {
        self.0.insert(field, value.into())
    }

    /// Normalise printed or typed text and put it in.
    ///
    /// # Errors
    /// When the text cannot be a value of the field; the set is then unchanged.
    pub fn insert_printed(&mut self, field: Field, printed: &str) -> Result<(), FieldError> {
        let value = normalise(field, printed)?;
        self.0.insert(field, value);
        Ok(())
    }

    /// Take a field out.
    pub fn remove(&mut self, field: Field) -> Option<String> {
        self.0.remove(&field)
    }

    /// Fields and values in card order.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, value)| (*field, value.as_str()))
    }

    /// How many fields are present.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no field is present.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The sixteen contract fields by key, in the contract's words: Indonesian terms for the English ones of a
    /// foreigner's card, `WNI` or `WNA` for the nationality, and `000/000` for unknown neighbourhood numbers.
    pub fn on_wire(&self) -> BTreeMap<String, String> {
        let present = Field::ON_WIRE.into_iter().filter_map(|field| Some((field, self.get(field)?)));
        present.map(|(field, value)| (field.key().to_owned(), contract_word(field, value))).collect()
    }
}

fn contract_word(field: Field, value: &str) -> String {
    let word = if field == Field::Nationality && value != "WNI" {
        "WNA"
    } else if field == Field::RtRw && value == "-" {
        "000/000"
    } else {
        vocabulary::indonesian(field, value).unwrap_or(value)
    };
    word.to_owned()
}

impl FromIterator<(Field, String)> for Fields {
    fn from_iter<I: IntoIterator<Item = (Field, String)>>(pairs: I) -> Fields {
        Fields(pairs.into_iter().collect())
    }
}

impl Extend<(Field, String)> for Fields {
    fn extend<I: IntoIterator<Item = (Field, String)>>(&mut self, pairs: I) {
        self.0.extend(pairs);
    }
}

impl IntoIterator for Fields {
    type Item = (Field, String);
    type IntoIter = std::collections::btree_map::IntoIter<Field, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fields")?;
        f.debug_set().entries(self.0.keys().map(|field| field.key())).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(Field, &str)]) -> Fields {
        pairs.iter().map(|(field, value)| (*field, (*value).to_owned())).collect()
    }

    #[test]
    fn debug_names_fields_and_hides_values() {
        let shown =
            format!("{:?}", fields(&[(Field::FullName, "CONTOH NAMA"), (Field::Nik, "3174095207900000")]));
        assert_eq!(shown, r#"Fields{"nik", "fullName"}"#);
    }

    #[test]
    fn the_wire_speaks_the_contracts_words() {
        let card = fields(&[
            (Field::Gender, "FEMALE"),
            (Field::Religion, "CHRISTIAN"),
            (Field::MaritalStatus, "MARRIED"),
            (Field::Nationality, "RUSIA"),
            (Field::RtRw, "-"),
            (Field::City, "KOTA BANDUNG"),
        ]);
        let wire = card.on_wire();
        let seen: Vec<_> = wire.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("gender", "PEREMPUAN"),
                ("maritalStatus", "KAWIN"),
                ("nationality", "WNA"),
                ("religion", "KRISTEN"),
                ("rtRw", "000/000"),
            ]
        );
    }

    #[test]
    fn a_refused_text_changes_nothing() {
        let mut card = fields(&[(Field::DateOfBirth, "1990-07-12")]);
        assert!(card.insert_printed(Field::DateOfBirth, "99-99-9999").is_err());
        assert_eq!(card.get(Field::DateOfBirth), Some("1990-07-12"));
    }
}
