//! The tables, and the steps from one schema to the next (`PRAGMA user_version`).
//!
//! Invariant: a step runs in one transaction and never loses an accepted item. Readable columns
//! hold ids, times, states and codes; everything else is sealed.

use rusqlite::{Connection, Transaction};

/// Each entry leads from its index to the next version.
const STEPS: [&str; 4] = [V1, V2, V3, V4];

const V1: &str = "
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
    seq               INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT    NOT NULL UNIQUE,
    customer_tag      BLOB    NOT NULL,
    customer_sealed   BLOB    NOT NULL,
    captured_at_ms    INTEGER NOT NULL,
    accepted_at_ms    INTEGER NOT NULL,
    state             TEXT    NOT NULL CHECK (state IN ('waiting', 'sending', 'delivered', 'parked')),
    attempts          INTEGER NOT NULL DEFAULT 0,
    failures          INTEGER NOT NULL DEFAULT 0,
    failing_since_ms  INTEGER,
    next_attempt_ms   INTEGER NOT NULL,
    scheduled_at_ms   INTEGER NOT NULL,
    sending_since_ms  INTEGER,
    last_sent_ms      INTEGER,
    unguarded         INTEGER NOT NULL DEFAULT 0,
    earlier_unknown   INTEGER NOT NULL DEFAULT 0,
    lease_owner       TEXT,
    lease_until_ms    INTEGER,
    reason_code       TEXT,
    reason_sealed     BLOB,
    delivered_at_ms   INTEGER,
    receipt_sealed    BLOB,
    wrapped_key       BLOB,
    nonce             BLOB,
    CHECK (state <> 'delivered' OR (receipt_sealed IS NOT NULL AND wrapped_key IS NULL))
) STRICT;

CREATE INDEX items_due ON items (state, next_attempt_ms);
CREATE INDEX items_by_customer ON items (customer_tag, seq);

CREATE TABLE payloads (
    item_seq   INTEGER PRIMARY KEY REFERENCES items (seq) ON DELETE CASCADE,
    ciphertext BLOB NOT NULL
) STRICT;

CREATE TABLE attempts (
    item_seq      INTEGER NOT NULL REFERENCES items (seq) ON DELETE CASCADE,
    number        INTEGER NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms   INTEGER,
    outcome       TEXT,
    PRIMARY KEY (item_seq, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE claims (
    reference_tag BLOB    PRIMARY KEY,
    item_id       TEXT    NOT NULL,
    at_ms         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE disowned (
    item_id       TEXT NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    reference_tag BLOB NOT NULL,
    PRIMARY KEY (item_id, reference_tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    seq     INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    item_id TEXT    NOT NULL,
    event   TEXT    NOT NULL,
    code    TEXT    NOT NULL,
    hash    BLOB    NOT NULL
) STRICT;
";

/// What belongs to a capture and has no room in the partner's document.
const V2: &str = "
ALTER TABLE items ADD COLUMN consent_sealed BLOB;
ALTER TABLE items ADD COLUMN corrections_sealed BLOB;
";

/// Where a capture is with a partner that takes it in steps. The word is one of a closed set.
const V3: &str = "
ALTER TABLE items ADD COLUMN stage_code TEXT;
ALTER TABLE items ADD COLUMN stage_sealed BLOB;
";

/// What the device noticed about the card, which has no room in the partner's document either.
const V4: &str = "
ALTER TABLE items ADD COLUMN signs_sealed BLOB;
";

/// The schema this version writes.
pub(crate) const CURRENT: i64 = STEPS.len() as i64;

pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Brings the schema from `from` to [`CURRENT`].
pub(crate) fn migrate(transaction: &Transaction<'_>, from: i64) -> rusqlite::Result<()> {
    for step in STEPS.iter().skip(usize::try_from(from).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", CURRENT)
}
