//! Fields of words: closed lists, open lists and the header lines.
//!
//! Invariant: a word within the tolerated edits of a list's entry becomes that entry, any other text of an open list
//! stays as it was read. Deliberately lacking: correction of names and addresses.

use super::strip_remnants;
use crate::Field;
use crate::text::{compact, distance};
use crate::vocabulary::{self, BLOOD_TYPE};

/// Edits forgiven in a closed word: one in four letters, at least one.
fn tolerated_edits(word: &str) -> usize {
    (compact(word).chars().count() / 4).max(1)
}

/// The nearest entry of a closed list, if near enough.
pub(super) fn closed(field: Field, text: &str) -> Option<String> {
    let (word, edits) = vocabulary::closest(field, text)?;
    (edits <= tolerated_edits(word)).then(|| word.to_owned())
}

/// As [`closed`], but a text that is far from every entry stays. One edit in six letters is forgiven: real occupations
/// outside the list must survive.
pub(super) fn open(field: Field, text: &str) -> String {
    let near =
        vocabulary::closest(field, text).filter(|(word, edits)| *edits <= compact(word).chars().count() / 6);
    near.map_or_else(|| text.to_owned(), |(word, _)| word.to_owned())
}

/// `WNI` and its misreadings; a foreigner's card prints a country, which stays.
pub(super) fn nationality(text: &str) -> String {
    match compact(text).as_str() {
        "WNI" | "WN1" | "WNL" | "WN|" | "VVNI" | "WMI" | "WHI" | "INDONESIA" => "WNI".to_owned(),
        "WNA" | "WN4" | "VVNA" => "WNA".to_owned(),
        _ => text.to_owned(),
    }
}

/// A, B, AB or O with an optional sign, or a dash for unknown.
pub(super) fn blood_type(text: &str) -> Option<String> {
    let read: String = text.chars().filter(|c| !matches!(c, ' ' | ':' | '.' | ',' | ';')).take(8).collect();
    if !read.is_empty() && read.chars().all(|c| matches!(c, '-' | '_' | '~' | '=')) {
        return Some("-".to_owned());
    }
    let read = read.replace(['0', 'Q', 'D'], "O").replace('8', "B").replace('4', "A");
    BLOOD_TYPE.iter().find(|known| **known == read).map(|known| (*known).to_owned())
}

/// The province's name without the word `PROVINSI`, however that was misread.
pub(super) fn province(text: &str) -> String {
    let mut rest = text;
    while let Some(after) = after_kind(rest) {
        rest = strip_remnants(after.trim_start_matches([' ', ':', '.', '-']));
    }
    rest.to_owned()
}

fn after_kind(text: &str) -> Option<&str> {
    let split = text
        .split_once(' ')
        .filter(|(first, _)| distance(&compact(first), "PROVINSI").is_some_and(|e| e <= 2));
    split.map(|(_, after)| after).or_else(|| text.strip_prefix("PROVINSI"))
}

/// The second header line with its first word spelt out: `KABUPATEN`, `KOTA` or `JAKARTA`.
pub(super) fn city(text: &str) -> String {
    let Some((first, after)) = text.split_once(' ') else { return text.to_owned() };
    let word = compact(first);
    if word == "KAB" {
        return format!("KABUPATEN {after}");
    }
    let near = |kind: &&str| distance(&word, kind).is_some_and(|edits| edits <= kind.len() / 4);
    let kind = ["KABUPATEN", "KOTA", "JAKARTA"].into_iter().find(near);
    kind.map_or_else(|| text.to_owned(), |kind| format!("{kind} {after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_words_take_the_cards_spelling() {
        for (field, text, expected) in [
            (Field::Religion, "KATOLIK", Some("KATHOLIK")),
            (Field::Religion, "BUDDHA", Some("BUDHA")),
            (Field::Religion, "1SLAM", Some("ISLAM")),
            (Field::Religion, "PASTAFARI", None),
            (Field::Gender, "LAKI LAKI", Some("LAKI-LAKI")),
            (Field::Gender, "PEREMPUAM", Some("PEREMPUAN")),
            (Field::Gender, "FEMALE", Some("FEMALE")),
            (Field::MaritalStatus, "CERAIHIDUP", Some("CERAI HIDUP")),
            (Field::MaritalStatus, "KAWIN", Some("KAWIN")),
            (Field::MaritalStatus, "KAWlN", Some("KAWIN")),
        ] {
            assert_eq!(closed(field, text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn occupations_outside_the_list_stay() {
        assert_eq!(open(Field::Occupation, "PELAJARIMAHASISWA"), "PELAJAR/MAHASISWA");
        assert_eq!(open(Field::Occupation, "KARYAWAN 5WASTA"), "KARYAWAN SWASTA");
        assert_eq!(open(Field::Occupation, "PAWANG HUJAN"), "PAWANG HUJAN");
    }

    #[test]
    fn blood_types() {
        for (text, expected) in [
            ("O", Some("O")),
            ("0", Some("O")),
            ("A8", Some("AB")),
            ("O +", Some("O+")),
            ("-", Some("-")),
            ("X", None),
        ] {
            assert_eq!(blood_type(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn header_lines() {
        for (text, expected) in [
            ("PROVINSI JAWA BARAT", "JAWA BARAT"),
            ("PR0VINSI BALI", "BALI"),
            ("PROVINSIBALI", "BALI"),
            ("PROVINSI ,., BALI", "BALI"),
            ("BALI", "BALI"),
        ] {
            assert_eq!(province(text), expected, "{text}");
        }
        for (text, expected) in [
            ("KABUPATEN BOGOR", "KABUPATEN BOGOR"),
            ("KABUPATFN BOGOR", "KABUPATEN BOGOR"),
            ("KAB. BOGOR", "KABUPATEN BOGOR"),
            ("K0TA BANDUNG", "KOTA BANDUNG"),
            ("JAKARTA SELATAN", "JAKARTA SELATAN"),
            ("KEPULAUAN SERIBU", "KEPULAUAN SERIBU"),
        ] {
            assert_eq!(city(text), expected, "{text}");
        }
    }

    #[test]
    fn nationalities() {
        for (text, expected) in [("WNI", "WNI"), ("WN1", "WNI"), ("RUSIA", "RUSIA"), ("INDONESIA", "WNI")] {
            assert_eq!(nationality(text), expected, "{text}");
        }
    }
}
