//! The sixteen `ocrFields` as the server re-checks them: form of the starred ones, shape of the NIK.
//! Invariant: a wrong form is a validation complaint; a disagreement between fields is left to the voters.
//! Deliberately lacks the fields that the contract does not star.

use jiff::civil::Date;
use ktp::{Nik, vocabulary};
use serde_json::{Map, Value};

use super::form::Form;
use crate::check::CardData;

/// Members of `ocrFields` and `ocrConfidence`.
pub const FIELDS: [&str; 16] = [
    "nik",
    "fullName",
    "placeOfBirth",
    "dateOfBirth",
    "gender",
    "bloodType",
    "address",
    "rtRw",
    "kelurahan",
    "kecamatan",
    "religion",
    "maritalStatus",
    "occupation",
    "nationality",
    "validUntil",
    "issueDate",
];

/// Longest value of any field; the card's widest line holds a third of it.
const MAX_CHARS: usize = 200;

/// Sixteen ASCII digits.
pub fn is_nik_shaped(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A NIK whose parts exist; `allow_test_serial` lets the never-issued serial `0000` pass.
pub fn is_nik_valid(text: &str, allow_test_serial: bool) -> bool {
    Nik::parse(text).is_ok_and(|nik| {
        ktp::region::province(nik.province()).is_some() && (allow_test_serial || nik.serial() != 0)
    })
}

/// Reads `ocrFields`, complaining about unknown members and wrong forms.
pub fn read(mut form: Form<'_, '_>) -> CardData {
    let mut value = |key: &'static str, fits: fn(&str) -> bool, rule: &str| {
        let text = form.optional_text(key).filter(|text| !text.is_empty())?;
        if text.chars().count() > MAX_CHARS || !fits(text) {
            form.complain(key, rule);
        }
        Some(text.to_owned())
    };
    let any = |_text: &str| true;
    for key in ["placeOfBirth", "bloodType", "address", "kelurahan", "kecamatan", "occupation", "issueDate"] {
        value(key, any, "too long");
    }
    value("fullName", is_latin, "must be Latin letters");
    value("rtRw", is_rt_rw, "must be NNN/NNN");
    value("religion", |text| vocabulary::RELIGION.contains(&text), "not a known religion");
    value("maritalStatus", |text| vocabulary::MARITAL_STATUS.contains(&text), "not a known marital status");
    value("nationality", |text| ["WNI", "WNA"].contains(&text), "must be WNI or WNA");
    value("validUntil", |text| text == "SEUMUR HIDUP" || is_date(text), "must be a date or SEUMUR HIDUP");
    CardData {
        nik: value("nik", is_nik_shaped, "must be 16 digits"),
        date_of_birth: value("dateOfBirth", is_date, "must be YYYY-MM-DD").and_then(|text| text.parse().ok()),
        gender: value("gender", is_gender, "must be LAKI-LAKI or PEREMPUAN"),
    }
}

/// Complains about confidences that are no shares of one.
pub fn check_confidences(confidences: &Map<String, Value>, form: &mut Form<'_, '_>) {
    for (key, value) in confidences {
        if !value.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share)) && FIELDS.contains(&key.as_str())
        {
            form.complain(key, "must be a number from 0 to 1");
        }
    }
}

fn is_latin(text: &str) -> bool {
    text.chars().all(|c| (c.is_alphabetic() && c <= '\u{24F}') || " .,'`-/()".contains(c))
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

fn is_gender(text: &str) -> bool {
    ["LAKI-LAKI", "PEREMPUAN"].contains(&text)
}

fn is_rt_rw(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 7
        && bytes.iter().enumerate().all(|(at, b)| if at == 3 { *b == b'/' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, expected) in [("003/012", true), ("03/12", false), ("003-012", false), ("00a/012", false)]
        {
            assert_eq!(is_rt_rw(text), expected, "{text}");
        }
        for (text, expected) in [("1990-07-12", true), ("12-07-1990", false), ("1990-02-30", false)] {
            assert_eq!(is_date(text), expected, "{text}");
        }
        for (text, expected) in
            [("SITI NUR'AINI, S.PD", true), ("Müller", true), ("王", false), ("A1", false)]
        {
            assert_eq!(is_latin(text), expected, "{text}");
        }
    }

    #[test]
    fn the_serial_rule_can_be_switched() {
        assert!(is_nik_valid("3174095207900000", true));
        assert!(!is_nik_valid("3174095207900000", false));
        assert!(!is_nik_valid("0074095207900000", true), "no province 00");
        assert!(!is_nik_valid("3174097207900000", true), "no day 32");
    }
}
