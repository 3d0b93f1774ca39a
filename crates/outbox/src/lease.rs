//! Taking turns: who works on which item, and what is known about a send.
//!
//! Invariants: one item is in one pair of hands; the next item of a customer is handed out only
//! when the one before is delivered or parked; "sending" is on disk before a request leaves, so a
//! crash at any moment leaves an item that is known to be in doubt.
//! Lacks on purpose: deciding when to try again; times come from the caller.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction};

use crate::audit::{self, AuditEvent};
use crate::database::Outbox;
use crate::error::OutboxError;
use crate::item::{Item, ItemId, Lease, Reason, SendMark, State};
use crate::row;

/// Due: its moment has come, or the clock was set back since it was scheduled. Free: in nobody's
/// hands. First of its customer: nothing older of the same customer is in the line.
const FIRST_FREE_AND_DUE: &str = "
    WHERE state IN ('waiting', 'sending')
      AND (next_attempt_ms <= ?1 OR scheduled_at_ms > ?1)
      AND (lease_owner IS NULL OR lease_until_ms <= ?1)
      AND NOT EXISTS (SELECT 1 FROM items AS older WHERE older.customer_tag = items.customer_tag
                      AND older.seq < items.seq AND older.state IN ('waiting', 'sending'))
    ORDER BY seq LIMIT 1";

impl Outbox {
    /// Takes the next item that is due, for `lease_for`. Leases of processes that ended are void.
    pub fn lease_next(
        &self,
        now: Timestamp,
        lease_for: std::time::Duration,
    ) -> Result<Option<Lease>, OutboxError> {
        let until = now.saturating_add(lease_for).unwrap_or(Timestamp::MAX);
        self.write(|transaction| {
            self.void_leases_of_the_dead(transaction)?;
            let found = row::items(transaction, &self.key, FIRST_FREE_AND_DUE, [now.as_millisecond()])?.pop();
            let Some(item) = found else { return Ok(None) };
            transaction.execute(
                "UPDATE items SET lease_owner = ?2, lease_until_ms = ?3 WHERE id = ?1",
                (item.id.to_string(), self.owner.name(), until.as_millisecond()),
            )?;
            Ok(Some(Lease { item, until }))
        })
    }

    /// When the next item will be due, by the same rules as [`Self::lease_next`]: an item in the hands of a process that
    /// ended is due as if nobody held it, and a clock set back strands nothing. Items in living hands count from the
    /// end of their lease.
    pub fn next_due(&self, now: Timestamp) -> Result<Option<Timestamp>, OutboxError> {
        let due: Option<i64> = self.write(|transaction| {
            self.void_leases_of_the_dead(transaction)?;
            Ok(transaction.query_row(
                "SELECT min(max(iif(scheduled_at_ms > ?1, 0, next_attempt_ms),
                                iif(lease_owner IS NULL, 0, lease_until_ms))) FROM items
                 WHERE state IN ('waiting', 'sending')
                   AND NOT EXISTS (SELECT 1 FROM items AS older WHERE older.customer_tag = items.customer_tag
                                   AND older.seq < items.seq AND older.state IN ('waiting', 'sending'))",
                [now.as_millisecond()],
                |row| row.get(0),
            )?)
        })?;
        let due = due.map(|ms| row::timestamp(ms, "queue")).transpose()?;
        Ok(due.map(|at| at.max(now)))
    }

    /// Records, durably and before the request leaves, that an answer may be owed from now on.
    pub fn mark_sending(&self, id: ItemId, send: &SendMark, now: Timestamp) -> Result<(), OutboxError> {
        self.write(|transaction| {
            let item = self.held_item(transaction, id)?;
            let number = item.attempts + 1;
            transaction.execute(
                "UPDATE items SET earlier_unknown = (state = 'sending'), state = 'sending', attempts = ?2,
                     sending_since_ms = coalesce(sending_since_ms, ?3), last_sent_ms = ?4,
                     unguarded = max(unguarded, ?5), lease_until_ms = ?6
                 WHERE id = ?1",
                (
                    id.to_string(),
                    number,
                    send.partner_now.as_millisecond(),
                    now.as_millisecond(),
                    !send.guarded,
                    send.lease_until.as_millisecond(),
                ),
            )?;
            transaction.execute(
                "INSERT INTO attempts (item_seq, number, started_at_ms)
                 SELECT seq, attempts, ?2 FROM items WHERE id = ?1",
                (id.to_string(), now.as_millisecond()),
            )?;
            let code = if send.guarded { "guarded" } else { "unguarded" };
            audit::append(transaction, &self.key, now, id, AuditEvent::Sending, code)
        })
    }

    /// The attempt just begun was certainly not taken by the partner: try again at `when`.
    /// Earlier attempts in doubt stay in doubt.
    pub fn retry_at(
        &self,
        id: ItemId,
        when: Timestamp,
        reason: &Reason,
        failed: bool,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        self.postpone(id, when, reason, failed, now, |transaction| self.forget_last_send(transaction, id))
    }

    /// The latest send had no effect. Nothing changes while an earlier one is in doubt.
    pub(crate) fn forget_last_send(
        &self,
        transaction: &Transaction<'_>,
        id: ItemId,
    ) -> Result<(), OutboxError> {
        self.held_item(transaction, id)?;
        transaction.execute(
            "UPDATE items SET state = 'waiting', sending_since_ms = NULL, last_sent_ms = NULL, unguarded = 0
             WHERE id = ?1 AND earlier_unknown = 0",
            [id.to_string()],
        )?;
        Ok(())
    }

    /// What is known about earlier sends has not changed: go on at `when`. A failure of the item
    /// itself counts with `failed`; being offline or waiting does not.
    pub fn defer(
        &self,
        id: ItemId,
        when: Timestamp,
        reason: &Reason,
        failed: bool,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        self.postpone(id, when, reason, failed, now, |_| Ok(()))
    }

    fn postpone(
        &self,
        id: ItemId,
        when: Timestamp,
        reason: &Reason,
        failed: bool,
        now: Timestamp,
        knowledge: impl FnOnce(&Transaction<'_>) -> Result<(), OutboxError>,
    ) -> Result<(), OutboxError> {
        self.write(|transaction| {
            self.held_item(transaction, id)?;
            knowledge(transaction)?;
            transaction.execute(
                "UPDATE items SET next_attempt_ms = ?2, scheduled_at_ms = ?3, reason_code = ?4, reason_sealed = ?5,
                     failures = failures + ?6, lease_owner = NULL, lease_until_ms = NULL,
                     failing_since_ms = iif(?6, coalesce(failing_since_ms, ?3), failing_since_ms)
                 WHERE id = ?1",
                (
                    id.to_string(),
                    when.as_millisecond(),
                    now.as_millisecond(),
                    &reason.code,
                    row::seal(&self.key, id, row::REASON, &reason.detail)?,
                    failed,
                ),
            )?;
            self.end_attempt(transaction, id, now, &reason.code)?;
            audit::append(transaction, &self.key, now, id, AuditEvent::Postponed, &reason.code)
        })
    }

    /// Gives an item back untouched.
    pub fn release(&self, id: ItemId) -> Result<(), OutboxError> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE items SET lease_owner = NULL, lease_until_ms = NULL WHERE id = ?1 AND lease_owner = ?2",
                (id.to_string(), self.owner.name()),
            )?;
            Ok(())
        })
    }

    /// Whether sending was ever begun for another item of the same customer.
    pub fn customer_was_sent_before(&self, id: ItemId) -> Result<bool, OutboxError> {
        Ok(self.connection().query_row(
            "SELECT EXISTS (SELECT 1 FROM items AS this JOIN items AS other USING (customer_tag)
             WHERE this.id = ?1 AND other.seq <> this.seq AND other.attempts > 0)",
            [id.to_string()],
            |row| row.get(0),
        )?)
    }

    /// Whether anything was delivered after `since`: the partner works, whatever fails alone.
    pub fn delivered_since(&self, since: Timestamp) -> Result<bool, OutboxError> {
        Ok(self.connection().query_row(
            "SELECT EXISTS (SELECT 1 FROM items WHERE delivered_at_ms > ?1)",
            [since.as_millisecond()],
            |row| row.get(0),
        )?)
    }

    /// The item, if it is in our hands.
    pub(crate) fn held_item(&self, transaction: &Transaction<'_>, id: ItemId) -> Result<Item, OutboxError> {
        let item = row::item_by_id(transaction, &self.key, id)?;
        match item.state {
            State::Waiting | State::Sending => {}
            State::Delivered | State::Parked => {
                return Err(OutboxError::WrongState { id, state: item.state });
            }
        }
        let holder: Option<String> = transaction.query_row(
            "SELECT lease_owner FROM items WHERE id = ?1",
            [id.to_string()],
            |row| row.get(0),
        )?;
        if holder.as_deref() == Some(self.owner.name()) { Ok(item) } else { Err(OutboxError::LeaseLost(id)) }
    }

    /// An operator may act on items in nobody's hands or in our own.
    pub(crate) fn require_not_held_elsewhere(
        &self,
        transaction: &Transaction<'_>,
        id: ItemId,
        now: Timestamp,
    ) -> Result<(), OutboxError> {
        self.void_leases_of_the_dead(transaction)?;
        let elsewhere: Option<i64> = transaction
            .query_row(
                "SELECT 1 FROM items WHERE id = ?1 AND lease_owner <> ?2 AND lease_until_ms > ?3",
                (id.to_string(), self.owner.name(), now.as_millisecond()),
                |row| row.get(0),
            )
            .optional()?;
        if elsewhere.is_none() { Ok(()) } else { Err(OutboxError::LeaseLost(id)) }
    }

    fn void_leases_of_the_dead(&self, transaction: &Transaction<'_>) -> Result<(), OutboxError> {
        let mut statement = transaction
            .prepare_cached("SELECT DISTINCT lease_owner FROM items WHERE lease_owner IS NOT NULL")?;
        let holders: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for holder in holders.iter().filter(|holder| !self.owner.is_alive(holder)) {
            transaction.execute(
                "UPDATE items SET lease_owner = NULL, lease_until_ms = NULL WHERE lease_owner = ?1",
                [holder],
            )?;
        }
        Ok(())
    }
}
