//! Beginning flows, and the partner token behind it.

use backend::flow::FlowKind;
use backend::rehearsal::{Platform, PlatformConfig};
use gateway::onekyc::ContactKind;
use kiosk::ClientError;
use secrecy::ExposeSecret as _;
use serde_json::json;
use tokio::task::JoinSet;

use crate::common::{Backend, CALLBACK_KEY, Database, flow, http, passed, platform, verified};

fn code(error: ClientError) -> String {
    match error {
        ClientError::Refused(refusal) => refusal.code,
        ClientError::Unreachable(_) | ClientError::Unreadable => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_kiosk_gets_a_user_token_and_never_the_partners() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let request = flow(FlowKind::KtpScan);
    let answer = kiosk.begin_flow(&request).await.unwrap();
    assert_eq!(answer.correlation_id, request.correlation_id);
    assert_eq!(answer.base_url, platform.base_url);
    assert!(answer.token.expose_secret().starts_with("user."), "the platform's user token");
    assert!(answer.expires_at_ms > jiff::Timestamp::now().as_millisecond());
    let initiated = platform.initiated();
    assert_eq!(initiated[0], (request.correlation_id, json!({"flow": "KTP_SCAN", "source": "SDK"})));
    // The answer got lost: the same request again gives a token for the same session.
    let again = kiosk.begin_flow(&request).await.unwrap();
    assert_ne!(again.token.expose_secret(), answer.token.expose_secret());
    assert_eq!(platform.initiated()[1].0, request.correlation_id);
}

#[tokio::test]
async fn what_is_not_offered_or_not_whole_is_refused_before_the_platform_hears_of_it() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let (kiosk, other) = (backend.kiosk().await, backend.kiosk().await);
    let refused = async |request| code(kiosk.begin_flow(&request).await.unwrap_err());
    assert_eq!(refused(flow(FlowKind::KycLite)).await, "flow_not_offered");
    assert_eq!(refused(flow(FlowKind::StandaloneIdentityVerification)).await, "contact_needed");
    let mut odd = flow(FlowKind::KtpScan);
    odd.user_id = "a b".to_owned();
    assert_eq!(refused(odd).await, "malformed");
    assert!(platform.initiated().is_empty());
    let request = flow(FlowKind::KtpScan);
    other.begin_flow(&request).await.unwrap();
    assert_eq!(refused(request).await, "correlation_id_taken");
}

#[tokio::test]
async fn a_spent_session_of_the_certificate_family_needs_a_new_id() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let mut request = flow(FlowKind::StandaloneIdentityVerification);
    request.contact = Some(verified(ContactKind::Phone, "6280000000000"));
    kiosk.begin_flow(&request).await.unwrap();
    let details = &platform.initiated()[0].1["additionalDetails"];
    assert_eq!(details["dataVerification"]["phoneNumber"]["isVerified"], true);
    assert_eq!(code(kiosk.begin_flow(&request).await.unwrap_err()), "flow_spent");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_partner_token_serves_all_and_a_refused_one_is_replaced_once() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let base_url = backend.base_url.clone();
    let begin_many = async || {
        let mut begun = JoinSet::new();
        for _ in 0..12 {
            let kiosk = backend.kiosk().await;
            begun.spawn(async move { kiosk.begin_flow(&flow(FlowKind::KtpScan)).await.map(|_| ()) });
        }
        begun.join_all().await.into_iter().filter(Result::is_ok).count()
    };
    assert_eq!(begin_many().await, 12);
    assert_eq!(platform.minted(), 1, "one refresh in flight");
    platform.revoke_tokens();
    assert_eq!(begin_many().await, 12);
    assert_eq!(platform.minted(), 2);
    let metrics = http().get(format!("{base_url}/metrics")).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("loket_backend_partner_tokens_minted 2"), "{metrics}");
}

#[tokio::test]
async fn a_platform_that_refuses_twice_is_not_asked_a_third_time() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    // Minting is answered as it should be, initiating never.
    platform.fail_next(&[200, 401, 200, 401]);
    let error = kiosk.begin_flow(&flow(FlowKind::KtpScan)).await.unwrap_err();
    assert_eq!(code(error), "partner_credentials");
    assert_eq!((platform.minted(), platform.initiated().len()), (2, 0));
    kiosk.begin_flow(&flow(FlowKind::KtpScan)).await.unwrap();
}

#[tokio::test]
async fn an_early_refresh_that_fails_leaves_the_old_token_in_use() {
    let database = Database::sqlite();
    // Already due for its early refresh when it is minted: half of two seconds is left after one.
    let config = PlatformConfig { token_life_s: 2, ..PlatformConfig::default() };
    let platform = Platform::start(config).await.unwrap();
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    kiosk.begin_flow(&flow(FlowKind::KtpScan)).await.unwrap();
    let minted = platform.minted();
    platform.fail_next(&[503, 503]);
    let second = kiosk.begin_flow(&flow(FlowKind::KtpScan)).await;
    // Either the token was still young (initiating met the fault) or it was not (minting did); nothing is minted twice.
    assert_eq!(code(second.unwrap_err()), "partner_unavailable");
    assert_eq!(platform.minted(), minted);
    platform.fail_next(&[]);
    kiosk.begin_flow(&flow(FlowKind::KtpScan)).await.unwrap();
}

#[tokio::test]
async fn liveness_is_given_the_card_of_the_last_scan_that_passed() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let reference = async |key: &str| {
        let body =
            json!({"partnerUserId": "u-0001", "partnerUserIdType": "KIOSK_USER_ID", "partnerSessionId": "x"});
        let request = http().post(format!("{}/coe/reference-image", backend.base_url));
        request.header("x-callback-key", key).json(&body).send().await.unwrap()
    };
    assert_eq!(reference(CALLBACK_KEY).await.status(), 404);
    let scan = flow(FlowKind::KtpScan);
    kiosk.begin_flow(&scan).await.unwrap();
    platform.judge("sub-1", passed(scan.correlation_id));
    assert_eq!(backend.callback("sub-1", &passed(scan.correlation_id)).await, 200);
    assert_eq!(kiosk.results(0, 20).await.unwrap().results.len(), 1);

    assert_eq!(reference("wrong").await.status(), 401);
    let body: serde_json::Value = reference(CALLBACK_KEY).await.json().await.unwrap();
    let url = "https://storage.example.test/get/ktp";
    assert_eq!(body, json!({"success": true, "data": {"referenceImageUrl": url}}));
    kiosk.begin_flow(&flow(FlowKind::StandaloneLiveness)).await.unwrap();
    let details = &platform.initiated()[1].1["additionalDetails"];
    assert_eq!(details["referenceImageUrl"], url);
}
