//! Keys, scopes, envelopes, limits, customers and tiers.
//! Invariant: statuses and texts are the documented ones. Deliberately lacks captures; see `capture`.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Envelope, RateLimits, Settings, generate_api_key};

use crate::client::{Bench, read};

const CHALLENGE: &str = "/api/identity/document/ktp/challenge";

#[tokio::test]
async fn keys_are_demanded_in_the_header_alone() {
    let bench = Bench::start(Settings::default()).await;
    let url = format!("{}/api/identity/kyc/{}", bench.server.base_url, bench.customer);
    let check = async |url: String, bearer: Option<String>, expected: u16| {
        let request = bench.http.get(url);
        let request = match bearer {
            Some(key) => request.bearer_auth(key),
            None => request,
        };
        let got = read(request.send().await.unwrap()).await;
        assert_eq!(got.status, expected);
        if expected == 401 {
            assert_eq!(got.body, json!({"error": "missing or invalid Bearer"}));
        }
        assert!(got.headers.contains_key("x-ratelimit-limit"));
    };
    let key = bench.server.api_key.clone();
    check(url.clone(), None, 401).await;
    check(url.clone(), Some(generate_api_key("sandbox")), 401).await;
    check(url.clone(), Some(generate_api_key("live")), 401).await;
    check(url.clone(), Some(key.to_lowercase()), 401).await;
    check(format!("{url}?api_key={key}"), None, 401).await;
    check(format!("{url}?api_key={key}"), Some(key.clone()), 401).await;
    check(url, Some(key), 200).await;
}

#[tokio::test]
async fn scopes_are_named_when_missing() {
    let bench = Bench::start(Settings::default()).await;
    let key = generate_api_key("sandbox");
    bench.server.add_api_key(&key, &["customers:view"]).unwrap();
    let post = async |path: &str, body: Value| {
        let request =
            bench.http.post(format!("{}{path}", bench.server.base_url)).bearer_auth(&key).json(&body);
        read(request.send().await.unwrap()).await
    };
    let got = post("/api/customers", json!({"fullName": "A"})).await;
    assert_eq!((got.status, got.body), (403, json!({"error": "missing scope: customers:write"})));
    let got = post(CHALLENGE, json!({"customerId": bench.customer})).await;
    assert_eq!((got.status, got.body), (403, json!({"error": "missing scope: verifications:view"})));
}

#[tokio::test]
async fn capability_and_media_type() {
    let bench = Bench::start(Settings { ktp_enabled: false, ..Settings::default() }).await;
    let got = bench.post(CHALLENGE, &json!({"customerId": bench.customer})).await;
    assert_eq!((got.status, got.body), (403, json!({"error": "org capability disabled"})));
    let url = format!("{}{CHALLENGE}", bench.server.base_url);
    let got =
        read(bench.http.post(&url).bearer_auth(&bench.server.api_key).body("{}").send().await.unwrap()).await;
    assert_eq!(got.status, 415);
    let request =
        bench.http.post(&url).bearer_auth(&bench.server.api_key).header("content-type", "application/json");
    assert_eq!(read(request.body("[1]").send().await.unwrap()).await.status, 400);
}

#[tokio::test]
async fn challenges_are_checked_and_complete() {
    let bench = Bench::start(Settings::default()).await;
    let check = async |body: Value, expected: u16, field: &str| {
        let got = bench.post(CHALLENGE, &body).await;
        assert_eq!(got.status, expected, "{body}");
        if !field.is_empty() {
            assert!(got.body["details"]["fieldErrors"][field].is_array(), "{}", got.body);
        }
    };
    let customer = &bench.customer;
    check(json!({}), 400, "customerId").await;
    check(json!({"customerId": customer, "steps": 2}), 400, "steps").await;
    check(json!({"customerId": customer, "steps": 11}), 400, "steps").await;
    check(json!({"customerId": customer, "ttlMs": 14_999}), 400, "ttlMs").await;
    check(json!({"customerId": customer, "ttlMs": 300_001}), 400, "ttlMs").await;
    check(json!({"customerId": customer, "extra": 1}), 400, "extra").await;
    check(json!({"customerId": "cus_unknown"}), 404, "").await;
    let challenge = bench.challenge().await;
    assert_eq!(challenge["purpose"], "ktp");
    assert_eq!(challenge["colors"].as_array().unwrap().len(), 5);
    assert_eq!(challenge["holdMs"].as_array().unwrap().len(), 5);
    assert!(challenge["hmacSecret"].as_str().unwrap().starts_with("qe_whsec_"));
    assert_ne!(bench.challenge().await["nonce"], challenge["nonce"]);
}

#[tokio::test]
async fn the_thirty_first_challenge_of_a_minute_waits() {
    let bench = Bench::start(Settings::default()).await;
    // Early in a minute, so that the window does not turn over under the test.
    let into_minute_ms = bench.server.now().as_millisecond().rem_euclid(60_000);
    bench.server.set_clock_skew_ms(60_000 - into_minute_ms);
    for nth in 1..=30 {
        let got = bench.post(CHALLENGE, &json!({"customerId": bench.customer})).await;
        assert_eq!(got.status, 200);
        assert_eq!(got.headers["x-ratelimit-remaining"], (30 - nth).to_string().as_str());
        assert_eq!(got.headers["x-ratelimit-limit"], "30");
    }
    let got = bench.post(CHALLENGE, &json!({"customerId": bench.customer})).await;
    assert_eq!(got.status, 429);
    assert_eq!(got.body, json!({"error": "rate limit exceeded", "bucket": "ktpChallenge", "limit": 30}));
    let wait_s: u64 = got.headers["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait_s));
    assert_eq!(bench.get(&format!("/api/identity/kyc/{}", bench.customer)).await.status, 200);
    bench.server.set_clock_skew_ms(120_000 - into_minute_ms + 1);
    assert_eq!(bench.post(CHALLENGE, &json!({"customerId": bench.customer})).await.status, 200);
}

#[tokio::test]
async fn customers_are_unique_by_external_id_and_reach_basic_by_nik() {
    let bench = Bench::start(Settings::default()).await;
    let body = json!({"fullName": "Contoh Nama", "nik": "3174095207900000", "externalId": "e-1"});
    let got = bench.post("/api/customers", &body).await;
    assert_eq!(got.status, 201);
    let id = got.body["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(bench.post("/api/customers", &body).await.status, 409);
    assert_eq!(bench.post("/api/customers", &json!({"fullName": ""})).await.status, 400);
    let kyc = bench.get(&format!("/api/identity/kyc/{id}")).await.body;
    assert_eq!((&kyc["customer"]["kycLevel"], &kyc["eligible"]), (&json!("basic"), &json!("basic")));
    assert_eq!(kyc["verifications"][0]["method"], "nik_format");
    assert_eq!(kyc["history"][0]["fromTier"], "none");
    assert_eq!(kyc["history"][0]["actorUserId"], Value::Null);
    let last = kyc["customer"]["kycLastVerifiedAt"].as_str().unwrap();
    let expires = kyc["customer"]["kycExpiresAt"].as_str().unwrap();
    let year = |text: &str| text[..4].parse::<u32>().unwrap();
    assert_eq!(year(expires), year(last) + 1);
    assert_eq!(bench.get("/api/identity/kyc/cus_unknown").await.status, 404);
}

#[tokio::test]
async fn envelopes_and_unknown_customers_as_configured() {
    let settings = Settings { envelope: Envelope::DataOk, auto_customers: true, ..Settings::default() };
    let bench = Bench::start(settings).await;
    let got = bench.get("/api/identity/kyc/cus_from_elsewhere").await;
    assert_eq!(got.status, 200);
    assert_eq!((&got.body["ok"], &got.body["data"]["customer"]["kycLevel"]), (&json!(true), &json!("none")));
    let got = bench.post("/api/customers", &json!({"fullName": "A"})).await;
    assert!(got.body["data"]["id"].is_string());
}

#[tokio::test]
async fn the_date_header_follows_the_servers_clock() {
    let bench = Bench::start(Settings::default()).await;
    let got = bench.control(Method::PUT, "/clock", &json!({"skewMs": 3_600_000})).await;
    assert_eq!(got.status, 200);
    let got = bench.get("/api/auth/me").await;
    assert_eq!(got.status, 200);
    let date = got.headers["date"].to_str().unwrap();
    let skewed = httpdate::parse_http_date(date).unwrap();
    let ahead = skewed.duration_since(std::time::SystemTime::now()).unwrap();
    assert!((3_500..=3_600).contains(&ahead.as_secs()), "{ahead:?}");
}

#[tokio::test]
async fn state_in_a_file_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let config = simulator::SimulatorConfig {
        state: simulator::StateLocation::File(folder.path().join("simulator.sqlite")),
        settings: Settings { rate_limits: RateLimits::unlimited(), ..Settings::default() },
        ..simulator::SimulatorConfig::default()
    };
    let first = simulator::start(config.clone()).await.unwrap();
    let id = first.add_customer("Contoh").unwrap();
    first.shutdown().await.unwrap();
    let second = simulator::start(config).await.unwrap();
    assert_eq!(second.customers().unwrap().first().map(|row| row.id.clone()), Some(id));
    second.shutdown().await.unwrap();
}

#[tokio::test]
async fn what_is_not_played_is_not_found() {
    let bench = Bench::start(Settings::default()).await;
    for path in ["/api/identity/face/match", "/api/identity/nik/dukcapil"] {
        let got = bench.post(path, &json!({})).await;
        assert_eq!((got.status, got.body), (404, json!({"error": "not found"})), "{path}");
    }
}
