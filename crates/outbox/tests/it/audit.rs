//! The chain notices every kind of meddling.

use std::sync::Arc;

use outbox::{AuditError, Outbox};

use crate::support::{CUSTOMER, Queue, at, deliver_next};

fn worked_queue() -> Queue {
    let queue = Queue::new();
    for _ in 0..3 {
        queue.accept(CUSTOMER, 10);
    }
    deliver_next(&queue.outbox, "ver_1", at(1));
    queue
}

#[test]
fn a_life_is_told_in_order() {
    let queue = worked_queue();
    let id = queue.outbox.list(None).unwrap()[0].id;
    queue.outbox.note(id, "flash_dropped_expired", at(2)).unwrap();
    let told: Vec<_> = queue
        .outbox
        .audit(Some(id))
        .unwrap()
        .into_iter()
        .map(|entry| format!("{} {}", entry.event, entry.code))
        .collect();
    assert_eq!(
        told,
        [
            "accepted ",
            "sending guarded",
            "delivered answered",
            "shredded delivered",
            "noted flash_dropped_expired"
        ]
    );
    let report = queue.outbox.verify_audit().unwrap();
    assert_eq!((report.entries, report.head.len()), (7, 64));
    assert_eq!(queue.outbox.audit(None).unwrap().last().unwrap().hash, report.head);
}

#[test]
fn every_kind_of_meddling_is_noticed() {
    let check = |meddling: &str, expected: &str| {
        let queue = worked_queue();
        rusqlite::Connection::open(queue.path()).unwrap().execute_batch(meddling).unwrap();
        let refused = queue.outbox.verify_audit().unwrap_err();
        assert!(refused.to_string().contains(expected), "{meddling}: {refused}");
    };
    check("UPDATE audit SET event = 'parked' WHERE seq = 2", "line 2");
    check("UPDATE audit SET at_ms = at_ms + 1 WHERE seq = 1", "line 1");
    check("DELETE FROM audit WHERE seq = 2", "line 3");
    check("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", "must");
    check("DELETE FROM audit", "must");
    check("DELETE FROM meta WHERE key = 'audit_head'", "must");
    check("UPDATE audit SET item_id = 'x' WHERE seq = 6", "line 6");
}

#[test]
fn an_empty_chain_is_whole() {
    assert_eq!(Queue::new().outbox.verify_audit().unwrap().entries, 0);
}

#[test]
fn an_export_is_json_lines_without_captures() {
    let queue = worked_queue();
    let mut out = Vec::new();
    queue.outbox.export(&mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().filter(|line| line["type"] == "item").count(), 3);
    assert_eq!(lines.iter().filter(|line| line["type"] == "audit").count(), 6);
    assert_eq!(lines[0]["state"], "delivered");
    assert_eq!(lines[0]["customerId"], CUSTOMER);
    assert_eq!(lines[0]["receipt"]["verificationId"], "x");
    assert!(!text.contains("frames"));
}

#[test]
fn another_keys_head_is_not_believed() {
    let (ours, theirs) = (worked_queue(), worked_queue());
    let head: Vec<u8> = rusqlite::Connection::open(theirs.path())
        .unwrap()
        .query_row("SELECT value FROM meta WHERE key = 'audit_head'", [], |row| row.get(0))
        .unwrap();
    rusqlite::Connection::open(ours.path())
        .unwrap()
        .execute("UPDATE meta SET value = ?1 WHERE key = 'audit_head'", [head])
        .unwrap();
    let reopened = Outbox::open(ours.path(), Arc::clone(&ours.key)).unwrap();
    assert!(matches!(reopened.verify_audit(), Err(AuditError::HeadMismatch)));
}
