//! Cards whose labels were not read: rows by the shape of their ribbons.

use super::*;
use crate::recognise::Glyph;

const PITCH: f32 = 0.0462;

/// A line from `left` to `right`, `row` pitches below `Nama`; unread without a text.
fn line((left, right): (f32, f32), row: f32, ribbon: Ribbon, text: &str) -> LineReading {
    let at = |(step, ch): (usize, char)| Glyph { ch, start: step, end: step + 1, probability: 0.99 };
    let line = TextLine {
        left: canvas_x(left),
        right: canvas_x(right),
        offset: canvas_y(0.276 + PITCH * row),
        slope: 0.0,
        height: 11.0,
        ribbon,
        weight: 9.0,
    };
    LineReading {
        line,
        variants: Vec::new(),
        glyphs: text.chars().enumerate().map(at).collect(),
        is_careful: false,
    }
}

fn value(row: f32, text: &str) -> LineReading {
    line((0.255, 0.27 + 0.014 * text.len() as f32), row, Ribbon::Value, text)
}

fn label(left: f32, length: f32, row: f32, text: &str) -> LineReading {
    line((left, left + length), row, Ribbon::Label, text)
}

/// A card of template C whose address wraps; `text` says which labels were read.
fn card(text: impl Fn(&'static str) -> &'static str) -> Vec<LineReading> {
    let labels = [
        (0.026, 0.075, -1.84, "NIK"),
        (0.026, 0.071, 0.0, "NAMA"),
        (0.026, 0.199, 1.0, "TEMPAT/TGL LAHIR"),
        (0.026, 0.160, 2.0, "JENIS KELAMIN"),
        (0.486, 0.126, 2.0, "GOL. DARAH"),
        (0.026, 0.080, 3.0, "ALAMAT"),
        (0.081, 0.087, 5.0, "RT/RW"),
        (0.081, 0.108, 6.0, "KEL/DESA"),
        (0.081, 0.130, 7.0, "KECAMATAN"),
        (0.026, 0.084, 8.0, "AGAMA"),
        (0.026, 0.215, 9.0, "STATUS PERKAWINAN"),
        (0.026, 0.119, 10.0, "PEKERJAAN"),
        (0.026, 0.214, 11.0, "KEWARGANEGARAAN"),
        (0.026, 0.180, 12.0, "BERLAKU HINGGA"),
    ];
    let values = [
        (-1.84, "5171010101900000"),
        (0.0, "CONTOH NAMA"),
        (1.0, "DENPASAR, 01-01-1990"),
        (2.0, "LAKI-LAKI"),
        (3.0, "JL. MAWAR NO. 3"),
        (4.0, "PERUM CONTOH"),
        (5.0, "001/002"),
        (6.0, "SESETAN"),
        (7.0, "DENPASAR SELATAN"),
        (8.0, "HINDU"),
        (9.0, "KAWIN"),
        (10.0, "GURU"),
        (11.0, "WNI"),
        (12.0, "SEUMUR HIDUP"),
    ];
    let mut lines: Vec<LineReading> =
        labels.map(|(left, long, row, read)| label(left, long, row, text(read))).into();
    lines.extend(values.map(|(row, text)| value(row, text)));
    lines.push(line((0.635, 0.65), 2.0, Ribbon::Value, "O"));
    lines
}

fn said(readings: &[LineReading], layout: &Layout, label: Label) -> String {
    let spans = layout.slots.get(&Slot::Value(label)).map_or(&[][..], Vec::as_slice);
    let text =
        |span: &Span| chars(&readings[span.reading], 0)[span.glyphs.clone()].iter().collect::<String>();
    spans.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn check(readings: &[LineReading], labels: usize, shapes: usize) {
    let layout = lay_out(readings);
    for (label, expected) in [
        (Label::Nik, "5171010101900000"),
        (Label::Name, "CONTOH NAMA"),
        (Label::Birth, "DENPASAR, 01-01-1990"),
        (Label::Gender, "LAKI-LAKI"),
        (Label::Blood, "O"),
        (Label::Address, "JL. MAWAR NO. 3 PERUM CONTOH"),
        (Label::RtRw, "001/002"),
        (Label::Village, "SESETAN"),
        (Label::District, "DENPASAR SELATAN"),
        (Label::Religion, "HINDU"),
        (Label::Marital, "KAWIN"),
        (Label::Occupation, "GURU"),
        (Label::Nationality, "WNI"),
        (Label::ValidUntil, "SEUMUR HIDUP"),
    ] {
        assert_eq!(said(readings, &layout, label), expected, "{label:?}");
    }
    assert_eq!((layout.labels.len(), layout.label_shapes.len()), (labels, shapes));
}

#[test]
fn all_labels_read() {
    check(&card(|text| text), 14, 0);
}

#[test]
fn short_labels_read() {
    let is_short = |text: &str| ["NIK", "NAMA", "ALAMAT", "RT/RW", "AGAMA"].contains(&text);
    check(&card(|text| if is_short(text) { text } else { "" }), 5, 9);
}

#[test]
fn no_label_read() {
    check(&card(|_| ""), 0, 14);
}

#[test]
fn long_labels_are_not_worth_a_look() {
    let lines: Vec<TextLine> = card(|text| text).iter().map(|reading| reading.line).collect();
    let looked_at: Vec<usize> =
        first_looks(&lines).iter().enumerate().filter(|(_, look)| **look).map(|(i, _)| i).collect();
    assert_eq!(looked_at[..5], [0, 1, 5, 6, 9]);
    assert_eq!(looked_at.len(), 5 + 15);
}

#[test]
fn labels_of_another_length_or_elsewhere_are_looked_at() {
    let odd = [label(0.026, 0.30, 2.0, ""), label(0.15, 0.1, 3.0, ""), label(0.486, 0.19, 2.0, "")];
    let lines: Vec<TextLine> = odd.iter().map(|reading| reading.line).collect();
    assert_eq!(first_looks(&lines), [true; 3]);
}
