//! A full disk: a clear refusal, everything accepted before intact, and delivery goes on.

use std::process::Command;
use std::sync::Arc;

use outbox::{ItemId, NewItem, Outbox, OutboxError, OutboxParams};
use tempfile::TempDir;
use uuid::Uuid;
use vault::MasterKey;

use crate::support::{CUSTOMER, at, deliver_next, payload};

const SIZE: usize = 100_000;

fn try_accept(outbox: &Outbox) -> Result<ItemId, OutboxError> {
    let payload = payload(SIZE);
    let new = NewItem {
        idempotency_id: Uuid::new_v4(),
        customer_id: CUSTOMER,
        captured_at: at(0),
        payload: &payload,
    };
    outbox.accept(&new, at(0))
}

/// Accepts until refused.
fn fill(outbox: &Outbox) -> Vec<ItemId> {
    let mut accepted = Vec::new();
    for _ in 0..1000 {
        match try_accept(outbox) {
            Ok(id) => accepted.push(id),
            Err(error) => {
                assert!(matches!(error, OutboxError::DiskFull), "{error}");
                return accepted;
            }
        }
    }
    panic!("the disk never filled up");
}

fn assert_intact(outbox: &Outbox, accepted: &[ItemId]) {
    let listed: Vec<_> = outbox.list(None).unwrap().iter().map(|item| item.id).collect();
    assert_eq!(listed, accepted);
    for id in accepted {
        assert_eq!(*outbox.payload(*id).unwrap(), payload(SIZE));
    }
    outbox.check_integrity().unwrap();
    outbox.verify_audit().unwrap();
}

/// A small file system of its own, gone when dropped.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount(size: &str) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(dir.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0.path()).status();
        assert!(unmounted.is_ok_and(|status| status.success()), "the small disk stays mounted");
    }
}

#[test]
fn a_small_disk_fills_up_and_drains_again() {
    let Some(disk) = SmallDisk::mount("4m") else {
        println!("skipped: mounting a small file system needs root on Linux");
        return;
    };
    let key = Arc::new(MasterKey::generate().unwrap());
    let path = disk.0.path().join("queue.db");
    let outbox = Outbox::open(&path, Arc::clone(&key)).unwrap();
    let accepted = fill(&outbox);
    assert!(accepted.len() > 5, "{} fitted", accepted.len());
    assert_intact(&outbox, &accepted);
    drop(outbox);

    let outbox = Outbox::open(&path, key).unwrap();
    assert_intact(&outbox, &accepted);
    for (nth, id) in accepted.iter().enumerate() {
        assert_eq!(deliver_next(&outbox, &format!("ver_{nth}"), at(1)), *id);
    }
    try_accept(&outbox).unwrap();
}

/// Somebody else fills the disk to the last byte while captures wait.
#[test]
fn a_disk_filled_by_others_loses_nothing() {
    let Some(disk) = SmallDisk::mount("4m") else {
        println!("skipped: mounting a small file system needs root on Linux");
        return;
    };
    let key = Arc::new(MasterKey::generate().unwrap());
    let path = disk.0.path().join("queue.db");
    let no_reserve = OutboxParams { reserve_bytes: 0, ..OutboxParams::default() };
    let outbox = Outbox::open_with(&path, Arc::clone(&key), no_reserve).unwrap();
    let accepted: Vec<_> = (0..5).map(|_| try_accept(&outbox).unwrap()).collect();
    let hog = disk.0.path().join("hog");
    let filled = std::fs::write(&hog, vec![1; 4 * 1024 * 1024]);
    assert_eq!(filled.unwrap_err().kind(), std::io::ErrorKind::StorageFull);

    assert!(matches!(try_accept(&outbox), Err(OutboxError::DiskFull)));
    assert_intact(&outbox, &accepted);
    drop(outbox);
    std::fs::remove_file(hog).unwrap();
    let outbox = Outbox::open(&path, key).unwrap();
    assert_intact(&outbox, &accepted);
}

/// Runs everywhere: SQLite itself is told that there are no more pages.
#[test]
fn running_out_of_pages_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let key = Arc::new(MasterKey::generate().unwrap());
    let path = dir.path().join("queue.db");
    let params = OutboxParams { max_pages: Some(300), ..OutboxParams::default() };
    let outbox = Outbox::open_with(&path, Arc::clone(&key), params).unwrap();
    let accepted = fill(&outbox);
    assert!(accepted.len() > 3, "{} fitted", accepted.len());
    assert_intact(&outbox, &accepted);
    deliver_next(&outbox, "ver_0", at(1));
    try_accept(&outbox).unwrap();
    drop(outbox);
    assert_eq!(Outbox::open(&path, key).unwrap().counts().unwrap().pending() as usize, accepted.len());
}
