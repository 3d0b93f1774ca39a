//! Captures: what is refused, and what verdicts come from what was sent.
//! Invariant: a refused capture leaves no row and spends no challenge. Deliberately lacks faults; see `faults`.

use image::RgbImage;
use serde_json::{Value, json};
use simulator::Settings;

use crate::client::{Bench, DEVICE_SECRET, bundle, card, photocopy, screen, signed, with_flash};

const CAPTURE: &str = "/api/identity/document/ktp/capture";

fn voter<'a>(body: &'a Value, name: &str) -> &'a Value {
    let lists = [&body["antiSpoof"]["voters"], &body["tamper"]["voters"]];
    let mut voters = lists.into_iter().flat_map(|list| list.as_array().unwrap());
    voters.find(|voter| voter["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_lit_card_reaches_high_and_lifts_the_customer() {
    let bench = Bench::start(Settings::default()).await;
    let challenge = bench.challenge().await;
    let secret = challenge["hmacSecret"].as_str().unwrap();
    let got = bench.capture(with_flash(bundle(&card()), &challenge, 0.15), secret).await;
    assert_eq!(got.status, 200, "{}", got.body);
    let body = got.body;
    assert_eq!(body["ktpBundle"]["assuranceTier"], "high", "{body}");
    assert_eq!(body["ktpBundle"]["verdict"], "passed");
    assert_eq!(body["verification"]["status"], "verified");
    assert_eq!(
        (&body["antiSpoof"]["fused"], &body["tamper"]["fused"]),
        (&json!("live"), &json!("authentic"))
    );
    assert_eq!((&body["antiSpoof"]["passed"], &body["antiSpoof"]["present"]), (&json!(4), &json!(4)));
    assert_eq!(body["ktpBundle"]["framesStored"], 1);
    assert_eq!(body["faceEnrolment"]["fallbackStub"], true);
    let kyc = bench.get(&format!("/api/identity/kyc/{}", bench.customer)).await.body;
    assert_eq!(kyc["customer"]["kycLevel"], "standard");
    assert_eq!(kyc["history"][0]["reason"], "automatic on ktp_capture verify");
    assert_eq!(kyc["verifications"][0]["id"], body["verification"]["id"]);
}

#[tokio::test]
async fn verdicts_follow_from_what_was_sent() {
    let bench = Bench::start(Settings::default()).await;
    let check = async |bundle: Value, tier: &str, verdict: &str, failing: &str| {
        let got = bench.capture(bundle, DEVICE_SECRET).await;
        assert_eq!(got.status, 200, "{}", got.body);
        let found = (&got.body["ktpBundle"]["assuranceTier"], &got.body["ktpBundle"]["verdict"]);
        assert_eq!(found, (&json!(tier), &json!(verdict)), "{}", got.body);
        if !failing.is_empty() {
            assert_eq!(voter(&got.body, failing)["passed"], false, "{}", got.body);
        }
    };
    check(bundle(&card()), "standard", "passed", "").await;
    check(bundle(&photocopy()), "low", "requires_review", "specular_check").await;
    check(bundle(&screen()), "low", "requires_review", "screen_moire").await;
    let mut other_sex = bundle(&card());
    other_sex["ocrFields"]["gender"] = json!("LAKI-LAKI");
    check(other_sex.clone(), "low", "requires_review", "nik_consistency").await;
    other_sex["frames"] = bundle(&photocopy())["frames"].clone();
    check(other_sex, "low", "failed", "specular_check").await;
    check(
        bundle(&RgbImage::from_pixel(400, 300, image::Rgb([150, 190, 212]))),
        "low",
        "requires_review",
        "font_match",
    )
    .await;
}

#[tokio::test]
async fn a_flash_that_does_not_answer_is_not_high() {
    let bench = Bench::start(Settings::default()).await;
    for share in [0.0, -0.2] {
        let challenge = bench.challenge().await;
        let secret = challenge["hmacSecret"].as_str().unwrap();
        let got = bench.capture(with_flash(bundle(&card()), &challenge, share), secret).await;
        assert_eq!(voter(&got.body, "flash_reflectance")["passed"], false, "{}", got.body);
        assert_eq!(got.body["antiSpoof"]["fused"], "unclear");
        assert_eq!(got.body["ktpBundle"]["verdict"], "requires_review");
    }
}

#[tokio::test]
async fn a_challenge_is_used_once_in_time_by_its_customer() {
    let bench = Bench::start(Settings::default()).await;
    let challenge = bench.challenge().await;
    let secret = challenge["hmacSecret"].as_str().unwrap();
    let lit = with_flash(bundle(&card()), &challenge, 0.15);
    let stranger = bench.server.add_customer("Orang Lain").unwrap();
    let got = bench.post(CAPTURE, &signed(&stranger, lit.clone(), secret)).await;
    assert_eq!(got.status, 400);
    assert!(got.body["details"]["fieldErrors"]["hmacKey"].is_array());
    let got = bench.post(CAPTURE, &signed(&stranger, lit.clone(), DEVICE_SECRET)).await;
    assert!(got.body["details"]["fieldErrors"]["bundle.flashChallengeNonce"].is_array(), "{}", got.body);
    assert_eq!(bench.capture(lit.clone(), secret).await.status, 200);
    let got = bench.capture(lit, secret).await;
    assert_eq!((got.status, got.body), (409, json!({"error": "flash challenge already consumed"})));
    let late = bench.challenge().await;
    bench.server.set_clock_skew_ms(91_000);
    let secret = late["hmacSecret"].as_str().unwrap();
    let got = bench.capture(with_flash(bundle(&card()), &late, 0.15), secret).await;
    assert_eq!((got.status, got.body), (422, json!({"error": "flash challenge expired"})));
    assert_eq!(bench.server.captures().unwrap().len(), 1);
}

#[tokio::test]
async fn signatures_are_checked_over_canonical_json() {
    let bench = Bench::start(Settings::default()).await;
    let check = async |change: &dyn Fn(&mut Value), expected: u16, field: &str| {
        let mut request = signed(&bench.customer, bundle(&card()), DEVICE_SECRET);
        change(&mut request);
        let got = bench.post(CAPTURE, &request).await;
        assert_eq!(got.status, expected, "{}", got.body);
        if !field.is_empty() {
            assert!(got.body["details"]["fieldErrors"][field].is_array(), "{}", got.body);
        }
    };
    check(
        &|request| request["bundle"]["capturedAt"] = json!("2026-09-01T03:00:20.482Z"),
        400,
        "bundle.signature",
    )
    .await;
    check(&|request| request["bundle"]["signature"] = json!("00"), 400, "bundle.signature").await;
    check(&|request| request["hmacKey"] = json!("qe_whsec_UNKNOWN"), 400, "hmacKey").await;
    check(
        &|request| {
            request.as_object_mut().unwrap().remove("hmacKey");
        },
        200,
        "",
    )
    .await;
    assert_eq!(bench.server.captures().unwrap().len(), 1);
}

#[tokio::test]
async fn every_wrong_member_is_named() {
    let bench = Bench::start(Settings::default()).await;
    let check = async |member: &str, value: Value, field: &str| {
        let mut wrong = bundle(&RgbImage::new(8, 8));
        let (object, key) = match member.split_once('.') {
            Some((outer, inner)) => (&mut wrong[outer], inner),
            None => (&mut wrong, member),
        };
        object[key] = value;
        let got = bench.capture(wrong, DEVICE_SECRET).await;
        assert_eq!(got.status, 400, "{member}: {}", got.body);
        assert!(got.body["details"]["fieldErrors"][field].is_array(), "{member}: {}", got.body);
    };
    check("version", json!("2.0"), "bundle.version").await;
    check("sdkVersion", json!("loket"), "bundle.sdkVersion").await;
    check("platform", json!("desktop"), "bundle.platform").await;
    check("capturedAt", json!("01-09-2026"), "bundle.capturedAt").await;
    check("capturedAt", json!("2099-01-01T00:00:00Z"), "bundle.capturedAt").await;
    check("frames", json!([]), "bundle.frames").await;
    check("frames", json!(["aGVsbG8="]), "bundle.frames").await;
    check("frames", json!(["/9j/4AAQ"]), "bundle.frames").await;
    check("flashSamples", json!([{"tMs": 1, "meanR": 1, "meanG": 1, "meanB": 1}]), "bundle.flashSamples")
        .await;
    check("surprise", json!(1), "bundle.surprise").await;
    check("ocrFields.nik", json!("123"), "bundle.ocrFields.nik").await;
    check("ocrFields.rtRw", json!("1/2"), "bundle.ocrFields.rtRw").await;
    check("ocrFields.gender", json!("female"), "bundle.ocrFields.gender").await;
    check("ocrFields.dateOfBirth", json!("12-07-1990"), "bundle.ocrFields.dateOfBirth").await;
    check("ocrFields.religion", json!("JEDI"), "bundle.ocrFields.religion").await;
    check("ocrFields.nationality", json!("IDN"), "bundle.ocrFields.nationality").await;
    check("ocrFields.province", json!("DKI JAKARTA"), "bundle.ocrFields.province").await;
    check("ocrConfidence.nik", json!(1.5), "bundle.ocrConfidence.nik").await;
    assert!(bench.server.captures().unwrap().is_empty());
}

#[tokio::test]
async fn too_much_is_413() {
    let bench = Bench::start(Settings::default()).await;
    let mut large = bundle(&RgbImage::new(8, 8));
    large["frames"] = json!([format!("/9j/{}", "A".repeat(12_000_000))]);
    assert_eq!(bench.capture(large.clone(), DEVICE_SECRET).await.status, 413);
    large["frames"] = json!([format!("/9j/{}", "A".repeat(17_000_000))]);
    assert_eq!(bench.capture(large, DEVICE_SECRET).await.status, 413);
}

#[tokio::test]
async fn flash_and_serial_rules_can_be_tightened() {
    let settings = Settings { flash_required: true, allow_test_serial: false, ..Settings::default() };
    let bench = Bench::start(settings).await;
    let got = bench.capture(bundle(&card()), DEVICE_SECRET).await;
    assert_eq!(voter(&got.body, "nik_consistency")["reason"], "NIK serial is never issued");
    assert_eq!(got.body["ktpBundle"]["verdict"], "requires_review");
    let settings = Settings { flash_required: true, ..Settings::default() };
    bench.server.set_settings(settings);
    let got = bench.capture(bundle(&card()), DEVICE_SECRET).await;
    assert_eq!(got.body["ktpBundle"]["assuranceTier"], "low");
}
