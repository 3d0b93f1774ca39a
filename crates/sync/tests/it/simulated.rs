//! The runner against the strict simulator over HTTP.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use gateway::{ChallengeRequest, FlashDropped, Gateway, Receipt};
use jiff::Timestamp;
use outbox::{Outbox, State};
use simulator::{Endpoint, FaultKind, FaultRule, Running, Settings};
use sync::{LinkState, Runner, SyncParams};
use testkit::ManualClock;

use crate::support::{
    client, enqueue, flashed, open_queue, pass, pass_until_empty, plain, plain_with_frames, runner_with,
    signer, simulator,
};

/// No waiting for sends to settle: the simulator's effects are immediate.
fn eager() -> SyncParams {
    SyncParams { settle: Duration::ZERO, ..SyncParams::default() }
}

fn eager_runner(outbox: &Arc<Outbox>, simulator: &Running, clock: &ManualClock) -> Runner {
    runner_with(outbox, client(simulator), clock, signer(), eager())
}

fn now_clock() -> ManualClock {
    ManualClock::at(Timestamp::now())
}

fn receipts(outbox: &Outbox) -> Vec<Receipt> {
    let items = outbox.list(Some(State::Delivered)).unwrap();
    items.iter().map(|item| serde_json::from_str(item.receipt_json.as_deref().unwrap()).unwrap()).collect()
}

fn once(simulator: &Running, kind: FaultKind) {
    simulator.set_faults(vec![FaultRule::times(Endpoint::KtpCapture, kind, 1)], 1);
}

#[tokio::test]
async fn captures_with_and_without_flash_arrive() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let gateway = client(&simulator);
    let challenge = gateway.challenge("cus_1", ChallengeRequest::default()).await.unwrap();
    enqueue(&outbox, &flashed("cus_1", 1, &challenge), clock.now());
    enqueue(&outbox, &plain("cus_2", 2), clock.now());
    let summary = pass(&eager_runner(&outbox, &simulator, &clock)).await;
    assert_eq!((summary.delivered, summary.link), (2, LinkState::Online));
    let held: HashSet<_> = simulator.verifications().unwrap().into_iter().map(|row| row.id).collect();
    assert!(receipts(&outbox).iter().all(|receipt| held.contains(&receipt.verification_id)));
    assert_eq!(simulator.captures().unwrap().len(), 2);
}

#[tokio::test]
async fn every_kind_of_loss_ends_with_one_record() {
    let kinds = [
        FaultKind::DropAfterCommit,
        FaultKind::DropBefore,
        FaultKind::Status { code: 500 },
        FaultKind::Status { code: 503 },
        FaultKind::TooManyRequests { retry_after_s: 1 },
        FaultKind::RepeatRequest,
    ];
    for (seed, kind) in (1..).zip(kinds) {
        let (clock, (_dir, outbox)) = (now_clock(), open_queue());
        let simulator = simulator(|_| {}).await;
        let challenge = client(&simulator).challenge("cus_1", ChallengeRequest::default()).await.unwrap();
        enqueue(&outbox, &flashed("cus_1", seed, &challenge), clock.now());
        once(&simulator, kind.clone());
        let runner = eager_runner(&outbox, &simulator, &clock);
        assert_eq!(pass_until_empty(&runner, &clock).await, 1, "{kind:?}");
        let captures = simulator.captures().unwrap();
        assert_eq!(captures.len(), 1, "{kind:?}");
        assert_eq!(receipts(&outbox)[0].flash_dropped, None, "{kind:?}");
        outbox.verify_audit().unwrap();
    }
}

#[tokio::test]
async fn somebody_elses_answer_is_seen_through() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    for seed in 1..4 {
        enqueue(&outbox, &plain(&format!("cus_{seed}"), seed), clock.now());
    }
    let rule = FaultRule { skip: 1, ..FaultRule::times(Endpoint::KtpCapture, FaultKind::RepeatAnswer, 1) };
    simulator.set_faults(vec![rule], 1);
    let runner = eager_runner(&outbox, &simulator, &clock);
    assert_eq!(pass_until_empty(&runner, &clock).await, 3);
    let told: HashSet<_> = receipts(&outbox).into_iter().map(|receipt| receipt.verification_id).collect();
    let held: HashSet<_> = simulator.verifications().unwrap().into_iter().map(|row| row.id).collect();
    assert_eq!(told, held);
    assert_eq!(simulator.captures().unwrap().len(), 3);
}

#[tokio::test]
async fn an_expired_challenge_costs_the_flash_and_not_the_capture() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let challenge = client(&simulator).challenge("cus_1", ChallengeRequest::default()).await.unwrap();
    enqueue(&outbox, &flashed("cus_1", 1, &challenge), clock.now());
    // An hour offline by everybody's clock but the client's, which learns it from the probe.
    simulator.set_clock_skew_ms(3_600_000);
    assert_eq!(pass(&eager_runner(&outbox, &simulator, &clock)).await.delivered, 1);
    assert_eq!(receipts(&outbox)[0].flash_dropped, Some(FlashDropped::Expired));
    assert_eq!(simulator.captures().unwrap().len(), 1);
}

#[tokio::test]
async fn a_withdrawn_key_keeps_everything_until_it_is_mended() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    enqueue(&outbox, &plain("cus_1", 1), clock.now());
    simulator.set_faults(vec![FaultRule::times(Endpoint::Me, FaultKind::Status { code: 401 }, 1)], 1);
    let runner = eager_runner(&outbox, &simulator, &clock);
    let summary = pass(&runner).await;
    assert!(matches!(summary.link, LinkState::Blocked(_)), "{summary:?}");
    assert_eq!(summary.counts.waiting, 1);
    assert_eq!(pass(&runner).await.delivered, 1);
}

#[tokio::test]
async fn a_refused_signature_is_parked_with_its_reason() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|config| config.device_secrets = vec!["qe_whsec_ANOTHER".into()]).await;
    let id = enqueue(&outbox, &plain("cus_1", 1), clock.now());
    assert_eq!(pass(&eager_runner(&outbox, &simulator, &clock)).await.parked, 1);
    let reason = outbox.show(id).unwrap().reason.unwrap();
    assert_eq!(reason.code, "invalid");
    assert!(reason.detail.contains("signature"), "the partner's words are kept for people");
}

/// A proxy on the way may take less than the platform does.
#[tokio::test]
async fn a_capture_called_too_large_goes_once_more_with_its_best_frame() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let small = enqueue(&outbox, &plain("cus_1", 1), clock.now());
    let large = enqueue(&outbox, &plain_with_frames("cus_2", 2, 3), clock.now());
    let too_large = FaultRule::times(Endpoint::KtpCapture, FaultKind::Status { code: 413 }, 2);
    simulator.set_faults(vec![too_large], 1);
    let summary = pass(&eager_runner(&outbox, &simulator, &clock)).await;
    assert_eq!((summary.delivered, summary.parked), (1, 1));
    assert_eq!(outbox.show(small).unwrap().reason.unwrap().code, "too_large");
    assert_eq!(outbox.show(large).unwrap().state, State::Delivered);
    let frames: Vec<_> = simulator.captures().unwrap().iter().map(|row| row.frames_sha256.len()).collect();
    assert_eq!(frames, [1]);
    assert!(outbox.audit(Some(large)).unwrap().iter().any(|line| line.code == "frames_dropped_too_large"));
}

/// A person mends the cause and puts the item back: it is sent at once, and once.
#[tokio::test]
async fn a_parked_item_is_delivered_once_its_cause_is_mended() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|config| config.settings.auto_customers = false).await;
    let id = enqueue(&outbox, &plain("cus_late", 1), clock.now());
    let runner = runner_with(&outbox, client(&simulator), &clock, signer(), SyncParams::default());
    assert_eq!(pass(&runner).await.parked, 1);
    assert_eq!(outbox.show(id).unwrap().reason.unwrap().code, "unknown_customer");

    // Nothing mended: the reason stays, nothing arrives.
    outbox.requeue(id, clock.now()).unwrap();
    assert_eq!(pass(&runner).await.parked, 1);
    assert!(simulator.captures().unwrap().is_empty());

    simulator.set_settings(Settings { auto_customers: true, ..simulator.settings() });
    outbox.requeue(id, clock.now()).unwrap();
    let summary = pass(&runner).await;
    assert_eq!((summary.delivered, summary.counts.pending()), (1, 0), "{summary:?}");
    assert_eq!(simulator.captures().unwrap().len(), 1);
    outbox.verify_audit().unwrap();
}

/// Several captures of few customers through a bad network: each arrives exactly once.
#[tokio::test]
async fn a_bad_network_neither_loses_nor_doubles() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|_| {}).await;
    let gateway = client(&simulator);
    for seed in 0..24 {
        let customer = format!("cus_{}", seed % 5);
        let ask = ChallengeRequest { ttl_ms: 300_000, ..ChallengeRequest::default() };
        let challenge = gateway.challenge(&customer, ask).await.unwrap();
        enqueue(&outbox, &flashed(&customer, seed, &challenge), clock.now());
    }
    let chance = |kind, probability| FaultRule::chance(Endpoint::KtpCapture, kind, probability);
    simulator.set_faults(
        vec![
            chance(FaultKind::DropAfterCommit, 0.2),
            chance(FaultKind::DropBefore, 0.1),
            chance(FaultKind::Status { code: 500 }, 0.1),
            chance(FaultKind::RepeatRequest, 0.1),
            chance(FaultKind::RepeatAnswer, 0.1),
            FaultRule::chance(Endpoint::KycTier, FaultKind::DropBefore, 0.1),
        ],
        7,
    );
    let runner = eager_runner(&outbox, &simulator, &clock);
    assert_eq!(pass_until_empty(&runner, &clock).await, 24);
    let captures = simulator.captures().unwrap();
    let distinct: HashSet<_> = captures.iter().map(|row| row.bundle_sha256.clone()).collect();
    assert_eq!((captures.len(), distinct.len()), (24, 24));
    let told: HashSet<_> = receipts(&outbox).into_iter().map(|receipt| receipt.verification_id).collect();
    assert_eq!(told.len(), 24);
    outbox.verify_audit().unwrap();
}

#[tokio::test]
async fn a_customer_nobody_named_is_made_before_the_capture_is_sent() {
    let (clock, (_dir, outbox)) = (now_clock(), open_queue());
    let simulator = simulator(|config| config.settings.auto_customers = false).await;
    let local = gateway::local_customer_id(uuid::Uuid::from_u128(7));
    let id = enqueue(&outbox, &plain(&local, 1), clock.now());
    // The first answer is lost: the partner made a customer that we never hear of.
    simulator.set_faults(vec![FaultRule::times(Endpoint::CreateCustomer, FaultKind::DropAfterCommit, 1)], 1);
    let runner = eager_runner(&outbox, &simulator, &clock);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    let captures = simulator.captures().unwrap();
    assert_eq!((captures.len(), simulator.customers().unwrap().len()), (1, 2));
    let item = outbox.show(id).unwrap();
    assert_eq!(item.customer_id, captures[0].customer_id);
    let noted = outbox.audit(Some(id)).unwrap().into_iter().filter(|line| line.code == "customer_made");
    assert_eq!(noted.count(), 1);
    outbox.verify_audit().unwrap();
}
