//! The server's rows in SQLite.
//! Invariant: every public write is one transaction; a process that dies leaves it whole or absent.
//! Deliberately lacks pictures: frames are kept as digests, so a developer's disk never collects faces.

mod captures;
mod customers;
mod deliveries;
mod faces;
pub mod rows;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

pub use captures::{Consumption, NewCapture, usable};
pub use customers::NewCustomer;
pub use deliveries::{DueDelivery, HeaderFamily, SignatureStyle, WebhookTarget};
pub use faces::{NewFace, NewRecord};

use crate::config::StateLocation;
use crate::keys;
use rows::RequestRow;

/// How long a second process may hold the state file before an access fails.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Tables in an order in which they may be emptied (children first).
const RESET_ORDER: [&str; 9] = [
    "requests",
    "deliveries",
    "webhooks",
    "kyc_events",
    "captures",
    "faces",
    "verifications",
    "challenges",
    "customers",
];

/// One database, one connection: the server's load is a handful of clients.
pub struct Store {
    connection: Mutex<Connection>,
}

impl Store {
    /// Opens or creates the state.
    pub fn open(location: &StateLocation) -> anyhow::Result<Self> {
        let connection = match location {
            StateLocation::Memory => Connection::open_in_memory()?,
            StateLocation::File(path) => {
                Connection::open(path).with_context(|| format!("state file {}", path.display()))?
            }
        };
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(include_str!("schema.sql")).context("simulator schema")?;
        add_purposes(&connection).context("simulator schema")?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// A poisoned lock is taken over: SQLite rolled the unfinished transaction back when it was dropped.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers an API key with its scopes; only a digest of the key is kept.
    pub fn add_api_key(&self, key: &str, scopes: &[String]) -> anyhow::Result<()> {
        self.lock().execute(
            "INSERT OR REPLACE INTO api_keys (digest, scopes) VALUES (?1, ?2)",
            params![keys::sha256_hex(key.as_bytes()), serde_json::to_string(scopes)?],
        )?;
        Ok(())
    }

    /// The scopes of a key, `None` for an unknown one.
    pub fn scopes_of(&self, key: &str) -> anyhow::Result<Option<Vec<String>>> {
        let digest = keys::sha256_hex(key.as_bytes());
        let found: Option<String> = self
            .lock()
            .query_row("SELECT scopes FROM api_keys WHERE digest = ?1", [digest], |row| row.get(0))
            .optional()?;
        found.map(|text| serde_json::from_str(&text).context("stored scopes")).transpose()
    }

    /// Registers the secret of a device that signs without a challenge.
    pub fn add_device_secret(&self, secret: &str) -> anyhow::Result<()> {
        self.lock().execute("INSERT OR IGNORE INTO device_secrets (secret) VALUES (?1)", [secret])?;
        Ok(())
    }

    /// All registered device secrets.
    pub fn device_secrets(&self) -> anyhow::Result<Vec<String>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT secret FROM device_secrets")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes one answered (or deliberately unanswered) request.
    pub fn log_request(
        &self,
        endpoint: &str,
        status: u16,
        faults: &str,
        at: Timestamp,
    ) -> anyhow::Result<()> {
        self.lock().execute(
            "INSERT INTO requests (endpoint, status, faults, at_ms) VALUES (?1, ?2, ?3, ?4)",
            params![endpoint, status, faults, at.as_millisecond()],
        )?;
        Ok(())
    }

    /// All requests, oldest first.
    pub fn requests(&self) -> anyhow::Result<Vec<RequestRow>> {
        let connection = self.lock();
        let mut statement =
            connection.prepare("SELECT endpoint, status, faults, at_ms FROM requests ORDER BY seq")?;
        let rows = statement.query_map([], RequestRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets everything but keys and device secrets.
    pub fn reset(&self) -> anyhow::Result<()> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        for table in RESET_ORDER {
            transaction.execute(&format!("DELETE FROM {table}"), [])?;
        }
        transaction.commit()?;
        Ok(())
    }
}

/// State files of before there were faces have challenges for cards alone.
fn add_purposes(connection: &Connection) -> rusqlite::Result<()> {
    let known = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('challenges') WHERE name = 'purpose')";
    if !connection.query_row(known, [], |row| row.get::<_, bool>(0))? {
        connection.execute_batch("ALTER TABLE challenges ADD COLUMN purpose TEXT NOT NULL DEFAULT 'ktp'")?;
    }
    Ok(())
}
