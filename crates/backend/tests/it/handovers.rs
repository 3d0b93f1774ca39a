//! From a teller's application over a one-time code to a launch at a kiosk.

use kiosk::{ClientError, KioskClient};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::{Backend, Database, TELLER_KEY, http, passed, platform, told};
use crate::on_both;

on_both! {
    a_code_becomes_a_launch_once_and_its_result_comes_to_that_kiosk,
    a_code_for_one_kiosk_is_good_for_no_other,
}

async fn hand_over(backend: &Backend, key: &str, body: &Value) -> (u16, Value) {
    let request = http().post(format!("{}/partner/v1/handovers", backend.base_url)).bearer_auth(key);
    let answer = request.json(body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn code_for(backend: &Backend, body: &Value) -> String {
    let (status, answer) = hand_over(backend, TELLER_KEY, body).await;
    assert_eq!(status, 201, "{answer}");
    answer["code"].as_str().unwrap().to_owned()
}

async fn redeemed(kiosk: &KioskClient, code: &str) -> Value {
    serde_json::from_str(kiosk.redeem(code).await.unwrap().expose_secret()).unwrap()
}

fn refusal(error: ClientError) -> (u16, String) {
    match error {
        ClientError::Refused(refusal) => (refusal.http, refusal.code),
        ClientError::Unreachable(_) | ClientError::Unreadable => panic!("{error}"),
    }
}

fn scan() -> Value {
    json!({"flow": "KTP_SCAN", "partnerUserId": "u-0001"})
}

async fn a_code_becomes_a_launch_once_and_its_result_comes_to_that_kiosk(database: Database) {
    let platform = platform().await;
    let backend = Backend::start(&database, &platform, "").await;
    let (kiosk, other) = (backend.kiosk().await, backend.kiosk().await);
    let order = json!({"flow": "KTP_SCAN", "partnerUserId": "u-0001", "language": "en", "theme": "LIGHT_MODE",
        "successRedirectionUrl": "https://teller.example.test/ok"});
    let (_, answer) = hand_over(&backend, TELLER_KEY, &order).await;
    let code = answer["code"].as_str().unwrap();
    assert_eq!(answer["link"], format!("loket://launch?code={code}"));
    assert!(platform.initiated().is_empty(), "nothing is begun before a kiosk asks");

    // Typed in by hand.
    let launch = redeemed(&kiosk, &code.to_lowercase().replace('-', " ")).await;
    let (session, body) = platform.initiated().remove(0);
    assert_eq!(body["additionalDetails"]["userLocale"], "en_ID");
    assert_eq!(body["theme"], "LIGHT_MODE");
    assert_eq!(answer["correlationId"], json!(session));
    let token = launch["token"].as_str().unwrap();
    assert_eq!(
        launch,
        json!({"launch": "launchKTPScan", "baseUrl": platform.base_url, "token": token, "correlationId": session,
            "partnerUserId": "u-0001", "language": "en", "theme": "LIGHT_MODE", "successRedirectionUrl": "https://teller.example.test/ok"})
    );
    for again in [&kiosk, &other] {
        let refused = again.redeem(code).await.unwrap_err();
        assert_eq!(refusal(refused), (403, "code_used".to_owned()));
    }
    assert_eq!(platform.initiated().len(), 1);

    platform.judge("sub-1", passed(session));
    assert_eq!(backend.callback("sub-1", &passed(session)).await, 200);
    let results = kiosk.results(0, 20).await.unwrap().results;
    assert_eq!(told(&results[0].content).0, "sub-1");
    assert!(other.results(0, 0).await.unwrap().results.is_empty());
}

async fn a_code_for_one_kiosk_is_good_for_no_other(database: Database) {
    let platform = platform().await;
    let backend = Backend::start(&database, &platform, "").await;
    let (kiosk, other) = (backend.kiosk().await, backend.kiosk().await);
    let mut order = scan();
    order["kiosk"] = json!(kiosk.id());
    let code = code_for(&backend, &order).await;
    let foreign = (403, "code_of_another_kiosk".to_owned());
    assert_eq!(refusal(other.redeem(&code).await.unwrap_err()), foreign);
    assert_eq!(redeemed(&kiosk, &code).await["launch"], "launchKTPScan");
    assert_eq!(
        refusal(other.redeem(&code).await.unwrap_err()),
        foreign,
        "nor does it learn that it is spent"
    );

    // Both are called "counter 1".
    order["kiosk"] = json!("counter 1");
    assert_eq!(hand_over(&backend, TELLER_KEY, &order).await.0, 409);
    assert!(backend.app.store.revoke(other.id(), 1).await.unwrap());
    redeemed(&kiosk, &code_for(&backend, &order).await).await;
    for absent in [json!("counter 2"), json!(Uuid::new_v4())] {
        order["kiosk"] = absent;
        let (status, answer) = hand_over(&backend, TELLER_KEY, &order).await;
        assert_eq!((status, &answer["code"]), (404, &json!("no_such_kiosk")));
    }
}

#[tokio::test]
async fn a_code_lapses() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "code_seconds = 0").await;
    let kiosk = backend.kiosk().await;
    let code = code_for(&backend, &scan()).await;
    assert_eq!(refusal(kiosk.redeem(&code).await.unwrap_err()), (403, "code_expired".to_owned()));
    let unknown = kiosk.redeem("0000-0000-0000-0000").await.unwrap_err();
    assert_eq!(refusal(unknown), (403, "unknown_code".to_owned()));
    let hour_later_ms = backend.app.now_ms() + 3_700_000;
    backend.app.store.sweep(hour_later_ms, 0).await.unwrap();
    assert_eq!(refusal(kiosk.redeem(&code).await.unwrap_err()), (403, "unknown_code".to_owned()));
}

#[tokio::test]
async fn a_code_survives_a_platform_that_is_away() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let code = code_for(&backend, &scan()).await;
    platform.fail_next(&[503; 20]);
    assert_eq!(refusal(kiosk.redeem(&code).await.unwrap_err()), (502, "partner_unavailable".to_owned()));
    platform.fail_next(&[]);
    assert_eq!(redeemed(&kiosk, &code).await["launch"], "launchKTPScan");
}

#[tokio::test]
async fn a_contact_travels_to_the_platform_and_lies_nowhere() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let mut order = json!({"flow": "STANDALONE_IDENTITY_VERIFICATION", "partnerUserId": "u-0001"});
    let (status, answer) = hand_over(&backend, TELLER_KEY, &order).await;
    assert_eq!((status, &answer["code"]), (400, &json!("contact_needed")));
    order["contact"] = json!({"phoneNumber": "6280000000000", "verificationReferenceId": "otp-0001"});
    let code = code_for(&backend, &order).await;
    let mut rows = Vec::new();
    for file in std::fs::read_dir(database.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("backend.sqlite")) {
            rows.extend(std::fs::read(path).unwrap());
        }
    }
    assert!(rows.windows(9).any(|part| part == b"handovers"), "these are the database's files");
    assert!(!rows.windows(13).any(|part| part == b"6280000000000"));
    assert!(!rows.windows(code.len()).any(|part| part == code.as_bytes()));
    assert_eq!(redeemed(&kiosk, &code).await["launch"], "launchIdentityVerification");
    assert_eq!(platform.initiated()[0].1["additionalDetails"]["phoneNumber"], "6280000000000");
}

#[tokio::test]
async fn only_the_partners_own_systems_hand_over_and_only_what_a_kiosk_plays() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    assert_eq!(hand_over(&backend, "another-key", &scan()).await.0, 401);
    let refused = async |change: Value, status: u16, code: &str| {
        let mut order = scan();
        for (name, value) in change.as_object().unwrap() {
            order[name] = value.clone();
        }
        let (found, answer) = hand_over(&backend, TELLER_KEY, &order).await;
        assert_eq!((found, &answer["code"]), (status, &json!(code)), "{change}");
    };
    refused(json!({"flow": "KYC_LITE"}), 404, "flow_not_offered").await;
    refused(json!({"flow": "KTP_SCANNING"}), 400, "malformed").await;
    refused(json!({"partnerUserId": "a b"}), 400, "malformed").await;
    refused(json!({"theme": "../secret"}), 400, "malformed").await;
    refused(json!({"failureRedirectionUrl": "http://teller.example.test/"}), 400, "malformed").await;
    refused(json!({"token": "x"}), 400, "malformed").await;
    refused(json!({"contact": {"phoneNumber": "08", "verificationReferenceId": "o"}}), 400, "malformed")
        .await;
}
