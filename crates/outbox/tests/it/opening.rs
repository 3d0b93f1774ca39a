//! Refusals at the door leave every byte as it was.

use std::fs;
use std::sync::Arc;

use outbox::{OpenError, Outbox, OutboxError};
use vault::MasterKey;

use crate::support::{CUSTOMER, Queue, files};

fn other_key() -> Arc<MasterKey> {
    Arc::new(MasterKey::generate().unwrap())
}

#[test]
fn a_wrong_key_is_named_and_changes_nothing() {
    let queue = Queue::new();
    let id = queue.accept(CUSTOMER, 20_000);
    let Queue { dir, key, outbox } = queue;
    drop(outbox);
    let path = dir.path().join("queue.db");
    let before = files(dir.path());

    let other = other_key();
    let refused = Outbox::open(&path, Arc::clone(&other)).unwrap_err();
    let OpenError::WrongKey { made_with, at_hand, .. } = &refused else { panic!("{refused}") };
    assert_eq!((*made_with, *at_hand), (key.id(), other.id()));
    assert!(refused.to_string().contains("nothing was changed"), "{refused}");
    assert_eq!(files(dir.path()), before);

    let outbox = Outbox::open(&path, key).unwrap();
    outbox.payload(id).unwrap();
}

/// After a crash the log still holds what was accepted last; a wrong key must not disturb it.
#[test]
fn a_wrong_key_leaves_the_log_of_a_crash_alone() {
    let queue = Queue::new();
    // A reader keeps the log from being emptied.
    let reader = rusqlite::Connection::open(queue.path()).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM items").unwrap();
    let id = queue.accept(CUSTOMER, 20_000);
    // A copy taken while the queue is open is what a crash leaves.
    let crashed = tempfile::tempdir().unwrap();
    for name in ["queue.db", "queue.db-wal"] {
        fs::copy(queue.dir.path().join(name), crashed.path().join(name)).unwrap();
    }
    let before = files(crashed.path());
    assert!(before.iter().any(|(name, bytes)| name == "queue.db-wal" && !bytes.is_empty()));

    let path = crashed.path().join("queue.db");
    assert!(matches!(Outbox::open(&path, other_key()), Err(OpenError::WrongKey { .. })));
    assert_eq!(files(crashed.path()), before);
    Outbox::open(&path, Arc::clone(&queue.key)).unwrap().payload(id).unwrap();
}

#[test]
fn damaged_and_foreign_files_are_kept() {
    let check = |content: &[u8]| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("queue.db");
        fs::write(&path, content).unwrap();
        let refused = Outbox::open(&path, other_key()).unwrap_err();
        assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused}");
        assert!(refused.to_string().contains("left as it is"), "{refused}");
        assert_eq!(files(dir.path()), [("queue.db".to_owned(), content.to_vec())]);
    };
    check(&[0x5A; 8192]);
    check(b"not a database");

    let dir = tempfile::tempdir().unwrap();
    let foreign = dir.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE notes (text)").unwrap();
    check(&fs::read(&foreign).unwrap());
}

#[test]
fn one_damaged_bit_is_noticed_and_the_rest_stays_readable() {
    let queue = Queue::new();
    let first = queue.accept(CUSTOMER, 40_000);
    let last = queue.accept(CUSTOMER, 40_000);
    let reader = rusqlite::Connection::open(queue.path()).unwrap();
    let ciphertext: Vec<u8> = reader
        .query_row(
            "SELECT ciphertext FROM payloads JOIN items ON seq = item_seq WHERE id = ?1",
            [first.to_string()],
            |row| row.get(0),
        )
        .unwrap();
    drop(reader);
    let Queue { dir, key, outbox } = queue;
    drop(outbox);
    let path = dir.path().join("queue.db");
    let mut bytes = fs::read(&path).unwrap();
    let middle = &ciphertext[20_000..20_016];
    let at = bytes.windows(16).position(|window| window == middle).unwrap();
    bytes[at] ^= 1;
    fs::write(&path, &bytes).unwrap();

    let outbox = Outbox::open(&path, key).unwrap();
    assert!(matches!(outbox.payload(first), Err(OutboxError::Sealed { .. })));
    outbox.payload(last).unwrap();
    assert_eq!(outbox.list(None).unwrap().len(), 2);
}

#[test]
fn newer_schemas_are_refused() {
    let queue = Queue::new();
    let Queue { dir, key, outbox } = queue;
    drop(outbox);
    let path = dir.path().join("queue.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = files(dir.path());
    let refused = Outbox::open(&path, key).unwrap_err();
    assert!(matches!(refused, OpenError::NewerSchema { found: 99, .. }), "{refused}");
    assert_eq!(files(dir.path()), before);
}

#[test]
fn missing_folders_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let refused = Outbox::open(dir.path().join("absent").join("queue.db"), other_key()).unwrap_err();
    assert!(matches!(refused, OpenError::Io { .. }), "{refused}");
    assert!(refused.to_string().contains("absent"), "{refused}");
}

#[test]
fn paths_with_marks_of_urls_open() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("antrean #1 100%.db");
    let key = other_key();
    drop(Outbox::open(&path, Arc::clone(&key)).unwrap());
    drop(Outbox::open(&path, Arc::clone(&key)).unwrap());
    assert!(matches!(Outbox::open(&path, other_key()), Err(OpenError::WrongKey { .. })));
    assert!(path.exists());
}
