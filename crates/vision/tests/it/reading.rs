//! Pictures → readings.

use std::collections::BTreeMap;

use frame::Frame;
use ktp::Field;
use vision::{CardEvidence, Reader, ReaderParams, Reading, Verdict, fuse};

use crate::fakes::{self, Line};

/// A picture whose pixels are nowhere the standardised zero.
fn picture() -> Frame {
    let data = (0..480 * 640).flat_map(|i| if (i + i / 640) % 2 == 0 { [40; 3] } else { [210; 3] }).collect();
    Frame::new(640, 480, data).expect("filled")
}

/// The card's lines from rows of (label, value), rows counted from `Nama`.
fn card(rows: &[(&str, &str)], header: &[&str]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut put = |is_label, y, first, text: &str| {
        let cells = lines.iter().filter(|line: &&Line| line.is_label == is_label).count()
            + if is_label { 3 } else { 19 };
        lines.push(Line { is_label, y, first, cells, text: text.to_owned() });
    };
    for (i, text) in header.iter().enumerate() {
        put(false, 0.059 + 0.055 * i as f32, 22, text);
    }
    // Short labels first, so that each fits its ribbon; the assembly does not care about the order.
    let mut labels: Vec<(usize, &str)> = rows.iter().enumerate().map(|(i, row)| (i, row.0)).collect();
    labels.sort_by_key(|(_, label)| label.len());
    let y = |i: usize| if i == 0 { 0.191 } else { 0.276 + 0.046 * (i as f32 - 1.0) };
    for (i, label) in labels {
        if !label.is_empty() {
            put(true, y(i), 4, label);
        }
    }
    for (i, (_, value)) in rows.iter().enumerate() {
        put(false, y(i), 21, value);
    }
    lines
}

fn plain_card() -> Vec<Line> {
    card(
        &[
            ("NIK", ": 5171034107900000"),
            ("NAMA", ":CONTOH NAMA"),
            ("TEMPAT/TGL LAHIR", ":DENPASAR, 01-07-1990"),
            ("JENIS KELAMIN", ":PEREMPUAN"),
            ("ALAMAT", ":JL. MAWAR NO. 3"),
            ("RT/RW", ":001/ 002"),
            ("KEL/DESA", ":SESETAN"),
            ("KECAMATAN", ":DENPASAR SELATAN"),
            ("AGAMA", ":HINDU"),
            ("STATUS PERKAWINAN", ":BELUM KAWIN"),
            ("PEKERJAAN", ":KARYAWAN SWASTA"),
            ("KEWARGANEGARAAN", ":WNI"),
            ("BERLAKU HINGGA", ":SEUMUR HIDUP"),
        ],
        &["PROVINSI BALI", "KOTA DENPASAR"],
    )
}

fn read(lines: Vec<Line>) -> Reading {
    let reader = Reader::with_nets(fakes::nets(lines), ReaderParams::default());
    reader.read(&picture()).expect("fakes do not fail")
}

fn value(reading: &Reading, field: Field) -> Option<String> {
    reading.fields().get(field).map(str::to_owned)
}

#[test]
fn a_plain_card_is_read_into_its_fields() {
    let reading = read(plain_card());
    assert_eq!(reading.verdict, Verdict::Ktp);
    for (field, expected) in [
        (Field::Nik, "5171034107900000"),
        (Field::FullName, "CONTOH NAMA"),
        (Field::PlaceOfBirth, "DENPASAR"),
        (Field::DateOfBirth, "1990-07-01"),
        (Field::Gender, "PEREMPUAN"),
        (Field::Address, "JL. MAWAR NO. 3"),
        (Field::RtRw, "001/002"),
        (Field::Kelurahan, "SESETAN"),
        (Field::Kecamatan, "DENPASAR SELATAN"),
        (Field::Religion, "HINDU"),
        (Field::MaritalStatus, "BELUM KAWIN"),
        (Field::Occupation, "KARYAWAN SWASTA"),
        (Field::Nationality, "WNI"),
        (Field::ValidUntil, "SEUMUR HIDUP"),
        (Field::Province, "BALI"),
        (Field::City, "KOTA DENPASAR"),
    ] {
        assert_eq!(value(&reading, field).as_deref(), Some(expected), "{field}");
        assert!(reading.confidence(field) > 0.9, "{field} at {}", reading.confidence(field));
    }
    assert_eq!(value(&reading, Field::IssueDate), None);
    assert!(reading.quad.is_some() && reading.rectified.is_some());
}

#[test]
fn a_spelling_that_some_offices_print_is_the_word_it_stands_for() {
    for (printed, word) in [("KATOLIK", "KATHOLIK"), ("BUDDHA", "BUDHA")] {
        let mut lines = plain_card();
        let religion = lines.iter_mut().find(|line| line.text == ":HINDU").expect("there is one");
        religion.text = format!(":{printed}");
        let reading = read(lines);
        assert_eq!(value(&reading, Field::Religion).as_deref(), Some(word));
        assert!(reading.confidence(Field::Religion) > 0.9, "{printed}");
    }
}

#[test]
fn a_disagreeing_nik_is_kept_with_less_confidence() {
    let mut lines = plain_card();
    let nik = lines.iter_mut().find(|line| line.text.contains("5171")).expect("there is one");
    nik.text = ": 5171031203850000".to_owned();
    let reading = read(lines);
    assert_eq!(value(&reading, Field::Nik).as_deref(), Some("5171031203850000"));
    assert_eq!(value(&reading, Field::DateOfBirth).as_deref(), Some("1990-07-01"));
    assert!(reading.confidence(Field::Nik) < read(plain_card()).confidence(Field::Nik));
}

#[test]
fn missing_labels_do_not_shift_values() {
    let lines =
        plain_card().into_iter().filter(|line| !["NAMA", "ALAMAT", "AGAMA"].contains(&&*line.text)).collect();
    let reading = read(lines);
    assert_eq!(value(&reading, Field::FullName).as_deref(), Some("CONTOH NAMA"));
    assert_eq!(value(&reading, Field::Address).as_deref(), Some("JL. MAWAR NO. 3"));
    assert_eq!(value(&reading, Field::Religion).as_deref(), Some("HINDU"));
}

#[test]
fn other_pictures_are_told_apart() {
    let blind = Reader::with_nets(fakes::blind_nets(), ReaderParams::default());
    let nothing = blind.read(&picture()).expect("fakes do not fail");
    assert_eq!((nothing.verdict, nothing.fields.len()), (Verdict::NoCard, 0));
    let licence = card(
        &[("", "SURAT IZIN"), ("", "MENGEMUDI"), ("", "CONTOH NAMA"), ("", "JAKARTA TIMUR"), ("", "SWASTA")],
        &["INDONESIA"],
    );
    assert_eq!(read(licence).verdict, Verdict::OtherDocument);
}

#[test]
fn tiny_and_thin_pictures_are_no_cards() {
    let reader = Reader::with_nets(fakes::blind_nets(), ReaderParams::default());
    for (w, h) in [(1, 1), (2, 2), (3000, 1), (1, 3000)] {
        let reading = reader.read(&Frame::filled(w, h, [128; 3])).expect("fakes do not fail");
        assert_eq!(reading.verdict, Verdict::NoCard, "{w}×{h}");
    }
}

#[test]
fn a_broken_net_is_an_error() {
    let reader = Reader::with_nets(fakes::broken_nets(), ReaderParams::default());
    assert!(reader.read(&picture()).is_err());
}

#[test]
fn fused_readings_agree_with_each_other() {
    let one = read(plain_card());
    let fused = fuse(&[one.clone(), one.clone()]).expect("two readings");
    assert_eq!(fused.fields(), one.fields());
    assert!(fused.confidence(Field::FullName) >= one.confidence(Field::FullName));
}

#[test]
fn pictures_laid_over_one_another_are_read_as_one() {
    let reader = Reader::with_nets(fakes::nets(plain_card()), ReaderParams::default());
    let one = reader.read(&picture()).expect("nets run");
    let card = one.rectified.clone().expect("a card");
    let lighter = card.data().iter().map(|v| v + 9).collect();
    let lighter = Frame::new(card.width(), card.height(), lighter).expect("as large as before");
    // Nothing was read by itself: what they say together stands in the pictures laid over one another.
    let unread = |card: Frame| Reading {
        fields: BTreeMap::new(),
        evidence: CardEvidence::default(),
        rectified: Some(card),
        ..one.clone()
    };
    let together = reader.read_together(&[unread(card.clone()), unread(lighter)]).expect("nets run");
    let together = together.expect("two readings");
    assert_eq!(together.fields(), one.fields());
    let alone = reader.read_together(&[unread(card)]).expect("nets run").expect("a reading");
    assert!(alone.fields().is_empty());
    assert_eq!((together.quad, together.verdict), (one.quad, Verdict::Ktp));
    assert!(reader.read_together(&[]).expect("nothing fails").is_none());
}

#[test]
fn debug_output_holds_no_values() {
    let shown = format!("{:?}", read(plain_card()));
    assert!(!shown.contains("CONTOH") && !shown.contains("5171"));
}
