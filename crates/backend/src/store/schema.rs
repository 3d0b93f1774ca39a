//! The tables, and the steps from one schema to the next, for both databases.
//!
//! Invariant: no column holds a card's data, a picture's address, a token or a secret. Times are milliseconds of Unix time.
//! Lacks on purpose: steps backwards. An older binary refuses a newer schema.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Each entry leads from its index to the next version. `BYTES` and `SERIAL` are words of our own.
const STEPS: [&str; 2] = [V1, V2];

const V1: &str = "
CREATE TABLE kiosks (
    id            TEXT   PRIMARY KEY,
    label         TEXT   NOT NULL,
    public_key    BYTES  NOT NULL,
    enrolled_ms   BIGINT NOT NULL,
    revoked_ms    BIGINT,
    last_seq      BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE enrolment_codes (
    digest        TEXT   PRIMARY KEY,
    label         TEXT   NOT NULL,
    expires_ms    BIGINT NOT NULL,
    used_ms       BIGINT
);

CREATE TABLE nonces (
    kiosk_id      TEXT   NOT NULL REFERENCES kiosks (id),
    nonce         TEXT   NOT NULL,
    expires_ms    BIGINT NOT NULL,
    PRIMARY KEY (kiosk_id, nonce)
);
CREATE INDEX nonces_expiry ON nonces (expires_ms);

CREATE TABLE flows (
    id            TEXT   PRIMARY KEY,
    kiosk_id      TEXT   NOT NULL REFERENCES kiosks (id),
    kind          TEXT   NOT NULL,
    user_id       TEXT   NOT NULL,
    user_id_type  TEXT   NOT NULL,
    begun_ms      BIGINT NOT NULL
);
CREATE INDEX flows_by_user ON flows (user_id, user_id_type, kind);

CREATE TABLE submissions (
    id            TEXT   PRIMARY KEY,
    flow_id       TEXT   NOT NULL REFERENCES flows (id),
    status        TEXT   NOT NULL,
    result        TEXT,
    reason_code   TEXT,
    changed_ms    BIGINT NOT NULL
);
CREATE INDEX submissions_by_flow ON submissions (flow_id);

CREATE TABLE customers (
    id            TEXT   PRIMARY KEY,
    kiosk_id      TEXT   NOT NULL REFERENCES kiosks (id),
    tier          TEXT
);

CREATE TABLE hints (
    id            SERIAL,
    dedupe_key    TEXT   NOT NULL UNIQUE,
    subject       TEXT   NOT NULL,
    submission_id TEXT,
    received_ms   BIGINT NOT NULL,
    done_ms       BIGINT
);
CREATE INDEX hints_open ON hints (subject) WHERE done_ms IS NULL;
CREATE INDEX hints_age ON hints (received_ms);

CREATE TABLE work (
    subject       TEXT   PRIMARY KEY,
    due_ms        BIGINT,
    attempts      BIGINT NOT NULL DEFAULT 0,
    lease         TEXT,
    lease_ms      BIGINT
);
CREATE INDEX work_due ON work (due_ms) WHERE due_ms IS NOT NULL;
CREATE INDEX work_leases ON work (lease) WHERE lease IS NOT NULL;

CREATE TABLE results (
    tail          SERIAL,
    kiosk_id      TEXT   NOT NULL REFERENCES kiosks (id),
    seq           BIGINT NOT NULL,
    kind          TEXT   NOT NULL,
    subject_id    TEXT   NOT NULL,
    flow_id       TEXT,
    status        TEXT   NOT NULL,
    result        TEXT,
    reason_code   TEXT,
    at_ms         BIGINT NOT NULL,
    UNIQUE (kiosk_id, seq)
);
CREATE UNIQUE INDEX results_once ON results (subject_id, status) WHERE kind = 'submission';
";

/// What was handed over is sealed under a key that only the code itself gives.
const V2: &str = "
CREATE TABLE handovers (
    digest        TEXT   PRIMARY KEY,
    kiosk_id      TEXT   REFERENCES kiosks (id),
    sealed        BYTES  NOT NULL,
    expires_ms    BIGINT NOT NULL,
    used_ms       BIGINT,
    used_by       TEXT   REFERENCES kiosks (id)
);
CREATE INDEX handovers_expiry ON handovers (expires_ms);
";

/// Chosen at random once: replicas that start together migrate one after the other.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7031244961)";

fn current() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

fn steps_from(version: i64) -> Result<&'static [&'static str], StoreError> {
    let at = usize::try_from(version).unwrap_or(usize::MAX);
    STEPS.get(at..).ok_or(StoreError::NewerSchema)
}

pub(super) fn migrate_sqlite(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in steps_from(version)? {
        let step = step.replace("BYTES", "BLOB").replace("SERIAL", "INTEGER PRIMARY KEY AUTOINCREMENT");
        transaction.execute_batch(&step)?;
    }
    transaction.pragma_update(None, "user_version", current())?;
    Ok(transaction.commit()?)
}

pub(super) async fn migrate_postgres(client: &mut tokio_postgres::Client) -> Result<(), StoreError> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(MIGRATION_LOCK).await?;
    transaction.batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)").await?;
    let row = transaction.query_one("SELECT COALESCE(MAX(version), 0) FROM schema_version", &[]).await?;
    for step in steps_from(row.try_get(0)?)? {
        let step = step.replace("BYTES", "BYTEA").replace("SERIAL", "BIGSERIAL PRIMARY KEY");
        transaction.batch_execute(&step).await?;
    }
    transaction.execute("DELETE FROM schema_version", &[]).await?;
    transaction.execute("INSERT INTO schema_version VALUES ($1)", &[&current()]).await?;
    Ok(transaction.commit().await?)
}
