//! SQLite: one writer and one reader per process, in WAL mode with full sync.
//!
//! Invariant: a commit that returned is on the disk. Several processes may share the file; they take turns.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, params_from_iter};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::StoreError;
use super::schema;
use super::value::{Row, Value};

/// How long to wait for another process: a commit takes milliseconds, so this is for a stalled disk.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

pub(super) struct SqliteDatabase {
    writer: Arc<Mutex<Connection>>,
    reader: Arc<Mutex<Connection>>,
}

/// The writer, inside `BEGIN IMMEDIATE`.
pub(super) struct SqliteTransaction {
    connection: Option<OwnedMutexGuard<Connection>>,
}

impl SqliteDatabase {
    /// Opens or makes the file and brings its tables up to date.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let mut writer = connect(path)?;
        schema::migrate_sqlite(&mut writer)?;
        let reader = connect(path)?;
        reader.pragma_update(None, "query_only", true)?;
        Ok(Self { writer: Arc::new(Mutex::new(writer)), reader: Arc::new(Mutex::new(reader)) })
    }

    pub(super) async fn begin(&self) -> Result<SqliteTransaction, StoreError> {
        let connection = Arc::clone(&self.writer).lock_owned().await;
        let (connection, begun) = off_thread(connection, |connection| {
            // Whoever was dropped between two statements left this to us.
            if !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK")?;
            }
            connection.execute_batch("BEGIN IMMEDIATE")
        })
        .await?;
        begun?;
        Ok(SqliteTransaction { connection: Some(connection) })
    }

    pub(super) async fn query(&self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let connection = Arc::clone(&self.reader).lock_owned().await;
        let values = values.to_vec();
        let (_, rows) = off_thread(connection, move |connection| query(connection, sql, &values)).await?;
        Ok(rows?)
    }
}

impl SqliteTransaction {
    async fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = self.connection.take().ok_or(StoreError::Inconsistent("the transaction is over"))?;
        let (connection, result) = off_thread(connection, work).await?;
        self.connection = Some(connection);
        Ok(result?)
    }

    pub(super) async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        let values = values.to_vec();
        let changed = self.run(move |connection| {
            connection.prepare_cached(&dialect(sql))?.execute(params_from_iter(&values))
        });
        Ok(u64::try_from(changed.await?).unwrap_or(u64::MAX))
    }

    pub(super) async fn query(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        let values = values.to_vec();
        self.run(move |connection| query(connection, sql, &values)).await
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        self.run(|connection| connection.execute_batch("COMMIT")).await
    }

    pub(super) async fn roll_back(mut self) -> Result<(), StoreError> {
        self.run(|connection| connection.execute_batch("ROLLBACK")).await
    }
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Runs `work` where it may block, and hands the connection back.
async fn off_thread<T: Send + 'static>(
    mut connection: OwnedMutexGuard<Connection>,
    work: impl FnOnce(&mut Connection) -> T + Send + 'static,
) -> Result<(OwnedMutexGuard<Connection>, T), StoreError> {
    let run = tokio::task::spawn_blocking(move || {
        let result = work(&mut connection);
        (connection, result)
    });
    run.await.map_err(|_| StoreError::Interrupted)
}

fn query(connection: &Connection, sql: &str, values: &[Value]) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(&dialect(sql))?;
    let columns = statement.column_count();
    let rows = statement.query_map(params_from_iter(values), |row| {
        (0..columns).map(|column| Ok(value(row.get_ref(column)?))).collect::<rusqlite::Result<Vec<Value>>>()
    })?;
    rows.map(|row| row.map(Row::new)).collect()
}

fn value(found: rusqlite::types::ValueRef<'_>) -> Value {
    use rusqlite::types::ValueRef;
    match found {
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
    }
}

/// `$1` is `?1` here, and there is one writer, so no row needs locking.
fn dialect(sql: &str) -> String {
    sql.replace('$', "?").replace("FOR UPDATE SKIP LOCKED", "").replace("FOR UPDATE", "")
}
