//! The demo ends with an accepted capture of the highest tier, and leaves a sealed queue behind.

use crate::support::{Ctl, demo_truth};

#[test]
fn the_demo_is_accepted_with_tier_high() {
    let ctl = Ctl::without_key();
    let (code, said) = ctl.json(["demo", "--headless"]);
    assert_eq!((code, &said["accepted"]), (0, &true.into()), "{said}");
    let receipt = &said["item"]["receipt"];
    assert_eq!((&receipt["assuranceTier"], &receipt["verdict"]), (&"high".into(), &"passed".into()));
    assert_eq!(said["reading"]["fields"]["nik"]["value"], demo_truth()["nik"]);
    let queue = ctl.path("data/queue.db");
    assert_eq!(said["queueFile"].as_str(), queue.to_str());
    assert!(queue.is_file());
}

#[test]
fn people_see_what_happened() {
    let ctl = Ctl::without_key();
    let run = ctl.run(["demo", "--headless"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    for word in ["flash_reflectance", "nik_consistency", "queue.db", "verificationId", "accepted, tier high"]
    {
        assert!(run.out.contains(word), "{word}: {}", run.out);
    }
}

#[test]
fn one_folder_shows_one_partner_after_the_other() {
    let ctl = Ctl::without_key();
    let onekyc = ["demo", "--headless", "--provider", "onekyc", "--flow", "ktp-scan"];
    for words in [&["demo", "--headless"][..], &onekyc, &["demo", "--headless"]] {
        let (code, said) = ctl.json(words);
        assert_eq!((code, &said["accepted"]), (0, &true.into()), "{words:?}: {said}");
    }
}

#[test]
fn a_recording_without_a_card_is_not_accepted() {
    let ctl = Ctl::without_key();
    let jpeg = frame::encode_jpeg(&frame::Frame::filled(640, 480, [120; 3]), 90);
    std::fs::create_dir(ctl.path("empty-desk")).unwrap();
    std::fs::write(ctl.path("empty-desk/0.jpg"), jpeg).unwrap();
    let run = ctl.run(["demo", "--headless", "--capture", "empty-desk"]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.err.contains("no KTP"), "{}", run.err);
}

/// The kiosk's own folder, without the partner's below it.
fn credentials(ctl: &Ctl) -> Vec<String> {
    let files = std::fs::read_dir(ctl.path("data/credentials")).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

/// One flow over the partner's backend to OneKYC and its result back, with and without callbacks.
#[track_caller]
fn comes_back(flow: &str) {
    for (option, callbacks) in [(None, 1), (Some("--no-callbacks"), 0)] {
        let ctl = Ctl::without_key();
        let words = ["demo", "--headless", "--provider", "onekyc", "--flow", flow];
        let (code, said) = ctl.json(words.into_iter().chain(option));
        assert_eq!((code, &said["accepted"]), (0, &true.into()), "{said}");
        assert_eq!((&said["status"], &said["result"]), (&"COMPLETED".into(), &"VALID".into()));
        assert_eq!(said["item"]["receipt"]["onekyc"]["submissionId"], said["submissionId"]);
        assert_ne!(said["correlationId"], said["submissionId"]);
        let told = &said["backend"];
        assert_eq!((&told["status"], &told["result"]), (&"COMPLETED".into(), &"VALID".into()), "{said}");
        assert_eq!((&told["submissionId"], &told["seq"]), (&said["submissionId"], &1.into()));
        assert_eq!(told["callbacks"], callbacks, "{said}");
        assert_eq!(
            credentials(&ctl),
            ["kiosk-key"],
            "no credential of the platform's is on the kiosk's side"
        );
    }
}

#[test]
fn a_card_goes_over_the_partners_backend_to_onekyc_and_its_result_comes_back() {
    comes_back("ktp-scan");
}

#[test]
fn a_selfie_goes_over_the_partners_backend_to_onekyc_and_its_result_comes_back() {
    comes_back("selfie-liveness");
}

#[test]
fn card_and_selfie_together_go_to_onekyc_and_their_result_comes_back() {
    comes_back("identity-verification");
}

#[test]
fn a_recording_without_a_face_is_no_selfie() {
    let ctl = Ctl::without_key();
    let jpeg = frame::encode_jpeg(&frame::Frame::filled(640, 480, [120; 3]), 90);
    std::fs::create_dir(ctl.path("wall")).unwrap();
    std::fs::write(ctl.path("wall/0.jpg"), jpeg).unwrap();
    let words =
        ["demo", "--headless", "--provider", "onekyc", "--flow", "selfie-liveness", "--selfie", "wall"];
    let run = ctl.run(words);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.err.contains("no face"), "{}", run.err);
}

#[test]
fn each_of_onekycs_steps_is_told_once() {
    let ctl = Ctl::without_key();
    let run = ctl.run(["demo", "--headless", "--provider", "onekyc"]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    for step in ["onekyc_started", "onekyc_uploading", "onekyc_uploaded", "onekyc_decided"] {
        assert_eq!(run.out.matches(step).count(), 1, "{step}: {}", run.out);
    }
    assert!(!run.out.contains("sim."), "no token is shown");
}
