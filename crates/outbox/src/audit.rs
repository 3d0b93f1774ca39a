//! The audit chain: one line per change, each hashed over the line before.
//!
//! Changing, removing or inserting a line breaks the chain; cutting lines off its end or writing
//! the whole chain anew breaks the head's keyed tag, which needs the master key.
//!
//! Invariant: lines are written in the transaction of the change they describe. They hold ids,
//! times and closed words only, so they may be shown and exported.

use hex::ToHex as _;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction};
use sha2::{Digest as _, Sha256};
use vault::MasterKey;

use crate::database::Outbox;
use crate::error::OutboxError;
use crate::item::ItemId;
use crate::row;

const DOMAIN: &[u8] = b"loket audit v1";
const HEAD: &str = "audit_head";
const HEAD_TAG: &str = "audit head";

/// What happened to an item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AuditEvent {
    /// Taken into the queue.
    Accepted,
    /// Sending begun.
    Sending,
    /// To be tried again.
    Postponed,
    /// The receipt is stored.
    Delivered,
    /// The capture's key and ciphertext were destroyed.
    Shredded,
    /// Taken out of the line.
    Parked,
    /// Put back into the line.
    Requeued,
    /// Something worth knowing about how it was sent.
    Noted,
    /// The row was removed after its time.
    Purged,
}

impl AuditEvent {
    /// The event's word in the chain and in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Sending => "sending",
            Self::Postponed => "postponed",
            Self::Delivered => "delivered",
            Self::Shredded => "shredded",
            Self::Parked => "parked",
            Self::Requeued => "requeued",
            Self::Noted => "noted",
            Self::Purged => "purged",
        }
    }
}

/// One line of the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEntry {
    /// 1 for the first line; no gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// The item's id.
    pub item_id: String,
    /// The word of an [`AuditEvent`].
    pub event: String,
    /// Further word, such as a reason's code; may be empty.
    pub code: String,
    /// SHA-256 over this line and the hash before, in hex.
    pub hash: String,
}

/// A chain found whole.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditReport {
    /// How many lines.
    pub entries: i64,
    /// Hash of the last line, in hex; empty without lines.
    pub head: String,
}

/// Why a chain is not whole.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// A line was changed, removed or inserted.
    #[error("the audit chain is broken at line {0}")]
    Broken(i64),
    /// Lines are missing from the end, or the chain was written without the key.
    #[error("the audit chain does not end as this queue's key says it must")]
    HeadMismatch,
    /// It could not be read.
    #[error(transparent)]
    Outbox(#[from] OutboxError),
}

struct Line<'a> {
    seq: i64,
    at_ms: i64,
    item_id: &'a str,
    event: &'a str,
    code: &'a str,
}

impl Line<'_> {
    fn hash(&self, before: &[u8]) -> [u8; 32] {
        let mut hash = Sha256::new_with_prefix(DOMAIN);
        let numbers = [self.seq.to_be_bytes(), self.at_ms.to_be_bytes()].concat();
        let texts = [self.item_id.as_bytes(), self.event.as_bytes(), self.code.as_bytes()];
        for part in [before, &numbers].iter().chain(&texts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// Adds a line within the change's own transaction.
pub(crate) fn append(
    transaction: &Transaction<'_>,
    key: &MasterKey,
    now: Timestamp,
    item: ItemId,
    event: AuditEvent,
    code: &str,
) -> Result<(), OutboxError> {
    let last: Option<(i64, Vec<u8>)> = transaction
        .query_row("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (last_seq, before) = last.unwrap_or_default();
    let item_id = item.to_string();
    let line = Line {
        seq: last_seq + 1,
        at_ms: now.as_millisecond(),
        item_id: &item_id,
        event: event.as_str(),
        code,
    };
    let hash = line.hash(&before);
    transaction.execute(
        "INSERT INTO audit (seq, at_ms, item_id, event, code, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        (line.seq, line.at_ms, line.item_id, line.event, line.code, hash.as_slice()),
    )?;
    let tag = key.tag(HEAD_TAG, &[&line.seq.to_be_bytes(), &hash]);
    transaction.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (HEAD, tag.as_slice()),
    )?;
    Ok(())
}

impl Outbox {
    /// Records how an item was sent, for instance that its flash evidence was dropped. `code` is
    /// one of a closed set of words.
    pub fn note(&self, id: ItemId, code: &str, now: Timestamp) -> Result<(), OutboxError> {
        self.write(|transaction| {
            row::item_by_id(transaction, &self.key, id)?;
            append(transaction, &self.key, now, id, AuditEvent::Noted, code)
        })
    }

    /// The chain's lines, for one item or all.
    pub fn audit(&self, of: Option<ItemId>) -> Result<Vec<AuditEntry>, OutboxError> {
        let connection = self.connection();
        entries(&connection, of)
    }

    /// Checks every link and the head.
    pub fn verify_audit(&self) -> Result<AuditReport, AuditError> {
        let mut connection = self.connection();
        // One view of lines and head, whatever another process writes meanwhile.
        let view = connection.transaction().map_err(OutboxError::from)?;
        let lines = entries(&view, None)?;
        let head: Option<Vec<u8>> = view
            .query_row("SELECT value FROM meta WHERE key = ?1", [HEAD], |row| row.get(0))
            .optional()
            .map_err(OutboxError::from)?;
        verify(&lines, head.as_deref(), &self.key)
    }
}

fn verify(lines: &[AuditEntry], head: Option<&[u8]>, key: &MasterKey) -> Result<AuditReport, AuditError> {
    let mut before: Vec<u8> = Vec::new();
    for (expected, entry) in (1..).zip(lines) {
        let line = Line {
            seq: entry.seq,
            at_ms: entry.at.as_millisecond(),
            item_id: &entry.item_id,
            event: &entry.event,
            code: &entry.code,
        };
        let hash = line.hash(&before);
        if entry.seq != expected || hash.encode_hex::<String>() != entry.hash {
            return Err(AuditError::Broken(entry.seq));
        }
        before = hash.to_vec();
    }
    let entries = lines.last().map_or(0, |entry| entry.seq);
    let whole = match head {
        Some(tag) => key.verify_tag(HEAD_TAG, &[&entries.to_be_bytes(), &before], tag),
        None => lines.is_empty(),
    };
    if !whole {
        return Err(AuditError::HeadMismatch);
    }
    Ok(AuditReport { entries, head: before.encode_hex() })
}

fn entries(connection: &Connection, of: Option<ItemId>) -> Result<Vec<AuditEntry>, OutboxError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, at_ms, item_id, event, code, hash FROM audit
         WHERE ?1 IS NULL OR item_id = ?1 ORDER BY seq",
    )?;
    let mut rows = statement.query([of.map(|id| id.to_string())])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(AuditEntry {
            seq: row.get(0)?,
            at: row::timestamp(row.get(1)?, "audit")?,
            item_id: row.get(2)?,
            event: row.get(3)?,
            code: row.get(4)?,
            hash: row.get::<_, Vec<u8>>(5)?.encode_hex(),
        });
    }
    Ok(found)
}
