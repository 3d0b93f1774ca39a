//! Faces: what is refused, what verdicts come from what was sent, what a step-up decides and leaves.
//! Invariant: a refused face leaves no row and spends no challenge. Deliberately lacks faults; see `faults`.

use image::{Rgb, RgbImage};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};
use simulator::{FaceSettings, Settings};

use crate::client::{Bench, DEVICE_SECRET, base64_jpeg, bundle, card, read, signed, with_flash};

const CHALLENGE: &str = "/api/identity/face/flash-challenge";
const LIVENESS: &str = "/api/identity/face/liveness";
const STEP_UP: &str = "/api/identity/auth/step-up";

/// An oval of skin's colour before a wall; `shift` moves it, `seed` makes the noise.
fn portrait(shift: i32, seed: u64) -> RgbImage {
    let mut rng = StdRng::seed_from_u64(seed);
    RgbImage::from_fn(320, 320, |x, y| {
        let (dx, dy) = (f64::from(x as i32 - 160 - shift) / 70.0, (f64::from(y) - 160.0) / 95.0);
        let grain = rng.random_range(0..7_u8);
        if dx * dx + dy * dy < 1.0 {
            Rgb([190 + grain, 140 + grain, 112 + grain])
        } else {
            Rgb([70 + grain, 78 + (x / 8) as u8, 90 + grain])
        }
    })
}

/// A bundle of two moments with two gestures seen.
fn face() -> Value {
    json!({
        "version": "1.0", "sdkVersion": "test@0.1.0", "platform": "web",
        "frames": [base64_jpeg(&portrait(0, 1)), base64_jpeg(&portrait(6, 2))],
        "challenges": ["smile", "turn_left"],
        "responses": [{"challenge": "smile", "satisfied": true}, {"challenge": "turn_left", "satisfied": true}],
        "capturedAt": "2026-09-01T03:00:40.125Z", "passiveLivenessScores": [0.96, 0.97, 0.94],
    })
}

async fn challenge(bench: &Bench) -> Value {
    let got = bench.post(CHALLENGE, &json!({"customerId": bench.customer})).await;
    assert_eq!(got.status, 200, "{}", got.body);
    got.body["flashChallenge"].clone()
}

/// A customer whose card was found in order.
async fn with_card(settings: Settings) -> Bench {
    let bench = Bench::start(settings).await;
    let got = bench.capture(bundle(&card()), DEVICE_SECRET).await;
    assert_eq!(got.body["ktpBundle"]["verdict"], "passed", "{}", got.body);
    bench
}

async fn step_up(bench: &Bench, face: Value, secret: &str) -> Value {
    let mut request = signed(&bench.customer, face, secret);
    request["riskLevel"] = json!("high");
    request["trigger"] = json!("kiosk_onboarding");
    request["actionLabel"] = json!("Onboarding at kiosk 12");
    let got = bench.post(STEP_UP, &request).await;
    assert_eq!(got.status, 200, "{}", got.body);
    got.body
}

fn voter<'a>(liveness: &'a Value, name: &str) -> &'a Value {
    let mut voters = liveness["voters"].as_array().unwrap().iter();
    voters.find(|voter| voter["name"] == name).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn a_lit_face_after_its_card_makes_premium() {
    let bench = with_card(Settings::default()).await;
    // Nobody listens there; what is owed is told all the same.
    let hook = json!({"url": "http://127.0.0.1:9/hook", "secret": "whsec_EXAMPLEONLY"});
    bench.control(reqwest::Method::POST, "/webhooks", &hook).await;
    let challenge = challenge(&bench).await;
    assert_eq!(challenge["purpose"], "face");
    let secret = challenge["hmacSecret"].as_str().unwrap();
    let body = step_up(&bench, with_flash(face(), &challenge, 0.12), secret).await;
    assert_eq!(body["allow"], true, "{body}");
    assert_eq!(body["liveness"]["verdict"], "live");
    assert_eq!(body["liveness"]["assuranceTier"], "high", "{body}");
    assert_eq!(body["match"]["verdict"], "match");
    assert_eq!(
        (&body["match"]["threshold"], &body["match"]["modelId"]),
        (&json!(0.55), &json!("simulator-none"))
    );
    assert_eq!(body["verification"]["status"], "verified");
    assert_eq!(body["audit"]["actionLabel"], "Onboarding at kiosk 12");
    let kyc = bench.get(&format!("/api/identity/kyc/{}", bench.customer)).await.body;
    assert_eq!(kyc["customer"]["kycLevel"], "premium");
    let methods: Vec<_> =
        kyc["verifications"].as_array().unwrap().iter().map(|row| row["method"].as_str().unwrap()).collect();
    assert_eq!(methods, ["face_match", "face_liveness", "ktp_capture"]);
    assert_eq!(kyc["verifications"][0]["id"], body["verification"]["id"]);
    assert_eq!(kyc["history"][0]["toTier"], "premium");
    let faces = bench.server.faces().unwrap();
    assert_eq!((faces.len(), faces[0].call.as_str(), faces[0].allowed), (1, "stepUp", Some(true)));
    let mut owed: Vec<_> = bench.server.deliveries().unwrap().into_iter().map(|row| row.event).collect();
    owed.sort();
    assert_eq!(owed, ["customer.kyc_updated", "verification.created", "verification.created"]);
}

#[tokio::test]
async fn verdicts_follow_from_what_was_sent() {
    let bench = Bench::start(Settings::default()).await;
    let check = async |change: &dyn Fn(&mut Value), expected: (&str, &str, &str), failing: &str| {
        let mut changed = face();
        change(&mut changed);
        let got = bench.post(LIVENESS, &signed(&bench.customer, changed, DEVICE_SECRET)).await;
        assert_eq!(got.status, 200, "{}", got.body);
        let (liveness, status) = (&got.body["liveness"], &got.body["verification"]["status"]);
        let found = (&liveness["fused"], &liveness["assuranceTier"], status);
        let (fused, tier, status) = expected;
        assert_eq!(found, (&json!(fused), &json!(tier), &json!(status)), "{}", got.body);
        if !failing.is_empty() {
            assert_eq!(voter(liveness, failing)["passed"], false, "{}", got.body);
        }
    };
    let live = ("live", "standard", "verified");
    let (spoof, unclear) = (("spoof", "low", "failed"), ("unclear", "low", "pending"));
    check(&|_| {}, live, "").await;
    let twice = base64_jpeg(&portrait(0, 1));
    check(&|face| face["frames"] = json!([twice, twice]), spoof, "deepfake").await;
    let other = base64_jpeg(&card());
    check(&|face| face["frames"][1] = json!(other), spoof, "deepfake").await;
    check(&|face| face["passiveLivenessScores"] = json!([0.2, 0.9, 0.1]), spoof, "silent_passive").await;
    let screen = base64_jpeg(&crate::client::screen());
    check(&|face| face["frames"] = json!([screen]), spoof, "silent_passive").await;
    check(&|face| face["responses"][1]["satisfied"] = json!(false), unclear, "challenge_response").await;
    check(&|face| face["challenges"] = json!(["smile"]), unclear, "challenge_response").await;
    let still: Vec<_> =
        (0..300).map(|at| json!({"tMs": at * 33, "meanR": 150, "meanG": 110, "meanB": 90})).collect();
    check(&|face| face["rppgSamples"] = json!(still), live, "rppg").await;
    let attestation = json!({"platform": "android", "token": "x"});
    check(&|face| face["deviceAttestation"] = attestation.clone(), live, "device_attestation").await;
    assert!(bench.server.verifications().unwrap().iter().all(|row| row.method == "face_liveness"));
}

#[tokio::test]
async fn a_flash_that_does_not_answer_is_not_high() {
    let bench = with_card(Settings::default()).await;
    for share in [0.0, -0.2] {
        let challenge = challenge(&bench).await;
        let secret = challenge["hmacSecret"].as_str().unwrap();
        let body = step_up(&bench, with_flash(face(), &challenge, share), secret).await;
        assert_eq!(voter(&body["liveness"], "flash_reflectance")["passed"], false, "{body}");
        assert_eq!((&body["allow"], &body["verification"]["status"]), (&json!(false), &json!("pending")));
    }
}

#[tokio::test]
async fn a_step_up_needs_a_card_that_is_fresh_and_alike() {
    let stranger = Bench::start(Settings::default()).await;
    let body = step_up(&stranger, face(), DEVICE_SECRET).await;
    assert_eq!((&body["allow"], &body["match"]["verdict"]), (&json!(false), &json!("no_reference")));
    assert_eq!(body["match"]["similarity"], Value::Null);
    assert_eq!(body["verification"]["status"], "pending");

    let bench = with_card(Settings::default()).await;
    let with = |face: FaceSettings| bench.server.set_settings(Settings { face, ..Settings::default() });
    let check = async |risk: &str, allow: bool, word: &str| {
        let mut request = signed(&bench.customer, face(), DEVICE_SECRET);
        request["riskLevel"] = json!(risk);
        let body = bench.post(STEP_UP, &request).await.body;
        assert_eq!(
            (&body["allow"], &body["match"]["verdict"]),
            (&json!(allow), &json!(word)),
            "{risk} {body}"
        );
    };
    check("high", true, "match").await;
    with(FaceSettings { similarity: 0.5, ..FaceSettings::default() });
    check("high", false, "no_match").await;
    check("medium", true, "match").await;
    with(FaceSettings { similarity: 0.4, ..FaceSettings::default() });
    check("low", false, "no_match").await;
    with(FaceSettings::default());
    bench.server.set_clock_skew_ms(61 * 60_000);
    check("high", false, "stale_reference").await;
    check("medium", true, "match").await;
}

#[tokio::test]
async fn a_challenge_is_used_once_in_time_for_a_face() {
    let bench = Bench::start(Settings::default()).await;
    let path = [LIVENESS, STEP_UP];
    let lit = async || {
        let challenge = challenge(&bench).await;
        let secret = challenge["hmacSecret"].as_str().unwrap().to_owned();
        signed(&bench.customer, with_flash(face(), &challenge, 0.12), &secret)
    };
    let once = lit().await;
    assert_eq!(bench.post(path[0], &once).await.status, 200);
    for path in path {
        let got = bench.post(path, &once).await;
        assert_eq!((got.status, got.body), (409, json!({"error": "flash challenge already consumed"})));
    }
    let late = lit().await;
    bench.server.set_clock_skew_ms(91_000);
    let got = bench.post(path[1], &late).await;
    assert_eq!((got.status, got.body), (422, json!({"error": "flash challenge expired"})));
    bench.server.set_clock_skew_ms(0);

    // A card's challenge: neither its secret nor its nonce is a face's.
    let cards = bench.challenge().await;
    let secret = cards["hmacSecret"].as_str().unwrap();
    let wrong = with_flash(face(), &cards, 0.12);
    let got = bench.post(LIVENESS, &signed(&bench.customer, wrong.clone(), secret)).await;
    assert!(got.body["details"]["fieldErrors"]["hmacKey"].is_array(), "{}", got.body);
    let got = bench.post(LIVENESS, &signed(&bench.customer, wrong, DEVICE_SECRET)).await;
    let told = &got.body["details"]["fieldErrors"]["bundle.flashChallengeNonce"][0];
    assert_eq!((got.status, told), (400, &json!("flash challenge of another purpose")));
    assert_eq!(bench.server.faces().unwrap().len(), 1);
}

#[tokio::test]
async fn signatures_and_scopes_are_checked() {
    let bench = Bench::start(Settings::default()).await;
    let mut request = signed(&bench.customer, face(), DEVICE_SECRET);
    request["bundle"]["responses"][0]["satisfied"] = json!(false);
    let got = bench.post(LIVENESS, &request).await;
    assert!(got.body["details"]["fieldErrors"]["bundle.signature"].is_array(), "{}", got.body);
    let got = bench.post(STEP_UP, &signed("cus_unknown", face(), DEVICE_SECRET)).await;
    assert_eq!(got.status, 404);
    let key = simulator::generate_api_key("sandbox");
    bench.server.add_api_key(&key, &["customers:view", "customers:write"]).unwrap();
    for path in [CHALLENGE, LIVENESS, STEP_UP] {
        let url = format!("{}{path}", bench.server.base_url);
        let got = read(bench.http.post(url).bearer_auth(&key).json(&json!({})).send().await.unwrap()).await;
        assert_eq!(
            (got.status, got.body),
            (403, json!({"error": "missing scope: verifications:view"})),
            "{path}"
        );
    }
    assert!(bench.server.faces().unwrap().is_empty());
}

#[tokio::test]
async fn every_wrong_member_is_named() {
    let bench = Bench::start(Settings::default()).await;
    let check = async |change: &dyn Fn(&mut Value), field: &str| {
        let mut wrong = face();
        change(&mut wrong);
        let got = bench.post(LIVENESS, &signed(&bench.customer, wrong, DEVICE_SECRET)).await;
        assert_eq!(got.status, 400, "{field}: {}", got.body);
        assert!(got.body["details"]["fieldErrors"][field].is_array(), "{field}: {}", got.body);
    };
    check(&|face| face["version"] = json!("2.0"), "bundle.version").await;
    check(&|face| face["frames"] = json!([]), "bundle.frames").await;
    check(&|face| face["challenges"] = json!([1]), "bundle.challenges").await;
    check(&|face| face["responses"] = json!(["smile"]), "bundle.responses").await;
    check(&|face| face["responses"][0]["satisfied"] = json!("yes"), "bundle.responses.satisfied").await;
    check(&|face| face["passiveLivenessScores"] = json!([1.5]), "bundle.passiveLivenessScores").await;
    let sample = |t_ms: u32, g: f64| json!({"tMs": t_ms, "meanR": 1, "meanG": g, "meanB": 1});
    check(&|face| face["rppgSamples"] = json!([sample(0, 256.0)]), "bundle.rppgSamples.meanG").await;
    check(&|face| face["rppgSamples"] = json!([sample(5, 1.0), sample(5, 1.0)]), "bundle.rppgSamples").await;
    check(&|face| face["deviceAttestation"] = json!({"platform": "ios"}), "bundle.deviceAttestation.token")
        .await;
    check(&|face| face["deviceId"] = json!("d-1"), "bundle.deviceId").await;
    check(&|face| face["ocrFields"] = json!({}), "bundle.ocrFields").await;
    let refused = async |member: &str, value: Value| {
        let mut request = signed(&bench.customer, face(), DEVICE_SECRET);
        request[member] = value;
        let got = bench.post(STEP_UP, &request).await;
        assert!(got.body["details"]["fieldErrors"][member].is_array(), "{member}: {}", got.body);
    };
    refused("riskLevel", json!("extreme")).await;
    refused("trigger", json!("kiosk onboarding")).await;
    refused("surprise", json!(1)).await;
    let mut request = signed(&bench.customer, face(), DEVICE_SECRET);
    request["riskLevel"] = json!("high");
    assert_eq!(bench.post(LIVENESS, &request).await.status, 400, "liveness knows no risk level");
    assert!(bench.server.faces().unwrap().is_empty());
}

#[tokio::test]
async fn settings_can_deny_and_doubt() {
    let bench = with_card(Settings::default()).await;
    let with = |face: FaceSettings| bench.server.set_settings(Settings { face, ..Settings::default() });
    with(FaceSettings { deny: true, ..FaceSettings::default() });
    let body = step_up(&bench, face(), DEVICE_SECRET).await;
    assert_eq!((&body["allow"], &body["verification"]["status"]), (&json!(false), &json!("failed")));
    with(FaceSettings { doubt: true, ..FaceSettings::default() });
    let body = step_up(&bench, face(), DEVICE_SECRET).await;
    assert_eq!((&body["allow"], &body["liveness"]["assuranceTier"]), (&json!(false), &json!("low")));
    assert_eq!(body["verification"]["status"], "pending");
    let state = bench.control(reqwest::Method::GET, "/state", &Value::Null).await.body;
    assert_eq!(state["faces"], 2);
}
