//! Which row of the left block is which line of the card.
//!
//! Rows come in a fixed order at a steady pitch; values wrap and push later rows down, labels are missed, stray text
//! appears. The likeliest assignment is found by dynamic programming over rows and states, weighing labels read,
//! kinds of values and spacing. Invariant: assignments keep the card's order. Deliberately lacks absolute positions
//! beyond a wide window: print is not registered tightly to the card.

use ktp::{Field, vocabulary};

use super::labels::{Label, LabelMatch};
use super::shapes::Shape;
use crate::lines::{CANVAS_HEIGHT_PX, canvas_y};

/// What a row offers to the assignment.
#[derive(Debug, Clone)]
pub(crate) struct RowEvidence {
    /// Centre, with the page's slope taken out, in canvas pixels.
    pub y: f32,
    pub label: Option<LabelMatch>,
    /// The ribbon of a label that could not be read.
    pub shape: Option<Shape>,
    /// The value's text without its label; empty if there is none.
    pub value: String,
}

/// A row's part: the first row of a label's value, or its n-th continuation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub label: Label,
    pub continuation: usize,
}

/// Labels that begin a row, in order, with their distance below `Nama` in row pitches.
const ROWS: [(Label, f32); 13] = [
    (Label::Nik, -1.84),
    (Label::Name, 0.0),
    (Label::Birth, 1.0),
    (Label::Gender, 2.0),
    (Label::Address, 3.0),
    (Label::RtRw, 4.0),
    (Label::Village, 5.0),
    (Label::District, 6.0),
    (Label::Religion, 7.0),
    (Label::Marital, 8.0),
    (Label::Occupation, 9.0),
    (Label::Nationality, 10.0),
    (Label::ValidUntil, 11.0),
];
/// `Nama`'s centre and the row pitch, as shares of the card's height (measured on real cards).
const FIRST_ROW: f32 = 0.276;
const PITCH: f32 = 0.0460;
/// A value has at most this many continuation rows.
const MAX_CONTINUATIONS: usize = 2;

/// Costs are in nats, set by hand: a clear label outweighs everything but another clear label.
mod cost {
    pub const LABEL_MATCH: f32 = -4.0;
    pub const LABEL_PER_DISTANCE: f32 = 6.0;
    pub const OTHER_LABEL: f32 = 7.0;
    /// A label nearly as near as the nearest may be the one meant, at this cost.
    pub const AMBIGUOUS_WITHIN: f32 = 0.16;
    pub const SECOND_LABEL: f32 = 0.7;
    pub const NO_LABEL: f32 = 1.5;
    /// The ribbon of an unread label; the most that its place and length can say against a row; and a row that has
    /// one does not continue the row above.
    pub const LABEL_SHAPE: f32 = -1.5;
    pub const FOREIGN_SHAPE: f32 = 4.5;
    pub const SHAPE_ON_CONTINUATION: f32 = 3.0;
    pub const SKIP_LABEL: f32 = 1.5;
    pub const SKIP_ROW: f32 = 2.5;
    pub const SKIP_LABELLED_ROW: f32 = 6.0;
    pub const MISSED_CONTINUATION: f32 = 3.0;
    pub const SPACING_SD: f32 = 0.16;
    pub const SPACING_MAX: f32 = 9.0;
    pub const OUTSIDE_WINDOW: f32 = 3.0;
}

#[derive(Clone, Copy)]
struct State {
    row: usize,
    continuation: usize,
}

fn states() -> impl Iterator<Item = State> {
    (0..ROWS.len()).flat_map(|row| {
        let most = if wrap_cost(ROWS[row].0).is_some() { MAX_CONTINUATIONS } else { 0 };
        (0..=most).map(move |continuation| State { row, continuation })
    })
}

/// What a continuation of this label costs; `None` where values never wrap. Shares measured: 17 of 59 addresses,
/// 6 birth lines, 3 names.
fn wrap_cost(label: Label) -> Option<f32> {
    match label {
        Label::Address => Some(0.8),
        Label::Birth => Some(1.5),
        Label::Name => Some(2.0),
        Label::Village | Label::District | Label::Occupation => Some(4.5),
        Label::Nik
        | Label::Gender
        | Label::Blood
        | Label::RtRw
        | Label::Religion
        | Label::Marital
        | Label::Nationality
        | Label::ValidUntil => None,
    }
}

/// The part each row (sorted by `y`) plays; `None` for rows that are no part of the block.
pub(crate) fn assign(rows: &[RowEvidence]) -> Vec<Option<Part>> {
    let pitch = measured_pitch(rows);
    let states: Vec<State> = states().collect();
    let kinds: Vec<Kind> = rows.iter().map(|row| Kind::of(&row.value)).collect();
    // Best cost of a path ending with row i in state s, and where it came from.
    let mut table: Vec<Vec<(f32, Option<(usize, usize)>)>> = Vec::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        let skipped_before: f32 = rows[..i].iter().map(start_skip_cost).sum();
        let cells = states.iter().map(|&state| {
            let here = emission(row, &kinds[i], state, pitch);
            let mut best =
                (skipped_before + cost::SKIP_LABEL * state.row as f32 * 0.5 + here + start_cost(state), None);
            for (j, earlier) in table.iter().enumerate() {
                let between: f32 = rows[j + 1..i].iter().map(skip_cost).sum();
                for (p, &(so_far, _)) in earlier.iter().enumerate() {
                    if so_far + between + here >= best.0 {
                        continue;
                    }
                    let Some(step) = transition(states[p], state, (row.y - rows[j].y) / pitch) else {
                        continue;
                    };
                    let total = so_far + between + step + here;
                    if total < best.0 {
                        best = (total, Some((j, p)));
                    }
                }
            }
            best
        });
        table.push(cells.collect());
    }
    trace(rows, &states, &table)
}

type Table = [Vec<(f32, Option<(usize, usize)>)>];

fn trace(rows: &[RowEvidence], states: &[State], table: &Table) -> Vec<Option<Part>> {
    let mut out = vec![None; rows.len()];
    let ends = (0..rows.len()).flat_map(|i| (0..states.len()).map(move |s| (i, s)));
    let finished = |&(i, s): &(usize, usize)| {
        let after: f32 = rows[i + 1..].iter().map(skip_cost).sum();
        let missing = (ROWS.len() - 1 - states[s].row) as f32 * cost::SKIP_LABEL * 0.5;
        table[i][s].0 + after + missing
    };
    let mut at = ends.min_by(|a, b| finished(a).total_cmp(&finished(b)));
    while let Some((i, s)) = at {
        out[i] = Some(Part { label: ROWS[states[s].row].0, continuation: states[s].continuation });
        at = table[i][s].1;
    }
    out
}

/// The row pitch in canvas pixels: the median of the plausible distances between neighbouring rows.
pub(crate) fn measured_pitch(rows: &[RowEvidence]) -> f32 {
    let expected = PITCH * (canvas_y(1.0) - canvas_y(0.0));
    let mut gaps: Vec<f32> = rows
        .windows(2)
        .map(|pair| pair[1].y - pair[0].y)
        .filter(|gap| (0.85..1.17).contains(&(gap / expected)))
        .collect();
    gaps.sort_by(f32::total_cmp);
    if gaps.len() < 3 { expected } else { gaps[gaps.len() / 2] }
}

fn start_cost(state: State) -> f32 {
    if state.continuation > 0 { 4.0 } else { 0.0 }
}

fn start_skip_cost(row: &RowEvidence) -> f32 {
    // The two header lines stand above the block.
    if row.y < canvas_y(0.16) && row.label.is_none() { 0.0 } else { skip_cost(row) }
}

fn skip_cost(row: &RowEvidence) -> f32 {
    match row.label {
        Some(found) if found.distance < 0.2 => cost::SKIP_LABELLED_ROW,
        None if row.shape.is_some() => cost::SKIP_ROW + cost::SHAPE_ON_CONTINUATION,
        Some(_) | None if row.value.len() <= 2 => cost::SKIP_ROW / 2.0,
        Some(_) | None => cost::SKIP_ROW,
    }
}

fn transition(from: State, to: State, pitches: f32) -> Option<f32> {
    let (steps, fixed, may_miss_wrap) = if from.row == to.row {
        if to.continuation != from.continuation + 1 {
            return None;
        }
        let wrap = wrap_cost(ROWS[to.row].0)? + if to.continuation > 1 { 2.5 } else { 0.0 };
        (1.0, wrap, false)
    } else {
        if to.row < from.row || to.continuation > 0 {
            return None;
        }
        let skipped = (to.row - from.row - 1) as f32;
        let wrappable = ROWS[from.row..to.row].iter().any(|(label, _)| wrap_cost(*label).is_some());
        (ROWS[to.row].1 - ROWS[from.row].1, skipped * cost::SKIP_LABEL, wrappable)
    };
    let spacing =
        |expected: f32| (((pitches - expected) / cost::SPACING_SD).powi(2) / 2.0).min(cost::SPACING_MAX);
    let plain = spacing(steps);
    let wrapped =
        if may_miss_wrap { spacing(steps + 1.0) + cost::MISSED_CONTINUATION } else { f32::INFINITY };
    Some(fixed + plain.min(wrapped))
}

fn emission(row: &RowEvidence, kind: &Kind, state: State, pitch: f32) -> f32 {
    let label = ROWS[state.row].0;
    let by_label = match row.label {
        Some(found) if found.label == label && state.continuation == 0 => {
            cost::LABEL_MATCH + cost::LABEL_PER_DISTANCE * found.distance
        }
        Some(found)
            if state.continuation == 0
                && found.distance_of(label) < found.distance + cost::AMBIGUOUS_WITHIN =>
        {
            cost::LABEL_MATCH + cost::SECOND_LABEL + cost::LABEL_PER_DISTANCE * found.distance_of(label)
        }
        Some(found) => cost::OTHER_LABEL * (1.0 - 2.0 * found.distance).max(0.2),
        None => match row.shape {
            Some(shape) if state.continuation == 0 => {
                cost::LABEL_SHAPE + (shape.deviation(label) / 2.0).min(cost::FOREIGN_SHAPE)
            }
            Some(_) => cost::SHAPE_ON_CONTINUATION,
            None if state.continuation == 0 => cost::NO_LABEL,
            None => 0.0,
        },
    };
    by_label + kind_cost(label, state.continuation, kind) + window_cost(row.y, state, pitch)
}

/// Rows lie where the print puts them, up to three wraps lower.
fn window_cost(y: f32, state: State, pitch: f32) -> f32 {
    let slack = 0.035 * CANVAS_HEIGHT_PX as f32;
    let from = canvas_y(FIRST_ROW) + ROWS[state.row].1 * pitch - slack;
    let to = from + 2.0 * slack + 3.0 * pitch;
    let outside = (from - y).max(y - to).max(0.0);
    cost::OUTSIDE_WINDOW * outside / pitch
}

/// What a value looks like, whatever its label: compared with the vocabularies once, not once per state.
struct Kind {
    bytes: usize,
    digits: usize,
    letters: usize,
    is_gender: bool,
    is_religion: bool,
    is_marital_status: bool,
    is_occupation: bool,
    is_nationality: bool,
    is_lifelong: bool,
}

impl Kind {
    fn of(value: &str) -> Self {
        Self {
            bytes: value.len(),
            digits: value.chars().filter(char::is_ascii_digit).count(),
            letters: value.chars().filter(char::is_ascii_alphabetic).count(),
            is_gender: is_listed(Field::Gender, value),
            is_religion: is_listed(Field::Religion, value),
            is_marital_status: is_listed(Field::MaritalStatus, value),
            is_occupation: is_listed(Field::Occupation, value),
            is_nationality: ktp::normalise(Field::Nationality, value).as_deref() == Ok("WNI"),
            is_lifelong: resembles_lifelong(value),
        }
    }

    fn is_date(&self) -> bool {
        self.digits >= 6 && self.letters <= 2
    }
}

/// How well a value suits a label, by its kind alone.
fn kind_cost(label: Label, continuation: usize, kind: &Kind) -> f32 {
    let &Kind { bytes, digits, letters, .. } = kind;
    if bytes == 0 {
        return 0.0;
    }
    let listed = |is_listed: bool, good: f32, bad: f32| if is_listed { good } else { bad };
    match label {
        Label::Nik => match digits {
            12.. => -4.0,
            8..=11 => -1.0,
            _few => 4.0,
        },
        Label::Birth if continuation > 0 => listed(kind.is_date(), -1.5, 0.5),
        Label::Birth if digits >= 6 && letters >= 3 => -2.5,
        Label::Birth => 1.0,
        Label::Gender => listed(kind.is_gender, -2.5, 1.0),
        Label::RtRw if digits >= 2 && letters <= 2 && bytes <= 13 => -2.5,
        Label::RtRw => listed(bytes <= 3, 0.0, 2.0),
        Label::Religion => listed(kind.is_religion, -2.5, 1.0),
        Label::Marital => listed(kind.is_marital_status, -2.5, 1.0),
        Label::Occupation => listed(kind.is_occupation, -1.5, 0.3),
        Label::Nationality => listed(kind.is_nationality, -2.5, 0.5),
        Label::ValidUntil => listed(kind.is_date() || kind.is_lifelong, -2.5, 1.0),
        Label::Name | Label::Village | Label::District | Label::Blood | Label::Address => {
            let foreign = kind.is_date()
                || digits >= 12
                || kind.is_lifelong
                || kind.is_gender
                || kind.is_marital_status;
            listed(foreign, 2.0, 0.0)
        }
    }
}

fn is_listed(field: Field, value: &str) -> bool {
    vocabulary::closest(field, value).is_some_and(|(word, edits)| edits * 4 <= word.len())
}

fn resembles_lifelong(value: &str) -> bool {
    let letters: String = value.chars().filter(char::is_ascii_alphabetic).collect();
    strsim::levenshtein(&letters, "SEUMURHIDUP") <= 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assemble::labels::leading;

    /// Rows at a steady pitch from (slot below `Nama`, label text, value).
    fn rows(cells: &[(f32, &str, &str)]) -> Vec<RowEvidence> {
        let pitch = PITCH * 380.0;
        cells
            .iter()
            .map(|&(slot, label, value)| RowEvidence {
                y: canvas_y(FIRST_ROW) + slot * pitch,
                label: leading(&label.chars().collect::<Vec<_>>(), true),
                shape: None,
                value: value.to_owned(),
            })
            .collect()
    }

    fn check(cells: &[(f32, &str, &str)], expected: &[Option<(Label, usize)>]) {
        let found: Vec<_> =
            assign(&rows(cells)).into_iter().map(|p| p.map(|p| (p.label, p.continuation))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_plain_card() {
        check(
            &[
                (-4.7, "", "PROVINSI BALI"),
                (-3.5, "", "KOTA DENPASAR"),
                (-1.84, "NIK", "5171010101900000"),
                (0.0, "NAMA", "CONTOH NAMA"),
                (1.0, "TEMPAT/TGL LAHIR", "DENPASAR, 01-01-1990"),
                (2.0, "JENIS KELAMIN", "LAKI-LAKI"),
                (3.0, "ALAMAT", "JL. MAWAR"),
            ],
            &[
                None,
                None,
                Some((Label::Nik, 0)),
                Some((Label::Name, 0)),
                Some((Label::Birth, 0)),
                Some((Label::Gender, 0)),
                Some((Label::Address, 0)),
            ],
        );
    }

    #[test]
    fn wraps_push_rows_down() {
        check(
            &[
                (0.0, "NAMA", "CONTOH NAMA YANG"),
                (1.0, "", "PANJANG SEKALI"),
                (2.0, "TEMPAT/TGL LAHIR", "LUBUKLINGGAU,"),
                (3.0, "", "01-01-1990"),
                (4.0, "JENIS KELAMIN", "PEREMPUAN"),
                (5.0, "ALAMAT", "JL. MAWAR NO. 3"),
                (6.0, "", "PERUM CONTOH"),
                (7.0, "RT/RW", "001/002"),
            ],
            &[
                Some((Label::Name, 0)),
                Some((Label::Name, 1)),
                Some((Label::Birth, 0)),
                Some((Label::Birth, 1)),
                Some((Label::Gender, 0)),
                Some((Label::Address, 0)),
                Some((Label::Address, 1)),
                Some((Label::RtRw, 0)),
            ],
        );
    }

    #[test]
    fn missing_labels_are_inferred_from_spacing_and_kind() {
        check(
            &[
                (-1.84, "", "5171010101900000"),
                (0.0, "", "CONTOH NAMA"),
                (1.0, "", "DENPASAR, 01-01-1990"),
                (2.0, "", "LAKI-LAKI"),
                (3.0, "", "JL. MAWAR"),
                (4.0, "", "001/002"),
                (5.0, "", "SESETAN"),
                (6.0, "KECAMATAN", "DENPASAR SELATAN"),
            ],
            &[
                Some((Label::Nik, 0)),
                Some((Label::Name, 0)),
                Some((Label::Birth, 0)),
                Some((Label::Gender, 0)),
                Some((Label::Address, 0)),
                Some((Label::RtRw, 0)),
                Some((Label::Village, 0)),
                Some((Label::District, 0)),
            ],
        );
    }

    #[test]
    fn a_missed_row_and_stray_text_do_not_shift_the_rest() {
        check(
            &[
                (7.0, "AGAMA", "HINDU"),
                (7.55, "", "X"),
                (8.0, "STATUS PERKAWINAN", "KAWIN"),
                (10.0, "", "WNI"),
                (11.0, "BERLAKU HINGGA", "SEUMUR HIDUP"),
                (12.6, "", "KTANDA PEND"),
            ],
            &[
                Some((Label::Religion, 0)),
                None,
                Some((Label::Marital, 0)),
                Some((Label::Nationality, 0)),
                Some((Label::ValidUntil, 0)),
                None,
            ],
        );
    }

    #[test]
    fn fragments_of_labels_take_the_label_of_their_place() {
        check(
            &[
                (-1.84, "NIK", "5171010101900000"),
                (0.0, "AMA", "CONTOH NAMA"),
                (1.0, "TEMPAT/TGL LAHIR", "DENPASAR, 01-01-1990"),
                (2.0, "JENIS KELAMIN", "LAKI-LAKI"),
                (7.0, "AMA", "HINDU"),
            ],
            &[
                Some((Label::Nik, 0)),
                Some((Label::Name, 0)),
                Some((Label::Birth, 0)),
                Some((Label::Gender, 0)),
                Some((Label::Religion, 0)),
            ],
        );
    }

    #[test]
    fn nothing_assigns_nothing() {
        assert!(assign(&[]).is_empty());
    }
}
