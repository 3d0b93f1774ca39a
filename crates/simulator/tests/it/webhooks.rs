//! Signed webhook deliveries, received by a real HTTP server.
//! Invariant: signatures are checked here over the raw bytes. Deliberately lacks the product's own receiver.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;
use simulator::Settings;
use tokio::sync::mpsc;

use crate::client::{Bench, DEVICE_SECRET, bundle, card, photocopy};

const SECRET: &str = "whsec_EXAMPLEONLY";

struct Delivered {
    headers: HeaderMap,
    body: Bytes,
}

impl Delivered {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn signature_holds(&self, header: &str) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(&self.body);
        let expected = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        self.headers.get(header).is_some_and(|value| *value == expected)
    }
}

/// A receiver that refuses the first `refusals` deliveries.
async fn receiver(refusals: u32) -> (String, mpsc::UnboundedReceiver<Delivered>) {
    let (sender, received) = mpsc::unbounded_channel();
    let left = Arc::new(AtomicU32::new(refusals));
    let handler = move |headers: HeaderMap, body: Bytes| async move {
        sender.send(Delivered { headers, body }).unwrap();
        let refuse =
            left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        if refuse { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", post(handler))).await });
    (url, received)
}

async fn next(received: &mut mpsc::UnboundedReceiver<Delivered>) -> Delivered {
    tokio::time::timeout(Duration::from_secs(30), received.recv()).await.unwrap().unwrap()
}

async fn register(bench: &Bench, url: &str, headers: &str, signature: &str) -> String {
    let body = json!({"url": url, "secret": SECRET, "headers": headers, "signature": signature});
    bench.control(Method::POST, "/webhooks", &body).await.body["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn events_of_a_capture_are_signed_and_in_order() {
    let bench = Bench::start(Settings::default()).await;
    let (url, mut received) = receiver(0).await;
    register(&bench, &url, "both", "valid").await;
    let answer = bench.capture(bundle(&card()), DEVICE_SECRET).await.body;
    let created = next(&mut received).await;
    assert_eq!(created.json()["event"], "verification.created");
    assert_eq!(created.json()["data"]["verificationId"], answer["verification"]["id"]);
    assert!(
        created.signature_holds("x-identity-signature") && created.signature_holds("x-quantum-signature")
    );
    assert_eq!(created.headers["x-quantum-attempt"], "1");
    assert_eq!(created.headers["user-agent"], "quantum-elixir/webhook");
    let updated = next(&mut received).await.json();
    assert_eq!(
        (&updated["event"], &updated["data"]["kycLevel"]),
        (&json!("customer.kyc_updated"), &json!("standard"))
    );
}

#[tokio::test]
async fn a_refused_delivery_comes_again_with_the_same_bytes() {
    let bench = Bench::start(Settings::default()).await;
    let (url, mut received) = receiver(2).await;
    let id = register(&bench, &url, "quantum", "valid").await;
    let got = bench.post(&format!("/webhooks/{id}/test"), &json!({})).await;
    assert_eq!(got.status, 202);
    let tries = [next(&mut received).await, next(&mut received).await, next(&mut received).await];
    assert!(tries.iter().all(|one| one.body == tries[0].body));
    let attempts: Vec<&str> =
        tries.iter().map(|one| one.headers["x-quantum-attempt"].to_str().unwrap()).collect();
    assert_eq!(attempts, ["1", "2", "3"]);
    assert!(!tries[0].headers.contains_key("x-identity-signature"));
    assert_eq!(bench.post("/webhooks/whk_none/test", &json!({})).await.status, 404);
}

#[tokio::test]
async fn wrong_signatures_and_replays_on_demand() {
    let bench = Bench::start(Settings::default()).await;
    let (url, mut received) = receiver(0).await;
    for (style, length) in [("short", 7 + 32), ("wrongKey", 7 + 64)] {
        let id = register(&bench, &url, "identity", style).await;
        bench.post(&format!("/webhooks/{id}/test"), &json!({})).await;
        let delivered = next(&mut received).await;
        assert!(!delivered.signature_holds("x-identity-signature"));
        assert_eq!(delivered.headers["x-identity-signature"].len(), length);
    }
    let first = &bench.control(Method::GET, "/deliveries", &Value::Null).await.body["data"][0];
    let path = format!("/deliveries/{}/replay", first["id"].as_str().unwrap());
    assert_eq!(bench.control(Method::POST, &path, &Value::Null).await.status, 200);
    assert_eq!(next(&mut received).await.json()["id"], first["eventId"]);
}

#[tokio::test]
async fn overrides_are_announced() {
    let bench = Bench::start(Settings::default()).await;
    let answer = bench.capture(bundle(&photocopy()), DEVICE_SECRET).await.body;
    let (url, mut received) = receiver(0).await;
    register(&bench, &url, "identity", "valid").await;
    let id = answer["verification"]["id"].as_str().unwrap();
    let body = json!({"toStatus": "verified", "actorUserId": "usr_1", "reason": "card re-checked"});
    bench.control(Method::POST, &format!("/verifications/{id}/override"), &body).await;
    let event = next(&mut received).await.json();
    assert_eq!(event["event"], "review.overridden");
    assert_eq!(
        (&event["data"]["fromStatus"], &event["data"]["toStatus"]),
        (&json!("pending"), &json!("verified"))
    );
    assert_eq!(next(&mut received).await.json()["event"], "customer.kyc_updated");
}
