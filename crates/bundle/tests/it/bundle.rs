//! Signing, verifying, and the JSON of a bundle.

use bundle::{BundleError, SignedBundle, SigningProfile};
use secrecy::SecretString;
use serde_json::Value;

use crate::sample::document;

fn secret() -> SecretString {
    SecretString::from("qe_whsec_EXAMPLEONLY")
}

fn signed(profile: SigningProfile) -> SignedBundle {
    document().sign(profile, &secret()).expect("within the limits")
}

/// The signature in it was computed by another implementation (Python's `hmac` over its sorted `json`).
#[test]
fn the_json_is_the_contracts() {
    let text = serde_json::to_string(&signed(SigningProfile::default())).expect("JSON");
    insta::assert_snapshot!(text.replace(',', ",\n"), @r#"
{"version":"1.0",
"sdkVersion":"loket@0.1.0",
"platform":"web",
"frames":["/9j/4AAQSkZJRgABAQAAAQABAAD/wAALCAABAAEBAREA/9oACAEBAAA/ABL/ADT/2Q=="],
"capturedAt":"2026-09-01T03:00:20.481Z",
"flashChallengeNonce":"b1f0c2aa-0000-4000-8000-000000000001",
"flashSamples":[{"tMs":100,
"meanR":231,
"meanG":32,
"meanB":30}],
"ocrFields":{"nik":"3174095207900000",
"fullName":"CONTOH NAMA",
"gender":"PEREMPUAN"},
"ocrConfidence":{"nik":0.99,
"fullName":1},
"signature":"47408fe42211057ddbe634871637e7dff9d598163d17a9b10dceda7e0b7ce885"}
"#);
}

#[test]
fn without_flash_and_readings_their_keys_are_absent() {
    let mut document = document();
    document.flash = None;
    document.ocr_fields.clear();
    document.ocr_confidence.clear();
    let bundle = document.sign(SigningProfile::default(), &secret()).expect("within the limits");
    let json = serde_json::to_value(&bundle).expect("JSON");
    let mut keys: Vec<_> = json.as_object().expect("an object").keys().collect();
    keys.sort();
    assert_eq!(keys, ["capturedAt", "frames", "platform", "sdkVersion", "signature", "version"]);
}

#[test]
fn what_was_signed_is_what_is_read_back() {
    for profile in SigningProfile::all() {
        let bundle = signed(profile);
        let text = serde_json::to_string(&bundle).expect("JSON");
        let back: SignedBundle = serde_json::from_str(&text).expect("our own JSON");
        assert_eq!(back, bundle);
        assert!(back.verify(profile, &secret()), "{profile}");
        assert!(!back.verify(profile, &SecretString::from("qe_whsec_OTHER")), "{profile}");
    }
}

/// A verifier that knows nothing of our types: take the JSON apart, drop the signature, sign the rest.
#[test]
fn another_implementation_verifies_the_json() {
    let profile = SigningProfile::default();
    let mut json = serde_json::to_value(signed(profile)).expect("JSON");
    let signature = json.as_object_mut().expect("an object").remove("signature").expect("signed");
    let signature = signature.as_str().expect("a string");
    assert!(profile.verify(&json, signature, &secret()).expect("JSON"));
    json["ocrFields"]["nik"] = Value::from("3174095207900001");
    assert!(!profile.verify(&json, signature, &secret()).expect("JSON"));
}

#[test]
fn insertion_order_is_card_order() {
    let text = serde_json::to_string(&signed(SigningProfile::default())).expect("JSON");
    let at = |key: &str| text.find(&format!("\"{key}\":")).expect("present");
    let order = [
        "version",
        "sdkVersion",
        "platform",
        "frames",
        "capturedAt",
        "ocrFields",
        "nik",
        "fullName",
        "gender",
    ];
    assert!(order.map(at).is_sorted());
}

#[test]
fn each_switch_signs_differently() {
    let signatures = SigningProfile::all().map(|profile| signed(profile).signature().to_owned());
    let distinct: std::collections::BTreeSet<_> = signatures.collect();
    assert_eq!(distinct.len(), 8);
}

#[test]
fn debug_hides_the_person() {
    let shown = format!("{:?}", signed(SigningProfile::default()));
    for hidden in ["3174095207900000", "CONTOH", "/9j/", signed(SigningProfile::default()).signature()] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[test]
fn foreign_json_is_checked() {
    let whole = serde_json::to_value(signed(SigningProfile::default())).expect("JSON");
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut json = whole.clone();
        change(&mut json);
        serde_json::from_value::<SignedBundle>(json).expect_err("must be refused").to_string()
    };
    let version = BundleError::Version { found: "2.0".into() }.to_string();
    assert_eq!(changed(&|json| json["version"] = "2.0".into()), version);
    assert_eq!(
        changed(&|json| json["frames"] = Value::from(vec!["*"])),
        BundleError::Base64 { index: 0 }.to_string()
    );
    assert_eq!(changed(&|json| json["frames"] = Value::Array(vec![])), BundleError::NoFrames.to_string());
    assert!(changed(&|json| json["frames"] = Value::from(vec!["AAAA"])).contains("not a JPEG"));
    let precision = BundleError::Precision.to_string();
    assert_eq!(changed(&|json| json["capturedAt"] = "2026-09-01T03:00:20.4819Z".into()), precision);
    assert_eq!(changed(&|json| json["ocrConfidence"]["nik"] = 0.987.into()), precision);
    assert!(changed(&|json| json["extra"] = 1.into()).contains("unknown field"));
    let unsigned = changed(&|json| {
        json.as_object_mut().expect("an object").remove("signature");
    });
    assert!(unsigned.contains("signature"));
}
