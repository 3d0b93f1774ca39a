//! `eval` on a handful of cards of the fixed set.

use serde_json::{Value, json};

use crate::support::{Ctl, repository};

/// A set of its own: some easy cards, a picture that is no card, a file that is no picture.
fn set(ctl: &Ctl) -> (usize, usize) {
    let source = repository("tests/data/ktp-eval");
    let text = std::fs::read_to_string(source.join("truth.json")).unwrap();
    let mut truth: Value = serde_json::from_str(&text).unwrap();
    let all: Vec<Value> = truth["cards"].as_array_mut().unwrap().drain(..).collect();
    let mut cards: Vec<Value> = all.into_iter().filter(|card| card["kind"] == "severity0").take(4).collect();
    std::fs::create_dir_all(ctl.path("set/images")).unwrap();
    for card in &cards {
        let file = card["file"].as_str().unwrap();
        std::fs::copy(source.join(file), ctl.path("set").join(file)).unwrap();
    }
    let easy = cards.len();
    std::fs::copy(repository("tests/data/hostile/desk.jpg"), ctl.path("set/images/desk.jpg")).unwrap();
    std::fs::write(ctl.path("set/images/broken.jpg"), b"not a picture").unwrap();
    for file in ["images/desk.jpg", "images/broken.jpg"] {
        cards.push(json!({"file": file, "kind": "hostile", "truth": {"nik": "3174095207900000", "religion": "ISLAM"}}));
    }
    let scored = cards.iter().map(|card| card["truth"].as_object().unwrap().len()).sum();
    std::fs::write(ctl.path("set/truth.json"), json!({"cards": cards}).to_string()).unwrap();
    (easy, scored)
}

#[test]
fn a_set_is_counted_and_reported() {
    let ctl = Ctl::without_key();
    let (easy, scored) = set(&ctl);
    let (code, said) = ctl.json(["eval", "set", "--report", "full.html", "--details", "details.jsonl"]);
    assert_eq!(code, 0);
    assert_eq!(said["cards"], easy + 2);
    assert_eq!((said["notFound"].as_u64(), said["unreadable"].as_u64()), (Some(1), Some(1)));
    assert_eq!(said["all"]["scored"], scored);
    assert_eq!(said["fields"]["nik"]["scored"], easy + 2);
    assert_eq!(
        said["kinds"]["hostile"],
        json!({"scored": 4, "exact": 0, "cer": 1.0, "answered": 0, "answeredExact": 0})
    );
    assert_eq!(said["confidentlyWrongNik"], 0);
    let exact = said["kinds"]["severity0"]["exact"].as_f64().unwrap();
    let of = said["kinds"]["severity0"]["scored"].as_f64().unwrap();
    assert!(exact / of > 0.85, "easy cards are read: {said}");
    assert!(said["ece"].as_f64().is_some());
    for step in ["localise", "read", "total"] {
        assert!(said["ms"][step]["p50"].as_f64().unwrap() <= said["ms"][step]["p90"].as_f64().unwrap());
    }
    let report = std::fs::read_to_string(ctl.path("full.html")).unwrap();
    assert_eq!(report.matches("<svg").count(), 2);
    assert!(report.contains("data:image/jpeg;base64,"));
    assert!(!report.contains("<script") && !report.contains("http"), "self-contained");
    let lines = std::fs::read_to_string(ctl.path("details.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), scored);
}

#[test]
fn a_report_without_thumbnails_can_be_passed_on() {
    let ctl = Ctl::without_key();
    set(&ctl);
    let run = ctl.run(["eval", "set", "--report", "bare.html", "--no-thumbnails"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let report = std::fs::read_to_string(ctl.path("bare.html")).unwrap();
    assert!(report.contains("images/broken.jpg") && report.contains("<svg"));
    assert!(!report.contains("data:image") && !report.contains("3174095207900000"), "no pictures, no values");
}

#[test]
fn a_folder_that_is_no_set_is_refused() {
    let ctl = Ctl::without_key();
    let run = ctl.run(["eval", "."]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("truth.json"), "{}", run.err);
}
