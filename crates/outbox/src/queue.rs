//! Accepting captures, looking at the queue, and what an operator may do with an item.
//!
//! Invariant: [`Outbox::accept`] returns only after the sealed capture has been synced to disk,
//! and accepting the same id twice keeps the first.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction};
use vault::SealedBundle;
use zeroize::Zeroizing;

use crate::audit::{self, AuditEvent};
use crate::database::{self, Outbox};
use crate::error::OutboxError;
use crate::item::{Attempt, Counts, Item, ItemId, NewItem, Reason, Record, State};
use crate::row;

const CUSTOMER_TAG: &str = "customer order";

impl Outbox {
    /// Seals and stores a capture. When this returns, a power cut cannot lose it.
    pub fn accept(&self, new: &NewItem<'_>, now: Timestamp) -> Result<ItemId, OutboxError> {
        self.accept_with(new, &Record::default(), now)
    }

    /// As [`Self::accept`], with what belongs to the capture; stored in the same step.
    pub fn accept_with(
        &self,
        new: &NewItem<'_>,
        record: &Record<'_>,
        now: Timestamp,
    ) -> Result<ItemId, OutboxError> {
        let id = ItemId(new.idempotency_id);
        self.require_room(new.payload.len() as u64)?;
        let sealed = self.key.seal(new.payload, &row::context(id, row::PAYLOAD))?;
        let customer = row::seal(&self.key, id, row::CUSTOMER, new.customer_id)?;
        let tag = self.key.tag(CUSTOMER_TAG, &[new.customer_id.as_bytes()]);
        let sealed_text = |text: Option<&str>, purpose| {
            text.map(|text| row::seal(&self.key, id, purpose, text)).transpose()
        };
        let consent = sealed_text(record.consent, row::CONSENT)?;
        let corrections = sealed_text(record.corrections, row::CORRECTIONS)?;
        let signs = sealed_text(record.signs, row::SIGNS)?;
        let accepted = self.write(|transaction| {
            let inserted = transaction.execute(
                "INSERT INTO items (id, customer_tag, customer_sealed, captured_at_ms, accepted_at_ms, state,
                     next_attempt_ms, scheduled_at_ms, wrapped_key, nonce, consent_sealed, corrections_sealed,
                     signs_sealed)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?5, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (id) DO NOTHING",
                (
                    id.to_string(),
                    tag.as_slice(),
                    customer,
                    new.captured_at.as_millisecond(),
                    now.as_millisecond(),
                    &sealed.wrapped_key,
                    sealed.nonce.as_slice(),
                    &consent,
                    &corrections,
                    &signs,
                ),
            )?;
            if inserted == 0 {
                return Ok(id);
            }
            transaction.execute(
                "INSERT INTO payloads (item_seq, ciphertext) VALUES (?1, ?2)",
                (transaction.last_insert_rowid(), &sealed.ciphertext),
            )?;
            audit::append(transaction, &self.key, now, id, AuditEvent::Accepted, "")?;
            Ok(id)
        })?;
        // A log of many captures would need as much room again on the day it is copied.
        database::empty_log(&self.connection());
        Ok(accepted)
    }

    /// Accepting must leave room for receipts: a disk filled to the last page could not even record
    /// that an item was delivered. A capture is written to the log and from there to the main file,
    /// where pages of delivered ones are free again.
    fn require_room(&self, payload_bytes: u64) -> Result<(), OutboxError> {
        let folder = self.path().parent().filter(|parent| !parent.as_os_str().is_empty());
        let free = match fs4::available_space(folder.unwrap_or(Path::new("."))) {
            Ok(free) => free,
            Err(error) => {
                tracing::debug!(%error, "free space is unknown; writing will tell");
                return Ok(());
            }
        };
        let growth = payload_bytes.saturating_sub(self.free_pages_bytes()?);
        let needed = payload_bytes.saturating_add(growth).saturating_add(self.params.reserve_bytes);
        if free < needed { Err(OutboxError::DiskFull) } else { Ok(()) }
    }

    fn free_pages_bytes(&self) -> Result<u64, OutboxError> {
        let connection = self.connection();
        let value =
            |name| connection.pragma_query_value(None, name, |row| row.get::<_, u32>(0)).map(u64::from);
        Ok(value("freelist_count")? * value("page_size")?)
    }

    /// The capture's bytes as they were accepted.
    pub fn payload(&self, id: ItemId) -> Result<Zeroizing<Vec<u8>>, OutboxError> {
        let stored: Option<(Option<Vec<u8>>, Option<Vec<u8>>, Option<Vec<u8>>)> = self
            .connection()
            .query_row(
                "SELECT wrapped_key, nonce, ciphertext FROM items LEFT JOIN payloads ON item_seq = seq WHERE id = ?1",
                [id.to_string()],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()?;
        let (Some(wrapped_key), Some(nonce), Some(ciphertext)) = stored.ok_or(OutboxError::NotFound(id))?
        else {
            return Err(OutboxError::PayloadGone(id));
        };
        let nonce = nonce.try_into().map_err(|_| OutboxError::Inconsistent {
            id: id.to_string(),
            detail: "its nonce has the wrong length",
        })?;
        let sealed = SealedBundle { wrapped_key, nonce, ciphertext };
        self.key
            .open(&sealed, &row::context(id, row::PAYLOAD))
            .map_err(|source| OutboxError::Sealed { id, source })
    }

    /// All items, or those in one state, in the order they were accepted.
    pub fn list(&self, state: Option<State>) -> Result<Vec<Item>, OutboxError> {
        let word = state.map(State::as_str);
        row::items(&self.connection(), &self.key, "WHERE ?1 IS NULL OR state = ?1 ORDER BY seq", [word])
    }

    /// One item.
    pub fn show(&self, id: ItemId) -> Result<Item, OutboxError> {
        row::item_by_id(&self.connection(), &self.key, id)
    }

    /// Every time sending the item was begun.
    pub fn attempts(&self, id: ItemId) -> Result<Vec<Attempt>, OutboxError> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT number, started_at_ms, ended_at_ms, outcome FROM attempts
             JOIN items ON seq = item_seq WHERE id = ?1 ORDER BY number",
        )?;
        let text = id.to_string();
        let mut rows = statement.query([&text])?;
        let mut attempts = Vec::new();
        while let Some(found) = rows.next()? {
            let ended: Option<i64> = found.get(2)?;
            attempts.push(Attempt {
                number: found.get(0)?,
                started_at: row::timestamp(found.get(1)?, &text)?,
                ended_at: ended.map(|ms| row::timestamp(ms, &text)).transpose()?,
                outcome: found.get(3)?,
            });
        }
        Ok(attempts)
    }

    /// How many items are in which state.
    pub fn counts(&self) -> Result<Counts, OutboxError> {
        let count = |state: &str| format!("count(*) FILTER (WHERE state = '{state}')");
        let columns = State::ALL.map(|state| count(state.as_str())).join(", ");
        Ok(self.connection().query_row(&format!("SELECT {columns} FROM items"), [], |row| {
            let count = |column: usize| row.get::<_, u32>(column).map(u64::from);
            Ok(Counts { waiting: count(0)?, sending: count(1)?, delivered: count(2)?, parked: count(3)? })
        })?)
    }

    /// Gives an item the partner's id of its customer in place of the one it was accepted under.
    pub fn name_customer(&self, id: ItemId, customer_id: &str, now: Timestamp) -> Result<(), OutboxError> {
        let sealed = row::seal(&self.key, id, row::CUSTOMER, customer_id)?;
        let tag = self.key.tag(CUSTOMER_TAG, &[customer_id.as_bytes()]);
        self.write(|transaction| {
            let item = row::item_by_id(transaction, &self.key, id)?;
            if item.state == State::Delivered {
                return Err(OutboxError::WrongState { id, state: item.state });
            }
            transaction.execute(
                "UPDATE items SET customer_sealed = ?2, customer_tag = ?3 WHERE id = ?1",
                (id.to_string(), &sealed, tag.as_slice()),
            )?;
            audit::append(transaction, &self.key, now, id, AuditEvent::Noted, "customer_made")
        })
    }

    /// Puts a parked item back into its place in the line, or makes a waiting one due now.
    pub fn requeue(&self, id: ItemId, now: Timestamp) -> Result<(), OutboxError> {
        self.write(|transaction| {
            let item = row::item_by_id(transaction, &self.key, id)?;
            if item.state == State::Delivered {
                return Err(OutboxError::WrongState { id, state: item.state });
            }
            if !item.has_payload {
                return Err(OutboxError::PayloadGone(id));
            }
            self.require_not_held_elsewhere(transaction, id, now)?;
            transaction.execute(
                "UPDATE items SET state = iif(sending_since_ms IS NULL, 'waiting', 'sending'), failures = 0,
                     failing_since_ms = NULL, next_attempt_ms = ?2, scheduled_at_ms = ?2,
                     lease_owner = NULL, lease_until_ms = NULL
                 WHERE id = ?1",
                (id.to_string(), now.as_millisecond()),
            )?;
            audit::append(transaction, &self.key, now, id, AuditEvent::Requeued, item.state.as_str())
        })
    }

    /// Takes an item out of the line. Its capture stays, so that [`Self::requeue`] can undo this.
    pub fn park(&self, id: ItemId, reason: &Reason, now: Timestamp) -> Result<(), OutboxError> {
        self.write(|transaction| self.park_in(transaction, id, reason, now))
    }

    /// As [`Self::park`], for an attempt that the partner certainly did not take. Earlier attempts in doubt stay in
    /// doubt; without any, a requeued item is as if it had never been sent.
    pub fn park_refused(&self, id: ItemId, reason: &Reason, now: Timestamp) -> Result<(), OutboxError> {
        self.write(|transaction| {
            self.forget_last_send(transaction, id)?;
            self.park_in(transaction, id, reason, now)
        })
    }

    fn park_in(
        &self,
        transaction: &Transaction<'_>,
        id: ItemId,
        reason: &Reason,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        let item = row::item_by_id(transaction, &self.key, id)?;
        if item.state == State::Delivered {
            return Err(OutboxError::WrongState { id, state: item.state });
        }
        self.require_not_held_elsewhere(transaction, id, now)?;
        transaction.execute(
            "UPDATE items SET state = 'parked', reason_code = ?2, reason_sealed = ?3,
                 lease_owner = NULL, lease_until_ms = NULL WHERE id = ?1",
            (id.to_string(), &reason.code, row::seal(&self.key, id, row::REASON, &reason.detail)?),
        )?;
        self.end_attempt(transaction, id, now, "parked")?;
        audit::append(transaction, &self.key, now, id, AuditEvent::Parked, &reason.code)
    }

    /// Writes the outcome of the latest attempt, if one is open.
    pub(crate) fn end_attempt(
        &self,
        transaction: &Transaction<'_>,
        id: ItemId,
        now: Timestamp,
        outcome: &str,
    ) -> Result<(), OutboxError> {
        transaction.execute(
            "UPDATE attempts SET ended_at_ms = ?2, outcome = ?3
             WHERE (item_seq, number) = (SELECT seq, attempts FROM items WHERE id = ?1) AND ended_at_ms IS NULL",
            (id.to_string(), now.as_millisecond(), outcome),
        )?;
        Ok(())
    }
}
