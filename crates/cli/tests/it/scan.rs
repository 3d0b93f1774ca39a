//! A card is read, with everything scripts need beside it.

use crate::support::{Ctl, demo_capture, demo_truth};

#[test]
fn a_card_is_read_with_confidence_checks_and_times() {
    let ctl = Ctl::without_key();
    let truth = demo_truth();
    let (code, said) = ctl.json(["scan".into(), demo_capture().join("frame-08.jpg")]);
    assert!([0, 5].contains(&code), "{said}");
    assert_eq!(said["fields"]["nik"]["value"], truth["nik"]);
    assert_eq!(said["fields"]["religion"]["value"], truth["religion"]);
    let confidence = said["fields"]["nik"]["confidence"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&confidence));
    let codes: Vec<&str> =
        said["issues"].as_array().unwrap().iter().filter_map(|i| i["code"].as_str()).collect();
    assert!(codes.contains(&"nik-serial-zero"), "a synthetic person's serial is never issued: {codes:?}");
    for step in ["load", "decode", "localise", "read", "total"] {
        assert!(said["ms"][step].as_f64().unwrap() >= 0.0, "{step}");
    }
    assert!(said["quality"].is_object());
    let votes = said["tamper"].as_array().unwrap();
    let voters: Vec<&str> = votes.iter().filter_map(|vote| vote["voter"].as_str()).collect();
    assert_eq!(
        voters,
        [
            "nik_consistency",
            "font_match",
            "screen_moire",
            "photocopy",
            "specular_check",
            "hologram_check",
            "backdrop"
        ]
    );
    for vote in votes {
        let is_judged = vote["outcome"] != "not_judged";
        assert_eq!(vote["suspicion"].is_number(), is_judged, "{vote}");
        assert!(["passed", "suspect", "not_judged"].contains(&vote["outcome"].as_str().unwrap()), "{vote}");
    }
    assert_eq!(votes[4]["outcome"], "not_judged", "a single picture shows no movement");
    assert!(!ctl.path("data").exists(), "scanning leaves nothing behind");
}

#[test]
fn people_see_fields_and_logs_see_none() {
    let ctl = Ctl::without_key().with("LOKET_LOG", "trace");
    let nik = demo_truth()["nik"].as_str().unwrap().to_owned();
    let run = ctl.run(["scan".into(), demo_capture().join("frame-08.jpg")]);
    assert!(run.out.contains(&nik), "{}", run.out);
    assert!(!run.err.contains(&nik), "nothing of the card in the log");
}
