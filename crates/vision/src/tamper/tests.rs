//! Every voter on pictures drawn here: a genuine card, and one thing wrong with it at a time.

use std::collections::BTreeMap;

use frame::{Frame, Quad};
use jiff::civil::date;
use ktp::Field;

use super::forms::{Digits, Face};
use super::{Marks, Outcome, TamperParams, Vote, Voter, judge};
use crate::lines::MARGIN;
use crate::quality::Quality;
use crate::reading::{CardEvidence, FieldReading, PrintedLine, Reading, Timings, Trust, Verdict};

const WIDTH: u32 = 1000;
const HEIGHT: u32 = 625;
const NIK: &str = "3174095207900000";
const CAP_PX: f32 = 28.0;
const PITCH_PX: f32 = 25.0;
const LINE_Y_PX: f32 = 130.0;
const START_PX: f32 = 240.0;

/// What is wrong with a card's NIK.
#[derive(Clone, Copy, PartialEq)]
enum Edit {
    None,
    Face,
    Down(f32),
    Across(f32),
    Weight(f32),
    Ground(f32),
}

/// How a card is drawn.
#[derive(Clone, Copy)]
struct Drawn {
    edit: Edit,
    is_grey: bool,
    grid: f32,
    backdrop: [f32; 3],
    /// Where a lamp shines on it, in shares.
    spot: Option<(f32, f32)>,
}

const GENUINE: Drawn =
    Drawn { edit: Edit::None, is_grey: false, grid: 0.0, backdrop: [50.0, 80.0, 190.0], spot: None };

/// Coverage of the NIK's digits at a pixel; the eighth digit is the edited one.
fn coverage(faces: &Faces, edit: Edit, x: f32, y: f32) -> f32 {
    let nth = ((x - START_PX) / PITCH_PX).floor();
    if !(0.0..16.0).contains(&nth) {
        return 0.0;
    }
    let digit = NIK.as_bytes()[nth as usize] - b'0';
    let (mut dx, mut dy, mut face) = (0.0, 0.0, &faces.printed);
    if nth as usize == 7 {
        match edit {
            Edit::None | Edit::Ground(_) => {}
            Edit::Face => face = &faces.other,
            Edit::Down(caps) => dy = caps * CAP_PX,
            Edit::Across(caps) => dx = caps * CAP_PX,
            Edit::Weight(_) => face = &faces.fat,
        }
    }
    let across = (x + 0.5 - dx - START_PX) / PITCH_PX - nth;
    face.at(digit, across, (y + 0.5 - dy - LINE_Y_PX) / CAP_PX + 0.5).cover
}

const EVERY: [u8; 10] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

struct Faces {
    printed: Digits,
    other: Digits,
    fat: Digits,
}

fn draw(drawn: &Drawn) -> Frame {
    let outset = if let Edit::Weight(outset) = drawn.edit { outset } else { 0.0 };
    let faces = Faces {
        printed: Digits::of(Face::OcrA, 0.0, 1.6, &EVERY),
        other: Digits::of(Face::Plain, 0.0, 1.6, &EVERY),
        fat: Digits::of(Face::OcrA, outset, 1.6, &EVERY),
    };
    let mut state = 7u32;
    let mut data = Vec::new();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 24) as f32 / 64.0 - 2.0;
            data.extend(pixel(drawn, &faces, x as f32, y as f32, noise));
        }
    }
    Frame::new(WIDTH, HEIGHT, data).unwrap()
}

fn pixel(drawn: &Drawn, faces: &Faces, x: f32, y: f32, noise: f32) -> [u8; 3] {
    let (across, down) = (x / WIDTH as f32, y / HEIGHT as f32);
    let share = |v: f32| v * (1.0 - 2.0 * MARGIN) + MARGIN;
    let in_photo = (share(0.71)..share(0.946)).contains(&across) && (share(0.2)..share(0.66)).contains(&down);
    let mut colour = if in_photo { drawn.backdrop } else { [165.0, 190.0, 205.0] };
    let eighth = (START_PX + 7.0 * PITCH_PX..START_PX + 8.0 * PITCH_PX).contains(&x);
    if let (Edit::Ground(by), true, true) = (drawn.edit, eighth, (y - LINE_Y_PX).abs() < CAP_PX) {
        colour = colour.map(|v| v + by);
    }
    let ink = if (y - LINE_Y_PX).abs() < CAP_PX { coverage(faces, drawn.edit, x, y) } else { 0.0 };
    colour = colour.map(|v| v + (30.0 - v) * ink);
    if drawn.is_grey {
        colour = [0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]; 3];
    }
    let wave = 1.0 + drawn.grid * (x * 2.3 + y * 0.1).sin();
    let lamp = drawn.spot.map_or(0.0, |(spot_x, spot_y)| {
        let away = (across - spot_x).hypot((down - spot_y) / 1.6);
        (1.0 - away / 0.1).clamp(0.0, 1.0) * 150.0
    });
    colour.map(|v| (v * wave + lamp + noise).clamp(0.0, 255.0) as u8)
}

fn reading(picture: &Frame, shift_px: f32, confidence: f32, born: &str) -> Reading {
    let field = |value: &str| FieldReading {
        value: Some(value.to_owned()),
        printed: value.to_owned(),
        confidence,
        trust: Trust::NONE,
    };
    let line = PrintedLine {
        right: (START_PX + 16.0 * PITCH_PX) / WIDTH as f32,
        offset: LINE_Y_PX / WIDTH as f32,
        slope: 0.0,
        height: CAP_PX / WIDTH as f32,
    };
    let (w, h) = (WIDTH as f32, HEIGHT as f32);
    Reading {
        verdict: Verdict::Ktp,
        quad: Some(Quad::rect(
            MARGIN * w + shift_px,
            MARGIN * h,
            (1.0 - MARGIN) * w + shift_px,
            (1.0 - MARGIN) * h,
        )),
        rectified: Some(picture.clone()),
        fields: BTreeMap::from([
            (Field::Nik, field(NIK)),
            (Field::DateOfBirth, field(born)),
            (Field::Gender, field("PEREMPUAN")),
        ]),
        lines: BTreeMap::from([(Field::Nik, line)]),
        quality: Quality::without_card(),
        timings: Timings::default(),
        evidence: CardEvidence::default(),
    }
}

fn votes(pictures: &[Drawn], born: &str, confidence: f32) -> Vec<Vote> {
    let params = TamperParams::default();
    let mut last = None;
    let mut marks = Vec::new();
    for (nth, drawn) in pictures.iter().enumerate() {
        let picture = draw(drawn);
        let reading = reading(&picture, 30.0 * nth as f32, confidence, born);
        marks.extend(Marks::of(&picture, &reading, &params));
        last = Some(reading);
    }
    judge(&marks, &last.unwrap(), date(2026, 11, 21), &params)
}

#[track_caller]
fn check(voter: Voter, votes: &[Vote], expected: Outcome) {
    let vote = votes.iter().find(|vote| vote.voter == voter).unwrap();
    assert_eq!(vote.outcome, expected, "{vote:?}");
    assert_eq!(vote.suspicion.is_none(), expected == Outcome::NotJudged);
    assert!(!vote.reason.contains(NIK) && !vote.reason.is_empty());
}

const BORN: &str = "1990-07-12";

#[test]
fn a_genuine_card_is_suspected_of_nothing() {
    let votes = votes(&[GENUINE], BORN, 0.99);
    let voters: Vec<Voter> = votes.iter().map(|vote| vote.voter).collect();
    assert_eq!(voters, Voter::ALL);
    for voter in
        [Voter::NikConsistency, Voter::FontMatch, Voter::ScreenMoire, Voter::Photocopy, Voter::Backdrop]
    {
        check(voter, &votes, Outcome::Passed);
    }
    check(Voter::SpecularCheck, &votes, Outcome::NotJudged);
    check(Voter::HologramCheck, &votes, Outcome::NotJudged);
}

#[test]
fn an_edited_digit_is_suspect() {
    for edit in [
        Edit::Face,
        Edit::Down(0.14),
        Edit::Across(-0.14),
        Edit::Weight(2.2),
        Edit::Ground(24.0),
        Edit::Ground(-24.0),
    ] {
        let votes = votes(&[Drawn { edit, ..GENUINE }], BORN, 0.99);
        check(Voter::FontMatch, &votes, Outcome::Suspect);
        let vote = votes.iter().find(|vote| vote.voter == Voter::FontMatch).unwrap();
        assert!(vote.reason.contains("digit 8 of the NIK"), "{vote:?}");
    }
}

#[test]
fn a_nik_that_contradicts_is_suspect_only_if_surely_read() {
    for (born, confidence, expected) in [
        (BORN, 0.99, Outcome::Passed),
        (BORN, 0.7, Outcome::NotJudged),
        ("1990-07-13", 0.99, Outcome::Suspect),
        ("1990-07-13", 0.7, Outcome::NotJudged),
    ] {
        check(Voter::NikConsistency, &votes(&[GENUINE], born, confidence), expected);
    }
}

#[test]
fn copies_screens_and_wrong_backdrops_are_suspect() {
    let grey = Drawn { is_grey: true, ..GENUINE };
    let screen = Drawn { grid: 0.12, ..GENUINE };
    let red = Drawn { backdrop: [190.0, 40.0, 40.0], ..GENUINE };
    let pale = Drawn { backdrop: [170.0, 180.0, 190.0], ..GENUINE };
    for (drawn, voter, expected) in [
        (grey, Voter::Photocopy, Outcome::Suspect),
        (grey, Voter::Backdrop, Outcome::NotJudged),
        (screen, Voter::ScreenMoire, Outcome::Suspect),
        (screen, Voter::Photocopy, Outcome::Passed),
        (red, Voter::Backdrop, Outcome::Suspect),
        (pale, Voter::Backdrop, Outcome::NotJudged),
    ] {
        check(voter, &votes(&[drawn], BORN, 0.99), expected);
    }
}

#[test]
fn a_highlight_that_stays_is_printed_and_one_that_wanders_is_not() {
    let at = |x: f32| Drawn { spot: Some((x, 0.6)), ..GENUINE };
    for (burst, expected) in [
        (vec![GENUINE, GENUINE, GENUINE], Outcome::NotJudged),
        (vec![at(0.4), at(0.4), at(0.4)], Outcome::Suspect),
        (vec![at(0.3), at(0.4), at(0.5)], Outcome::Passed),
        (vec![at(0.4), GENUINE, GENUINE], Outcome::Passed),
        (vec![at(0.4)], Outcome::NotJudged),
    ] {
        check(Voter::SpecularCheck, &votes(&burst, BORN, 0.99), expected);
    }
}

#[test]
fn colours_that_play_speak_for_a_hologram_and_their_absence_says_nothing() {
    let tinted = |backdrop| Drawn { backdrop, ..GENUINE };
    let play = [tinted([150.0, 190.0, 200.0]), tinted([200.0, 150.0, 190.0]), tinted([190.0, 200.0, 150.0])];
    check(Voter::HologramCheck, &votes(&play, BORN, 0.99), Outcome::Passed);
    check(Voter::HologramCheck, &votes(&[GENUINE, GENUINE], BORN, 0.99), Outcome::NotJudged);
}

#[test]
fn small_pictures_and_lines_beyond_the_card_break_nothing() {
    let params = TamperParams::default();
    let picture = Frame::filled(60, 40, [90, 100, 110]);
    let mut reading = reading(&picture, 0.0, 0.99, BORN);
    for right in [0.0, 0.9, 50.0, f32::NAN] {
        let line = PrintedLine { right, offset: 3.0, slope: 0.5, height: 0.2 };
        reading.lines.insert(Field::Nik, line);
        let marks = Marks::of(&picture, &reading, &params).unwrap();
        let votes = judge(&[marks], &reading, date(2026, 11, 21), &params);
        check(Voter::ScreenMoire, &votes, Outcome::NotJudged);
    }
    reading.rectified = None;
    assert!(Marks::of(&picture, &reading, &params).is_none());
}
