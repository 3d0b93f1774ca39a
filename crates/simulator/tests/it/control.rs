//! The control API's reading and writing.
//! Invariant: nothing it shows holds a secret or a NIK. Deliberately lacks faults and webhooks; they have their own.

use reqwest::Method;
use serde_json::{Value, json};
use simulator::Settings;

use crate::client::{Bench, DEVICE_SECRET, bundle, card, photocopy};

async fn list(bench: &Bench, what: &str) -> Value {
    let got = bench.control(Method::GET, what, &Value::Null).await;
    assert_eq!(got.status, 200);
    got.body["data"].clone()
}

#[tokio::test]
async fn everything_held_can_be_read_and_forgotten() {
    let bench = Bench::start(Settings::default()).await;
    let challenge = bench.challenge().await;
    let sent = bundle(&card());
    let digest =
        hex::encode(<sha2::Sha256 as sha2::Digest>::digest(serde_json_canonicalizer::to_vec(&sent).unwrap()));
    bench.capture(sent, DEVICE_SECRET).await;
    assert_eq!(list(&bench, "/captures").await[0]["bundleSha256"], digest);
    assert_eq!(list(&bench, "/customers").await[0]["kycLevel"], "standard");
    assert_eq!(list(&bench, "/verifications").await[0]["method"], "ktp_capture");
    assert_eq!(list(&bench, "/challenges").await[0]["nonce"], challenge["nonce"]);
    assert_eq!(list(&bench, "/requests").await.as_array().unwrap().len(), 2);
    for what in
        ["/state", "/captures", "/customers", "/verifications", "/challenges", "/requests", "/settings"]
    {
        let text = bench.control(Method::GET, what, &Value::Null).await.body.to_string();
        for secret in ["3174095207900000", "qe_whsec", "qe_sk"] {
            assert!(!text.contains(secret), "{what}");
        }
    }
    bench.control(Method::POST, "/reset", &Value::Null).await;
    assert_eq!(list(&bench, "/captures").await, json!([]));
    assert_eq!(list(&bench, "/customers").await, json!([]));
}

#[tokio::test]
async fn keys_secrets_and_customers_made_here_work() {
    let bench = Bench::start(Settings::default()).await;
    let key = bench.control(Method::POST, "/keys", &json!({"scopes": ["read"]})).await.body["key"].clone();
    let request = bench.http.get(format!("{}/api/auth/me", bench.server.base_url));
    assert_eq!(request.bearer_auth(key.as_str().unwrap()).send().await.unwrap().status().as_u16(), 200);
    let secret = bench.control(Method::POST, "/device-secrets", &json!({})).await.body["secret"].clone();
    assert_eq!(bench.capture(bundle(&card()), secret.as_str().unwrap()).await.status, 200);
    let made = json!({"id": "cus_chosen", "fullName": "A"});
    assert_eq!(bench.control(Method::POST, "/customers", &made).await.status, 200);
    assert_eq!(bench.control(Method::POST, "/customers", &made).await.status, 409);
    assert_eq!(bench.get("/api/identity/kyc/cus_chosen").await.status, 200);
}

#[tokio::test]
async fn an_analyst_may_override() {
    let bench = Bench::start(Settings::default()).await;
    let got = bench.capture(bundle(&photocopy()), DEVICE_SECRET).await.body;
    let id = got["verification"]["id"].as_str().unwrap();
    let kyc = format!("/api/identity/kyc/{}", bench.customer);
    assert_eq!(bench.get(&kyc).await.body["customer"]["kycLevel"], "none");
    let body = json!({"toStatus": "verified", "actorUserId": "usr_1", "reason": "card re-checked"});
    let path = format!("/verifications/{id}/override");
    assert_eq!(bench.control(Method::POST, &path, &body).await.status, 200);
    let after = bench.get(&kyc).await.body;
    assert_eq!(after["customer"]["kycLevel"], "standard");
    assert_eq!(after["history"][0]["actorUserId"], "usr_1");
    assert_eq!(after["verifications"].as_array().unwrap().len(), 2);
    assert_eq!(bench.control(Method::POST, "/verifications/ver_none/override", &body).await.status, 404);
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let config = simulator::SimulatorConfig { bind: "0.0.0.0:0".parse().unwrap(), ..Default::default() };
    assert!(simulator::start(config).await.is_err());
}
