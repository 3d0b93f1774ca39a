//! The plain rule that gives a peer fields: text after a label in its line, else the nearest box to the right in its row.
//!
//! Peers know lines, not cards. Where a plain rule leaves a choice, it is made in the peer's favour: labels may be misread a
//! little, boxes of one row are joined, a name or an address goes on in the line below, a NIK may stand alone. Invariant: no
//! answer but from the peer's own text. Deliberately absent: slopes, turned cards, knowledge of places; that would be our work.

use std::collections::BTreeMap;

use ktp::Field;

use super::peers::Line;
use crate::eval::score::{Answer, bare};

/// Of so many letters of a label one may be wrong.
const LETTERS_PER_EDIT: usize = 5;
/// Centres of boxes in one row are nearer than this share of a line's height.
const SAME_ROW: f32 = 0.6;
/// Boxes nearer than so many heights belong together.
const JOINED_GAP: f32 = 2.0;
/// The line below begins within so many heights of where the value begins.
const INDENT_SLACK: f32 = 1.5;
/// And its centre is at most so many heights lower.
const NEXT_ROW: f32 = 2.0;
/// A line that goes on stands at least so many heights above the next label's row.
const ROW_SLACK: f32 = 0.3;
/// Fields that wrap.
const WRAPPING: [Field; 4] = [Field::FullName, Field::PlaceOfBirth, Field::DateOfBirth, Field::Address];

/// A value's text and where it begins.
struct Found {
    text: String,
    first: usize,
    left: f32,
    score: f64,
}

/// The fields in a peer's lines.
pub fn answers(lines: &[Line]) -> BTreeMap<Field, Answer> {
    let card = Card { lines, labelled: labelled(lines) };
    let mut out = BTreeMap::new();
    for field in Field::ALL {
        let found = match field {
            Field::Province => card.province(),
            Field::City => card.city(),
            Field::IssueDate => card.issue_date(),
            Field::Nik => card.after_label(field).or_else(|| card.lone_nik()),
            Field::FullName
            | Field::PlaceOfBirth
            | Field::DateOfBirth
            | Field::Gender
            | Field::BloodType
            | Field::Address
            | Field::RtRw
            | Field::Kelurahan
            | Field::Kecamatan
            | Field::Religion
            | Field::MaritalStatus
            | Field::Occupation
            | Field::Nationality
            | Field::ValidUntil => card.after_label(field),
        };
        if let Some(found) = found {
            let best = ktp::normalise(field, &found.text).unwrap_or(found.text);
            out.insert(field, Answer { best: Some(best), answered: true, confidence: found.score });
        }
    }
    out
}

struct Card<'a> {
    lines: &'a [Line],
    /// By label: the line it stands in, and where its text goes on there.
    labelled: BTreeMap<&'static str, (usize, usize)>,
}

/// The best line for each label.
fn labelled(lines: &[Line]) -> BTreeMap<&'static str, (usize, usize)> {
    let mut out = BTreeMap::new();
    for label in Field::ALL.into_iter().filter_map(Field::label).chain([PROVINCE]) {
        let anywhere = label == BLOOD;
        let hits = lines.iter().enumerate().filter_map(|(place, line)| {
            let (edits, end) = label_end(&line.text, label, anywhere)?;
            Some((edits, place, end))
        });
        if let Some((_, place, end)) = hits.min() {
            out.insert(label, (place, end));
        }
    }
    out
}

const PROVINCE: &str = "PROVINSI";
const BLOOD: &str = "Gol. Darah";

/// How many letters are wrong, and the byte at which the text goes on after the label, if the text has it.
fn label_end(text: &str, label: &str, anywhere: bool) -> Option<(usize, usize)> {
    let wanted = bare(label);
    let starts = text.char_indices().filter(|(at, c)| *at == 0 || (anywhere && c.is_alphabetic()));
    starts
        .filter_map(|(start, _)| Some((start, end_from(&text[start..], &wanted)?)))
        .min_by_key(|hit| hit.1.0)
        .map(|(start, (edits, end))| (edits, start + end))
}

fn end_from(text: &str, wanted: &str) -> Option<(usize, usize)> {
    let edits_to = |read: &str| {
        let edits = strsim::levenshtein(&bare(read), wanted);
        (edits * LETTERS_PER_EDIT <= wanted.len()).then_some(edits)
    };
    // The colon says where a label ends, if it was read.
    if let Some(colon) = text.find(':')
        && let Some(edits) = edits_to(&text[..colon])
    {
        return Some((edits, colon + 1));
    }
    let letters: Vec<usize> =
        text.char_indices().filter(|(_, c)| c.is_alphanumeric()).map(|(at, c)| at + c.len_utf8()).collect();
    let end = *letters.get(wanted.len() - 1).or(letters.last())?;
    Some((edits_to(&text[..end])?, end))
}

impl Card<'_> {
    fn after_label(&self, field: Field) -> Option<Found> {
        let &(place, end) = self.labelled.get(field.label()?)?;
        let line = &self.lines[place];
        // The blood type's label stands in the row of the sex.
        let until = match self.labelled.get(BLOOD) {
            Some(&(blood, after)) if blood == place && field == Field::Gender => {
                blood_start(&line.text, after)
            }
            Some(_) | None => line.text.len(),
        };
        let rest = line.text.get(end..until).unwrap_or_default();
        let mut found = if has_value(rest) {
            let share = end as f32 / line.text.len() as f32;
            let left = line.bounds[0] + share * (line.bounds[2] - line.bounds[0]);
            Found { text: rest.to_owned(), first: place, left, score: line.score }
        } else {
            let first = self.right_of(place, f32::INFINITY)?;
            let right = &self.lines[first];
            let text = match label_end(&right.text, BLOOD, true) {
                Some((_, after)) if field == Field::Gender => {
                    right.text[..blood_start(&right.text, after)].to_owned()
                }
                Some(_) | None => right.text.clone(),
            };
            Found { text, first, left: right.bounds[0], score: right.score }
        };
        if field != Field::Gender {
            self.join_row(&mut found);
        }
        if WRAPPING.contains(&field) {
            self.join_below(place, &mut found);
        }
        Some(found)
    }

    /// The nearest box to the right in the same row that is no label's, at most `gap` heights away.
    fn right_of(&self, place: usize, gap: f32) -> Option<usize> {
        let from = &self.lines[place];
        let height = height(from);
        let nearest = |at: &usize| self.lines[*at].bounds[0];
        (0..self.lines.len())
            .filter(|&at| at != place && !self.is_label(at))
            .filter(|&at| same_row(from, &self.lines[at]))
            .filter(|&at| {
                let distance = self.lines[at].bounds[0] - from.bounds[2];
                distance > -height && distance < gap * height && self.lines[at].bounds[2] > from.bounds[2]
            })
            .min_by(|a, b| nearest(a).total_cmp(&nearest(b)))
    }

    /// Whether a line begins with a label. The blood type's may stand behind a value.
    fn is_label(&self, place: usize) -> bool {
        let begins = |(label, (at, end)): (&&str, &(usize, usize))| {
            let text = &self.lines[*at].text;
            *at == place && (*label != BLOOD || !has_value(&text[..blood_start(text, *end)]))
        };
        self.labelled.iter().any(begins)
    }

    fn join_row(&self, found: &mut Found) {
        let mut last = found.first;
        while let Some(next) = self.right_of(last, JOINED_GAP) {
            found.text = format!("{} {}", found.text, self.lines[next].text);
            last = next;
        }
    }

    /// Goes on in the line below, if that stands higher than the next label's value would.
    fn join_below(&self, label: usize, found: &mut Found) {
        let above = &self.lines[found.first];
        let tall = height(above);
        let lower = |at: &usize| middle(&self.lines[*at]) - middle(&self.lines[label]);
        let others = self.labelled.values().map(|(at, _)| lower(at)).filter(|drop| *drop > SAME_ROW * tall);
        let next_row = others.fold(NEXT_ROW * tall, f32::min) - ROW_SLACK * tall;
        let below = |line: &&Line| {
            let drop = middle(line) - middle(above);
            drop > SAME_ROW * tall
                && drop < next_row
                && (line.bounds[0] - found.left).abs() < INDENT_SLACK * tall
        };
        if let Some(line) = self.lines.iter().find(below) {
            found.text = format!("{} {}", found.text, line.text);
        }
    }

    fn province(&self) -> Option<Found> {
        let &(place, end) = self.labelled.get(PROVINCE)?;
        let line = &self.lines[place];
        let text = line.text[end..].to_owned();
        let mut found = Found { text, first: place, left: line.bounds[0], score: line.score };
        self.join_row(&mut found);
        has_value(&found.text).then_some(found)
    }

    /// The line under the province.
    fn city(&self) -> Option<Found> {
        let &(place, _) = self.labelled.get(PROVINCE)?;
        let above = &self.lines[place];
        let tall = height(above);
        let drop = |at: usize| middle(&self.lines[at]) - middle(above);
        let overlaps =
            |line: &Line| line.bounds[0] < above.bounds[2] + tall && line.bounds[2] > above.bounds[0] - tall;
        let under: Vec<usize> = (0..self.lines.len())
            .filter(|&at| at != place && !self.is_label(at) && overlaps(&self.lines[at]))
            .filter(|&at| drop(at) > SAME_ROW * tall && drop(at) < NEXT_ROW * tall)
            .collect();
        let nearest = *under.iter().min_by(|a, b| drop(**a).total_cmp(&drop(**b)))?;
        let row = under.into_iter().filter(|&at| same_row(&self.lines[at], &self.lines[nearest]));
        let first = row.min_by(|a, b| self.lines[*a].bounds[0].total_cmp(&self.lines[*b].bounds[0]))?;
        let line = &self.lines[first];
        let mut found = Found { text: line.text.clone(), first, left: line.bounds[0], score: line.score };
        self.join_row(&mut found);
        Some(found)
    }

    /// The lowest box that is a date and nothing else, and no label's value.
    fn issue_date(&self) -> Option<Found> {
        let until = self.after_label(Field::ValidUntil).map(|found| found.first);
        let is_date = |line: &Line| {
            let letters = bare(&line.text);
            letters.len() == 8 && letters.bytes().all(|b| b.is_ascii_digit())
        };
        (0..self.lines.len())
            .filter(|&at| Some(at) != until && !self.is_label(at) && is_date(&self.lines[at]))
            .max_by(|a, b| middle(&self.lines[*a]).total_cmp(&middle(&self.lines[*b])))
            .map(|at| self.whole(at))
    }

    fn lone_nik(&self) -> Option<Found> {
        let is_nik = |line: &Line| {
            let letters = bare(&line.text);
            letters.len() == 16 && letters.bytes().all(|b| b.is_ascii_digit())
        };
        (0..self.lines.len()).find(|&at| is_nik(&self.lines[at])).map(|at| self.whole(at))
    }

    fn whole(&self, place: usize) -> Found {
        let line = &self.lines[place];
        Found { text: line.text.clone(), first: place, left: line.bounds[0], score: line.score }
    }
}

/// Where the blood type's label begins that ends at `after`.
fn blood_start(text: &str, after: usize) -> usize {
    let letters = bare(BLOOD).len();
    let starts = text[..after].char_indices().rev().filter(|(_, c)| c.is_alphanumeric());
    starts.map(|(at, _)| at).nth(letters - 1).unwrap_or(0)
}

/// A dash is a value too: it is printed where there is no blood type.
fn has_value(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() || c == '-')
}

fn height(line: &Line) -> f32 {
    (line.bounds[3] - line.bounds[1]).max(1.0)
}

fn middle(line: &Line) -> f32 {
    (line.bounds[1] + line.bounds[3]) / 2.0
}

fn same_row(a: &Line, b: &Line) -> bool {
    (middle(a) - middle(b)).abs() < SAME_ROW * height(a).min(height(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of 20 px in rows of 30 px.
    fn card(rows: &[(f32, f32, f32, &str)]) -> Vec<Line> {
        let line = |&(row, left, right, text): &(f32, f32, f32, &str)| Line {
            text: text.to_owned(),
            bounds: [left, row * 30.0, right, row * 30.0 + 20.0],
            score: 0.9,
        };
        rows.iter().map(line).collect()
    }

    #[track_caller]
    fn check(rows: &[(f32, f32, f32, &str)], expected: &[(Field, &str)]) {
        let found = answers(&card(rows));
        for (field, value) in expected {
            let best = found.get(field).and_then(|answer| answer.best.as_deref());
            assert_eq!(best, Some(*value), "{field}");
        }
    }

    #[test]
    fn values_stand_after_their_label_or_right_of_it() {
        check(
            &[
                (0.0, 300.0, 500.0, "PROVINSI JAWA BARAT"),
                (1.0, 300.0, 500.0, "KOTA BANDUNG"),
                (2.0, 10.0, 60.0, "NIK"),
                (2.1, 150.0, 400.0, ":3273015505900000"),
                (3.0, 10.0, 300.0, "Nama : SITI CONTOH"),
                (4.0, 10.0, 120.0, "Tempat/Tgi Lahir"),
                (4.0, 150.0, 300.0, ":BANDUNG, 15-05-1990"),
                (5.0, 10.0, 120.0, "Jenis Kelamin"),
                (5.0, 150.0, 260.0, ": PEREMPUAN"),
                (5.0, 400.0, 520.0, "Gol. Darah : O"),
                (6.0, 10.0, 120.0, "Agama"),
                (6.0, 150.0, 220.0, ":ISLAM"),
                (7.0, 10.0, 300.0, "KewarganegaraanWNI"),
                (8.0, 10.0, 120.0, "Berlaku Hingga"),
                (8.0, 150.0, 260.0, "15-05-2017"),
                (9.0, 600.0, 700.0, "02-03-2012"),
            ],
            &[
                (Field::Province, "JAWA BARAT"),
                (Field::City, "KOTA BANDUNG"),
                (Field::Nik, "3273015505900000"),
                (Field::FullName, "SITI CONTOH"),
                (Field::PlaceOfBirth, "BANDUNG"),
                (Field::DateOfBirth, "1990-05-15"),
                (Field::Gender, "PEREMPUAN"),
                (Field::BloodType, "O"),
                (Field::Religion, "ISLAM"),
                (Field::Nationality, "WNI"),
                (Field::ValidUntil, "2017-05-15"),
                (Field::IssueDate, "2012-03-02"),
            ],
        );
    }

    #[test]
    fn a_row_in_one_line_is_taken_apart() {
        let boxes = [(0.0, 10.0, 120.0, "Jenis Kelamin"), (0.0, 150.0, 500.0, ":LAKI-LAKI Gol Darah :A")];
        check(&boxes, &[(Field::Gender, "LAKI-LAKI"), (Field::BloodType, "A")]);
        let row = "Jenis Kelamin : LAKI-LAKI Gol. Darah : AB";
        check(&[(0.0, 10.0, 500.0, row)], &[(Field::Gender, "LAKI-LAKI"), (Field::BloodType, "AB")]);
    }

    #[test]
    fn names_go_on_below_and_boxes_of_a_row_are_joined() {
        check(
            &[
                (0.0, 10.0, 60.0, "Nama"),
                (0.0, 150.0, 260.0, ":MONIKA"),
                (0.0, 270.0, 360.0, "CONTOH"),
                (1.0, 156.0, 260.0, "FEBRIANI"),
                (2.0, 10.0, 60.0, "Alamat"),
                (2.0, 150.0, 260.0, ":JL MAWAR 1"),
                (3.0, 10.0, 60.0, "RT/RW"),
                (3.0, 150.0, 260.0, ":001/002"),
            ],
            &[
                (Field::FullName, "MONIKA CONTOH FEBRIANI"),
                (Field::Address, "JL MAWAR 1"),
                (Field::RtRw, "001/002"),
            ],
        );
    }

    #[test]
    fn a_nik_may_stand_without_its_label() {
        check(&[(0.0, 150.0, 400.0, "3273015505900000")], &[(Field::Nik, "3273015505900000")]);
    }

    #[test]
    fn without_labels_there_are_no_fields() {
        let found = answers(&card(&[(0.0, 10.0, 60.0, "MEMBER CARD"), (1.0, 10.0, 60.0, "SITI")]));
        assert!(found.is_empty(), "{:?}", found.keys().collect::<Vec<_>>());
        assert!(answers(&[]).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(texts in proptest::collection::vec(".{0,30}", 0..12)) {
            let rows: Vec<(f32, f32, f32, &str)> =
                texts.iter().enumerate().map(|(k, text)| (k as f32 / 3.0, 10.0 * k as f32, 300.0, text.as_str())).collect();
            answers(&card(&rows));
        }
    }
}
