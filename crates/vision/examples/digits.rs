//! What `font_match` measures of every digit in a folder of drawn cards, for fitting its weights.
//!
//! `digits DIR` reads the pictures that `DIR/truth.json` names and prints a line a digit, by tabs: file, kind, field, place in the
//! line, whether it was edited, how well the line fits, the measures. Nets come from `LOKET_MODELS_DIR` or are the embedded ones.

use std::path::Path;

use frame::{DecodeLimits, decode};
use inference::ModelSource;
use ktp::Field;
use serde_json::Value;
use vision::Reader;
use vision::tamper::{DigitLine, TamperParams, digit_lines};

#[allow(clippy::print_stdout, reason = "a measuring tool")]
fn main() {
    let folder = std::env::args().nth(1).expect("usage: digits DIR");
    let folder = Path::new(&folder);
    let text = std::fs::read_to_string(folder.join("truth.json")).expect("truth.json is readable");
    let truth: Value = serde_json::from_str(&text).expect("truth.json is JSON");
    let reader = Reader::load(&ModelSource::from_env()).expect("nets load");
    for card in truth["cards"].as_array().expect("cards") {
        let file = card["file"].as_str().expect("file");
        let bytes = std::fs::read(folder.join(file)).expect("picture");
        let picture = decode(&bytes, &DecodeLimits::default()).expect("a picture");
        let reading = reader.read(&picture).expect("nets run");
        let Some(straight) = &reading.rectified else { continue };
        for line in digit_lines(straight, &reading, &TamperParams::default()) {
            for row in rows(&line, card) {
                println!("{file}\t{}\t{row}", card["kind"].as_str().unwrap_or_default());
            }
        }
    }
}

/// A row a digit.
fn rows(line: &DigitLine, card: &Value) -> Vec<String> {
    let is_dates = card["kind"].as_str().is_some_and(|kind| kind.ends_with("date_face"));
    let places = card["edited"].as_array().filter(|_| is_dates == (line.field == Field::DateOfBirth));
    let edited: Vec<u64> = places.into_iter().flatten().filter_map(Value::as_u64).collect();
    // Two hyphens stand before the digits of a year.
    let place = |nth: usize| if is_dates && nth > 4 { nth + 2 } else { nth } as u64;
    let row = |(nth, marks): (usize, &[f32; vision::tamper::MEASURES])| {
        let measures: Vec<String> = marks.iter().map(|value| format!("{value:.5}")).collect();
        let is_edited = u8::from(edited.contains(&place(nth + 1)));
        format!(
            "{}\t{}\t{is_edited}\t{:.4}\t{}",
            line.field.key(),
            nth + 1,
            line.likeness,
            measures.join("\t")
        )
    };
    line.digits.iter().enumerate().map(row).collect()
}
