//! The runner against a partner that follows a script, with time moved by hand.

use std::time::Duration;

use gateway::{BlockReason, FlashDropped, LossReason, PermanentReason, Receipt, Rejection, RetryReason};
use outbox::{Outbox, State};
use sync::{LinkState, SyncParams};
use testkit::ManualClock;

use crate::support::{
    Reply, Scripted, enqueue, open_queue, pass, pass_until_empty, plain, runner, runner_with, with_challenge,
};

fn server_error() -> Reply {
    Reply::Refused(Rejection::NeedsRecovery { reason: LossReason::ServerError(500), after: None })
}

fn lost_request() -> Reply {
    Reply::Refused(Rejection::NeedsRecovery { reason: LossReason::Interrupted, after: None })
}

fn spent() -> Reply {
    Reply::Refused(Rejection::ChallengeSpent { detail: Default::default() })
}

fn offline() -> Rejection {
    Rejection::Retryable { reason: RetryReason::Offline, after: None }
}

fn receipt_of(outbox: &Outbox, nth: usize) -> Receipt {
    let item = &outbox.list(None).unwrap()[nth];
    serde_json::from_str(item.receipt_json.as_deref().unwrap()).unwrap()
}

fn audit_of(outbox: &Outbox) -> Vec<String> {
    let entries = outbox.audit(None).unwrap();
    entries.into_iter().map(|entry| format!("{} {}", entry.event, entry.code)).collect()
}

#[tokio::test]
async fn everything_due_is_delivered_in_order() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    for seed in 0..5 {
        enqueue(&outbox, &plain(["a", "b"][seed % 2], seed as u64), clock.now());
    }
    let summary = pass(&runner(&outbox, partner.clone(), &clock)).await;
    assert_eq!((summary.delivered, summary.counts.delivered, summary.next_due), (5, 5, None));
    assert_eq!(summary.link, LinkState::Online);
    let customers: Vec<_> =
        partner.records.lock().unwrap().iter().map(|(taken, _)| taken.customer_id.clone()).collect();
    assert_eq!(customers, ["a", "b", "a", "b", "a"]);
}

#[tokio::test]
async fn an_empty_queue_calls_nobody() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    *partner.probe.lock().unwrap() = Some(offline());
    assert_eq!(pass(&runner(&outbox, partner, &clock)).await.link, LinkState::Unknown);
}

#[tokio::test]
async fn being_offline_touches_no_item() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    *partner.probe.lock().unwrap() = Some(offline());
    let id = enqueue(&outbox, &plain("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    let summary = pass(&runner).await;
    assert_eq!((summary.link, summary.counts.waiting), (LinkState::Offline, 1));
    assert_eq!(outbox.show(id).unwrap().attempts, 0);

    *partner.probe.lock().unwrap() = None;
    let summary = pass(&runner).await;
    assert_eq!((summary.link, summary.delivered), (LinkState::Online, 1), "somebody asked, so it is tried");
}

#[tokio::test]
async fn a_lost_answer_is_found_and_nothing_is_sent_twice() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, [Reply::TakenButLost]);
    enqueue(&outbox, &plain("a", 1), clock.now());
    let summary = pass(&runner(&outbox, partner.clone(), &clock)).await;
    assert_eq!((summary.delivered, summary.recovered), (1, 1));
    assert_eq!(partner.received.lock().unwrap().len(), 1);
    assert!(audit_of(&outbox).contains(&"delivered recovered".to_owned()));
}

#[tokio::test]
async fn a_lost_answer_is_found_later_if_reading_fails_too() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, [Reply::TakenButLost]);
    partner.reads.lock().unwrap().extend([offline(), offline(), offline()]);
    enqueue(&outbox, &plain("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!((partner.taken(), partner.received.lock().unwrap().len()), (1, 1));
}

#[tokio::test]
async fn a_crash_while_sending_is_a_lost_answer() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    let id = enqueue(&outbox, &plain("a", 1), clock.now());
    // What a killed process leaves: marked and taken by the partner, no receipt.
    outbox.lease_next(clock.now(), Duration::from_secs(1)).unwrap().unwrap();
    let mark = outbox::SendMark { guarded: false, partner_now: clock.now(), lease_until: clock.now() };
    outbox.mark_sending(id, &mark, clock.now()).unwrap();
    let taken = gateway::Gateway::submit(&*partner, &plain("a", 1)).await.unwrap();
    clock.advance(Duration::from_secs(2));

    let summary = pass(&runner(&outbox, partner.clone(), &clock)).await;
    assert_eq!((summary.delivered, summary.recovered), (1, 1));
    assert_eq!(receipt_of(&outbox, 0).verification_id, taken.verification_id);
    assert_eq!(partner.taken(), 1);
}

#[tokio::test]
async fn an_unprotected_send_in_doubt_waits_until_it_has_settled() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, [lost_request()]);
    enqueue(&outbox, &plain("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    let start = clock.now();
    assert_eq!(pass(&runner).await.delivered, 0);
    let settle = SyncParams::default().settle;
    while clock.now() < start + settle {
        assert_eq!(partner.received.lock().unwrap().len(), 1, "at {}", clock.now());
        clock.advance(Duration::from_secs(5));
        pass(&runner).await;
    }
    assert_eq!((partner.received.lock().unwrap().len(), partner.taken()), (2, 1));
}

/// Sent with a clock years ahead, which was put right since: the item waits once, not for years.
#[tokio::test]
async fn a_send_dated_in_the_future_settles_too() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let true_now = clock.now();
    clock.advance(Duration::from_secs(3 * 365 * 86_400));
    let partner = Scripted::new(&clock, [lost_request()]);
    enqueue(&outbox, &plain("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass(&runner).await.delivered, 0);
    clock.set(true_now);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    let settle = SyncParams::default().settle;
    assert!((true_now + settle..true_now + 3 * settle).contains(&clock.now()), "{}", clock.now());
    assert_eq!(partner.taken(), 1);
}

#[tokio::test]
async fn a_send_protected_by_its_challenge_is_repeated_at_once() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, [lost_request()]);
    let expires_at = clock.now() + Duration::from_secs(80);
    enqueue(&outbox, &with_challenge("a", 1, expires_at), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass(&runner).await.postponed, 1);
    clock.advance(Duration::from_secs(2));
    assert_eq!(pass(&runner).await.delivered, 1);
    assert!(partner.records.lock().unwrap()[0].0.challenge.is_some());
}

#[tokio::test]
async fn an_expired_challenge_is_dropped_and_said_so() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    enqueue(&outbox, &with_challenge("a", 1, clock.now()), clock.now());
    assert_eq!(pass(&runner(&outbox, partner.clone(), &clock)).await.delivered, 1);
    let records = partner.records.lock().unwrap();
    let sent = &records[0].0;
    assert!(sent.challenge.is_none() && sent.bundle.as_ref().unwrap().document().flash.is_none());
    assert!(sent.bundle.as_ref().unwrap().verify(Default::default(), &testkit::DEVICE_SECRET.into()));
    assert_eq!(receipt_of(&outbox, 0).flash_dropped, Some(FlashDropped::Expired));
    assert!(audit_of(&outbox).contains(&"noted flash_dropped_expired".to_owned()));
}

#[tokio::test]
async fn without_a_device_secret_an_expired_challenge_needs_a_person() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    let id = enqueue(&outbox, &with_challenge("a", 1, clock.now()), clock.now());
    let runner = runner_with(&outbox, partner.clone(), &clock, None, SyncParams::default());
    assert_eq!(pass(&runner).await.parked, 1);
    assert_eq!(outbox.show(id).unwrap().reason.unwrap().code, "no_device_secret");
    assert!(outbox.show(id).unwrap().has_payload);
}

#[tokio::test]
async fn a_challenge_spent_by_ourselves_is_recovered() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    // Lost in a way that the record shows up only after the second send was refused.
    let partner = Scripted::new(&clock, [Reply::TakenButLost, spent()]);
    let expires_at = clock.now() + Duration::from_secs(80);
    enqueue(&outbox, &with_challenge("a", 1, expires_at), clock.now());
    partner.reads.lock().unwrap().extend([offline()]);
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!(partner.taken(), 1);
    assert_eq!(receipt_of(&outbox, 0).flash_dropped, None);
}

#[tokio::test]
async fn a_challenge_spent_by_nobody_we_know_is_dropped_the_second_time() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, [spent(), spent()]);
    let expires_at = clock.now() + Duration::from_secs(3000);
    enqueue(&outbox, &with_challenge("a", 1, expires_at), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass(&runner).await.postponed, 1, "the record may be about to appear");
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!(partner.received.lock().unwrap().len(), 3);
    assert_eq!(receipt_of(&outbox, 0).flash_dropped, Some(FlashDropped::Refused));
}

#[tokio::test]
async fn refusals_for_good_are_parked_with_the_partners_words() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let refused = Rejection::Permanent { reason: PermanentReason::RuleViolated, detail: Default::default() };
    let partner = Scripted::new(&clock, [Reply::Refused(refused)]);
    let first = enqueue(&outbox, &plain("a", 1), clock.now());
    let second = enqueue(&outbox, &plain("a", 2), clock.now());
    let summary = pass(&runner(&outbox, partner, &clock)).await;
    assert_eq!((summary.parked, summary.delivered), (1, 1));
    assert_eq!(outbox.show(first).unwrap().reason.unwrap().code, "rule_violated");
    assert_eq!(outbox.show(second).unwrap().state, State::Delivered);
}

#[tokio::test]
async fn a_refused_key_stops_the_pass_and_blames_nobody() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let reason = BlockReason::NotAuthenticated;
    let blocked = Rejection::Blocked { reason, detail: Default::default() };
    let partner = Scripted::new(&clock, [Reply::Refused(blocked.clone()), Reply::Refused(blocked)]);
    for seed in 0..3 {
        enqueue(&outbox, &plain(&seed.to_string(), seed), clock.now());
    }
    let summary = pass(&runner(&outbox, partner.clone(), &clock)).await;
    assert_eq!((summary.link, summary.counts.waiting), (LinkState::Blocked(reason), 3));
    assert_eq!(partner.received.lock().unwrap().len(), 1);
    assert!(outbox.list(None).unwrap().iter().all(|item| item.failures == 0));
}

#[tokio::test]
async fn throttling_pauses_everybody_for_as_long_as_asked() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let after = Some(Duration::from_secs(30));
    let throttled = Rejection::Retryable { reason: RetryReason::RateLimited, after };
    let partner = Scripted::new(&clock, [Reply::Refused(throttled)]);
    for seed in 0..3 {
        enqueue(&outbox, &plain(&seed.to_string(), seed), clock.now());
    }
    let runner = runner(&outbox, partner.clone(), &clock);
    let summary = pass(&runner).await;
    assert_eq!((summary.postponed, summary.counts.waiting, summary.link), (1, 3, LinkState::Online));
    let pause = runner.link().paused_until(clock.now()).unwrap().duration_since(clock.now()).as_secs();
    assert!((30..=32).contains(&pause), "{pause}");
    assert_eq!(pass_until_empty(&runner, &clock).await, 3);
    assert_eq!(partner.taken(), 3);
}

/// One poisonous item: the others pass at once, and in the end it is set aside.
#[tokio::test]
async fn an_item_that_fails_alone_is_set_aside() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, (0..8).flat_map(|_| [server_error(), Reply::Receipt]));
    let poison = enqueue(&outbox, &plain("poison", 0), clock.now());
    let params = SyncParams { settle: Duration::ZERO, ..SyncParams::default() };
    let runner = runner_with(&outbox, partner.clone(), &clock, None, params);
    for seed in 1..9 {
        enqueue(&outbox, &plain(&seed.to_string(), seed), clock.now());
        let summary = pass(&runner).await;
        assert_eq!(summary.delivered, 1, "round {seed}: the other one passed");
        clock.advance(Duration::from_secs(700));
    }
    let item = outbox.show(poison).unwrap();
    assert_eq!((item.state, item.reason.unwrap().code.as_str()), (State::Parked, "wedged"));
    assert!(item.has_payload);
}

/// A partner that is down: nobody is blamed, and few calls are made.
#[tokio::test]
async fn a_partner_that_is_down_costs_a_few_calls_and_no_item() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, (0..400).map(|_| server_error()));
    for seed in 0..50 {
        enqueue(&outbox, &plain(&seed.to_string(), seed), clock.now());
    }
    let params = SyncParams { settle: Duration::ZERO, ..SyncParams::default() };
    let runner = runner_with(&outbox, partner.clone(), &clock, None, params);
    let start = clock.now();
    while clock.now() < start + Duration::from_secs(3600) {
        if runner.link().paused_until(clock.now()).is_none() {
            pass(&runner).await;
        }
        clock.advance(Duration::from_secs(5));
    }
    let calls = partner.received.lock().unwrap().len();
    assert!(calls < 40, "{calls} calls in an hour");
    assert_eq!(outbox.counts().unwrap().pending(), 50);
}

/// Somebody else's answer, repeated by a careless proxy, settles nothing.
#[tokio::test]
async fn an_answer_that_belongs_to_another_item_is_not_believed() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    enqueue(&outbox, &plain("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    pass(&runner).await;
    // The partner loses its memory and counts from one again: the same record id once more.
    partner.records.lock().unwrap().clear();
    let second = enqueue(&outbox, &plain("b", 2), clock.now());
    let summary = pass(&runner).await;
    assert_eq!(summary.delivered, 0);
    assert_eq!(outbox.show(second).unwrap().state, State::Sending);
}

/// Two captures of one customer within a second; the second never arrived. The first one's
/// record, or a twin of it, must not settle the second.
#[tokio::test]
async fn an_earlier_record_of_the_same_customer_settles_nothing() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, [Reply::Receipt, lost_request(), lost_request()]);
    enqueue(&outbox, &plain("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    pass(&runner).await;
    // A twin: the first request was repeated on its way.
    partner.records.lock().unwrap().push((plain("a", 1), clock.now()));

    let second = enqueue(&outbox, &plain("a", 2), clock.now());
    assert_eq!(pass(&runner).await.delivered, 0);
    assert_eq!(outbox.show(second).unwrap().state, State::Sending);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!(partner.taken(), 3, "the second was sent until it arrived");
    assert_eq!(receipt_of(&outbox, 1).verification_id, "ver_3");
}
