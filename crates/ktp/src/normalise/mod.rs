//! From printed (or misread, or typed) text to a field's normal form.
//!
//! Invariant: idempotent and total; a normal form is upper case with single spaces, dates are `YYYY-MM-DD`, RT/RW is
//! `NNN/NNN`, closed words are in the card's spelling. An error names the field and what was expected, never the text.
//! Deliberately lacking: judgement of plausibility; see [`crate::check`].

mod date;
mod digits;
mod words;

use crate::Field;
use crate::text::squeeze;

/// Why a text cannot be a value of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// Nothing is left after removing label remnants and noise.
    #[error("{field} is empty")]
    Empty {
        /// Which field.
        field: Field,
    },
    /// More characters than a card has room for.
    #[error("{field} is too long")]
    TooLong {
        /// Which field.
        field: Field,
    },
    /// The text does not have the field's form.
    #[error("{field} is not {expected}")]
    Malformed {
        /// Which field.
        field: Field,
        /// The form it should have, for people.
        expected: &'static str,
    },
}

/// Most characters a field can have: two full lines of the card are about 90.
const MAX_FIELD_CHARS: usize = 250;

/// The normal form of a field's printed text.
///
/// Forgives what readers and printers do to it: label remnants (`: `), uneven spaces (`001 /  003`), missing parts
/// (`000/`), letters among digits (`O1-O7-199O`), and small misreadings of closed words.
///
/// # Errors
/// [`FieldError`] when the text cannot be a value of the field.
pub fn normalise(field: Field, printed: &str) -> Result<String, FieldError> {
    let text = strip_remnants(&squeeze(printed)).to_owned();
    if text.is_empty() {
        return Err(FieldError::Empty { field });
    }
    if text.chars().count() > MAX_FIELD_CHARS {
        return Err(FieldError::TooLong { field });
    }
    let malformed = |expected| FieldError::Malformed { field, expected };
    match field {
        Field::Nik => digits::nik(&text).ok_or(malformed("16 digits")),
        Field::RtRw => digits::rt_rw(&text).ok_or(malformed("two numbers of up to three digits")),
        Field::DateOfBirth | Field::IssueDate => date::last(&text).ok_or(malformed("a date")),
        Field::ValidUntil => date::validity(&text).ok_or(malformed("a date or SEUMUR HIDUP")),
        Field::PlaceOfBirth => non_empty(field, date::place_before(&text).to_owned()),
        Field::BloodType => words::blood_type(&text).ok_or(malformed("a blood type")),
        Field::Gender | Field::Religion | Field::MaritalStatus => {
            words::closed(field, &text).ok_or(malformed("a word of its list"))
        }
        Field::Occupation => Ok(words::open(field, &text)),
        Field::Nationality => Ok(words::nationality(&text)),
        Field::Province => non_empty(field, words::province(&text)),
        Field::City => Ok(words::city(&text)),
        Field::FullName | Field::Address | Field::Kelurahan | Field::Kecamatan => Ok(text),
    }
}

fn non_empty(field: Field, value: String) -> Result<String, FieldError> {
    if value.is_empty() { Err(FieldError::Empty { field }) } else { Ok(value) }
}

/// The text without what the label leaves before it: colons, dots and spaces.
pub(super) fn strip_remnants(text: &str) -> &str {
    text.trim_start_matches([' ', ':', ';', '.', ',', '_', '~', '\'', '"'])
        .trim_end_matches([' ', ':', ';', ',', '_', '~', '"'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(field: Field, printed: &str, expected: &str) {
        assert_eq!(normalise(field, printed).as_deref(), Ok(expected), "{field} from {printed:?}");
    }

    #[test]
    fn free_text_loses_only_noise() {
        for (field, printed, expected) in [
            (Field::FullName, ": contoh  nama", "CONTOH NAMA"),
            (Field::FullName, " :CONTOH NAMA, S.H.", "CONTOH NAMA, S.H."),
            (Field::Address, ": JL. MAWAR  NO. 3", "JL. MAWAR NO. 3"),
            (Field::Kelurahan, "PONDOK\tPINANG", "PONDOK PINANG"),
            (Field::Kecamatan, "-", "-"),
        ] {
            check(field, printed, expected);
        }
        assert_eq!(normalise(Field::FullName, " : "), Err(FieldError::Empty { field: Field::FullName }));
    }

    #[test]
    fn errors_do_not_repeat_the_text() {
        let error = normalise(Field::Nik, "RAHASIA").expect_err("no digits");
        assert_eq!(error.to_string(), "nik is not 16 digits");
        assert!(!format!("{error:?}").contains("RAHASIA"));
    }
}
