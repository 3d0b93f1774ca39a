//! Flash challenges and the captures that consume them.
//! Invariant: consuming a challenge, storing the capture and appending its verification are one transaction,
//! so a nonce is never used up without a stored capture, nor a capture stored twice for one nonce.
//! Deliberately lacks recognition of repeated bundles without a challenge: the contract documents none.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Transaction, params};

use super::Store;
use super::customers::{NewVerification, insert_verification};
use super::rows::{CaptureRow, ChallengeRow, Purpose};
use crate::keys::new_id;

/// A capture whose verdict is computed, ready to be stored.
pub struct NewCapture<'a> {
    pub customer_id: &'a str,
    pub bundle_sha256: String,
    pub captured_at: &'a str,
    pub nonce: Option<&'a str>,
    pub sdk_version: &'a str,
    pub platform: &'a str,
    pub frames_sha256: Vec<String>,
    pub verdict: &'static str,
    pub assurance_tier: &'static str,
    pub status: &'static str,
    pub score: u8,
}

/// Why a challenge could not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consumption {
    /// Never issued to this customer.
    Unknown,
    /// Used before.
    Consumed,
    /// Too late.
    Expired,
    /// Issued for something else.
    OtherPurpose,
}

/// Ids of a stored capture.
pub struct StoredCapture {
    pub capture_id: String,
    pub verification_id: String,
}

impl Store {
    /// Keeps a challenge that is about to be handed out.
    pub fn add_challenge(&self, row: &ChallengeRow, hmac_secret: &str, now: Timestamp) -> anyhow::Result<()> {
        let hold_ms: Vec<String> = row.hold_ms.iter().map(u32::to_string).collect();
        self.lock().execute(
            "INSERT INTO challenges (id, nonce, customer_id, purpose, colors, hold_ms, hmac_secret, expires_ms,
                                     created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                row.id,
                row.nonce,
                row.customer_id,
                row.purpose.as_str(),
                row.colors.join(" "),
                hold_ms.join(" "),
                hmac_secret,
                row.expires_at.as_millisecond(),
                now.as_millisecond()
            ],
        )?;
        Ok(())
    }

    /// A challenge of one customer by its nonce.
    pub fn challenge(&self, customer_id: &str, nonce: &str) -> anyhow::Result<Option<ChallengeRow>> {
        Ok(self
            .lock()
            .query_row(
                "SELECT * FROM challenges WHERE customer_id = ?1 AND nonce = ?2",
                [customer_id, nonce],
                ChallengeRow::read,
            )
            .optional()?)
    }

    /// All challenges, oldest first.
    pub fn challenges(&self) -> anyhow::Result<Vec<ChallengeRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT * FROM challenges ORDER BY created_ms, id")?;
        let rows = statement.query_map([], ChallengeRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Secrets of the challenges issued to one customer for one purpose.
    pub fn challenge_secrets(&self, customer_id: &str, purpose: Purpose) -> anyhow::Result<Vec<String>> {
        let connection = self.lock();
        let mut statement = connection
            .prepare("SELECT hmac_secret FROM challenges WHERE customer_id = ?1 AND purpose = ?2")?;
        let rows = statement.query_map([customer_id, purpose.as_str()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stores a capture with its verification, consuming the challenge it names.
    pub fn store_capture(
        &self,
        new: &NewCapture<'_>,
        now: Timestamp,
    ) -> anyhow::Result<Result<StoredCapture, Consumption>> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        if let Some(nonce) = new.nonce
            && let Err(refusal) = consume(&transaction, new.customer_id, nonce, Purpose::Ktp, now)?
        {
            return Ok(Err(refusal));
        }
        let verification = NewVerification {
            customer_id: new.customer_id,
            method: "ktp_capture",
            status: new.status,
            score: new.score,
            actor_user_id: None,
            reason: "automatic on ktp_capture verify".to_owned(),
        };
        let verification_id = insert_verification(&transaction, &verification, now)?;
        let capture_id = new_id("ktpb");
        transaction.execute(
            "INSERT INTO captures (id, customer_id, verification_id, bundle_sha256, captured_at, nonce, sdk_version,
                                   platform, frames_sha256, verdict, assurance_tier, received_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                capture_id,
                new.customer_id,
                verification_id,
                new.bundle_sha256,
                new.captured_at,
                new.nonce,
                new.sdk_version,
                new.platform,
                new.frames_sha256.join(" "),
                new.verdict,
                new.assurance_tier,
                now.as_millisecond()
            ],
        )?;
        transaction.commit()?;
        Ok(Ok(StoredCapture { capture_id, verification_id }))
    }

    /// All captures, oldest first.
    pub fn captures(&self) -> anyhow::Result<Vec<CaptureRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT * FROM captures ORDER BY seq")?;
        let rows = statement.query_map([], CaptureRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Uses a challenge up, inside the caller's transaction.
pub(super) fn consume(
    transaction: &Transaction<'_>,
    customer_id: &str,
    nonce: &str,
    purpose: Purpose,
    now: Timestamp,
) -> anyhow::Result<Result<(), Consumption>> {
    let challenge = transaction
        .query_row(
            "SELECT * FROM challenges WHERE customer_id = ?1 AND nonce = ?2",
            [customer_id, nonce],
            ChallengeRow::read,
        )
        .optional()?;
    if let Err(refusal) = usable(challenge.as_ref(), purpose, now) {
        return Ok(Err(refusal));
    }
    transaction.execute(
        "UPDATE challenges SET consumed_ms = ?2 WHERE nonce = ?1",
        params![nonce, now.as_millisecond()],
    )?;
    Ok(Ok(()))
}

/// Whether a challenge may be used now.
pub fn usable(
    challenge: Option<&ChallengeRow>,
    purpose: Purpose,
    now: Timestamp,
) -> Result<&ChallengeRow, Consumption> {
    let challenge = challenge.ok_or(Consumption::Unknown)?;
    if challenge.purpose != purpose {
        Err(Consumption::OtherPurpose)
    } else if challenge.consumed_at.is_some() {
        Err(Consumption::Consumed)
    } else if now > challenge.expires_at {
        Err(Consumption::Expired)
    } else {
        Ok(challenge)
    }
}
