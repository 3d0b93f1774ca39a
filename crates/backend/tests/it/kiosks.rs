//! Enrolment and signed requests, over HTTP.

use backend::flow::FlowKind;
use kiosk::{
    ClientError, KIOSK_HEADER, KioskClient, KioskKey, NONCE_HEADER, SIGNATURE_HEADER, SignedParts,
    TIMESTAMP_HEADER, enrolment_text, request_text,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::{Backend, Database, add_code, endpoint, flow, http, platform};

async fn code_of(answer: reqwest::Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, body["code"].as_str().unwrap_or_default().to_owned())
}

fn refused(error: ClientError) -> (u16, String) {
    match error {
        ClientError::Refused(refusal) => (refusal.http, refusal.code),
        ClientError::Unreachable(_) | ClientError::Unreadable => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_kiosk_enrols_once_with_its_code_and_proves_its_key() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let code = add_code(&backend.app.store, "counter 12").await;
    let (key, _) = KioskKey::generate().unwrap();
    let (stranger, _) = KioskKey::generate().unwrap();
    let present = async |public: &str, proof: &str, code: &str| {
        let body = json!({"code": code, "publicKey": public, "proof": proof});
        let request = http().post(format!("{}/kiosk/v1/enrolment", backend.base_url)).json(&body);
        code_of(request.send().await.unwrap()).await
    };
    let public = key.public_key();
    let by_stranger = stranger.sign(&enrolment_text(&code, &public));
    assert_eq!(present(&public, &by_stranger, &code).await, (403, "bad_proof".to_owned()));
    assert_eq!(present("AAAA", &by_stranger, &code).await, (400, "malformed".to_owned()));
    let proof = key.sign(&enrolment_text("0000-0000-0000-0000", &public));
    assert_eq!(present(&public, &proof, "0000-0000-0000-0000").await, (403, "unknown_code".to_owned()));

    let client = KioskClient::enrol(http(), &endpoint(&backend.base_url), key, &code).await.unwrap().0;
    assert_eq!(backend.app.store.kiosks().await.unwrap()[0].id, client.id());
    let second = KioskClient::enrol(http(), &endpoint(&backend.base_url), stranger, &code).await;
    assert_eq!(refused(second.err().unwrap()), (403, "code_used".to_owned()));
}

#[tokio::test]
async fn only_fresh_unaltered_requests_of_known_kiosks_pass() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let send = async |request: reqwest::Request| code_of(http().execute(request).await.unwrap()).await;
    let path = "/kiosk/v1/results?after=0";
    let fresh = || kiosk.request(Method::GET, path, Vec::new()).build().unwrap();

    let request = fresh();
    let again = request.try_clone().unwrap();
    assert_eq!(send(request).await.0, 200);
    assert_eq!(send(again).await, (401, "replayed".to_owned()));

    let mut other_path = fresh();
    other_path.url_mut().set_query(Some("after=1"));
    assert_eq!(send(other_path).await, (401, "bad_signature".to_owned()));

    let mut other_body = fresh();
    *other_body.body_mut() = Some("{}".into());
    assert_eq!(send(other_body).await, (401, "bad_signature".to_owned()));

    let mut other_time = fresh();
    let now_ms = jiff::Timestamp::now().as_millisecond();
    other_time.headers_mut().insert(TIMESTAMP_HEADER, (now_ms - 121_000).into());
    assert_eq!(send(other_time).await, (401, "clock".to_owned()));

    let mut other_nonce = fresh();
    other_nonce.headers_mut().insert(NONCE_HEADER, Uuid::new_v4().to_string().parse().unwrap());
    assert_eq!(send(other_nonce).await, (401, "bad_signature".to_owned()));

    let mut stranger = fresh();
    stranger.headers_mut().insert(KIOSK_HEADER, Uuid::new_v4().to_string().parse().unwrap());
    assert_eq!(send(stranger).await, (401, "unknown_kiosk".to_owned()));

    let mut unsigned = fresh();
    unsigned.headers_mut().remove(SIGNATURE_HEADER);
    assert_eq!(send(unsigned).await, (401, "unsigned".to_owned()));
    // Nothing of all that spent a nonce or shut the kiosk out.
    assert_eq!(send(fresh()).await.0, 200);
}

#[tokio::test]
async fn a_refused_signature_does_not_spend_the_nonce_of_the_real_request() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let real = kiosk.request(Method::GET, "/kiosk/v1/results", Vec::new()).build().unwrap();
    let mut forged = real.try_clone().unwrap();
    let (other, _) = KioskKey::generate().unwrap();
    let text = request_text(&SignedParts {
        method: "GET",
        path_and_query: "/kiosk/v1/results",
        body: b"",
        kiosk: kiosk.id(),
        timestamp_ms: 0,
        nonce: Uuid::nil(),
    });
    forged.headers_mut().insert(SIGNATURE_HEADER, other.sign(&text).parse().unwrap());
    assert_eq!(http().execute(forged).await.unwrap().status(), 401);
    assert_eq!(http().execute(real).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_revoked_kiosk_is_shut_out_at_once() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    kiosk.begin_flow(&flow(FlowKind::KtpScan)).await.unwrap();
    // As the command line does it: another process, the same rows.
    let beside = database.open().await;
    assert!(beside.revoke(kiosk.id(), 1).await.unwrap());
    let error = kiosk.begin_flow(&flow(FlowKind::KtpScan)).await.unwrap_err();
    assert_eq!(refused(error), (403, "kiosk_revoked".to_owned()));
    assert_eq!(platform.initiated().len(), 1);
}
