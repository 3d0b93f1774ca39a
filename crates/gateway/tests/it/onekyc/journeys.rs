//! Whole journeys: verdicts computed from the picture, and crashes at every stage.

use gateway::onekyc::{
    Advance, ExitReason, FailureClass, Flow, Journey, JourneyStage, Pictures, ReasonCode, StepContext,
};
use simulator::FaultKind;
use simulator::onekyc::{Behaviour, Call};

use super::bench::{Bench, PAPER, SKIN, card, fresh_ids, selfie};

#[tokio::test]
async fn a_card_passes_and_something_else_does_not() {
    let bench = Bench::start(Behaviour::default()).await;
    let ending = bench.scan(&card()).await.unwrap();
    assert_eq!((&ending.exit, ending.reason.as_ref()), (&ExitReason::Success, None));
    assert_eq!(ending.confidence_percent, Some(93.0));
    let ending = bench.scan(&selfie()).await.unwrap();
    assert_eq!((&ending.exit, ending.reason), (&ExitReason::Rejected, Some(ReasonCode::NotEktp)));
}

#[tokio::test]
async fn bytes_that_are_no_picture_are_refused_at_the_confirmation() {
    let bench = Bench::start(Behaviour::default()).await;
    // The first bytes of a JPEG alone pass our own check.
    let failure = bench.scan(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 0]).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::PictureRefused);
    assert!(bench.confirmed().is_empty());
}

#[tokio::test]
async fn a_living_face_passes_and_a_frozen_one_does_not() {
    let bench = Bench::start(Behaviour::default()).await;
    let (first, second) = (testkit::plain_jpeg(SKIN), testkit::plain_jpeg([202, 151, 119]));
    for (additional, expected) in [(&second, ExitReason::Success), (&first, ExitReason::Rejected)] {
        let pictures =
            Pictures { selfie: Some(&first), additional_selfie: Some(additional), ..Pictures::default() };
        let journey = Journey::planned(Flow::StandaloneLiveness, "u-0001", fresh_ids());
        assert_eq!(bench.travel_with(journey, pictures).await.unwrap().exit, expected);
    }
}

/// The process dies after every single step, with what it wrote down last; also with the answer of the call lost.
#[tokio::test]
async fn a_crash_at_any_stage_continues_with_one_submission() {
    for dies_at in 0..8 {
        let bench = Bench::start(Behaviour::default()).await;
        let picture = card();
        let pictures = Pictures { card: Some(&picture), ..Pictures::default() };
        let mut kept = Journey::planned(Flow::KtpScan, "u-0001", fresh_ids());
        let mut steps = 0;
        let ending = loop {
            let context = StepContext { pictures, recaptures_left: 0, fresh: fresh_ids() };
            let advance = bench.client.step(&kept, context).await.unwrap();
            steps += 1;
            // Dies before it can write down what came of the step.
            if steps == dies_at + 1 {
                continue;
            }
            kept = match advance {
                Advance::Done(ending) => break ending,
                Advance::Next(next) | Advance::Later { journey: next, .. } | Advance::Recapture(next) => next,
            };
            assert!(steps < 4000);
        };
        assert_eq!(ending.exit, ExitReason::Success, "died at {dies_at}");
        let confirmed = bench.confirmed();
        assert_eq!(confirmed.len(), 1, "died at {dies_at}");
        assert_eq!(confirmed[0].submission_id, ending.submission_id);
    }
}

#[tokio::test]
async fn a_confirmation_whose_answer_is_lost_is_made_once() {
    let bench = Bench::start(Behaviour::default()).await;
    bench.fault_times(Call::Confirm, FaultKind::DropAfterCommit, 1);
    assert_eq!(bench.scan(&card()).await.unwrap().exit, ExitReason::Success);
    let statuses: Vec<u16> = bench
        .server
        .onekyc
        .requests()
        .iter()
        .filter(|row| row.call == Call::Confirm.as_str())
        .map(|row| row.status)
        .collect();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(bench.confirmed().len(), 1);
}

#[tokio::test]
async fn a_token_that_ends_on_the_way_is_replaced_once() {
    let bench = Bench::start(Behaviour::default()).await;
    let picture = card();
    let journey = bench.uploaded(&picture).await;
    bench.server.onekyc.expire_tokens();
    let ending = bench.travel(journey, &picture, &[]).await.unwrap();
    assert_eq!((ending.exit, bench.confirmed().len()), (ExitReason::Success, 1));
    assert_eq!(
        bench.asked(Call::InitiateFlow),
        3,
        "one start, one refused with the ended partner token, one more"
    );
}

#[tokio::test]
async fn a_submission_the_platform_forgot_is_begun_anew_once() {
    let bench = Bench::start(Behaviour::default()).await;
    let picture = card();
    let journey = bench.uploaded(&picture).await;
    let names = journey.run.clone();
    let unknown = FaultKind::Refusal {
        status: 404,
        code: "404".to_owned(),
        cause: "SUBMISSION_DOES_NOT_EXIST".to_owned(),
        integer_code: false,
    };
    bench.fault_times(Call::Confirm, unknown.clone(), 1);
    let ending = bench.travel(journey, &picture, &[]).await.unwrap();
    assert_eq!(ending.exit, ExitReason::Success);
    assert_ne!(ending.partner_session_id, names.partner_session_id, "a new run has new names");
    // For ever unknown: given up.
    let journey = bench.uploaded(&picture).await;
    bench.fault(Call::Confirm, unknown);
    let failure = bench.travel(journey, &picture, &[]).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::UnknownSubmission);
}

#[tokio::test]
async fn a_session_that_was_taken_gets_new_names() {
    let bench = Bench::start(Behaviour::default()).await;
    let taken = FaultKind::Refusal {
        status: 400,
        code: "1539".to_owned(),
        cause: "DUPLICATE_PARTNER_SESSION_ID".to_owned(),
        integer_code: false,
    };
    bench.fault_times(Call::InitiateFlow, taken, 1);
    let journey = Journey::planned(Flow::KtpScan, "u-0001", fresh_ids());
    let first = journey.run.partner_session_id;
    let ending = bench.travel(journey, &card(), &[]).await.unwrap();
    assert_ne!(ending.partner_session_id, first);
}

#[tokio::test]
async fn a_standalone_verifications_session_is_good_once() {
    let bench = Bench::start(Behaviour::default()).await;
    let run = super::bench::siv_run();
    let options = gateway::onekyc::LaunchOptions::default();
    bench.direct.initiate(&run, &options).await.unwrap();
    let failure = bench.direct.initiate(&run, &options).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::SessionTaken);
}

#[tokio::test]
async fn a_recapture_keeps_the_runs_names() {
    let bench = Bench::start(Behaviour::default()).await;
    let wrong = testkit::plain_jpeg(SKIN);
    let mut journey = Journey::planned(Flow::KtpScan, "u-0001", fresh_ids());
    let names = journey.run.clone();
    let again = loop {
        let pictures = Pictures { card: Some(&wrong), ..Pictures::default() };
        let context = StepContext { pictures, recaptures_left: 2, fresh: fresh_ids() };
        match bench.client.step(&journey, context).await.unwrap() {
            Advance::Next(next) | Advance::Later { journey: next, .. } => journey = next,
            Advance::Recapture(next) => break next,
            Advance::Done(ending) => panic!("{:?}", ending.exit),
        }
    };
    assert!(matches!(again.stage, JourneyStage::Started));
    assert_eq!(again.run, names);
    let ending = bench.travel(again, &testkit::plain_jpeg(PAPER), &[]).await.unwrap();
    assert_eq!(ending.exit, ExitReason::Success);
    assert_eq!(bench.confirmed().len(), 2);
}

#[tokio::test]
async fn what_is_written_down_shows_no_secret_in_debug() {
    let bench = Bench::start(Behaviour::default()).await;
    let session = bench.session(Flow::KtpScan);
    let token = bench.client.authenticate(&session).await.unwrap();
    let shown = format!("{token:?} {:?} {:?}", bench.client, bench.direct);
    assert!(!shown.contains("sim."), "{shown}");
}
