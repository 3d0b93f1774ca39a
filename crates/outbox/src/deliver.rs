//! The end of an item: the receipt comes in, the capture is destroyed. Where a capture goes in two parts, the first part's
//! receipt comes in before the end.
//!
//! Invariant: receipt, claim and destruction are one transaction. There is no moment with the whole
//! receipt and a readable capture, and none with neither.
//!
//! Destroying means: the wrapped key's bytes are overwritten with zeros (SQLite's
//! `secure_delete`), the ciphertext too, and the log that held older pages is emptied. Blocks a
//! file system or flash drive keeps aside hold ciphertext whose key is wrapped by the master key.

use jiff::Timestamp;
use rusqlite::{Transaction, TransactionBehavior};

use crate::audit::{self, AuditEvent};
use crate::database::{self, Outbox};
use crate::error::OutboxError;
use crate::item::{ItemId, Reason};
use crate::row;

const CLAIM_TAG: &str = "claim";
/// The word for an item whose first part is taken.
const PART_DELIVERED: &str = "part_delivered";

/// What the partner said about an item.
pub struct Delivery<'a> {
    /// The receipt to keep; sealed at rest.
    pub receipt_json: &'a str,
    /// The partner's name for its record; no other item may claim it.
    pub reference: &'a str,
    /// How it is known, one of a closed set of words such as `answered` or `recovered`.
    pub code: &'a str,
}

impl Outbox {
    /// Stores the receipt and destroys the capture.
    pub fn delivered(&self, id: ItemId, delivery: &Delivery<'_>, now: Timestamp) -> Result<(), OutboxError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let result =
            self.deliver_in(&transaction, id, delivery, now).and_then(|()| Ok(transaction.commit()?));
        if let Err(OutboxError::DiskFull) = result {
            // Zeroing the ciphertext needs as much log as the ciphertext is long. Without room for
            // that, its pages are only freed; the key that opens it is still overwritten.
            connection.pragma_update(None, "secure_delete", "FAST")?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let second =
                self.deliver_in(&transaction, id, delivery, now).and_then(|()| Ok(transaction.commit()?));
            connection.pragma_update(None, "secure_delete", true)?;
            second?;
        } else {
            result?;
        }
        database::empty_log(&connection);
        Ok(())
    }

    fn deliver_in(
        &self,
        transaction: &Transaction<'_>,
        id: ItemId,
        delivery: &Delivery<'_>,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        self.held_item(transaction, id)?;
        self.claim(transaction, id, delivery.reference, now)?;
        self.end_attempt(transaction, id, now, "delivered")?;
        transaction.execute(
            "UPDATE items SET state = 'delivered', delivered_at_ms = ?2, receipt_sealed = ?3, wrapped_key = NULL,
                 nonce = NULL, reason_code = NULL, reason_sealed = NULL, sending_since_ms = NULL,
                 last_sent_ms = NULL, unguarded = 0, failures = 0, failing_since_ms = NULL,
                 lease_owner = NULL, lease_until_ms = NULL
             WHERE id = ?1",
            (
                id.to_string(),
                now.as_millisecond(),
                row::seal(&self.key, id, row::RECEIPT, delivery.receipt_json)?,
            ),
        )?;
        transaction.execute("DELETE FROM disowned WHERE item_id = ?1", [id.to_string()])?;
        audit::append(transaction, &self.key, now, id, AuditEvent::Delivered, delivery.code)?;
        self.shred_ciphertext(transaction, id, "delivered", now)
    }

    /// The partner took the first of an item's parts: keeps what it said and claims its record. The item stays in our hands,
    /// capture and all, as if nothing of it had been sent; the receipt it then has tells that the rest is to follow.
    pub fn part_delivered(
        &self,
        id: ItemId,
        delivery: &Delivery<'_>,
        lease_until: Timestamp,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        let receipt = row::seal(&self.key, id, row::RECEIPT, delivery.receipt_json)?;
        self.write(|transaction| {
            self.held_item(transaction, id)?;
            self.claim(transaction, id, delivery.reference, now)?;
            self.end_attempt(transaction, id, now, PART_DELIVERED)?;
            transaction.execute(
                "UPDATE items SET state = 'waiting', receipt_sealed = ?2, reason_code = NULL, reason_sealed = NULL,
                     sending_since_ms = NULL, last_sent_ms = NULL, unguarded = 0, earlier_unknown = 0, failures = 0,
                     failing_since_ms = NULL, lease_until_ms = ?3
                 WHERE id = ?1",
                (id.to_string(), &receipt, lease_until.as_millisecond()),
            )?;
            let code = format!("{PART_DELIVERED}_{}", delivery.code);
            audit::append(transaction, &self.key, now, id, AuditEvent::Noted, &code)
        })
    }

    /// A record belongs to one item.
    fn claim(
        &self,
        transaction: &Transaction<'_>,
        id: ItemId,
        reference: &str,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        let claimed = transaction.execute(
            "INSERT INTO claims (reference_tag, item_id, at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            (self.claim_tag(reference).as_slice(), id.to_string(), now.as_millisecond()),
        )?;
        if claimed == 0 { Err(OutboxError::AlreadyClaimed(id)) } else { Ok(()) }
    }

    pub(crate) fn shred_ciphertext(
        &self,
        transaction: &Transaction<'_>,
        id: ItemId,
        code: &str,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        transaction.execute(
            "DELETE FROM payloads WHERE item_seq = (SELECT seq FROM items WHERE id = ?1)",
            [id.to_string()],
        )?;
        // A stage holds tokens and addresses that are worth nothing without the capture.
        transaction.execute(
            "UPDATE items SET corrections_sealed = NULL, stage_code = NULL, stage_sealed = NULL WHERE id = ?1",
            [id.to_string()],
        )?;
        audit::append(transaction, &self.key, now, id, AuditEvent::Shredded, code)
    }

    /// Whether a partner's record can be this item's: it belongs to no receipt here, and was not
    /// there before the item was first sent.
    pub fn may_settle(&self, id: ItemId, reference: &str) -> Result<bool, OutboxError> {
        Ok(self.connection().query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM claims WHERE reference_tag = ?1)
                AND NOT EXISTS (SELECT 1 FROM disowned WHERE reference_tag = ?1 AND item_id = ?2)",
            (self.claim_tag(reference).as_slice(), id.to_string()),
            |row| row.get(0),
        )?)
    }

    /// Remembers the partner's records that were there before the item was first sent.
    pub fn disown<'a>(
        &self,
        id: ItemId,
        references: impl Iterator<Item = &'a str>,
    ) -> Result<(), OutboxError> {
        self.write(|transaction| {
            for reference in references {
                transaction.execute(
                    "INSERT INTO disowned (item_id, reference_tag) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    (id.to_string(), self.claim_tag(reference).as_slice()),
                )?;
            }
            Ok(())
        })
    }

    fn claim_tag(&self, reference: &str) -> [u8; 32] {
        self.key.tag(CLAIM_TAG, &[reference.as_bytes()])
    }
}

/// The reason an item carries whose capture retention destroyed.
pub(crate) fn expired() -> Reason {
    Reason::code("capture_expired")
}
