//! Flows that a partner's front end starts, by each of the three ways, and every end they may have.
//!
//! Invariant: the window is the real one, its platform a strict stand-in at the other end of a socket; a token is good for
//! one flow and comes from there. What is judged is what the front end is told.

use std::path::Path;

use gateway::onekyc::Flow;
use serde_json::Value;

use crate::bench::{Bench, Setup};
use crate::front_end::{Asked, FrontEnd, Way};

/// A window for launches, and the partner's side of them.
async fn open(settings: &str, arguments: &[&str]) -> (Bench, FrontEnd) {
    let front_end = FrontEnd::start().await;
    let setup = Setup {
        settings: format!("uses_flash = false\n{settings}\n{}", front_end.settings()),
        arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
        environment: front_end.environment(),
        ..Setup::default()
    };
    let bench = Bench::set_up(setup).await;
    bench.screen("start").await;
    (bench, front_end)
}

#[track_caller]
fn check(asked: &Asked, told: &Value, status: &str, code: Option<&str>, detail: &str) {
    assert_eq!(told["correlationId"], asked.correlation_id.to_string(), "{told}");
    assert_eq!(told["status"], status, "{told}");
    if !asked.hears_details() {
        return;
    }
    assert_eq!(told["extra"]["errorCode"].as_str(), code, "{told}");
    assert!(code.is_none() || told["extra"]["detailedErrorCode"] == detail, "{told}");
}

async fn completed(way: Way) {
    let (bench, front_end) = open("", &[]).await;
    let asked = front_end.launch(way, &bench).await;
    bench.screen("consent").await;
    // The language is the request's; nobody asks for the customer's id.
    bench.reads("Cancel").await;
    bench.press(".choices button:last-child").await;
    bench.reach_review().await;
    bench.accept().await;
    bench.screen("outcome").await;
    // A link has no way back but the browser, which goes on when the customer leaves.
    if way == Way::Link {
        bench.press(".choices .primary").await;
    }
    let told = asked.told().await;
    check(&asked, &told, "COMPLETED", None, "");
    let submissions = front_end.submissions();
    assert_eq!(submissions.len(), 1);
    assert!(submissions[0].confirmed);
    assert_eq!(submissions[0].partner_session_id, asked.correlation_id.to_string());
    if way != Way::Link {
        assert_eq!(told["submissionId"], submissions[0].submission_id);
        bench.press(".choices .primary").await;
        assert_eq!(front_end.browser_went_to().await["status"], "COMPLETED");
    }
    bench.close().await;
}

async fn cancelled(way: Way) {
    let (bench, front_end) = open("", &[]).await;
    let asked = front_end.launch(way, &bench).await;
    bench.agree().await;
    bench.screen("card").await;
    bench.give_up().await;
    check(&asked, &asked.told().await, "NOT_COMPLETED", Some("USER_CANCELLED"), "USER_CANCELLED");
    assert!(front_end.submissions().is_empty());
    bench.close().await;
}

async fn camera_missing(way: Way) {
    let (bench, front_end) = open("camera = \"usb:absent\"", &["--camera"]).await;
    let asked = front_end.launch(way, &bench).await;
    bench.agree().await;
    // Nobody does anything: a program waits, so the visit ends by itself.
    check(&asked, &asked.told().await, "ERROR", Some("CAMERA"), "CAMERA_MISSING");
    bench.screen("start").await;
    bench.close().await;
}

async fn token_expired(way: Way) {
    let (bench, front_end) = open("", &[]).await;
    let asked = front_end.launch(way, &bench).await;
    front_end.expire_tokens();
    bench.agree().await;
    bench.reach_review().await;
    bench.accept().await;
    bench.screen("outcome").await;
    if way == Way::Link {
        bench.press(".choices .primary").await;
    }
    check(&asked, &asked.told().await, "ERROR", Some("API"), "401:110:UNAUTHORIZED");
    assert!(front_end.submissions().is_empty());
    bench.close().await;
}

async fn busy(way: Way) {
    let (bench, front_end) = open("", &[]).await;
    bench.press("main[data-screen='start'] .button.primary").await;
    bench.screen("consent").await;
    let asked = front_end.launch(way, &bench).await;
    if way == Way::Link {
        // Its code is spent, and the customer who is served sees nothing of it.
        asked.is_spent().await;
    } else {
        check(&asked, &asked.told().await, "ERROR", Some("VERIFICATION"), "BUSY");
    }
    assert!(bench.text().await.contains("Batal"), "the visit in Indonesian is still there");
    bench.screen("consent").await;
    bench.close().await;
}

macro_rules! every_end {
    ($way:ident: $($end:ident)*) => {
        $(#[tokio::test]
        async fn $end() {
            super::$end(super::Way::$way).await;
        })*
    };
}

mod from_a_shell {
    every_end!(Shell: completed cancelled camera_missing token_expired busy);
}

mod from_a_page {
    every_end!(Page: completed cancelled camera_missing token_expired busy);
}

mod by_a_link {
    every_end!(Link: completed cancelled camera_missing token_expired busy);
}

#[tokio::test]
async fn a_face_is_launched_as_a_card_is() {
    let (bench, front_end) = open("", &[]).await;
    let asked = front_end.launch_flow(Flow::StandaloneLiveness, "launchSelfieLiveness", &bench).await;
    bench.agree().await;
    bench.screen("selfie").await;
    bench.sit_until("outcome").await;
    check(&asked, &asked.told().await, "COMPLETED", None, "");
    let submissions = front_end.submissions();
    assert_eq!((submissions.len(), submissions[0].flow.as_str()), (1, "STANDALONE_LIVENESS"));
    bench.close().await;
}

#[tokio::test]
async fn an_identity_is_the_card_and_the_face_in_one_submission() {
    let (bench, front_end) = open("", &[]).await;
    let flow = Flow::StandaloneIdentityVerification;
    let asked = front_end.launch_flow(flow, "launchIdentityVerification", &bench).await;
    bench.agree().await;
    bench.reach_review().await;
    bench.accept().await;
    bench.screen("selfie").await;
    bench.sit_until("outcome").await;
    check(&asked, &asked.told().await, "COMPLETED", None, "");
    let submissions = front_end.submissions();
    assert_eq!((submissions.len(), submissions[0].flow.as_str()), (1, "STANDALONE_IDENTITY_VERIFICATION"));
    bench.close().await;
}

#[tokio::test]
async fn an_address_that_nobody_allowed_gets_no_pictures() {
    let (bench, front_end) = open("", &[]).await;
    let asked = front_end.launch_to("https://elsewhere.example.test", &bench).await;
    check(&asked, &asked.told().await, "ERROR", Some("SECURITY"), "BASE_URL_NOT_ALLOWED");
    bench.screen("start").await;
    bench.close().await;
}

#[tokio::test]
async fn a_second_start_reaches_the_window_and_ends() {
    let (bench, front_end) = open("", &[]).await;
    let mut second = front_end.start_again(&bench);
    assert!(second.wait().unwrap().success());
    let link = front_end.follow_bad_link(&bench);
    assert!(!link.success(), "a link that is none of ours is refused");
    bench.close().await;
}

#[tokio::test]
async fn a_program_in_node_hears_the_result() {
    let (bench, front_end) = open("", &[]).await;
    bench.press("main[data-screen='start'] .button.primary").await;
    bench.screen("consent").await;
    let asked = front_end.launch_from_node(&bench).await;
    check(&asked, &asked.told().await, "ERROR", Some("VERIFICATION"), "BUSY");
    bench.close().await;
}

#[test]
fn the_desktop_file_registers_the_scheme() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/linux/loket.desktop");
    let text = std::fs::read_to_string(template).unwrap();
    assert!(text.contains("MimeType=x-scheme-handler/loket;") && text.contains("Exec={{exec}} %u"));
    let config =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tauri.conf.json")).unwrap();
    assert!(config.contains("assets/linux/loket.desktop"));
}
