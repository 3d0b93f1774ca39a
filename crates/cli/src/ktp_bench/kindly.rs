//! The kind scoring of a peer: a value counts as read if it stands anywhere in all the text, compared by letters and digits.
//!
//! Invariant: at least as many fields as any rule could find in the same text, but for values it would correct. Single letters
//! are found by chance, so a blood type says nothing here. Deliberately absent: confidence; there is none for "anywhere".

use std::collections::BTreeMap;

use ktp::Field;

use super::peers::Line;
use crate::eval::score::{Answer, bare};

/// The right value where it stands anywhere in the text, no answer where it does not.
pub fn answers(lines: &[Line], truth: &BTreeMap<Field, String>) -> BTreeMap<Field, Answer> {
    let texts = [joined(lines.iter()), joined(from_the_top(lines).into_iter())];
    let is_there = |value: &String| {
        let wanted = bare(&printed(value));
        texts.iter().any(|text| !text.is_empty() && text.contains(&wanted))
    };
    let found = truth.iter().filter(|(_, value)| is_there(value));
    let answer = |value: &String| Answer { best: Some(value.clone()), answered: true, confidence: 1.0 };
    found.map(|(field, value)| (*field, answer(value))).collect()
}

fn joined<'a>(lines: impl Iterator<Item = &'a Line>) -> String {
    lines.map(|line| bare(&line.text)).collect()
}

/// Row by row: a wrapped value's halves stand next to each other in one of the two orders.
fn from_the_top(lines: &[Line]) -> Vec<&Line> {
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by(|a, b| a.bounds[1].total_cmp(&b.bounds[1]).then(a.bounds[0].total_cmp(&b.bounds[0])));
    sorted
}

/// A value as the card prints it: dates are the other way round.
fn printed(value: &str) -> String {
    match value.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] if year.len() == 4 && day.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{day}-{month}-{year}")
        }
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, top: f32) -> Line {
        Line { text: text.to_owned(), bounds: [0.0, top, 10.0, top + 10.0], score: 0.5 }
    }

    #[track_caller]
    fn check(texts: &[&str], field: Field, value: &str, expected: bool) {
        let lines: Vec<Line> =
            texts.iter().enumerate().map(|(k, text)| line(text, k as f32 * 20.0)).collect();
        let truth = BTreeMap::from([(field, value.to_owned())]);
        assert_eq!(answers(&lines, &truth).contains_key(&field), expected, "{texts:?} {value}");
    }

    #[test]
    fn a_value_counts_wherever_it_stands() {
        check(&["NIKX3273015505900000:"], Field::Nik, "3273015505900000", true);
        check(&["BANDUNG,15-05-1990"], Field::DateOfBirth, "1990-05-15", true);
        check(&["KOTABANDUNG"], Field::City, "KOTA BANDUNG", true);
        check(&["Nama:SITI", "CONTOH"], Field::FullName, "SITI CONTOH", true);
        check(&["SITI C0NTOH"], Field::FullName, "SITI CONTOH", false);
        check(&["LAKI-LAKI"], Field::Gender, "LAKI-LAKI", true);
        check(&["Gol. Darah"], Field::BloodType, "-", true);
        check(&[], Field::BloodType, "-", false);
    }

    #[test]
    fn rows_count_in_the_order_of_the_picture_too() {
        let lines = [line("CONTOH", 20.0), line("SITI", 0.0)];
        let truth = BTreeMap::from([(Field::FullName, "SITI CONTOH".to_owned())]);
        assert_eq!(answers(&lines, &truth).len(), 1);
    }
}
