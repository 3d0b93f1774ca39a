//! Misbehaviour on demand.
//! Invariant: after each fault the server's rows tell whether the request took effect. Deliberately lacks clients
//! that recover: those are tested where they live.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::{Endpoint, FaultKind, FaultRule, Settings};

use crate::client::{Bench, DEVICE_SECRET, bundle, card, signed, with_flash};

const CAPTURE: &str = "/api/identity/document/ktp/capture";

async fn send_raw(bench: &Bench, body: &Value) -> Result<u16, reqwest::Error> {
    let request = bench.http.post(format!("{}{CAPTURE}", bench.server.base_url)).json(body);
    Ok(request.bearer_auth(&bench.server.api_key).send().await?.status().as_u16())
}

#[tokio::test]
async fn dropped_answers_leave_the_state_they_promise() {
    let bench = Bench::start(Settings::default()).await;
    let body = signed(&bench.customer, bundle(&card()), DEVICE_SECRET);
    for (kind, stored) in [(FaultKind::DropBefore, 0), (FaultKind::DropAfterCommit, 1)] {
        bench.server.set_faults(vec![FaultRule::times(Endpoint::KtpCapture, kind, 1)], 1);
        assert!(send_raw(&bench, &body).await.is_err());
        assert_eq!(bench.server.captures().unwrap().len(), stored);
    }
    assert_eq!(send_raw(&bench, &body).await.unwrap(), 200);
    let faults: Vec<String> = bench.server.requests().unwrap().into_iter().map(|row| row.faults).collect();
    assert_eq!(faults, ["dropBefore", "dropAfterCommit", ""]);
}

#[tokio::test]
async fn statuses_come_without_effect() {
    let bench = Bench::start(Settings::default()).await;
    let rules = vec![
        FaultRule::times(Endpoint::KtpCapture, FaultKind::Status { code: 503 }, 1),
        FaultRule {
            skip: 1,
            ..FaultRule::times(Endpoint::KtpCapture, FaultKind::TooManyRequests { retry_after_s: 7 }, 1)
        },
    ];
    bench.server.set_faults(rules, 1);
    assert_eq!(bench.capture(bundle(&card()), DEVICE_SECRET).await.status, 503);
    let got = bench.capture(bundle(&card()), DEVICE_SECRET).await;
    assert_eq!((got.status, got.headers["retry-after"].to_str().unwrap()), (429, "7"));
    assert!(bench.server.captures().unwrap().is_empty());
}

#[tokio::test]
async fn a_repeated_request_meets_its_own_consumed_challenge() {
    let bench = Bench::start(Settings::default()).await;
    bench.server.set_faults(
        vec![
            FaultRule::always(Endpoint::KtpCapture, FaultKind::RepeatRequest).on_body("flashChallengeNonce"),
        ],
        1,
    );
    let challenge = bench.challenge().await;
    let lit = with_flash(bundle(&card()), &challenge, 0.15);
    assert_eq!(bench.capture(lit, challenge["hmacSecret"].as_str().unwrap()).await.status, 409);
    assert_eq!(bench.server.captures().unwrap().len(), 1);
    assert_eq!(bench.capture(bundle(&card()), DEVICE_SECRET).await.status, 200);
    assert_eq!(bench.server.captures().unwrap().len(), 2);
}

#[tokio::test]
async fn a_repeated_answer_is_the_one_before() {
    let bench = Bench::start(Settings::default()).await;
    let first = bench.capture(bundle(&card()), DEVICE_SECRET).await.body;
    bench.server.set_faults(vec![FaultRule::times(Endpoint::KtpCapture, FaultKind::RepeatAnswer, 1)], 1);
    let second = bench.capture(bundle(&card()), DEVICE_SECRET).await.body;
    assert_eq!(first["verification"]["id"], second["verification"]["id"]);
    assert_eq!(bench.server.captures().unwrap().len(), 2);
}

#[tokio::test]
async fn rules_are_set_over_http_too() {
    let bench = Bench::start(Settings::default()).await;
    let rules = json!({"seed": 4, "rules": [{"endpoint": "me", "kind": {"status": {"code": 500}}, "count": 1},
                                            {"kind": {"latencyAfter": {"minMs": 1, "maxMs": 2}}}]});
    assert_eq!(bench.control(Method::PUT, "/faults", &rules).await.status, 200);
    assert_eq!(bench.get("/api/auth/me").await.status, 500);
    assert_eq!(bench.get("/api/auth/me").await.status, 200);
    assert_eq!(bench.control(Method::DELETE, "/faults", &json!(null)).await.body["rules"], json!([]));
}
