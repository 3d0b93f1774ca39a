//! The receipt comes in, the capture goes.

use outbox::{Counts, OutboxError, State};

use crate::support::{LEASE, Queue, at, deliver_next, files, mark, receipt};

#[test]
fn the_receipt_stays_and_the_capture_is_gone() {
    let queue = Queue::new();
    queue.accept("a", 5000);
    let id = deliver_next(&queue.outbox, "ver_1", at(9));
    let item = queue.outbox.show(id).unwrap();
    assert_eq!((item.state, item.delivered_at, item.has_payload), (State::Delivered, Some(at(9)), false));
    assert_eq!(item.receipt_json.as_deref(), Some(r#"{"verificationId":"x"}"#));
    assert!(matches!(queue.outbox.payload(id), Err(OutboxError::PayloadGone(_))));
    assert_eq!(queue.outbox.counts().unwrap(), Counts { delivered: 1, ..Counts::default() });
}

/// Looked at from outside: neither ciphertext nor wrapped key is left in any of the files.
#[test]
fn no_byte_of_key_or_ciphertext_lingers_in_the_files() {
    let queue = Queue::new();
    let id = queue.accept("a", 50_000);
    let reader = rusqlite::Connection::open(queue.path()).unwrap();
    let (wrapped, ciphertext): (Vec<u8>, Vec<u8>) = reader
        .query_row(
            "SELECT wrapped_key, ciphertext FROM items JOIN payloads ON item_seq = seq WHERE id = ?1",
            [id.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    drop(reader);
    let lingers = |needle: &[u8]| {
        files(queue.dir.path()).iter().any(|(_, bytes)| crate::support::contains(bytes, needle))
    };
    // Pages interrupt a long value, so parts of it are looked for; before delivery they are found.
    let parts: Vec<&[u8]> = ciphertext.chunks(10_000).map(|part| &part[..32]).collect();
    assert!(lingers(&wrapped[33..]));
    assert!(parts.iter().any(|part| lingers(part)));

    deliver_next(&queue.outbox, "ver_1", at(1));
    assert!(!lingers(&wrapped[33..]));
    assert!(!parts.iter().any(|part| lingers(part)));
}

#[test]
fn a_partners_record_settles_one_item_only() {
    let queue = Queue::new();
    queue.accept("a", 10);
    let second = queue.accept("b", 10);
    deliver_next(&queue.outbox, "ver_1", at(1));
    assert!(!queue.outbox.may_settle(second, "ver_1").unwrap());
    assert!(queue.outbox.may_settle(second, "ver_2").unwrap());

    queue.outbox.lease_next(at(2), LEASE).unwrap().unwrap();
    queue.outbox.mark_sending(second, &mark(true, at(2)), at(2)).unwrap();
    let refused = queue.outbox.delivered(second, &receipt("ver_1"), at(3));
    assert!(matches!(refused, Err(OutboxError::AlreadyClaimed(_))));
    let item = queue.outbox.show(second).unwrap();
    assert_eq!((item.state, item.has_payload), (State::Sending, true), "a refused receipt changes nothing");
}

#[test]
fn records_that_were_there_before_are_not_this_items() {
    let queue = Queue::new();
    let first = queue.accept("a", 10);
    let second = queue.accept("a", 10);
    assert!(!queue.outbox.customer_was_sent_before(second).unwrap());
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.mark_sending(first, &mark(true, at(1)), at(1)).unwrap();
    assert!(queue.outbox.customer_was_sent_before(second).unwrap());
    assert!(!queue.outbox.customer_was_sent_before(first).unwrap());

    // The first is parked in doubt; its record shows up and is not the second's, but still its own.
    queue.outbox.park(first, &outbox::Reason::code("wedged"), at(2)).unwrap();
    queue.outbox.disown(second, ["ver_0", "ver_1"].into_iter()).unwrap();
    assert!(!queue.outbox.may_settle(second, "ver_1").unwrap());
    assert!(queue.outbox.may_settle(first, "ver_1").unwrap());
    deliver_next(&queue.outbox, "ver_2", at(3));
    assert!(!queue.outbox.may_settle(first, "ver_2").unwrap());
}

#[test]
fn a_discarded_capture_is_gone_for_good() {
    let queue = Queue::new();
    let id = queue.accept("a", 5000);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
    assert!(
        matches!(queue.outbox.discard(id, "", at(2)), Err(OutboxError::WrongState { .. })),
        "it may have arrived"
    );
    queue.outbox.park(id, &outbox::Reason::code("invalid"), at(2)).unwrap();
    queue.outbox.discard(id, "taken twice", at(3)).unwrap();
    let item = queue.outbox.show(id).unwrap();
    assert_eq!(
        (item.state, item.has_payload, item.reason.unwrap().code.as_str()),
        (State::Parked, false, "discarded")
    );
    assert!(matches!(queue.outbox.requeue(id, at(4)), Err(OutboxError::PayloadGone(_))));
    queue.outbox.verify_audit().unwrap();
}

#[test]
fn a_first_part_taken_is_kept_and_the_item_goes_on_as_if_unsent() {
    let queue = Queue::new();
    let id = queue.accept("a", 100);
    let other = queue.accept("b", 100);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.mark_sending(id, &mark(false, at(1)), at(1)).unwrap();
    queue.outbox.part_delivered(id, &receipt("ver_1"), at(90), at(2)).unwrap();
    let item = queue.outbox.show(id).unwrap();
    assert_eq!((item.state, item.has_payload, item.sending), (State::Waiting, true, None));
    assert!(item.receipt_json.is_some() && item.delivered_at.is_none());
    assert_eq!(queue.outbox.attempts(id).unwrap()[0].outcome.as_deref(), Some("part_delivered"));
    assert!(!queue.outbox.may_settle(other, "ver_1").unwrap(), "the record is this item's");

    // The same record cannot be the second part's too, and what is kept survives a refusal.
    queue.outbox.mark_sending(id, &mark(true, at(3)), at(3)).unwrap();
    let refused = queue.outbox.delivered(id, &receipt("ver_1"), at(4));
    assert!(matches!(refused, Err(OutboxError::AlreadyClaimed(_))));
    queue.outbox.park_refused(id, &outbox::Reason::code("rule_violated"), at(5)).unwrap();
    let parked = queue.outbox.show(id).unwrap();
    assert_eq!((parked.state, parked.receipt_json.is_some()), (State::Parked, true));

    queue.outbox.requeue(id, at(6)).unwrap();
    queue.outbox.lease_next(at(6), LEASE).unwrap().unwrap();
    queue.outbox.delivered(id, &receipt("ver_2"), at(7)).unwrap();
    assert_eq!(queue.outbox.show(id).unwrap().state, State::Delivered);
    let noted = queue.outbox.audit(Some(id)).unwrap().into_iter().map(|line| line.code);
    assert!(noted.into_iter().any(|code| code == "part_delivered_answered"));
    queue.outbox.verify_audit().unwrap();
}

#[test]
fn a_first_part_taken_survives_the_process_that_took_it() {
    let queue = Queue::new();
    let id = queue.accept("a", 100);
    queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap();
    queue.outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
    let taken = receipt("ver_1");
    queue.outbox.part_delivered(id, &taken, at(90), at(2)).unwrap();
    let Queue { dir, key, outbox } = queue;
    drop(outbox);
    let outbox = outbox::Outbox::open(dir.path().join("queue.db"), key).unwrap();
    let item = outbox.lease_next(at(3), LEASE).unwrap().unwrap().item;
    assert_eq!(item.receipt_json.as_deref(), Some(taken.receipt_json));
}
