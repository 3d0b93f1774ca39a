//! Hearing of results that other replicas wrote.
//!
//! PostgreSQL tells (`LISTEN`); with SQLite the file is looked at. Invariant: after any interruption everybody who waits is
//! woken once, so what was announced meanwhile is not missed.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::AsyncMessage;

use super::database::Database;
use super::postgres::{RESULTS_CHANNEL, tls};
use super::value::values;
use super::{Store, StoreError};
use crate::wake::Bells;

/// How often the file is looked at: what a person does not notice, and an index lookup that costs microseconds.
const LOOK_EVERY: Duration = Duration::from_millis(200);
const RECONNECT_AFTER: Duration = Duration::from_secs(1);

/// Rings the bells for ever.
pub async fn listen(store: Arc<Store>, bells: Arc<Bells>) {
    loop {
        let ended = match &store.database {
            Database::Sqlite(_) => look(&store, &bells).await,
            Database::Postgres(database) => hear(database.config(), &bells).await,
        };
        if let Err(error) = ended {
            tracing::warn!(%error, "results of other replicas are not heard of; trying again");
        }
        tokio::time::sleep(RECONNECT_AFTER).await;
    }
}

async fn look(store: &Store, bells: &Bells) -> Result<(), StoreError> {
    let newest = store.database.first("SELECT COALESCE(MAX(tail), 0) FROM results", &[]).await?;
    let mut tail = newest.map(|mut row| row.integer()).transpose()?.unwrap_or(0);
    bells.ring_all();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let sql = "SELECT tail, kiosk_id FROM results WHERE tail > $1 ORDER BY tail";
        for mut row in store.database.query(sql, values![tail]).await? {
            tail = row.integer()?;
            bells.ring(row.id()?);
        }
    }
}

async fn hear(config: &tokio_postgres::Config, bells: &Bells) -> Result<(), StoreError> {
    let (client, mut connection) = config.connect(tls()).await?;
    let mut messages = Box::pin(async move {
        loop {
            match poll_fn(|context| connection.poll_message(context)).await {
                Some(Ok(AsyncMessage::Notification(told))) => {
                    if let Ok(kiosk) = told.payload().parse() {
                        bells.ring(kiosk);
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(StoreError::from(error)),
                None => return Err(StoreError::Unreachable("closed".to_owned())),
            }
        }
    });
    let command = format!("LISTEN {RESULTS_CHANNEL}");
    tokio::select! {
        ended = &mut messages => return ended,
        listening = client.batch_execute(&command) => listening?,
    }
    bells.ring_all();
    messages.await
}
