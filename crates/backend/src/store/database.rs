//! The two databases behind one face: statements are written once, with `$1`, and run on either.
//!
//! Invariant: what was not committed never happened, also when the caller is dropped half-way.
//! Lacks on purpose: knowledge of any table.

use super::StoreError;
use super::postgres::{PostgresDatabase, PostgresTransaction};
use super::sqlite::{SqliteDatabase, SqliteTransaction};
use super::value::{Row, Value};

/// An open database.
pub(super) enum Database {
    Sqlite(SqliteDatabase),
    Postgres(PostgresDatabase),
}

/// A transaction in which rows may change.
pub(super) enum Transaction {
    Sqlite(SqliteTransaction),
    Postgres(PostgresTransaction),
}

impl Database {
    /// Begins to write. On SQLite this waits for the one other writer.
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        match self {
            Self::Sqlite(database) => Ok(Transaction::Sqlite(database.begin().await?)),
            Self::Postgres(database) => Ok(Transaction::Postgres(database.begin().await?)),
        }
    }

    /// Reads committed rows.
    pub(super) async fn query(&self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(database) => database.query(sql, values).await,
            Self::Postgres(database) => database.query(sql, values).await,
        }
    }

    /// One statement that writes, by itself.
    pub(super) async fn execute(&self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(_) => {
                let mut transaction = self.begin().await?;
                let changed = transaction.execute(sql, values).await?;
                transaction.commit().await?;
                Ok(changed)
            }
            Self::Postgres(database) => database.execute(sql, values).await,
        }
    }

    pub(super) async fn first(&self, sql: &'static str, values: &[Value]) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }
}

impl Transaction {
    /// Runs a statement; answers the number of rows it changed.
    pub(super) async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(sql, values).await,
            Self::Postgres(transaction) => transaction.execute(sql, values).await,
        }
    }

    /// Runs a statement that answers rows.
    pub(super) async fn query(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.query(sql, values).await,
            Self::Postgres(transaction) => transaction.query(sql, values).await,
        }
    }

    /// As `query`, of which at most one row is expected; `locked` rows stay ours until the end.
    pub(super) async fn first(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    /// Tells every replica that there are results for a kiosk, once this is committed. SQLite's readers look themselves.
    pub(super) async fn announce(&mut self, kiosk: uuid::Uuid) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(transaction) => transaction.announce(kiosk).await,
        }
    }

    /// Makes all of it last.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }

    /// Undoes all of it. Dropping does the same, at a higher price.
    pub(super) async fn roll_back(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.roll_back().await,
            Self::Postgres(transaction) => transaction.roll_back().await,
        }
    }
}
