//! From stored rows to [`Item`]s: opens the sealed columns and refuses what does not fit.
//!
//! Invariant: every sealed column is bound to its item and its purpose, so that values cannot be
//! moved between rows or columns unnoticed.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row};
use uuid::Uuid;
use vault::MasterKey;

use crate::error::OutboxError;
use crate::item::{Item, ItemId, Reason, Sending, State};

pub(crate) const CUSTOMER: &str = "customer";
pub(crate) const RECEIPT: &str = "receipt";
pub(crate) const REASON: &str = "reason";
pub(crate) const CONSENT: &str = "consent";
pub(crate) const CORRECTIONS: &str = "corrections";
pub(crate) const SIGNS: &str = "signs";
pub(crate) const PAYLOAD: &str = "payload";
pub(crate) const STAGE: &str = "stage";

const SELECT: &str = "SELECT id, customer_sealed, captured_at_ms, accepted_at_ms, state, attempts, failures,
    failing_since_ms, next_attempt_ms, sending_since_ms, last_sent_ms, unguarded, reason_code, reason_sealed,
    wrapped_key IS NOT NULL, delivered_at_ms, receipt_sealed, consent_sealed,
    corrections_sealed, stage_code, signs_sealed FROM items";

/// What a sealed value belongs to.
pub(crate) fn context(id: ItemId, purpose: &str) -> Vec<u8> {
    [id.0.as_bytes().as_slice(), purpose.as_bytes()].concat()
}

pub(crate) fn seal(key: &MasterKey, id: ItemId, purpose: &str, value: &str) -> Result<Vec<u8>, OutboxError> {
    Ok(key.seal_value(value.as_bytes(), &context(id, purpose))?)
}

fn unseal(key: &MasterKey, id: ItemId, purpose: &str, blob: &[u8]) -> Result<String, OutboxError> {
    let opened =
        key.open_value(blob, &context(id, purpose)).map_err(|source| OutboxError::Sealed { id, source })?;
    String::from_utf8(opened.to_vec())
        .map_err(|_| OutboxError::Inconsistent { id: id.to_string(), detail: "a sealed text is not text" })
}

pub(crate) fn timestamp(ms: i64, of: &str) -> Result<Timestamp, OutboxError> {
    Timestamp::from_millisecond(ms)
        .map_err(|_| OutboxError::Inconsistent { id: of.to_owned(), detail: "a time is out of range" })
}

/// All items `filter` selects; `filter` continues the statement after the table's name.
pub(crate) fn items(
    connection: &Connection,
    key: &MasterKey,
    filter: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Item>, OutboxError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} {filter}"))?;
    let mut rows = statement.query(parameters)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(from_row(row, key)?);
    }
    Ok(items)
}

pub(crate) fn item_by_id(connection: &Connection, key: &MasterKey, id: ItemId) -> Result<Item, OutboxError> {
    let mut statement = connection.prepare_cached(&format!("{SELECT} WHERE id = ?1"))?;
    statement
        .query_row([id.to_string()], |row| Ok(from_row(row, key)))
        .optional()?
        .unwrap_or(Err(OutboxError::NotFound(id)))
}

fn from_row(row: &Row<'_>, key: &MasterKey) -> Result<Item, OutboxError> {
    let stored: String = row.get(0)?;
    let inconsistent = |detail| OutboxError::Inconsistent { id: stored.clone(), detail };
    let id = ItemId(Uuid::try_parse(&stored).map_err(|_| inconsistent("its id is not a UUID"))?);
    let time = |ms: i64| timestamp(ms, &stored);
    let state: String = row.get(4)?;
    let reason = match row.get::<_, Option<String>>(12)? {
        None => None,
        Some(code) => {
            let sealed: Option<Vec<u8>> = row.get(13)?;
            let detail = sealed.map(|blob| unseal(key, id, REASON, &blob)).transpose()?.unwrap_or_default();
            Some(Reason { code, detail })
        }
    };
    let sending = match (row.get::<_, Option<i64>>(9)?, row.get::<_, Option<i64>>(10)?) {
        (Some(since), Some(last)) => {
            Some(Sending { since: time(since)?, last: time(last)?, unguarded: row.get(11)? })
        }
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(inconsistent("half of its sending times is missing"));
        }
    };
    let text = |column: usize, purpose| -> Result<Option<String>, OutboxError> {
        let sealed: Option<Vec<u8>> = row.get(column)?;
        sealed.map(|blob| unseal(key, id, purpose, &blob)).transpose()
    };
    Ok(Item {
        id,
        customer_id: unseal(key, id, CUSTOMER, &row.get::<_, Vec<u8>>(1)?)?,
        captured_at: time(row.get(2)?)?,
        accepted_at: time(row.get(3)?)?,
        state: State::from_word(&state).ok_or_else(|| inconsistent("its state is unknown"))?,
        attempts: row.get(5)?,
        failures: row.get(6)?,
        failing_since: row.get::<_, Option<i64>>(7)?.map(time).transpose()?,
        next_attempt_at: time(row.get(8)?)?,
        sending,
        reason,
        has_payload: row.get(14)?,
        delivered_at: row.get::<_, Option<i64>>(15)?.map(time).transpose()?,
        receipt_json: text(16, RECEIPT)?,
        consent_json: text(17, CONSENT)?,
        corrections_json: text(18, CORRECTIONS)?,
        stage_code: row.get(19)?,
        signs_json: text(20, SIGNS)?,
    })
}
