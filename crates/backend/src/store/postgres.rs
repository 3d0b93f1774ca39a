//! PostgreSQL: a pool of connections, and one more that listens.
//!
//! Invariant: a connection whose transaction was neither committed nor rolled back leaves the pool, so the server undoes it.

use std::str::FromStr as _;
use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::StoreError;
use super::schema;
use super::value::{Row, Value};

/// Name of the channel on which results are announced.
pub(super) const RESULTS_CHANNEL: &str = "loket_results";
/// Waiting longer for a free connection than a kiosk waits for its answer helps nobody.
const WAIT_TIMEOUT: Duration = Duration::from_secs(10);

const KEEPALIVE_AFTER: Duration = Duration::from_secs(30);
/// A replica that was frozen must not hold a row for ever, and nobody waits for one longer than for a connection.
const LIMITS: &str =
    "-c idle_in_transaction_session_timeout=30s -c lock_timeout=10s -c client_min_messages=warning";

pub(super) struct PostgresDatabase {
    pool: Pool,
    config: Box<tokio_postgres::Config>,
}

pub(super) struct PostgresTransaction {
    client: Option<Box<Object>>,
}

impl PostgresDatabase {
    /// Connects and brings the tables up to date.
    pub(super) async fn open(url: &str, pool_size: usize) -> Result<Self, StoreError> {
        let mut config = tokio_postgres::Config::from_str(url).map_err(|_| StoreError::Url)?;
        let options = config.get_options().map(|own| format!("{own} {LIMITS}"));
        config.options(options.unwrap_or_else(|| LIMITS.to_owned()));
        // The connection that listens is silent for long; a dead one must be noticed.
        config.keepalives_idle(KEEPALIVE_AFTER);
        let manager = Manager::from_config(
            config.clone(),
            tls(),
            ManagerConfig { recycling_method: RecyclingMethod::Fast },
        );
        let pool = Pool::builder(manager)
            .max_size(pool_size)
            .wait_timeout(Some(WAIT_TIMEOUT))
            .create_timeout(Some(WAIT_TIMEOUT))
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .build()
            .map_err(|_| StoreError::Interrupted)?;
        let database = Self { pool, config: Box::new(config) };
        schema::migrate_postgres(&mut *database.client().await?).await?;
        Ok(database)
    }

    async fn client(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(|error| StoreError::Unreachable(error.to_string()))
    }

    /// How to reach the server once more, for the connection that listens.
    pub(super) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    pub(super) async fn begin(&self) -> Result<PostgresTransaction, StoreError> {
        let client = self.client().await?;
        client.batch_execute("BEGIN").await?;
        Ok(PostgresTransaction { client: Some(Box::new(client)) })
    }

    pub(super) async fn query(&self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        query(&self.client().await?, sql, values).await
    }

    pub(super) async fn execute(&self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        execute(&self.client().await?, sql, values).await
    }
}

impl PostgresTransaction {
    fn client(&self) -> Result<&Object, StoreError> {
        self.client.as_deref().ok_or(StoreError::Inconsistent("the transaction is over"))
    }

    pub(super) async fn execute(&mut self, sql: &'static str, values: &[Value]) -> Result<u64, StoreError> {
        execute(self.client()?, sql, values).await
    }

    pub(super) async fn query(
        &mut self,
        sql: &'static str,
        values: &[Value],
    ) -> Result<Vec<Row>, StoreError> {
        query(self.client()?, sql, values).await
    }

    pub(super) async fn announce(&mut self, kiosk: uuid::Uuid) -> Result<(), StoreError> {
        let values = [Value::from(RESULTS_CHANNEL), Value::from(kiosk)];
        query(self.client()?, "SELECT CAST(pg_notify($1, $2) AS TEXT)", &values).await?;
        Ok(())
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        self.end("COMMIT").await
    }

    pub(super) async fn roll_back(self) -> Result<(), StoreError> {
        self.end("ROLLBACK").await
    }

    async fn end(mut self, word: &str) -> Result<(), StoreError> {
        self.client()?.batch_execute(word).await?;
        // Over and clean: back to the pool.
        self.client = None;
        Ok(())
    }
}

impl Drop for PostgresTransaction {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            drop(Object::take(*client));
        }
    }
}

fn parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

async fn execute(client: &Object, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, &parameters(values)).await?)
}

async fn query(client: &Object, sql: &str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
    let statement = client.prepare_cached(sql).await?;
    let rows = client.query(&statement, &parameters(values)).await?;
    rows.iter().map(row).collect()
}

fn row(found: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let values = found.columns().iter().enumerate().map(|(at, column)| {
        Ok(match *column.type_() {
            Type::INT8 => found.try_get::<_, Option<i64>>(at)?.into(),
            Type::BYTEA => found.try_get::<_, Option<Vec<u8>>>(at)?.as_deref().into(),
            _ => found.try_get::<_, Option<String>>(at)?.as_ref().into(),
        })
    });
    Ok(Row::new(values.collect::<Result<_, tokio_postgres::Error>>()?))
}

/// TLS as the connection string asks for it, against the public roots.
pub(super) fn tls() -> MakeRustlsConnect {
    let roots = rustls::RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let config = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("ring offers the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    MakeRustlsConnect::new(config)
}
