//! Where a capture is with a partner that takes it in steps.

use outbox::{AuditEvent, NewStage, OutboxError};

use crate::support::{CUSTOMER, LEASE, Queue, at, contains, files, mark, receipt};

const TOKEN: &[u8] = b"a-user-token-of-the-test";

fn stage<'a>(code: &'a str, bytes: &'a [u8]) -> NewStage<'a> {
    NewStage { code, bytes, lease_until: at(0) + LEASE }
}

#[test]
fn a_stage_survives_and_is_sealed() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 100);
    assert!(queue.outbox.stage(id).unwrap().is_none());
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.set_stage(id, &stage("started", TOKEN), at(1)).unwrap();
    assert_eq!(queue.outbox.show(id).unwrap().stage_code.as_deref(), Some("started"));
    assert_eq!(queue.second().stage(id).unwrap().unwrap().as_slice(), TOKEN);
    assert!(files(queue.dir.path()).iter().all(|(_, bytes)| !contains(bytes, TOKEN)));
}

#[test]
fn only_a_change_of_word_is_audited() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 100);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    for (code, bytes) in [("started", "1"), ("polling", "1"), ("polling", "2"), ("polling", "3")] {
        queue.outbox.set_stage(id, &stage(code, bytes.as_bytes()), at(2)).unwrap();
    }
    assert_eq!(queue.outbox.stage(id).unwrap().unwrap().as_slice(), b"3");
    let noted = AuditEvent::Noted.as_str();
    let lines = queue.outbox.audit(Some(id)).unwrap().into_iter().filter(|line| line.event == noted);
    assert_eq!(lines.map(|line| line.code).collect::<Vec<_>>(), ["started", "polling"]);
    queue.outbox.verify_audit().unwrap();
}

#[test]
fn nobody_moves_an_item_in_other_hands() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 100);
    let unheld = queue.outbox.set_stage(id, &stage("started", TOKEN), at(1));
    assert!(matches!(unheld, Err(OutboxError::LeaseLost(_))));
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    let other = queue.second().set_stage(id, &stage("started", TOKEN), at(1));
    assert!(matches!(other, Err(OutboxError::LeaseLost(_))));
}

#[test]
fn the_stage_goes_with_the_capture() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 100);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.set_stage(id, &stage("started", TOKEN), at(1)).unwrap();
    queue.outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
    queue.outbox.delivered(id, &receipt("ver_1"), at(2)).unwrap();
    assert_eq!(queue.outbox.show(id).unwrap().stage_code, None);
    assert!(queue.outbox.stage(id).unwrap().is_none());
}

#[test]
fn what_is_under_way_is_parked_before_it_is_discarded() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 100);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.set_stage(id, &stage("started", TOKEN), at(1)).unwrap();
    assert!(matches!(queue.outbox.discard(id, "", at(2)), Err(OutboxError::WrongState { .. })));
    queue.outbox.park(id, &outbox::Reason::code("by_hand"), at(3)).unwrap();
    queue.outbox.discard(id, "", at(4)).unwrap();
    assert!(queue.outbox.stage(id).unwrap().is_none());
}
