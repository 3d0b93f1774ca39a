//! Where a capture is with a partner that takes it in several steps.
//!
//! Invariants: a stage is on disk before the step that starts from it; its bytes are sealed, may hold tokens, and are
//! destroyed with the capture. Lacks on purpose: any look into the bytes.

use jiff::Timestamp;
use rusqlite::OptionalExtension as _;
use zeroize::Zeroizing;

use crate::audit::{self, AuditEvent};
use crate::database::Outbox;
use crate::error::OutboxError;
use crate::item::ItemId;
use crate::row;

/// A stage to keep.
#[derive(Clone, Copy)]
pub struct NewStage<'a> {
    /// One of a closed set of words; audited when it changes.
    pub code: &'a str,
    /// Opaque here.
    pub bytes: &'a [u8],
    /// How far to extend the lease.
    pub lease_until: Timestamp,
}

impl Outbox {
    /// Keeps where an item in our hands is. When this returns, a power cut cannot lose it.
    pub fn set_stage(&self, id: ItemId, stage: &NewStage<'_>, now: Timestamp) -> Result<(), OutboxError> {
        let sealed = self.key.seal_value(stage.bytes, &row::context(id, row::STAGE))?;
        self.write(|transaction| {
            let item = self.held_item(transaction, id)?;
            transaction.execute(
                "UPDATE items SET stage_code = ?2, stage_sealed = ?3, lease_until_ms = ?4 WHERE id = ?1",
                (id.to_string(), stage.code, &sealed, stage.lease_until.as_millisecond()),
            )?;
            // Polling writes its counter often; one line tells all of it.
            if item.stage_code.as_deref() == Some(stage.code) {
                return Ok(());
            }
            audit::append(transaction, &self.key, now, id, AuditEvent::Noted, stage.code)
        })
    }

    /// Where an item is, if it is under way.
    pub fn stage(&self, id: ItemId) -> Result<Option<Zeroizing<Vec<u8>>>, OutboxError> {
        let stored: Option<Option<Vec<u8>>> = self
            .connection()
            .query_row("SELECT stage_sealed FROM items WHERE id = ?1", [id.to_string()], |row| row.get(0))
            .optional()?;
        let Some(blob) = stored.ok_or(OutboxError::NotFound(id))? else { return Ok(None) };
        let opened = self.key.open_value(&blob, &row::context(id, row::STAGE));
        let opened = opened.map_err(|source| OutboxError::Sealed { id, source })?;
        Ok(Some(Zeroizing::new(opened.to_vec())))
    }
}
