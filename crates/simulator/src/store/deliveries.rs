//! Registered webhooks and the deliveries owed to them.
//! Invariant: an event's body bytes are fixed when it happens; every try sends the same bytes.
//! Deliberately lacks HTTP: see `webhook`.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::Store;
use super::rows::DeliveryRow;
use crate::keys::new_id;

/// Which header names a target gets (the vendor is between two families).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HeaderFamily {
    /// `X-Identity-*`, what Identity sends today.
    #[default]
    Identity,
    /// `X-Quantum-*`, announced.
    Quantum,
    /// Both at once.
    Both,
}

/// How truthful the signature is: receivers must refuse the wrong ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SignatureStyle {
    /// The right signature.
    #[default]
    Valid,
    /// Right length, made with another secret.
    WrongKey,
    /// Cut to half its length.
    Short,
}

/// A registered target.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookTarget {
    /// `whk_…`; chosen by the server.
    #[serde(default)]
    pub id: String,
    /// Where to post.
    pub url: String,
    /// Shared secret of the signature.
    pub secret: String,
    /// Header names.
    #[serde(default)]
    pub headers: HeaderFamily,
    /// Truthfulness.
    #[serde(default)]
    pub signature: SignatureStyle,
}

/// A delivery whose time has come.
pub struct DueDelivery {
    pub id: String,
    pub event: String,
    pub body: String,
    pub attempt: u32,
    pub target: WebhookTarget,
}

fn word<T: Serialize>(value: &T) -> anyhow::Result<String> {
    Ok(serde_json::to_string(value)?)
}

fn target(row: &rusqlite::Row<'_>) -> anyhow::Result<WebhookTarget> {
    Ok(WebhookTarget {
        id: row.get("webhook_id")?,
        url: row.get("url")?,
        secret: row.get("secret")?,
        headers: serde_json::from_str(&row.get::<_, String>("headers")?)?,
        signature: serde_json::from_str(&row.get::<_, String>("signature")?)?,
    })
}

impl Store {
    /// Registers a target and answers its id.
    pub fn add_webhook(&self, new: &WebhookTarget) -> anyhow::Result<String> {
        let id = new_id("whk");
        self.lock().execute(
            "INSERT INTO webhooks (id, url, secret, headers, signature) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![id, new.url, new.secret, word(&new.headers)?, word(&new.signature)?],
        )?;
        Ok(id)
    }

    /// Ids of all targets.
    pub fn webhook_ids(&self) -> anyhow::Result<Vec<String>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT id FROM webhooks ORDER BY id")?;
        let rows = statement.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Owes `body` to `webhook_id`.
    pub fn owe(
        &self,
        webhook_id: &str,
        event: &str,
        event_id: &str,
        body: &str,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        self.lock().execute(
            "INSERT INTO deliveries (id, webhook_id, event_id, event, body, next_ms, created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
            params![new_id("whd"), webhook_id, event_id, event, body, now.as_millisecond()],
        )?;
        Ok(())
    }

    /// Owes an event that was delivered before once more; false when there is no such delivery.
    pub fn replay(&self, delivery_id: &str, now: Timestamp) -> anyhow::Result<bool> {
        let copied = self.lock().execute(
            "INSERT INTO deliveries (id, webhook_id, event_id, event, body, next_ms, created_ms)
             SELECT ?2, webhook_id, event_id, event, body, ?3, ?3 FROM deliveries WHERE id = ?1",
            params![delivery_id, new_id("whd"), now.as_millisecond()],
        )?;
        Ok(copied == 1)
    }

    /// The next delivery to try, if one is due.
    pub fn due_delivery(&self, now: Timestamp) -> anyhow::Result<Option<DueDelivery>> {
        let connection = self.lock();
        let mut statement = connection.prepare(
            "SELECT d.id, d.event, d.body, d.attempts, d.webhook_id, w.url, w.secret, w.headers, w.signature
             FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id
             WHERE d.state = 'pending' AND d.next_ms <= ?1 ORDER BY d.next_ms, d.id LIMIT 1",
        )?;
        let mut rows = statement.query([now.as_millisecond()])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(DueDelivery {
            id: row.get("id")?,
            event: row.get("event")?,
            body: row.get("body")?,
            attempt: row.get::<_, u32>("attempts")? + 1,
            target: target(row)?,
        }))
    }

    /// When the next pending delivery becomes due, in milliseconds from `now` (0: overdue).
    pub fn next_delivery_in(&self, now: Timestamp) -> anyhow::Result<Option<Duration>> {
        let next_ms: Option<i64> = self
            .lock()
            .query_row("SELECT MIN(next_ms) FROM deliveries WHERE state = 'pending'", [], |row| row.get(0))
            .optional()?
            .flatten();
        Ok(next_ms.map(|ms| Duration::from_millis(u64::try_from(ms - now.as_millisecond()).unwrap_or(0))))
    }

    /// Notes one try. `retry_at` is the next one; `None` ends the delivery.
    pub fn delivery_tried(
        &self,
        id: &str,
        status: Option<u16>,
        delivered: bool,
        retry_at: Option<Timestamp>,
    ) -> anyhow::Result<()> {
        let state = match (delivered, retry_at) {
            (true, _) => "delivered",
            (false, Some(_)) => "pending",
            (false, None) => "given_up",
        };
        self.lock().execute(
            "UPDATE deliveries SET attempts = attempts + 1, last_status = ?2, state = ?3,
                    next_ms = COALESCE(?4, next_ms) WHERE id = ?1",
            params![id, status, state, retry_at.map(Timestamp::as_millisecond)],
        )?;
        Ok(())
    }

    /// All deliveries, oldest first.
    pub fn deliveries(&self) -> anyhow::Result<Vec<DeliveryRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT * FROM deliveries ORDER BY created_ms, id")?;
        let rows = statement.query_map([], DeliveryRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
