//! Destroying a capture that will never be sent.
//!
//! Invariant: only a person's decision leads here; the item and its audit lines stay, the capture's key does
//! not. Lacks on purpose: a way back.

use jiff::Timestamp;

use crate::audit::{self, AuditEvent};
use crate::database::{self, Outbox};
use crate::error::OutboxError;
use crate::item::{ItemId, State};
use crate::row;

const CODE: &str = "discarded";

impl Outbox {
    /// Parks a waiting or parked item for good and destroys its capture. An item that may have reached the
    /// partner must be parked first, and a delivered one holds no capture any more. `why` is a person's words, sealed;
    /// the audit chain has the word.
    pub fn discard(&self, id: ItemId, why: &str, now: Timestamp) -> Result<(), OutboxError> {
        let why = (!why.is_empty()).then(|| row::seal(&self.key, id, row::REASON, why)).transpose()?;
        self.write(|transaction| {
            let item = row::item_by_id(transaction, &self.key, id)?;
            if !matches!(item.state, State::Waiting | State::Parked) {
                return Err(OutboxError::WrongState { id, state: item.state });
            }
            if item.state == State::Waiting && item.stage_code.is_some() {
                // Under way to a partner that takes it in steps: as good as sending.
                return Err(OutboxError::WrongState { id, state: State::Sending });
            }
            if !item.has_payload {
                return Err(OutboxError::PayloadGone(id));
            }
            self.require_not_held_elsewhere(transaction, id, now)?;
            transaction.execute(
                "UPDATE items SET state = 'parked', reason_code = ?2, reason_sealed = ?3, wrapped_key = NULL,
                     nonce = NULL, lease_owner = NULL, lease_until_ms = NULL WHERE id = ?1",
                (id.to_string(), CODE, &why),
            )?;
            self.end_attempt(transaction, id, now, CODE)?;
            audit::append(transaction, &self.key, now, id, AuditEvent::Parked, CODE)?;
            self.shred_ciphertext(transaction, id, CODE, now)
        })?;
        database::empty_log(&self.connection());
        Ok(())
    }
}
