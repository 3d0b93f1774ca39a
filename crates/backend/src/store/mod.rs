//! What outlives a process: kiosks, flows, hints, work and results.
//!
//! One logic over two databases. SQLite serves one machine; PostgreSQL serves replicas on several. Invariants: a result is
//! written in the transaction that moves its submission, under the kiosk's next number, so a kiosk that reads on from
//! its last number misses none and sees none twice; work is done by one replica at a time, which its lease proves.
//! Lacks on purpose: the bodies of callbacks, and anything of a card.

mod database;
mod flows;
mod handovers;
mod hints;
mod kiosks;
mod listen;
mod postgres;
mod results;
mod schema;
mod sqlite;
mod value;
mod work;

use std::path::Path;

use database::Database;

pub use flows::{Begun, Flow, NewFlow};
pub use handovers::{NewHandover, Redeemed};
pub use hints::NewHint;
pub use kiosks::{Admission, Enrolled, Kiosk, NewCode, NewKiosk};
pub use listen::listen;
pub use results::{Finding, ResultRow};
pub use work::{Applied, Claimed, Finished, OpenHint, Subject};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite says no.
    #[error("the database file: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL says no. Its message may quote values, so only the code is kept.
    #[error("the database server: {}", code_of(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// No connection.
    #[error("the database server cannot be reached")]
    Unreachable(String),
    /// Not a connection string.
    #[error("the database's address is not a PostgreSQL URL")]
    Url,
    /// Made by a later version.
    #[error("the database was made by a newer version of this program")]
    NewerSchema,
    /// A row that we never write.
    #[error("the database holds what was never written to it: {0}")]
    Inconsistent(&'static str),
    /// The process is stopping.
    #[error("interrupted")]
    Interrupted,
}

fn code_of(error: &tokio_postgres::Error) -> String {
    error.code().map_or_else(
        || if error.is_closed() { "closed".to_owned() } else { "no connection".to_owned() },
        |code| format!("SQLSTATE {}", code.code()),
    )
}

/// The open store.
pub struct Store {
    database: Database,
}

impl Store {
    /// Opens or makes a file; its folder must exist.
    pub fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        Ok(Self { database: Database::Sqlite(sqlite::SqliteDatabase::open(path)?) })
    }

    /// Connects to a server, with at most `pool_size` connections and one more.
    pub async fn open_postgres(url: &str, pool_size: usize) -> Result<Self, StoreError> {
        let database = postgres::PostgresDatabase::open(url, pool_size).await?;
        Ok(Self { database: Database::Postgres(database) })
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.database.query("SELECT 1 + last_seq FROM kiosks LIMIT 1", &[]).await?;
        Ok(())
    }
}
