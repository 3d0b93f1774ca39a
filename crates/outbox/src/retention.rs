//! How long things stay: receipts after delivery, captures of parked items.
//!
//! Invariant: nothing that still waits for delivery is ever removed. The audit chain stays whole.

use std::time::Duration;

use jiff::Timestamp;

use crate::audit::{self, AuditEvent};
use crate::database::{self, Outbox};
use crate::deliver;
use crate::error::OutboxError;
use crate::item::ItemId;
use crate::row;

/// How long to keep what is no longer in the line; `None` keeps it for good.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Retention {
    /// Receipts, counted from delivery.
    pub receipts_for: Option<Duration>,
    /// Captures of parked items, counted from acceptance. The item and its reason stay.
    pub parked_captures_for: Option<Duration>,
}

/// What was removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Purged {
    /// Delivered items with their receipts.
    pub receipts: usize,
    /// Captures of parked items.
    pub captures: usize,
}

impl Outbox {
    /// Removes what is past its time and gives the space back to the disk.
    pub fn purge(&self, retention: &Retention, now: Timestamp) -> Result<Purged, OutboxError> {
        let purged = self.write(|transaction| {
            let mut purged = Purged::default();
            if let Some(limit) = before(now, retention.receipts_for) {
                let filter = "WHERE state = 'delivered' AND delivered_at_ms < ?1";
                for item in row::items(transaction, &self.key, filter, [limit])? {
                    transaction.execute("DELETE FROM items WHERE id = ?1", [item.id.to_string()])?;
                    audit::append(transaction, &self.key, now, item.id, AuditEvent::Purged, "receipt")?;
                    purged.receipts += 1;
                }
            }
            if let Some(limit) = before(now, retention.parked_captures_for) {
                let filter = "WHERE state = 'parked' AND wrapped_key IS NOT NULL AND accepted_at_ms < ?1";
                for item in row::items(transaction, &self.key, filter, [limit])? {
                    self.expire_capture(transaction, item.id, now)?;
                    purged.captures += 1;
                }
            }
            Ok(purged)
        })?;
        if purged != Purged::default() {
            let connection = self.connection();
            // One page a step; the statement must be run to its end.
            let mut vacuum = connection.prepare("PRAGMA incremental_vacuum")?;
            let mut steps = vacuum.query([])?;
            while steps.next()?.is_some() {}
            drop(steps);
            drop(vacuum);
            database::empty_log(&connection);
        }
        Ok(purged)
    }

    fn expire_capture(
        &self,
        transaction: &rusqlite::Transaction<'_>,
        id: ItemId,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        let reason = deliver::expired();
        transaction.execute(
            "UPDATE items SET wrapped_key = NULL, nonce = NULL, reason_code = ?2, reason_sealed = NULL WHERE id = ?1",
            (id.to_string(), &reason.code),
        )?;
        self.shred_ciphertext(transaction, id, &reason.code, now)
    }
}

fn before(now: Timestamp, keep: Option<Duration>) -> Option<i64> {
    keep.map(|keep| now.saturating_sub(keep).unwrap_or(Timestamp::MIN).as_millisecond())
}
