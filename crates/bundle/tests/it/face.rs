//! Signing, verifying, and the JSON of a face.

use bundle::{
    BundleError, FaceChallenge, FaceDocument, FaceResponse, FlashEvidence, FlashSample, JpegFrame,
    MAX_PASSIVE_SCORES, MAX_RPPG_SAMPLES, RppgSample, SignedFace, SigningProfile,
};
use secrecy::SecretString;
use serde_json::Value;

use crate::sample::{jpeg, jpeg_of};

fn secret() -> SecretString {
    SecretString::from("qe_whsec_EXAMPLEONLY")
}

fn document() -> FaceDocument {
    FaceDocument {
        sdk_version: "loket@0.1.0".into(),
        platform: "web".into(),
        frames: vec![JpegFrame::try_from(jpeg()).expect("clean")],
        captured_at: "2026-09-01T03:00:40.125913Z".parse().expect("a time"),
        responses: vec![
            FaceResponse { challenge: FaceChallenge::TurnLeft, satisfied: true },
            FaceResponse { challenge: FaceChallenge::Blink, satisfied: false },
        ],
        passive_scores: vec![0.970_4, 1.0],
        flash: Some(FlashEvidence {
            nonce: "b1f0c2aa-0000-4000-8000-000000000002".into(),
            samples: vec![FlashSample { t_ms: 350, mean_r: 180, mean_g: 120, mean_b: 101 }],
        }),
        rppg: vec![
            RppgSample { t_ms: 0, mean_r: 141.251, mean_g: 98.0, mean_b: 80.068 },
            RppgSample { t_ms: 33, mean_r: 141.31, mean_g: 98.119, mean_b: 79.999 },
        ],
    }
}

fn signed() -> SignedFace {
    document().sign(SigningProfile::default(), &secret()).expect("within the limits")
}

/// The signature in it was computed by another implementation (Python's `hmac` over its sorted `json`).
#[test]
fn the_json_is_the_contracts() {
    let text = serde_json::to_string(&signed()).expect("JSON");
    insta::assert_snapshot!(text.replace(",\"", ",\n\""), @r#"
{"version":"1.0",
"sdkVersion":"loket@0.1.0",
"platform":"web",
"frames":["/9j/4AAQSkZJRgABAQAAAQABAAD/wAALCAABAAEBAREA/9oACAEBAAA/ABL/ADT/2Q=="],
"challenges":["turn_left",
"blink"],
"responses":[{"challenge":"turn_left",
"satisfied":true},{"challenge":"blink",
"satisfied":false}],
"capturedAt":"2026-09-01T03:00:40.125Z",
"passiveLivenessScores":[0.97,1],
"flashChallengeNonce":"b1f0c2aa-0000-4000-8000-000000000002",
"flashSamples":[{"tMs":350,
"meanR":180,
"meanG":120,
"meanB":101}],
"rppgSamples":[{"tMs":0,
"meanR":141.25,
"meanG":98,
"meanB":80.07},{"tMs":33,
"meanR":141.31,
"meanG":98.12,
"meanB":80}],
"signature":"d0250f381867fea0e275af5e18a8d1af5a4c0f20fb4510535c1630598befedcc"}
"#);
}

#[test]
fn what_is_not_known_is_absent_and_nothing_names_the_device() {
    let bare =
        FaceDocument { responses: vec![], passive_scores: vec![], flash: None, rppg: vec![], ..document() };
    let face = bare.sign(SigningProfile::default(), &secret()).expect("within the limits");
    let json = serde_json::to_value(&face).expect("JSON");
    let mut keys: Vec<_> = json.as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(keys, ["capturedAt", "frames", "platform", "sdkVersion", "signature", "version"]);
    let mut whole = serde_json::to_value(signed()).expect("JSON");
    for absent in ["deviceAttestation", "deviceId"] {
        whole[absent] = Value::from("x");
        assert!(serde_json::from_value::<SignedFace>(whole.clone()).is_err(), "{absent}");
    }
}

#[test]
fn what_was_signed_is_what_is_read_back() {
    for profile in SigningProfile::all() {
        let face = document().sign(profile, &secret()).expect("within the limits");
        let text = serde_json::to_string(&face).expect("JSON");
        let back: SignedFace = serde_json::from_str(&text).expect("our own JSON");
        assert_eq!(back, face);
        assert!(back.verify(profile, &secret()), "{profile}");
        assert!(!back.verify(profile, &SecretString::from("qe_whsec_OTHER")), "{profile}");
    }
}

/// A verifier that knows nothing of our types.
#[test]
fn another_implementation_verifies_the_json() {
    let profile = SigningProfile::default();
    let mut json = serde_json::to_value(signed()).expect("JSON");
    let signature = json.as_object_mut().expect("an object").remove("signature").expect("signed");
    let signature = signature.as_str().expect("a string");
    assert!(profile.verify(&json, signature, &secret()).expect("JSON"));
    json["responses"][1]["satisfied"] = Value::from(true);
    assert!(!profile.verify(&json, signature, &secret()).expect("JSON"));
}

#[test]
fn signing_anew_leaves_out_what_is_said_and_nothing_else() {
    let (profile, device) = (SigningProfile::default(), SecretString::from("qe_whsec_DEVICE"));
    let dark = signed().without_flash(profile, &device).expect("within the limits");
    assert!(dark.verify(profile, &device));
    assert_eq!(dark.document(), &FaceDocument { flash: None, ..signed().into_document() });
    assert!(signed().with_best_frame_alone(profile, &device).expect("within the limits").is_none());
    let two = FaceDocument { frames: vec![jpeg_of(100), jpeg_of(200)], ..document() };
    let two = two.sign(profile, &device).expect("within the limits");
    let one = two.with_best_frame_alone(profile, &device).expect("within the limits").expect("two frames");
    assert_eq!(one.document().frames, [jpeg_of(100)]);
}

#[test]
fn each_limit_refuses_with_its_own_error() {
    #[track_caller]
    fn check(change: impl Fn(&mut FaceDocument), expected: Result<(), BundleError>) {
        let mut document = document();
        change(&mut document);
        assert_eq!(document.sign(SigningProfile::default(), &secret()).map(|_| ()), expected);
    }
    check(|d| d.frames.clear(), Err(BundleError::NoFrames));
    check(|d| d.frames = vec![jpeg_of(100); 6], Err(BundleError::TooManyFrames { count: 6 }));
    check(|d| d.platform = "Web".into(), Err(BundleError::Platform));
    check(|d| d.sdk_version = "loket".into(), Err(BundleError::SdkVersion));
    check(|d| d.responses[1].challenge = FaceChallenge::TurnLeft, Err(BundleError::Gestures));
    for outside in [-0.01, 1.01, f64::NAN] {
        check(|d| d.passive_scores[0] = outside, Err(BundleError::PassiveScores));
    }
    check(|d| d.passive_scores = vec![0.5; MAX_PASSIVE_SCORES], Ok(()));
    check(|d| d.passive_scores = vec![0.5; MAX_PASSIVE_SCORES + 1], Err(BundleError::PassiveScores));
    check(|d| d.rppg[1].t_ms = 0, Err(BundleError::Rppg));
    check(|d| d.rppg[1].mean_g = 255.5, Err(BundleError::Rppg));
    let series = |count: usize| {
        (0..count as u32).map(|t_ms| RppgSample { t_ms, mean_r: 1.0, mean_g: 2.0, mean_b: 3.0 })
    };
    check(|d| d.rppg = series(MAX_RPPG_SAMPLES).collect(), Ok(()));
    check(|d| d.rppg = series(MAX_RPPG_SAMPLES + 1).collect(), Err(BundleError::Rppg));
    check(
        |d| d.flash = Some(FlashEvidence { nonce: String::new(), samples: vec![] }),
        Err(BundleError::Flash),
    );
}

#[test]
fn foreign_json_is_checked() {
    let whole = serde_json::to_value(signed()).expect("JSON");
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut json = whole.clone();
        change(&mut json);
        serde_json::from_value::<SignedFace>(json).expect_err("must be refused").to_string()
    };
    let gestures = BundleError::Gestures.to_string();
    assert_eq!(changed(&|json| json["challenges"] = Value::Array(vec![])), gestures);
    assert!(changed(&|json| json["challenges"][0] = "wink".into()).contains("wink"));
    let precision = BundleError::Precision.to_string();
    assert_eq!(changed(&|json| json["passiveLivenessScores"][0] = 0.971.into()), precision);
    assert_eq!(changed(&|json| json["rppgSamples"][0]["meanR"] = 141.255.into()), precision);
    assert_eq!(changed(&|json| json["flashSamples"] = Value::Null), BundleError::Flash.to_string());
    assert!(changed(&|json| json["ocrFields"] = Value::Null).contains("unknown field"));
}

#[test]
fn words_are_the_contracts_and_debug_shows_no_picture() {
    for gesture in FaceChallenge::ALL {
        assert_eq!(serde_json::to_value(gesture).expect("JSON"), gesture.as_str());
    }
    let shown = format!("{:?}", signed());
    assert!(!shown.contains("/9j/") && !shown.contains(signed().signature()), "{shown}");
}
