//! Visits that go to OneKYC: a face, a picture that is wanted again, a reason that only staff can act on, a cut link.
//!
//! Invariant: the platform is a strict stand-in; what ends are forced is told by the test.

use simulator::onekyc::{Account, Behaviour, ForcedEnd};
use simulator::{Running, SimulatorConfig};
use uuid::Uuid;

use crate::bench::{Bench, Setup};

/// A window that captures `flow`, and the platform that its captures go to.
async fn open(flow: &str, forced: Option<ForcedEnd>) -> (Bench, Running) {
    let secret = || Uuid::new_v4().to_string();
    let account = Account { client_id: secret(), pass_key: secret(), ..Account::default() };
    let platform = SimulatorConfig {
        onekyc_account: account.clone(),
        onekyc: Behaviour { forced, ..Behaviour::default() },
        ..SimulatorConfig::default()
    };
    let platform = simulator::start(platform).await.unwrap();
    let settings = format!(
        "flow = \"{flow}\"\n[gateway]\nprovider = \"onekyc\"\n[onekyc]\nbase_url = \"{}\"\ntoken_url = \"{}\"\n\
         onboarding_partner = \"{}\"",
        platform.onekyc.base_url, platform.onekyc.token_url, account.onboarding_partner
    );
    let environment = vec![
        ("LOKET_ONEKYC_CLIENT_ID".to_owned(), account.client_id),
        ("LOKET_ONEKYC_PASS_KEY".to_owned(), account.pass_key),
    ];
    let bench = Bench::set_up(Setup { settings, environment, ..Setup::default() }).await;
    (bench, platform)
}

fn ends(result: &str, reason: &str, count: Option<u32>) -> Option<ForcedEnd> {
    let reason_code = Some(reason.to_owned()).filter(|reason| !reason.is_empty());
    Some(ForcedEnd { result: Some(result.to_owned()), reason_code, count, ..ForcedEnd::default() })
}

#[tokio::test]
async fn a_face_is_captured_and_judged_by_the_platform() {
    let (bench, platform) = open("selfie-liveness", None).await;
    bench.begin().await;
    bench.screen("selfie").await;
    bench.sit_until("outcome").await;
    bench.find("section.verified").await;
    let submissions = platform.onekyc.submissions();
    assert_eq!(submissions.len(), 1);
    assert!(submissions[0].confirmed);
    bench.press(".choices .primary").await;
    bench.screen("start").await;
    bench.close().await;
}

#[tokio::test]
async fn a_picture_that_the_platform_wants_again_is_captured_in_the_same_visit() {
    let (bench, platform) = open("selfie-liveness", ends("INVALID", "NOT_LIVE", Some(1))).await;
    bench.begin().await;
    bench.sit_until("outcome").await;
    bench.find("section.refused").await;
    bench.press(".choices .primary").await;
    bench.screen("selfie").await;
    bench.find(".again").await;
    bench.sit_until("outcome").await;
    bench.find("section.verified").await;
    assert_eq!(platform.onekyc.submissions().len(), 2);
    bench.close().await;
}

#[tokio::test]
async fn a_card_that_the_platform_refuses_for_good_is_for_staff() {
    let (bench, platform) = open("ktp-scan", ends("INVALID", "FRAUD_REJECT", None)).await;
    bench.begin().await;
    bench.reach_review().await;
    bench.accept().await;
    bench.screen("outcome").await;
    bench.find("section.refused").await;
    // The next customer is all that is left to choose, beside the queue.
    bench.press(".choices .primary").await;
    bench.screen("start").await;
    assert_eq!(platform.onekyc.submissions().len(), 1);
    bench.close().await;
}

#[tokio::test]
async fn what_is_captured_while_the_link_is_cut_reaches_the_platform_later() {
    let arguments = ["--provider", "onekyc"].map(str::to_owned).to_vec();
    let bench = Bench::set_up(Setup { arguments, ..Setup::default() }).await;
    bench.capture_offline().await;
    bench.switch_link().await;
    bench.reads("Terhubung ke mitra").await;
    bench.press_button("Buka antrean").await;
    bench.screen("queue").await;
    bench.find(".list li").await;
    bench.reads("Lolos").await;
    bench.close().await;
}
