//! Customers, their verification rows and the tier computed from them.
//! Invariant: `kyc_level` is written only by `insert_verification`, from the rows themselves.
//! Deliberately lacks deletion of single customers.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::Store;
use super::rows::{CustomerRow, KycEventRow, VerificationRow};
use crate::keys::new_id;
use crate::tier;

/// A customer to create.
#[derive(Default)]
pub struct NewCustomer {
    /// Chosen id; `None` lets the server choose.
    pub id: Option<String>,
    /// Required by the contract.
    pub full_name: String,
    /// Optional NIK.
    pub nik: Option<String>,
    /// Optional phone number.
    pub phone: Option<String>,
    /// Optional mail address.
    pub email: Option<String>,
    /// The partner's own id, unique.
    pub external_id: Option<String>,
}

/// A verification row to append, with the reason noted when it moves the tier.
pub struct NewVerification<'a> {
    pub customer_id: &'a str,
    pub method: &'a str,
    pub status: &'a str,
    pub score: u8,
    pub actor_user_id: Option<&'a str>,
    pub reason: String,
}

impl Store {
    /// Creates a customer; `Ok(None)` when the id or `externalId` is taken. `nik_verified` says what the
    /// server's own look at the NIK gave, and is recorded as a `nik_format` verification.
    pub fn create_customer(
        &self,
        new: &NewCustomer,
        nik_verified: Option<bool>,
        now: Timestamp,
    ) -> anyhow::Result<Option<String>> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let id = new.id.clone().unwrap_or_else(|| new_id("cus"));
        let inserted = transaction.execute(
            "INSERT OR IGNORE INTO customers (id, full_name, nik, phone, email, external_id, created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![id, new.full_name, new.nik, new.phone, new.email, new.external_id, now.as_millisecond()],
        )?;
        if inserted == 0 {
            return Ok(None);
        }
        if let Some(verified) = nik_verified {
            let row = NewVerification {
                customer_id: &id,
                method: "nik_format",
                status: if verified { "verified" } else { "failed" },
                score: if verified { 100 } else { 0 },
                actor_user_id: None,
                reason: "automatic on nik_format verify".to_owned(),
            };
            insert_verification(&transaction, &row, now)?;
        }
        transaction.commit()?;
        Ok(Some(id))
    }

    /// One customer.
    pub fn customer(&self, id: &str) -> anyhow::Result<Option<CustomerRow>> {
        Ok(self
            .lock()
            .query_row("SELECT * FROM customers WHERE id = ?1", [id], CustomerRow::read)
            .optional()?)
    }

    /// All customers, oldest first.
    pub fn customers(&self) -> anyhow::Result<Vec<CustomerRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT * FROM customers ORDER BY created_ms, id")?;
        let rows = statement.query_map([], CustomerRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Verification rows of one customer, oldest first.
    pub fn verifications_of(&self, customer_id: &str) -> anyhow::Result<Vec<VerificationRow>> {
        verifications_of(&self.lock(), customer_id)
    }

    /// All verification rows, oldest first.
    pub fn verifications(&self) -> anyhow::Result<Vec<VerificationRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT * FROM verifications ORDER BY seq")?;
        let rows = statement.query_map([], VerificationRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Tier changes of one customer, oldest first.
    pub fn kyc_events_of(&self, customer_id: &str) -> anyhow::Result<Vec<KycEventRow>> {
        let connection = self.lock();
        let mut statement =
            connection.prepare("SELECT * FROM kyc_events WHERE customer_id = ?1 ORDER BY seq")?;
        let rows = statement.query_map([customer_id], KycEventRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes an analyst's override as a new row; answers the row it overrides, `None` when there is no such.
    pub fn override_verification(
        &self,
        verification_id: &str,
        to_status: &str,
        actor_user_id: &str,
        reason: &str,
        now: Timestamp,
    ) -> anyhow::Result<Option<VerificationRow>> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let overridden = transaction
            .query_row("SELECT * FROM verifications WHERE id = ?1", [verification_id], VerificationRow::read)
            .optional()?;
        if let Some(before) = &overridden {
            let row = NewVerification {
                customer_id: &before.customer_id,
                method: &before.method,
                status: to_status,
                score: before.score,
                actor_user_id: Some(actor_user_id),
                reason: reason.to_owned(),
            };
            insert_verification(&transaction, &row, now)?;
        }
        transaction.commit()?;
        Ok(overridden)
    }
}

fn verifications_of(connection: &Connection, customer_id: &str) -> anyhow::Result<Vec<VerificationRow>> {
    let mut statement =
        connection.prepare("SELECT * FROM verifications WHERE customer_id = ?1 ORDER BY seq")?;
    let rows = statement.query_map([customer_id], VerificationRow::read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Appends a row, computes the tier anew and notes the change, all inside the caller's transaction.
pub(super) fn insert_verification(
    transaction: &Transaction<'_>,
    new: &NewVerification<'_>,
    now: Timestamp,
) -> anyhow::Result<String> {
    let id = new_id("ver");
    transaction.execute(
        "INSERT INTO verifications (id, customer_id, method, status, score, actor_user_id, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id,
            new.customer_id,
            new.method,
            new.status,
            new.score,
            new.actor_user_id,
            now.as_millisecond()
        ],
    )?;
    let before: String =
        transaction.query_row("SELECT kyc_level FROM customers WHERE id = ?1", [new.customer_id], |row| {
            row.get(0)
        })?;
    let after = tier::compute(&verifications_of(transaction, new.customer_id)?).as_str();
    let verified_ms = (new.status == "verified").then(|| now.as_millisecond());
    transaction.execute(
        "UPDATE customers SET kyc_level = ?2, kyc_last_verified_ms = COALESCE(?3, kyc_last_verified_ms)
         WHERE id = ?1",
        params![new.customer_id, after, verified_ms],
    )?;
    if before != after {
        transaction.execute(
            "INSERT INTO kyc_events (id, customer_id, from_tier, to_tier, actor_user_id, reason, created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                new_id("kte"),
                new.customer_id,
                before,
                after,
                new.actor_user_id,
                new.reason,
                now.as_millisecond()
            ],
        )?;
    }
    Ok(id)
}
