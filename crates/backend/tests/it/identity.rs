//! Identity Platform behind the backend: forwarded calls, webhooks, tiers.

use hmac::{Hmac, KeyInit as _, Mac as _};
use kiosk::KioskClient;
use kiosk::ResultContent;
use reqwest::Method;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::common::{Backend, Database, WEBHOOK_SECRET, http, platform};

async fn call(kiosk: &KioskClient, method: Method, path: &str, body: Value) -> (u16, Value) {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let request = kiosk.request(method, &format!("/kiosk/v1/identity/{path}"), body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn webhook(backend: &Backend, id: &str, customer: &str, secret: &str) -> u16 {
    let body = json!({"id": id, "event": "customer.kyc_updated", "occurredAt": "2026-09-01T04:00:00.000Z",
        "orgId": "org_0001", "data": {"customerId": customer, "kycLevel": "premium"}})
    .to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
    let request = http().post(format!("{}/identity/webhooks", backend.base_url));
    request.header("x-identity-signature", signature).body(body).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_kiosk_speaks_of_its_own_customers_only() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let (kiosk, other) = (backend.kiosk().await, backend.kiosk().await);
    let (status, made) =
        call(&kiosk, Method::POST, "api/customers", json!({"fullName": "CONTOH NAMA"})).await;
    assert_eq!(status, 201);
    let customer = made["data"]["id"].as_str().unwrap();
    let tier = format!("api/identity/kyc/{customer}");
    let (status, body) = call(&kiosk, Method::GET, &tier, Value::Null).await;
    assert_eq!((status, body["customer"]["kycLevel"].as_str()), (200, Some("none")));
    let (status, body) = call(&other, Method::GET, &tier, Value::Null).await;
    assert_eq!((status, body["code"].as_str()), (404, Some("no_such_customer")));
    let capture = "api/identity/document/ktp/capture";
    let (status, body) = call(&other, Method::POST, capture, json!({"customerId": customer})).await;
    assert_eq!((status, body["code"].as_str()), (404, Some("no_such_customer")));
    let (status, body) = call(&kiosk, Method::POST, "api/identity/nik/dukcapil", json!({})).await;
    assert_eq!((status, body["code"].as_str()), (404, Some("not_forwarded")));
}

#[tokio::test]
async fn a_webhook_leads_to_the_tier_as_it_is_read_again() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let (_, made) = call(&kiosk, Method::POST, "api/customers", json!({"fullName": "CONTOH NAMA"})).await;
    let customer = made["data"]["id"].as_str().unwrap().to_owned();
    // The event says premium; the platform, when asked, says standard.
    platform.set_tier(&customer, "standard");
    assert_eq!(webhook(&backend, "evt_1", &customer, "another secret").await, 401);
    assert_eq!(webhook(&backend, "evt_1", &customer, WEBHOOK_SECRET).await, 200);
    assert_eq!(webhook(&backend, "evt_1", &customer, WEBHOOK_SECRET).await, 200);
    let results = kiosk.results(0, 20).await.unwrap().results;
    let told = ResultContent::Tier { customer_id: customer.clone(), tier: "standard".to_owned() };
    assert_eq!(results.iter().map(|result| &result.content).collect::<Vec<_>>(), [&told]);
    assert_eq!(webhook(&backend, "evt_2", "cus_unknown", WEBHOOK_SECRET).await, 200);
}
