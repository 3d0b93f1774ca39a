//! The runner against the strict OneKYC simulator: stages, both partners in sequence, and what an operator may do.

use std::sync::Arc;
use std::time::Duration;

use gateway::onekyc::{Direct, DirectConfig, ExitReason, OneKyc, OneKycConfig, OneKycQueue, RetryParams};
use gateway::{Endpoint, Receipt, Verdict, VerificationStatus};
use jiff::Timestamp;
use outbox::{Outbox, State};
use simulator::onekyc::{Behaviour, Call};
use simulator::{FaultKind, FaultRule, Running};
use sync::{LinkState, PROCESSING, Route, Runner, SyncParams};
use testkit::ManualClock;
use uuid::Uuid;

use crate::support::{client, enqueue, open_queue, pass, pass_until_empty, plain, signer, simulator};

fn now_clock() -> ManualClock {
    ManualClock::at(Timestamp::now())
}

fn queue_to(simulator: &Running, clock: &ManualClock) -> Arc<OneKycQueue> {
    let (onekyc, account) = (&simulator.onekyc, simulator.onekyc.account().clone());
    let base = Endpoint::parse(&onekyc.base_url).unwrap();
    let token_host = Endpoint::parse(&onekyc.token_url).unwrap();
    let (id, key) = (account.client_id.into(), account.pass_key.into());
    let mut config = DirectConfig::new(token_host, base.clone(), id, key);
    config.onboarding_partner = account.onboarding_partner;
    let retry = RetryParams { tries: 1, ..RetryParams::default() };
    config.retry = retry;
    let clock = clock.clone();
    let now: gateway::Clock = Arc::new(move || clock.now());
    let direct = Direct::local_only(config, Arc::clone(&now), Arc::new(|| 0.5)).unwrap();
    let mut config = OneKycConfig::new(base);
    (config.retry, config.upload.retry) = (retry, retry);
    let client = OneKyc::new(config, Arc::new(direct), now, Arc::new(|| 0.5)).unwrap();
    Arc::new(OneKycQueue::new(client, Arc::new(Uuid::new_v4)))
}

fn along(route: Route, outbox: &Arc<Outbox>, clock: &ManualClock) -> Runner {
    let (clock, params) = (clock.clone(), SyncParams { settle: Duration::ZERO, ..SyncParams::default() });
    Runner::along(
        route,
        Arc::clone(outbox),
        signer(),
        params,
        Arc::new(move || clock.now()),
        Box::new(|| 0.5),
    )
}

fn receipts(outbox: &Outbox) -> Vec<Receipt> {
    let items = outbox.list(Some(State::Delivered)).unwrap();
    items.iter().map(|item| serde_json::from_str(item.receipt_json.as_deref().unwrap()).unwrap()).collect()
}

fn confirmed(simulator: &Running) -> usize {
    simulator.onekyc.submissions().iter().filter(|row| row.confirmed).count()
}

#[tokio::test]
async fn a_card_goes_through_every_stage_and_each_is_audited() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let id = enqueue(&outbox, &plain("u-0001", 1), clock.now());
    let runner = along(Route::Staged(queue_to(&simulator, &clock)), &outbox, &clock);
    let summary = pass(&runner).await;
    assert_eq!((summary.postponed, summary.link), (1, LinkState::Online));
    let item = outbox.show(id).unwrap();
    assert_eq!(item.stage_code.as_deref(), Some("onekyc_confirmed"));
    assert_eq!(item.reason.unwrap().code, PROCESSING);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    let codes: Vec<String> = outbox.audit(Some(id)).unwrap().into_iter().map(|line| line.code).collect();
    let stages = ["planned", "started", "uploading", "uploaded", "confirmed", "decided"];
    let found: Vec<&str> = codes.iter().filter_map(|code| code.strip_prefix("onekyc_")).collect();
    assert_eq!(found, stages);
    let receipt = &receipts(&outbox)[0];
    // The synthetic picture is no card, and the partner saw that.
    assert_eq!((&receipt.status, &receipt.verdict), (&VerificationStatus::Failed, &Some(Verdict::Failed)));
    let ending = receipt.onekyc.as_ref().unwrap();
    assert_eq!(ending.exit, ExitReason::Rejected);
    assert_eq!(ending.reason.as_ref().unwrap().as_str(), "NOT_EKTP");
    outbox.verify_audit().unwrap();
}

#[tokio::test]
async fn both_partners_are_asked_and_their_verdicts_stay_apart() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    enqueue(&outbox, &plain("cus_1", 1), clock.now());
    let route = Route::Both(queue_to(&simulator, &clock), client(&simulator));
    // The second answer is lost at first: what the first partner said is not asked again.
    let lost = FaultRule::times(simulator::Endpoint::KtpCapture, FaultKind::DropAfterCommit, 1);
    simulator.set_faults(vec![lost], 1);
    assert_eq!(pass_until_empty(&along(route, &outbox, &clock), &clock).await, 1);
    assert_eq!((confirmed(&simulator), simulator.captures().unwrap().len()), (1, 1));
    let receipt = &receipts(&outbox)[0];
    let held = simulator.verifications().unwrap();
    assert_eq!(receipt.verification_id, held[0].id, "the receipt is the second partner's");
    let ending = receipt.onekyc.as_ref().unwrap();
    assert_eq!(ending.submission_id, simulator.onekyc.submissions()[0].submission_id);
}

#[tokio::test]
async fn a_second_partner_that_is_configured_no_longer_is_not_waited_for() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let id = enqueue(&outbox, &plain("cus_1", 1), clock.now());
    let both = Route::Both(queue_to(&simulator, &clock), client(&simulator));
    let refuse = FaultRule::always(simulator::Endpoint::KtpCapture, FaultKind::Status { code: 503 });
    simulator.set_faults(vec![refuse], 1);
    let runner = along(both, &outbox, &clock);
    for _ in 0..20 {
        if outbox.show(id).unwrap().stage_code.as_deref() == Some("onekyc_done") {
            break;
        }
        let due = pass(&runner).await.next_due.unwrap();
        clock.set(due.max(runner.link().paused_until(clock.now()).unwrap_or(due)));
    }
    let alone = along(Route::Staged(queue_to(&simulator, &clock)), &outbox, &clock);
    assert_eq!(pass_until_empty(&alone, &clock).await, 1);
    assert_eq!(confirmed(&simulator), 1);
    assert!(receipts(&outbox)[0].onekyc.is_some());
}

#[tokio::test]
async fn an_exhausted_quota_parks_with_its_reason() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let behaviour = Behaviour { quota_per_user: 1, ..Behaviour::default() };
    let simulator = simulator(|config| config.onekyc = behaviour).await;
    enqueue(&outbox, &plain("u-0001", 1), clock.now());
    let second = enqueue(&outbox, &plain("u-0001", 2), clock.now());
    let runner = along(Route::Staged(queue_to(&simulator, &clock)), &outbox, &clock);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    let item = outbox.show(second).unwrap();
    assert_eq!((item.state, item.reason.unwrap().code.as_str()), (State::Parked, "quota_exhausted"));
}

#[tokio::test]
async fn what_is_under_way_cannot_be_discarded() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let id = enqueue(&outbox, &plain("u-0001", 1), clock.now());
    let runner = along(Route::Staged(queue_to(&simulator, &clock)), &outbox, &clock);
    pass(&runner).await;
    assert!(outbox.discard(id, "", clock.now()).is_err());
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
}

#[tokio::test]
async fn being_offline_costs_nothing() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let id = enqueue(&outbox, &plain("u-0001", 1), clock.now());
    let runner = along(Route::Staged(queue_to(&simulator, &clock)), &outbox, &clock);
    let rules = Call::ALL.map(|call| FaultRule::always(call, FaultKind::DropBefore)).to_vec();
    simulator.onekyc.set_faults(rules, 1);
    let summary = pass(&runner).await;
    assert_eq!((summary.link, summary.counts.waiting), (LinkState::Offline, 1));
    assert_eq!(outbox.show(id).unwrap().stage_code, None, "nothing was begun");
    simulator.onekyc.set_faults(Vec::new(), 1);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!(confirmed(&simulator), 1);
}

/// Days offline: token and addresses have run out, the names and the capture have not.
#[tokio::test]
async fn a_capture_that_stood_still_for_days_goes_on_with_a_fresh_token() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let id = enqueue(&outbox, &plain("u-0001", 1), clock.now());
    let runner = along(Route::Staged(queue_to(&simulator, &clock)), &outbox, &clock);
    let dead = FaultRule::times(Call::Storage, FaultKind::DropBefore, 1);
    simulator.onekyc.set_faults(vec![dead], 1);
    pass(&runner).await;
    assert_eq!(outbox.show(id).unwrap().stage_code.as_deref(), Some("onekyc_uploading"));
    // Three days for both.
    simulator.set_clock_skew_ms(3 * 86_400_000);
    simulator.onekyc.expire_tokens();
    clock.set(clock.now() + Duration::from_secs(3 * 86_400));
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!(confirmed(&simulator), 1);
}
