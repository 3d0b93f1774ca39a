//! Cards with a face to follow: the card's receipt is never lost, and each part arrives once.

use std::sync::Arc;
use std::time::Duration;

use gateway::{
    ChallengePurpose, ChallengeRequest, FlashDropped, Gateway, LossReason, PermanentReason, Receipt,
    Rejection, RetryReason, Standing,
};
use jiff::Timestamp;
use outbox::{Item, Outbox, State};
use simulator::{Endpoint, FaultKind, FaultRule};
use sync::{CARD_TAKEN, Progress, SyncParams, stop_signal};
use testkit::ManualClock;

use crate::support::{
    Heard, Reply, Scripted, client, enqueue, invented_challenge, open_queue, pass, pass_until_empty, plain,
    plain_with_face, runner, runner_with, signer, simulator, with_flashed_face,
};

fn only(outbox: &Outbox) -> Item {
    outbox.list(None).unwrap().pop().unwrap()
}

fn receipt(item: &Item) -> Receipt {
    serde_json::from_str(item.receipt_json.as_deref().unwrap()).unwrap()
}

fn codes(outbox: &Outbox) -> Vec<String> {
    outbox.audit(None).unwrap().into_iter().map(|line| format!("{} {}", line.event, line.code)).collect()
}

fn lost() -> Reply {
    Reply::Refused(Rejection::NeedsRecovery { reason: LossReason::Interrupted, after: None })
}

fn spent() -> Reply {
    Reply::Refused(Rejection::ChallengeSpent { detail: Default::default() })
}

#[tokio::test]
async fn the_face_follows_the_card_and_one_receipt_tells_both() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    enqueue(&outbox, &plain_with_face("a", 1), clock.now());
    enqueue(&outbox, &plain("b", 2), clock.now());
    let heard = Heard::default();
    let (_stopper, stop) = stop_signal();
    let summary = runner(&outbox, partner.clone(), &clock).once(&heard.listener(), &stop).await.unwrap();
    assert_eq!((summary.delivered, summary.recovered), (2, 0));
    let items = outbox.list(None).unwrap();
    let first = receipt(&items[0]);
    assert_eq!(first.verification_id, "ver_1");
    assert_eq!(first.face.unwrap().verification_id, "ver_f1");
    assert!(!items[0].has_payload);
    assert!(receipt(&items[1]).face.is_none());
    assert_eq!((partner.taken(), partner.faces_received.lock().unwrap().len()), (2, 1));
    let heard = heard.0.lock().unwrap();
    let between =
        |progress: &&Progress| matches!(progress, Progress::Stage { code, .. } if *code == CARD_TAKEN);
    assert_eq!(heard.iter().filter(between).count(), 1);
    outbox.verify_audit().unwrap();
}

#[tokio::test]
async fn a_face_that_must_wait_keeps_the_cards_receipt_and_goes_alone_later() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    let offline = Rejection::Retryable { reason: RetryReason::Offline, after: None };
    partner.face_replies.lock().unwrap().push_back(Reply::Refused(offline));
    enqueue(&outbox, &plain_with_face("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass(&runner).await.postponed, 1);
    let item = only(&outbox);
    assert_eq!((item.state, item.has_payload, item.sending), (State::Waiting, true, None));
    assert_eq!(receipt(&item).verification_id, "ver_1");
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!((partner.taken(), partner.faces_received.lock().unwrap().len()), (1, 2));
    assert!(receipt(&only(&outbox)).face.is_some());
}

/// What a process leaves that was killed while the face was on its way.
#[tokio::test]
async fn a_crash_between_card_and_face_sends_neither_twice() {
    for face_arrived in [false, true] {
        let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
        let partner = Scripted::new(&clock, []);
        let submission = plain_with_face("a", 1);
        let id = enqueue(&outbox, &submission, clock.now());
        outbox.lease_next(clock.now(), Duration::from_secs(1)).unwrap().unwrap();
        let mark = outbox::SendMark { guarded: false, partner_now: clock.now(), lease_until: clock.now() };
        outbox.mark_sending(id, &mark, clock.now()).unwrap();
        let card = partner.submit(&submission).await.unwrap();
        let json = serde_json::to_string(&card).unwrap();
        let reference = &card.verification_id;
        let taken = outbox::Delivery { receipt_json: &json, reference, code: "answered" };
        outbox.part_delivered(id, &taken, clock.now(), clock.now()).unwrap();
        if face_arrived {
            outbox.mark_sending(id, &mark, clock.now()).unwrap();
            partner.submit_face(&submission).await.unwrap();
        }
        clock.advance(Duration::from_secs(2));
        let summary = pass(&runner(&outbox, partner.clone(), &clock)).await;
        assert_eq!((summary.delivered, summary.recovered), (1, u32::from(face_arrived)));
        assert_eq!((partner.taken(), partner.faces_received.lock().unwrap().len()), (1, 1));
        let receipt = receipt(&only(&outbox));
        assert_eq!(receipt.verification_id, card.verification_id);
        assert_eq!(receipt.face.unwrap().verification_id, "ver_f1");
    }
}

#[tokio::test]
async fn a_lost_card_and_a_lost_face_are_both_found() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, [Reply::TakenButLost]);
    partner.face_replies.lock().unwrap().push_back(Reply::TakenButLost);
    enqueue(&outbox, &plain_with_face("a", 1), clock.now());
    assert_eq!(pass(&runner(&outbox, partner.clone(), &clock)).await.recovered, 1);
    assert_eq!((partner.taken(), partner.faces_received.lock().unwrap().len()), (1, 1));
    let face = receipt(&only(&outbox)).face.unwrap();
    assert_eq!((face.allow, face.standing()), (None, Standing::Accepted), "the history tells no decision");
    assert!(codes(&outbox).contains(&"noted part_delivered_recovered".to_owned()));
}

#[tokio::test]
async fn an_unprotected_face_in_doubt_waits_until_it_has_settled() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    partner.face_replies.lock().unwrap().push_back(lost());
    enqueue(&outbox, &plain_with_face("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    let start = clock.now();
    assert_eq!(pass(&runner).await.delivered, 0);
    while clock.now() < start + SyncParams::default().settle {
        assert_eq!(partner.faces_received.lock().unwrap().len(), 1, "at {}", clock.now());
        clock.advance(Duration::from_secs(5));
        pass(&runner).await;
    }
    assert_eq!((partner.faces_received.lock().unwrap().len(), partner.taken()), (2, 1));
    assert_eq!(only(&outbox).state, State::Delivered);
}

#[tokio::test]
async fn a_face_refused_for_good_parks_with_the_cards_receipt() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    let refused = Rejection::Permanent { reason: PermanentReason::RuleViolated, detail: Default::default() };
    partner.face_replies.lock().unwrap().push_back(Reply::Refused(refused));
    let id = enqueue(&outbox, &plain_with_face("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass(&runner).await.parked, 1);
    let item = only(&outbox);
    assert_eq!((item.state, item.has_payload), (State::Parked, true));
    assert_eq!(receipt(&item).verification_id, "ver_1");
    outbox.requeue(id, clock.now()).unwrap();
    assert_eq!(pass(&runner).await.delivered, 1);
    assert_eq!((partner.taken(), partner.faces_received.lock().unwrap().len()), (1, 2));
}

#[tokio::test]
async fn each_part_loses_its_own_flash_alone() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    // The face's challenge runs out with the clock, and the next is called spent twice.
    enqueue(&outbox, &with_flashed_face("a", 1, &invented_challenge(1, clock.now())), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    assert_eq!(pass(&runner).await.delivered, 1);
    let first = receipt(&only(&outbox));
    assert_eq!((first.flash_dropped, first.face.unwrap().flash_dropped), (None, Some(FlashDropped::Expired)));
    assert!(codes(&outbox).contains(&"noted face_flash_dropped_expired".to_owned()));

    let later = clock.now() + Duration::from_secs(3000);
    enqueue(&outbox, &with_flashed_face("b", 2, &invented_challenge(2, later)), clock.now());
    partner.face_replies.lock().unwrap().extend([spent(), spent()]);
    assert_eq!(pass(&runner).await.postponed, 1, "the record may be about to appear");
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    let face = receipt(&only(&outbox)).face.unwrap();
    assert_eq!(face.flash_dropped, Some(FlashDropped::Refused));
    let faces = partner.face_records.lock().unwrap();
    for (sent, _) in faces.iter() {
        let face = sent.face.as_ref().unwrap();
        assert!(sent.face_challenge.is_none() && face.document().flash.is_none());
        assert!(face.verify(Default::default(), &testkit::DEVICE_SECRET.into()));
    }
    assert_eq!((faces.len(), partner.taken()), (2, 2));
}

/// Two captures of one customer; the second's face never arrived. The first's record must not settle it.
#[tokio::test]
async fn an_earlier_face_of_the_same_customer_settles_nothing() {
    let (clock, (_dir, outbox)) = (ManualClock::default(), open_queue());
    let partner = Scripted::new(&clock, []);
    partner.face_replies.lock().unwrap().extend([Reply::Receipt, lost(), lost()]);
    enqueue(&outbox, &plain_with_face("a", 1), clock.now());
    let runner = runner(&outbox, partner.clone(), &clock);
    pass(&runner).await;
    // A twin: the first request was repeated on its way.
    partner.face_records.lock().unwrap().push((plain_with_face("a", 1), clock.now()));
    enqueue(&outbox, &plain_with_face("a", 2), clock.now());
    assert_eq!(pass(&runner).await.delivered, 0);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    assert_eq!(receipt(&only(&outbox)).face.unwrap().verification_id, "ver_f3");
}

fn eager() -> SyncParams {
    SyncParams { settle: Duration::ZERO, ..SyncParams::default() }
}

/// Over HTTP: whatever is lost on the way to the card or the face, one record of each is left.
#[tokio::test]
async fn every_kind_of_loss_ends_with_one_card_and_one_face() {
    let kinds = [
        FaultKind::DropAfterCommit,
        FaultKind::DropBefore,
        FaultKind::Status { code: 500 },
        FaultKind::TooManyRequests { retry_after_s: 1 },
        FaultKind::RepeatRequest,
    ];
    for (seed, kind) in (1..).zip(kinds) {
        let (clock, (_dir, outbox)) = (ManualClock::at(Timestamp::now()), open_queue());
        let simulator = simulator(|_| {}).await;
        let gateway = client(&simulator);
        let ask = ChallengeRequest { purpose: ChallengePurpose::Face, ..ChallengeRequest::default() };
        let challenge = gateway.challenge("cus_1", ask).await.unwrap();
        enqueue(&outbox, &with_flashed_face("cus_1", seed, &challenge), clock.now());
        simulator.set_faults(vec![FaultRule::times(Endpoint::StepUp, kind.clone(), 1)], 1);
        let runner = runner_with(&outbox, gateway as Arc<dyn Gateway>, &clock, signer(), eager());
        assert_eq!(pass_until_empty(&runner, &clock).await, 1, "{kind:?}");
        let (cards, faces) = (simulator.captures().unwrap(), simulator.faces().unwrap());
        assert_eq!((cards.len(), faces.len()), (1, 1), "{kind:?}");
        let receipt = receipt(&only(&outbox));
        assert_eq!(receipt.verification_id, cards[0].verification_id, "{kind:?}");
        let face = receipt.face.unwrap();
        assert_eq!(face.verification_id, faces[0].verification_id, "{kind:?}");
        assert_eq!(face.flash_dropped, None, "{kind:?}");
        outbox.verify_audit().unwrap();
    }
}

#[tokio::test]
async fn a_face_held_up_until_its_challenge_ran_out_arrives_in_the_dark() {
    let (clock, (_dir, outbox)) = (ManualClock::at(Timestamp::now()), open_queue());
    let simulator = simulator(|_| {}).await;
    let gateway = client(&simulator);
    let ask = ChallengeRequest { purpose: ChallengePurpose::Face, ..ChallengeRequest::default() };
    let challenge = gateway.challenge("cus_1", ask).await.unwrap();
    enqueue(&outbox, &with_flashed_face("cus_1", 1, &challenge), clock.now());
    let busy = FaultKind::TooManyRequests { retry_after_s: 1 };
    simulator.set_faults(vec![FaultRule::times(Endpoint::StepUp, busy, 1)], 1);
    let runner = runner_with(&outbox, gateway as Arc<dyn Gateway>, &clock, signer(), eager());
    assert_eq!(pass(&runner).await.postponed, 1);
    simulator.set_clock_skew_ms(3_600_000);
    assert_eq!(pass_until_empty(&runner, &clock).await, 1);
    let face = receipt(&only(&outbox)).face.unwrap();
    assert!(face.flash_dropped.is_some(), "{face:?}");
    assert_eq!((simulator.captures().unwrap().len(), simulator.faces().unwrap().len()), (1, 1));
    assert_eq!(simulator.faces().unwrap()[0].nonce, None);
}
