//! Taking captures in and looking at them.

use outbox::{Counts, NewItem, OutboxError, Reason, Record, State};
use uuid::Uuid;

use crate::support::{CUSTOMER, LEASE, NAME, Queue, at, contains, deliver_next, files, mark, payload};

#[test]
fn what_was_accepted_is_there_after_reopening() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 1000);
    let reopened = queue.second();
    let item = reopened.show(id).unwrap();
    assert_eq!((item.customer_id.as_str(), item.state, item.captured_at), (CUSTOMER, State::Waiting, at(0)));
    assert_eq!(*reopened.payload(id).unwrap(), payload(1000));
    assert_eq!(reopened.counts().unwrap(), Counts { waiting: 1, ..Counts::default() });
}

#[test]
fn accepting_the_same_id_again_keeps_the_first() {
    let queue = Queue::new();
    let new = |payload: &'static [u8]| NewItem {
        idempotency_id: Uuid::from_u128(7),
        customer_id: CUSTOMER,
        captured_at: at(0),
        payload,
    };
    let first = queue.outbox.accept(&new(b"first"), at(1)).unwrap();
    let second = queue.outbox.accept(&new(b"second"), at(2)).unwrap();
    assert_eq!(first, second);
    assert_eq!(**queue.outbox.payload(first).unwrap(), *b"first");
    assert_eq!(queue.outbox.list(None).unwrap().len(), 1);
    assert_eq!(queue.outbox.verify_audit().unwrap().entries, 1);
}

#[test]
fn large_captures_pass_whole() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 8 * 1024 * 1024);
    assert_eq!(queue.outbox.payload(id).unwrap().len(), payload(8 * 1024 * 1024).len());
    queue.outbox.check_integrity().unwrap();
}

#[test]
fn unknown_items_are_named() {
    let queue = Queue::new();
    let id = outbox::ItemId(Uuid::from_u128(1));
    assert!(matches!(queue.outbox.show(id), Err(OutboxError::NotFound(unknown)) if unknown == id));
    assert!(matches!(queue.outbox.payload(id), Err(OutboxError::NotFound(_))));
    assert!(matches!(queue.outbox.requeue(id, at(0)), Err(OutboxError::NotFound(_))));
}

#[test]
fn parked_items_keep_their_capture_and_come_back() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 100);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
    queue.outbox.park(id, &Reason::new("rule_violated", "kecamatan is unknown"), at(2)).unwrap();

    let item = queue.outbox.show(id).unwrap();
    assert_eq!(item.state, State::Parked);
    let reason = item.reason.unwrap();
    assert_eq!((reason.code.as_str(), reason.detail.as_str()), ("rule_violated", "kecamatan is unknown"));
    assert!(!format!("{reason:?}").contains("kecamatan"));
    assert!(queue.outbox.lease_next(at(3), LEASE).unwrap().is_none());

    queue.outbox.requeue(id, at(4)).unwrap();
    let item = queue.outbox.lease_next(at(4), LEASE).unwrap().unwrap().item;
    assert_eq!((item.id, item.state), (id, State::Sending), "its send is still in doubt");
    let attempts = queue.outbox.attempts(id).unwrap();
    assert_eq!((attempts.len(), attempts[0].outcome.as_deref()), (1, Some("parked")));
}

#[test]
fn debug_shows_no_customer() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 10);
    let item = queue.outbox.show(id).unwrap();
    for shown in [format!("{item:?}"), format!("{:?}", queue.outbox)] {
        assert!(!shown.contains(CUSTOMER), "{shown}");
    }
}

#[test]
fn consent_and_signs_stay_with_the_item_and_corrections_go_with_the_capture() {
    let queue = Queue::new();
    let payload = payload(1000);
    let new = NewItem {
        idempotency_id: Uuid::from_u128(7),
        customer_id: CUSTOMER,
        captured_at: at(0),
        payload: &payload,
    };
    let corrections = format!(r#"[{{"field":"fullName","after":"{NAME}"}}]"#);
    let record = Record {
        consent: Some(r#"{"textVersion":"1"}"#),
        corrections: Some(&corrections),
        signs: Some(r#"{"voters":[{"name":"font_match","outcome":"passed"}]}"#),
    };
    let id = queue.outbox.accept_with(&new, &record, at(0)).unwrap();
    let kept = queue.outbox.show(id).unwrap();
    assert_eq!(
        (kept.consent_json.as_deref(), kept.corrections_json.as_deref(), kept.signs_json.as_deref()),
        (record.consent, record.corrections, record.signs)
    );
    for hidden in [NAME, "font_match"] {
        assert!(files(queue.dir.path()).iter().all(|(_, bytes)| !contains(bytes, hidden.as_bytes())));
    }
    let exported = |queue: &Queue| {
        let mut lines = Vec::new();
        queue.outbox.export(&mut lines).unwrap();
        String::from_utf8(lines).unwrap()
    };
    assert!(exported(&queue).contains(NAME));

    deliver_next(&queue.outbox, "ver_1", at(1));
    let item = queue.outbox.show(id).unwrap();
    assert_eq!((item.consent_json.as_deref(), item.corrections_json), (record.consent, None));
    assert_eq!(item.signs_json.as_deref(), record.signs);
    assert!(exported(&queue).contains("textVersion") && exported(&queue).contains("font_match"));
    assert!(!exported(&queue).contains(NAME));
}
