//! What is removed after its time, and what never is.

use std::fs;
use std::time::Duration;

use outbox::{OutboxError, Purged, Reason, Retention};

use crate::support::{CUSTOMER, Queue, at, deliver_next};

const DAY: i64 = 24 * 60 * 60;

fn thirty_days() -> Retention {
    let limit = Some(Duration::from_secs(30 * 24 * 60 * 60));
    Retention { receipts_for: limit, parked_captures_for: limit }
}

#[test]
fn only_what_is_settled_and_old_goes() {
    let queue = Queue::new();
    for _ in 0..3 {
        queue.accept(CUSTOMER, 100);
    }
    let delivered = deliver_next(&queue.outbox, "ver_1", at(1));
    let [parked, waiting] = [1, 2].map(|nth| queue.outbox.list(None).unwrap()[nth].id);
    queue.outbox.park(parked, &Reason::code("invalid"), at(2)).unwrap();

    assert_eq!(queue.outbox.purge(&thirty_days(), at(29 * DAY)).unwrap(), Purged::default());
    assert_eq!(queue.outbox.purge(&Retention::default(), at(900 * DAY)).unwrap(), Purged::default());
    let purged = queue.outbox.purge(&thirty_days(), at(31 * DAY)).unwrap();
    assert_eq!(purged, Purged { receipts: 1, captures: 1 });

    assert!(matches!(queue.outbox.show(delivered), Err(OutboxError::NotFound(_))));
    assert!(matches!(queue.outbox.payload(parked), Err(OutboxError::PayloadGone(_))));
    assert_eq!(queue.outbox.show(parked).unwrap().reason.unwrap().code, "capture_expired");
    assert!(matches!(queue.outbox.requeue(parked, at(32 * DAY)), Err(OutboxError::PayloadGone(_))));
    queue.outbox.payload(waiting).unwrap();
    assert!(!queue.outbox.may_settle(waiting, "ver_1").unwrap(), "its record still settles no other item");
    queue.outbox.verify_audit().unwrap();
}

#[test]
fn the_disk_gets_its_space_back() {
    let queue = Queue::new();
    for _ in 0..4 {
        queue.accept(CUSTOMER, 500_000);
    }
    for nth in 0..4 {
        deliver_next(&queue.outbox, &format!("ver_{nth}"), at(nth));
    }
    let before = fs::metadata(queue.path()).unwrap().len();
    queue.outbox.purge(&thirty_days(), at(31 * DAY)).unwrap();
    let after = fs::metadata(queue.path()).unwrap().len();
    assert!(before > 2_000_000 && after < 200_000, "{before} to {after} bytes");
}
