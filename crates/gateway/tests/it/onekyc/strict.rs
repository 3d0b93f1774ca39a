//! The simulator is strict: it refuses what the contract refuses, so that what passes here has shown something.

use gateway::onekyc::{FailureClass, Flow, LaunchOptions};
use reqwest::Method;
use serde_json::{Value, json};
use simulator::onekyc::Behaviour;

use super::bench::{Bench, card, run};
use crate::rows::rows;

/// A hand-made request; answers status, code and cause.
async fn ask(
    url: String,
    method: Method,
    headers: &[(&str, &str)],
    body: Option<Value>,
) -> (u16, String, String) {
    let mut request = reqwest::Client::builder().no_proxy().build().unwrap().request(method, url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    let entry = &body["errors"][0];
    let code = entry["code"].as_str().map_or_else(|| entry["code"].to_string(), str::to_owned);
    (status, code, entry["cause"].as_str().unwrap_or_default().to_owned())
}

/// The headers of a good request to start a flow, without the one named.
async fn initiate_without(row: &str, without: &str, expected: (u16, &str, &str)) {
    let bench = Bench::start(Behaviour::default()).await;
    let account = bench.server.onekyc.account().clone();
    let token = bench.direct.partner_token(gateway::onekyc::Family::Coe).await.unwrap();
    let token = secrecy::ExposeSecret::expose_secret(&token.value).to_owned();
    let all = [
        ("x-onekyc-token", token.as_str()),
        ("x-onboarding-partner", account.onboarding_partner.as_str()),
        ("x-partner-user-id", "u-0001"),
        ("x-partner-user-id-type", "KIOSK"),
        ("x-partner-session-id", "0b6f6b1c-0000-4000-8000-0000000000b1"),
    ];
    let headers: Vec<_> = all.into_iter().filter(|(name, _)| *name != without).collect();
    let url = format!("{}/coe-partner/v1/initiate-flow", bench.server.onekyc.base_url);
    let got = ask(url, Method::POST, &headers, Some(json!({"flow": "KTP_SCAN", "source": "SDK"}))).await;
    assert_eq!((got.0, got.1.as_str(), got.2.as_str()), expected, "{row}");
}

rows! { initiate_without;
    a2_needs_a_token => "A.2 header x-onekyc-token", "x-onekyc-token", (401, "110", "UNAUTHORIZED");
    a2_needs_onboarding => "A.2 header x-onboarding-partner", "x-onboarding-partner", (400, "1539", "X_ONBOARDING_PARTNER_CAN_NOT_BE_EMPTY");
    a2_needs_a_user => "A.2 header x-partner-user-id", "x-partner-user-id", (400, "1539", "X_PARTNER_USER_ID_CAN_NOT_BE_EMPTY");
    a2_needs_a_user_type => "A.2 header x-partner-user-id-type", "x-partner-user-id-type", (400, "1539", "X_PARTNER_USER_ID_TYPE_CAN_NOT_BE_EMPTY");
    a2_needs_a_session => "A.2 header x-partner-session-id", "x-partner-session-id", (400, "1539", "X_PARTNER_SESSION_ID_CAN_NOT_BE_EMPTY");
}

/// Bodies that start no flow.
async fn initiate_with(row: &str, body: Value, cause: &str) {
    let bench = Bench::start(Behaviour::default()).await;
    let account = bench.server.onekyc.account().clone();
    let token = bench.direct.partner_token(gateway::onekyc::Family::Coe).await.unwrap();
    let token = secrecy::ExposeSecret::expose_secret(&token.value).to_owned();
    let headers = [
        ("x-onekyc-token", token.as_str()),
        ("x-onboarding-partner", account.onboarding_partner.as_str()),
        ("x-partner-user-id", "u-0001"),
        ("x-partner-user-id-type", "KIOSK"),
        ("x-partner-session-id", "0b6f6b1c-0000-4000-8000-0000000000b1"),
    ];
    let url = format!("{}/coe-partner/v1/initiate-flow", bench.server.onekyc.base_url);
    let got = ask(url, Method::POST, &headers, Some(body)).await;
    assert_eq!((got.0, got.2.as_str()), (400, cause), "{row}");
}

rows! { initiate_with;
    a2_flow_enum => "A.2 flow enum", json!({"flow": "PASSPORT", "source": "SDK"}), "INVALID_FLOW";
    a2_source_enum => "A.2 source enum", json!({"flow": "KTP_SCAN", "source": "DESKTOP"}), "INVALID_SOURCE";
    a2_theme_enum => "A.2 theme enum", json!({"flow": "KTP_SCAN", "source": "SDK", "theme": "PINK"}), "INVALID_THEME";
    a2_locale_enum => "A.2 locale enum", json!({"flow": "KTP_SCAN", "source": "SDK", "additionalDetails": {"userLocale": "id"}}), "INVALID_USER_LOCALE";
    a2_redirects => "A.2 redirects for WEB_SDK", json!({"flow": "KTP_SCAN", "source": "WEB_SDK"}), "REDIRECTION_URL_CAN_NOT_BE_EMPTY";
    a2_flags => "A.2 flags are flags", json!({"flow": "KTP_SCAN", "source": "SDK", "additionalDetails": {"allowQr": "yes"}}), "INVALID_ADDITIONAL_DETAILS";
}

#[tokio::test]
async fn a_users_token_is_for_its_own_run() {
    let bench = Bench::start(Behaviour::default()).await;
    let session = bench.session(Flow::KtpScan);
    let token = bench.client.authenticate(&session).await.unwrap();
    let other = gateway::onekyc::Session::new(run(Flow::KtpScan), Some(token.clone()));
    let failure = bench.client.upload_ticket(&other).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::NotAuthorised);
    let mut other = session.run.clone();
    other.flow = Flow::StandaloneLiveness;
    let other = gateway::onekyc::Session::new(other, Some(token));
    let failure = bench.client.upload_ticket(&other).await.unwrap_err();
    assert_eq!((failure.class, failure.has_cause("INVALID_SUBMISSION_TYPE")), (FailureClass::Invalid, true));
}

#[tokio::test]
async fn wrong_credentials_mint_nothing() {
    let bench = Bench::with(Behaviour::default(), |config| config.pass_key = "wrong".into(), |_| {}).await;
    let failure = bench.direct.initiate(&run(Flow::KtpScan), &LaunchOptions::default()).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::NotAuthenticated);
}

#[tokio::test]
async fn storage_takes_signed_requests_alone() {
    let bench = Bench::start(Behaviour::default()).await;
    let ticket = bench.client.upload_ticket(&bench.session(Flow::KtpScan)).await.unwrap();
    let url = secrecy::ExposeSecret::expose_secret(&ticket.slots[0].url).to_owned();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let put = |url: String| http.put(url).header("content-type", "image/jpeg").body(card());
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    assert_eq!(status(put(url.replace("Signature=", "Signature=0"))).await, 403);
    assert_eq!(status(put(url.replace("Expires=", "Expires=9"))).await, 403);
    assert_eq!(status(http.get(url.clone())).await, 403, "an address is for one method");
    assert_eq!(status(http.delete(url.clone())).await, 405);
    assert_eq!(status(put(url.clone()).header("x-onekyc-token", "t")).await, 400);
    assert_eq!(status(put(url.clone()).header("authorization", "Bearer t")).await, 400);
    assert_eq!(status(http.put(url.clone()).header("content-type", "text/html").body("x")).await, 415);
    assert_eq!(
        status(http.put(url.clone()).header("content-type", "image/png").body(vec![0; 6 << 20])).await,
        400
    );
    assert_eq!(status(put(url.clone())).await, 200);
    bench.server.set_clock_skew_ms(601_000);
    assert_eq!(status(put(url)).await, 403, "ran out");
}
