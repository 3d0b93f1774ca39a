//! The calls of a partner's server: tokens are kept, renewed and shared; results are read; both families start.

use gateway::Endpoint;
use gateway::onekyc::{
    DetailsQuery, Direct, DirectConfig, ExitReason, Family, Flow, Launch, LaunchOptions, LaunchSource,
    OneKycError, SubmissionStatus, decode_details,
};
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret as _;
use simulator::FaultKind;
use simulator::onekyc::{Behaviour, Call};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::bench::{Bench, card, run, siv_run};

#[tokio::test]
async fn partner_tokens_are_minted_once_for_many() {
    let bench = Bench::start(Behaviour::default()).await;
    let direct = &bench.direct;
    let asked = (0..8).map(|_| {
        let direct = Arc::clone(direct);
        tokio::spawn(async move {
            direct.partner_token(Family::Coe).await.unwrap().value.expose_secret().to_owned()
        })
    });
    let mut tokens = Vec::new();
    for asked in asked.collect::<Vec<_>>() {
        tokens.push(asked.await.unwrap());
    }
    tokens.dedup();
    assert_eq!((tokens.len(), bench.asked(Call::PartnerToken)), (1, 1));
    direct.partner_token(Family::Esign).await.unwrap();
    assert_eq!(bench.asked(Call::EsignPartnerToken), 1, "each family has its own");
}

/// A client whose clock is ours.
struct Aged {
    bench: Bench,
    direct: Direct,
    passed_s: Arc<AtomicI64>,
}

impl Aged {
    async fn start(life_s: i64) -> Self {
        let bench = Bench::start(Behaviour { partner_token_s: life_s, ..Behaviour::default() }).await;
        let account = bench.server.onekyc.account().clone();
        let [base, host] = [&bench.server.onekyc.base_url, &bench.server.onekyc.token_url]
            .map(|url| Endpoint::parse(url).unwrap());
        let config = DirectConfig::new(host, base, account.client_id.into(), account.pass_key.into());
        let passed_s = Arc::new(AtomicI64::new(0));
        let clock = {
            let passed_s = Arc::clone(&passed_s);
            move || Timestamp::now() + SignedDuration::from_secs(passed_s.load(Ordering::Relaxed))
        };
        let direct = Direct::local_only(config, Arc::new(clock), Arc::new(|| 0.0)).unwrap();
        Self { bench, direct, passed_s }
    }

    /// The token so many seconds after the beginning.
    async fn at(&self, second: i64) -> Option<String> {
        self.passed_s.store(second, Ordering::Relaxed);
        let token = self.direct.partner_token(Family::Coe).await.ok()?;
        Some(token.value.expose_secret().to_owned())
    }
}

#[tokio::test]
async fn a_token_about_to_end_is_renewed() {
    // Five minutes before its end; a short one in the middle of its life.
    for (life_s, young, old) in [(3600, 3290, 3310), (240, 110, 130)] {
        let aged = Aged::start(life_s).await;
        let first = aged.at(0).await;
        assert_eq!(aged.at(young).await, first);
        assert_ne!(aged.at(old).await, first);
        assert_eq!(aged.direct.minted(), 2);
    }
}

#[tokio::test]
async fn an_early_renewal_that_fails_leaves_the_old_token_in_use() {
    let aged = Aged::start(3600).await;
    let first = aged.at(0).await;
    aged.bench.fault(Call::PartnerToken, FaultKind::Status { code: 503 });
    assert_eq!(aged.at(3310).await, first);
    assert_eq!(aged.at(3601).await, None, "its end is its end");
}

#[tokio::test]
async fn results_are_read_by_either_name() {
    let bench = Bench::start(Behaviour::default()).await;
    let ending = bench.scan(&card()).await.unwrap();
    let query = |session: Option<String>, id: Option<String>| DetailsQuery {
        family: Family::Coe,
        partner_session_id: session,
        submission_id: id,
        user_id: Some("u-0001".to_owned()),
    };
    let session = Some(ending.partner_session_id.to_string());
    for query in [query(session.clone(), None), query(None, Some(ending.submission_id.clone()))] {
        let details = bench.direct.details(&query).await.unwrap();
        assert_eq!(details.submission_id.as_deref(), Some(ending.submission_id.as_str()));
        assert_eq!(details.status, SubmissionStatus::Completed);
        assert_eq!(details.partner_session_id, session);
        assert_eq!(details.images.len(), 1);
    }
}

#[tokio::test]
async fn flows_start_with_a_token_or_a_page() {
    let bench = Bench::start(Behaviour::default()).await;
    let page = LaunchOptions {
        source: LaunchSource::WebSdk {
            success_url: "https://kiosk.example.test/ok".to_owned(),
            failure_url: "https://kiosk.example.test/fail".to_owned(),
        },
        ..LaunchOptions::default()
    };
    for run in [run(Flow::KtpScan), siv_run()] {
        assert!(matches!(bench.direct.initiate(&run, &page).await.unwrap(), Launch::Page(_)));
    }
    let token = bench.direct.initiate(&run(Flow::KtpScan), &LaunchOptions::default()).await.unwrap();
    assert!(matches!(token, Launch::Token(_)));
}

#[test]
fn credentials_stay_on_servers() {
    let endpoint = |text| Endpoint::parse(text).unwrap();
    let check = |token_host, base, expected: bool| {
        let config = DirectConfig::new(endpoint(token_host), endpoint(base), "id".into(), "key".into());
        let made = Direct::local_only(config, Arc::new(Timestamp::now), Arc::new(|| 0.0));
        assert_eq!(made.is_ok(), expected);
        if let Err(error) = made {
            assert!(matches!(error, OneKycError::DirectNotLocal));
        }
    };
    check("http://127.0.0.1:1/token", "http://127.0.0.1:1/base", true);
    check("https://token.example.test", "https://gateway.example.test", false);
    check("http://127.0.0.1:1/token", "https://gateway.example.test", false);
}

/// The body of a callback is the result without its envelope (A.8).
#[test]
fn callbacks_read_like_answers() {
    let body = br#"{"submissionId":"5b8c0f5e-0000-4000-8000-0000000000a1","userId":"u-0001",
        "userIdType":"KIOSK_USER_ID","partnerSessionId":"0b6f6b1c-0000-4000-8000-0000000000b1",
        "status":"COMPLETED","result":"INVALID","reasonCode":"NOT_EKTP","processedAt":"2026-09-01T03:00:09Z",
        "submissionDetails":{"verificationResult":{"nik":"PASS","selfie":"FAIL"},
        "certificateRegistration":{"eligibleToActivate":false,"shouldSkipActivation":"true","onboardingCode":"NEW_USER"},
        "ktpData":{"nik":"3174095207900000","rt":1},"rejectionReasonTranslations":{"id_ID":{"title":"Ditolak",
        "message":"Bukan e-KTP"}}},"somethingNew":7}"#;
    let details = decode_details(body).unwrap();
    assert_eq!(details.user_id.as_deref(), Some("u-0001"));
    assert_eq!(details.reason.as_ref().map(|reason| reason.as_str()), Some("NOT_EKTP"));
    assert_eq!(
        details.identity.as_ref().map(|identity| (identity.nik, identity.selfie)),
        Some((Some(true), Some(false)))
    );
    assert_eq!(details.certificate.as_ref().unwrap().should_skip_activation, Some(true));
    let card = details.card.as_ref().unwrap();
    assert_eq!((card.get("nik"), card.get("rt"), card.len()), (Some("3174095207900000"), Some("1"), 2));
    assert!(details.unknown.reveal().contains_key("somethingNew"));
    assert!(!format!("{details:?}").contains("3174"));
}

#[tokio::test]
async fn a_user_is_asked_for_once() {
    let bench = Bench::start(Behaviour::default()).await;
    assert_eq!(bench.scan(&card()).await.unwrap().exit, ExitReason::Success);
    assert_eq!((bench.asked(Call::PartnerToken), bench.asked(Call::InitiateFlow)), (1, 1));
}
