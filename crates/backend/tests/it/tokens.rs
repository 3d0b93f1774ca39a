//! A kiosk's OneKYC client gets its tokens here: what it meets, in the words that its queue understands.

use backend::rehearsal::Platform;
use gateway::Endpoint;
use gateway::onekyc::{ContactKind, FailureClass, Flow, FlowRun, TokenSource as _, VerifiedContact};
use kiosk::{BackendTokens, Locale};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::common::{Backend, Database, endpoint, platform, told};

fn run(flow: Flow) -> FlowRun {
    let contact = (flow == Flow::StandaloneIdentityVerification).then(|| VerifiedContact {
        kind: ContactKind::Email,
        value: "contoh@example.test".to_owned().into(),
        verification_reference_id: "otp-0001".to_owned(),
    });
    let (partner_session_id, sdk_session_id) = (Uuid::new_v4(), Uuid::new_v4());
    FlowRun { flow, partner_session_id, sdk_session_id, user_id: "u-0001".to_owned(), contact }
}

async fn tokens(backend: &Backend, platform: &str) -> BackendTokens {
    BackendTokens::new(backend.kiosk().await, endpoint(platform), Some(Locale::Indonesian))
}

async fn class(tokens: &BackendTokens, run: &FlowRun) -> FailureClass {
    tokens.user_token(run).await.unwrap_err().class
}

#[tokio::test]
async fn every_run_gets_a_flow_and_a_token_of_its_own() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let tokens = tokens(&backend, &format!("{}/", platform.base_url)).await;
    tokens.probe().await.unwrap();
    assert!(platform.initiated().is_empty(), "a probe starts nothing");
    for flow in [Flow::KtpScan, Flow::StandaloneLiveness, Flow::StandaloneIdentityVerification] {
        let run = run(flow.clone());
        let token = tokens.user_token(&run).await.unwrap();
        assert!(token.value.expose_secret().starts_with("user."));
        assert!(!token.is_stale(jiff::Timestamp::now()));
        let (session, body) = platform.initiated().pop().unwrap();
        assert_eq!((session, &body["flow"]), (run.partner_session_id, &flow.as_str().into()));
        assert_eq!(body["additionalDetails"]["userLocale"], "id_ID");
    }
    assert_eq!(platform.minted(), 2, "one partner token per family");
}

#[tokio::test]
async fn a_confirmed_submission_is_looked_at_without_a_callback() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let kiosk = backend.kiosk().await;
    let run = run(Flow::KtpScan);
    let tokens = BackendTokens::new(kiosk, endpoint(&platform.base_url), None);
    tokens.user_token(&run).await.unwrap();
    platform.judge("sub-1", crate::common::passed(run.partner_session_id));
    tokens.confirmed(&run, "sub-1").await.unwrap();
    tokens.confirmed(&run, "sub-1").await.unwrap();
    let results = tokens.kiosk().results(0, 20).await.unwrap().results;
    assert_eq!(told(&results[0].content).0, "sub-1");
}

#[tokio::test]
async fn what_goes_wrong_is_told_so_that_the_queue_knows_what_to_do() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let tokens = tokens(&backend, &platform.base_url).await;
    platform.fail_next(&[503; 20]);
    assert_eq!(class(&tokens, &run(Flow::KtpScan)).await, FailureClass::Unavailable);
    platform.fail_next(&[]);
    assert_eq!(class(&tokens, &run(Flow::KycLite)).await, FailureClass::NotAuthorised, "not offered");
    let identity = run(Flow::StandaloneIdentityVerification);
    tokens.user_token(&identity).await.unwrap();
    assert_eq!(class(&tokens, &identity).await, FailureClass::SessionTaken, "begin again with new ids");
    let without_contact = FlowRun { contact: None, ..run(Flow::StandaloneIdentityVerification) };
    assert_eq!(class(&tokens, &without_contact).await, FailureClass::Invalid);

    assert!(backend.app.store.revoke(tokens.kiosk().id(), 1).await.unwrap());
    assert_eq!(class(&tokens, &run(Flow::KtpScan)).await, FailureClass::NotEnrolled);
    assert_eq!(tokens.probe().await.unwrap_err().class, FailureClass::NotEnrolled);
    backend.stop().await;
    assert_eq!(class(&tokens, &run(Flow::KtpScan)).await, FailureClass::Offline);
}

#[tokio::test]
async fn a_token_for_another_platform_is_not_used() {
    let (database, platform) = (Database::sqlite(), platform().await);
    let backend = Backend::start(&database, &platform, "").await;
    let elsewhere: Platform = crate::common::platform().await;
    assert!(Endpoint::parse(&elsewhere.base_url).is_ok());
    let tokens = tokens(&backend, &elsewhere.base_url).await;
    let failure = tokens.user_token(&run(Flow::KtpScan)).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::NotAuthorised);
    assert!(failure.has_cause("the backend speaks to another platform than onekyc.base_url names"));
}
