//! A queue in a temporary folder and synthetic captures.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::Timestamp;
use outbox::{Delivery, ItemId, NewItem, Outbox, SendMark};
use tempfile::TempDir;
use uuid::Uuid;
use vault::MasterKey;

pub const NAME: &str = "SITI CONTOH RAHAYU";
pub const NIK: &str = "3174095207900000";
pub const CUSTOMER: &str = "cus_customer_of_the_test";
pub const LEASE: Duration = Duration::from_secs(300);

pub struct Queue {
    pub dir: TempDir,
    pub key: Arc<MasterKey>,
    pub outbox: Outbox,
}

impl Queue {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let key = Arc::new(MasterKey::generate().unwrap());
        let outbox = Outbox::open(dir.path().join("queue.db"), Arc::clone(&key)).unwrap();
        Self { dir, key, outbox }
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("queue.db")
    }

    pub fn accept(&self, customer: &str, size: usize) -> ItemId {
        accept(&self.outbox, customer, size)
    }

    /// A second opening of the same file, as another process would have it.
    pub fn second(&self) -> Outbox {
        Outbox::open(self.path(), Arc::clone(&self.key)).unwrap()
    }
}

/// Seconds after a fixed moment.
pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_788_231_600 + second).unwrap()
}

pub fn accept(outbox: &Outbox, customer: &str, size: usize) -> ItemId {
    let payload = payload(size);
    let new = NewItem {
        idempotency_id: Uuid::new_v4(),
        customer_id: customer,
        captured_at: at(0),
        payload: &payload,
    };
    outbox.accept(&new, at(0)).unwrap()
}

/// Looks like a capture: JSON with a name, a NIK and a picture in base64.
pub fn payload(size: usize) -> Vec<u8> {
    let mut picture = vec![0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10, b'J', b'F', b'I', b'F'];
    picture.resize(size.max(picture.len()), 0x5A);
    let frame = BASE64_STANDARD.encode(&picture);
    format!(r#"{{"fullName":"{NAME}","nik":"{NIK}","frames":["{frame}"]}}"#).into_bytes()
}

pub fn mark(guarded: bool, now: Timestamp) -> SendMark {
    SendMark { guarded, partner_now: now, lease_until: now + LEASE }
}

pub fn receipt(reference: &str) -> Delivery<'_> {
    Delivery { receipt_json: r#"{"verificationId":"x"}"#, reference, code: "answered" }
}

/// Leases the next item and carries it to the end.
pub fn deliver_next(outbox: &Outbox, reference: &str, now: Timestamp) -> ItemId {
    let id = outbox.lease_next(now, LEASE).unwrap().unwrap().item.id;
    outbox.mark_sending(id, &mark(true, now), now).unwrap();
    outbox.delivered(id, &receipt(reference), now).unwrap();
    id
}

/// Every file of a folder with its content.
pub fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

pub fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
