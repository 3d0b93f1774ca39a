//! From a callback, or from silence, to a kiosk's result.

use std::time::Duration;

use backend::flow::FlowKind;
use backend::rehearsal::Platform;
use backend::verdict::{Judgement, Status};
use gateway::onekyc::ContactKind;
use uuid::Uuid;

use crate::common::{
    Backend, CALLBACK_KEY, Database, endpoint, flow, http, judged, passed, platform, told, verified,
};
use crate::on_both;

on_both! {
    a_callback_becomes_one_result,
    a_kiosk_that_waits_at_one_replica_hears_what_another_received,
    a_callback_is_not_believed,
}

async fn a_callback_becomes_one_result(database: Database) {
    let platform = platform().await;
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let request = flow(FlowKind::KtpScan);
    let session = request.correlation_id;
    kiosk.begin_flow(&request).await.unwrap();
    assert!(kiosk.results(0, 0).await.unwrap().results.is_empty());
    let rejected = judged(session, Status::Completed, Some(Judgement::Invalid));
    platform.judge("sub-1", rejected.clone());
    for _ in 0..3 {
        assert_eq!(backend.callback("sub-1", &rejected).await, 200);
    }
    let results = kiosk.results(0, 20).await.unwrap().results;
    assert_eq!(results.len(), 1);
    let expected = ("sub-1".to_owned(), Status::Completed, Some(Judgement::Invalid));
    assert_eq!(told(&results[0].content), expected);
    // A late echo of an earlier state changes nothing.
    let earlier = judged(session, Status::InProgress, None);
    assert_eq!(backend.callback("sub-1", &earlier).await, 200);
    // The person tries again in the same session.
    platform.judge("sub-2", passed(session));
    assert_eq!(backend.callback("sub-2", &passed(session)).await, 200);
    let results = kiosk.results(1, 20).await.unwrap().results;
    let expected = ("sub-2".to_owned(), Status::Completed, Some(Judgement::Valid));
    assert_eq!(told(&results[0].content), expected);
    assert_eq!(kiosk.results(0, 0).await.unwrap().results.len(), 2);
    backend.stop().await;
}

async fn a_kiosk_that_waits_at_one_replica_hears_what_another_received(database: Database) {
    let platform = platform().await;
    let one = Backend::start(&database, &platform, "").await;
    // The other never looks at the platform itself.
    let two = Backend::start(&database, &platform, "[work]\nlooks_at_once = 0").await;
    let mut kiosk = one.kiosk().await;
    let request = flow(FlowKind::KtpScan);
    kiosk.begin_flow(&request).await.unwrap();
    kiosk.talk_to(&endpoint(&two.base_url));
    platform.judge("sub-1", passed(request.correlation_id));
    let judged = passed(request.correlation_id);
    let (results, answered) = tokio::join!(kiosk.results(0, 20), one.callback("sub-1", &judged));
    assert_eq!(answered, 200);
    assert_eq!(results.unwrap().results.len(), 1);
}

async fn a_callback_is_not_believed(database: Database) {
    let platform = platform().await;
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let request = flow(FlowKind::KtpScan);
    let session = request.correlation_id;
    kiosk.begin_flow(&request).await.unwrap();
    platform.judge("sub-1", judged(session, Status::Completed, Some(Judgement::Invalid)));
    // Says the opposite of what the platform says when asked.
    assert_eq!(backend.callback("sub-1", &passed(session)).await, 200);
    let results = kiosk.results(0, 20).await.unwrap().results;
    assert_eq!(told(&results[0].content).2, Some(Judgement::Invalid));
    // Of a submission the platform does not know.
    assert_eq!(backend.callback("sub-9", &passed(session)).await, 200);
    // Of a session that is not ours.
    let foreign = passed(Uuid::new_v4());
    platform.judge("sub-7", foreign.clone());
    assert_eq!(backend.callback("sub-7", &foreign).await, 200);
    assert!(kiosk.results(1, 1).await.unwrap().results.is_empty());
}

#[tokio::test]
async fn callbacks_must_bring_what_was_agreed_and_be_readable() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let body = Platform::callback("sub-1", &passed(Uuid::new_v4())).to_string();
    let send = async |method: &str, path: &str, key: Option<&str>, body: String| {
        let method = method.parse().unwrap();
        let mut request = http().request(method, format!("{}{path}", backend.base_url)).body(body);
        if let Some(key) = key {
            request = request.header("X-Callback-Key", key);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let (coe, esign) = ("/coe/submissions-callback", "/esign/submissions-callback");
    assert_eq!(send("POST", coe, Some(CALLBACK_KEY), body.clone()).await, 200);
    assert_eq!(send("POST", coe, Some("wrong"), body.clone()).await, 401);
    assert_eq!(send("POST", coe, None, body.clone()).await, 401);
    assert_eq!(send("PUT", coe, Some(CALLBACK_KEY), body.clone()).await, 405);
    for method in ["POST", "PUT", "PATCH"] {
        assert_eq!(send(method, esign, Some(CALLBACK_KEY), body.clone()).await, 200, "{method}");
    }
    for unreadable in ["", "[]", "{}", "{\"submissionId\":7}", "\u{0}"] {
        assert_eq!(send("POST", coe, Some(CALLBACK_KEY), unreadable.to_owned()).await, 400, "{unreadable}");
    }
    let metrics = http().get(format!("{}/metrics", backend.base_url)).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    assert!(
        metrics.contains("loket_backend_hints_total{source=\"callback\",outcome=\"kept\"} 1"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_callback_that_names_only_the_submission_finds_its_flow() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let request = flow(FlowKind::KtpScan);
    kiosk.begin_flow(&request).await.unwrap();
    platform.judge("sub-1", judged(request.correlation_id, Status::Error, None));
    let body = r#"{"submissionId":"sub-1","status":"ERROR","reasonCode":"VERIFICATION_FAILED"}"#;
    let send = http().post(format!("{}/coe/submissions-callback", backend.base_url));
    let sent = send.header("x-callback-key", CALLBACK_KEY).body(body).send().await.unwrap();
    assert_eq!(sent.status(), 200);
    let results = kiosk.results(0, 20).await.unwrap().results;
    assert_eq!(told(&results[0].content), ("sub-1".to_owned(), Status::Error, None));
}

#[tokio::test]
async fn identity_verification_tells_of_the_certificate_that_is_still_to_come() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let mut request = flow(FlowKind::StandaloneIdentityVerification);
    request.contact = Some(verified(ContactKind::Email, "contoh@example.test"));
    let session = request.correlation_id;
    kiosk.begin_flow(&request).await.unwrap();
    for (after, status) in [(0, Status::PartiallyCompleted), (1, Status::Completed)] {
        let judged = judged(session, status, Some(Judgement::Valid));
        platform.judge("sub-1", judged.clone());
        let put = http().put(format!("{}/esign/submissions-callback", backend.base_url));
        let body = Platform::callback("sub-1", &judged).to_string();
        let sent = put.header("x-callback-key", CALLBACK_KEY).body(body).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        let results = kiosk.results(after, 20).await.unwrap().results;
        assert_eq!(told(&results[0].content), ("sub-1".to_owned(), status, Some(Judgement::Valid)));
    }
}

#[tokio::test]
async fn callbacks_from_elsewhere_are_refused() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let config = database
        .config(&platform, ([127, 0, 0, 1], 0).into(), "")
        .replace("[onekyc.callbacks]\n", "[onekyc.callbacks]\nallowed_ips = [\"192.0.2.0/24\"]\n");
    let config = format!("trusted_proxies = [\"127.0.0.1/32\"]\n{config}");
    let config: backend::config::Config = toml::from_str(&config).unwrap();
    let listener = backend::app::bind(config.listen).await.unwrap();
    let url = format!("http://{}/coe/submissions-callback", listener.local_addr().unwrap());
    let app = backend::app::App::open(config).await.unwrap();
    let serving = tokio::spawn(backend::app::serve(app, listener, std::future::pending()));
    let body = Platform::callback("sub-1", &passed(Uuid::new_v4())).to_string();
    let send = async |forwarded: &str| {
        let request = http().post(&url).header("x-callback-key", CALLBACK_KEY);
        let request = request.header("x-forwarded-for", forwarded).body(body.clone());
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(send("192.0.2.7").await, 200);
    assert_eq!(send("198.51.100.7").await, 403);
    // What the caller itself wrote in front does not count.
    assert_eq!(send("192.0.2.7, 198.51.100.7").await, 403);
    serving.abort();
}

#[tokio::test]
async fn silence_is_followed_by_asking() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "[work]\nfirst_look_seconds = 0").await;
    let kiosk = backend.kiosk().await;
    let request = flow(FlowKind::KtpScan);
    platform.judge("sub-1", passed(request.correlation_id));
    kiosk.begin_flow(&request).await.unwrap();
    let results = kiosk.results(0, 20).await.unwrap().results;
    assert_eq!(told(&results[0].content).0, "sub-1");
}

#[tokio::test]
async fn a_kiosk_may_say_that_it_uploaded() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let (kiosk, other) = (backend.kiosk().await, backend.kiosk().await);
    let request = flow(FlowKind::KtpScan);
    let session = request.correlation_id;
    kiosk.begin_flow(&request).await.unwrap();
    platform.judge("sub-1", judged(session, Status::InProgress, None));
    other.uploaded(session, "sub-1").await.unwrap_err();
    kiosk.uploaded(session, "sub-1").await.unwrap();
    while platform.reads() == 0 {
        tokio::task::yield_now().await;
    }
    platform.judge("sub-1", passed(session));
    let results = kiosk.results(0, 20).await.unwrap().results;
    assert_eq!(told(&results[0].content).1, Status::Completed);
}

#[tokio::test]
async fn a_platform_that_fails_is_asked_again() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let request = flow(FlowKind::KtpScan);
    kiosk.begin_flow(&request).await.unwrap();
    platform.judge("sub-1", passed(request.correlation_id));
    platform.fail_next(&[500, 503]);
    assert_eq!(backend.callback("sub-1", &passed(request.correlation_id)).await, 200);
    assert_eq!(kiosk.results(0, 25).await.unwrap().results.len(), 1);
}

#[tokio::test]
async fn stopping_answers_those_who_wait() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let base_url = backend.base_url.clone();
    let waiting = tokio::spawn(async move { kiosk.results(0, 25).await });
    let app = std::sync::Arc::clone(&backend.app);
    while app.metrics.waiting.get() == 0 {
        tokio::task::yield_now().await;
    }
    let stopped = tokio::time::timeout(Duration::from_secs(15), backend.stop()).await;
    stopped.expect("it does not wait for the kiosk's patience to end");
    assert!(waiting.await.unwrap().unwrap().results.is_empty());
    assert!(http().get(format!("{base_url}/readyz")).send().await.is_err());
}
