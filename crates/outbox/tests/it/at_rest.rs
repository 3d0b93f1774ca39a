//! Nothing about a person can be read in the files, whatever state an item is in.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use outbox::{Delivery, Reason};

use crate::support::{CUSTOMER, LEASE, NAME, NIK, Queue, at, contains, deliver_next, files, mark, payload};

/// A random file of a few hundred kilobytes holds three given bytes by chance now and then, so
/// JPEG's start is looked for with the bytes that follow it.
fn needles() -> Vec<(&'static str, Vec<u8>)> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    vec![
        ("name", NAME.as_bytes().to_vec()),
        ("part of the name", b"RAHAYU".to_vec()),
        ("name in UTF-16", utf16(NAME)),
        ("NIK", NIK.as_bytes().to_vec()),
        ("NIK in base64", BASE64_STANDARD.encode(NIK).into_bytes()),
        ("customer", CUSTOMER.as_bytes().to_vec()),
        ("JPEG", vec![0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, b'J', b'F', b'I', b'F']),
        ("JFIF mark", b"JFIF".to_vec()),
        ("JPEG in base64", b"/9j/4AAQSkZJR".to_vec()),
        ("field name", b"fullName".to_vec()),
        ("reason's detail", b"kecamatan is unknown".to_vec()),
        ("receipt", b"verificationId".to_vec()),
        ("partner's record", b"ver_readable".to_vec()),
    ]
}

fn assert_unreadable(queue: &Queue, when: &str) {
    let files = files(queue.dir.path());
    assert!(files.iter().any(|(name, bytes)| name == "queue.db" && !bytes.is_empty()), "{when}");
    for (name, bytes) in files {
        for (what, needle) in needles() {
            assert!(!contains(&bytes, &needle), "{what} is readable in {name}, {when}");
        }
    }
}

#[test]
fn nothing_is_readable_in_any_state() {
    let queue = Queue::new();
    // A reader keeps the log from being emptied, so that it is searched as well.
    let reader = rusqlite::Connection::open(queue.path()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM items").unwrap();
    for _ in 0..4 {
        queue.accept(CUSTOMER, 30_000);
    }
    assert!(contains(&payload(30_000), b"/9j/4AAQSkZJR"), "the search would find what it looks for");
    assert!(std::fs::metadata(queue.dir.path().join("queue.db-wal")).unwrap().len() > 100_000);
    assert_unreadable(&queue, "with captures in the log");
    drop(reader);

    let id = queue.outbox.lease_next(at(1), LEASE).unwrap().unwrap().item.id;
    queue.outbox.mark_sending(id, &mark(true, at(1)), at(1)).unwrap();
    assert_unreadable(&queue, "while sending");
    let receipt = Delivery {
        receipt_json: r#"{"verificationId":"ver_readable"}"#,
        reference: "ver_readable",
        code: "answered",
    };
    queue.outbox.delivered(id, &receipt, at(2)).unwrap();
    assert_unreadable(&queue, "after a receipt");

    let id = queue.outbox.lease_next(at(3), LEASE).unwrap().unwrap().item.id;
    queue.outbox.park(id, &Reason::new("rule_violated", "kecamatan is unknown"), at(3)).unwrap();
    assert_unreadable(&queue, "with a parked item");

    deliver_next(&queue.outbox, "ver_2", at(4));
    let Queue { dir, key, outbox } = queue;
    drop(outbox);
    let outbox = outbox::Outbox::open(dir.path().join("queue.db"), key.clone()).unwrap();
    assert_unreadable(&Queue { dir, key, outbox }, "after closing and opening again");
}

#[cfg(unix)]
#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let queue = Queue::new();
    queue.accept(CUSTOMER, 100);
    for name in ["queue.db", "queue.db-wal", "queue.db-shm"] {
        let mode = std::fs::metadata(queue.dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} has mode {mode:o}");
    }
}
