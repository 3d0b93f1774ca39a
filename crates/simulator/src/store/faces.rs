//! Faces, and the records they leave.
//! Invariant: consuming a challenge, storing the face and appending its verifications are one transaction.
//! Deliberately lacks pictures, and any number that describes a face.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

use super::Store;
use super::captures::{Consumption, consume};
use super::customers::{NewVerification, insert_verification};
use super::rows::{FaceRow, Purpose, VerificationRow};
use crate::keys::new_id;

/// A verification that a face leads to.
#[derive(Clone, Copy)]
pub struct NewRecord {
    pub method: &'static str,
    pub status: &'static str,
    pub score: u8,
}

/// A face whose verdict is computed, ready to be stored.
pub struct NewFace<'a> {
    pub customer_id: &'a str,
    pub call: &'static str,
    pub bundle_sha256: String,
    pub captured_at: &'a str,
    pub nonce: Option<&'a str>,
    pub frames_sha256: Vec<String>,
    pub fused: &'static str,
    pub assurance_tier: &'static str,
    pub allowed: Option<bool>,
    /// The last one is the one that the answer names.
    pub records: &'a [NewRecord],
}

impl Store {
    /// Stores a face with its verifications, consuming the challenge it names; answers the verifications' ids.
    pub fn store_face(
        &self,
        new: &NewFace<'_>,
        now: Timestamp,
    ) -> anyhow::Result<Result<Vec<String>, Consumption>> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        if let Some(nonce) = new.nonce
            && let Err(refusal) = consume(&transaction, new.customer_id, nonce, Purpose::Face, now)?
        {
            return Ok(Err(refusal));
        }
        let mut ids = Vec::new();
        for record in new.records {
            let verification = NewVerification {
                customer_id: new.customer_id,
                method: record.method,
                status: record.status,
                score: record.score,
                actor_user_id: None,
                reason: format!("automatic on {} verify", record.method),
            };
            ids.push(insert_verification(&transaction, &verification, now)?);
        }
        transaction.execute(
            "INSERT INTO faces (id, customer_id, verification_id, call, bundle_sha256, captured_at, nonce,
                                frames_sha256, fused, assurance_tier, allowed, received_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                new_id("fb"),
                new.customer_id,
                ids.last(),
                new.call,
                new.bundle_sha256,
                new.captured_at,
                new.nonce,
                new.frames_sha256.join(" "),
                new.fused,
                new.assurance_tier,
                new.allowed,
                now.as_millisecond()
            ],
        )?;
        transaction.commit()?;
        Ok(Ok(ids))
    }

    /// All faces, oldest first.
    pub fn faces(&self) -> anyhow::Result<Vec<FaceRow>> {
        let connection = self.lock();
        let mut statement = connection.prepare("SELECT * FROM faces ORDER BY seq")?;
        let rows = statement.query_map([], FaceRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the card was last verified whose face stands for a customer; `None` if none ever was.
    pub fn reference_of(&self, customer_id: &str) -> anyhow::Result<Option<Timestamp>> {
        let newest = "SELECT * FROM verifications WHERE customer_id = ?1 AND method = 'ktp_capture'
                      AND status = 'verified' ORDER BY seq DESC LIMIT 1";
        let row = self.lock().query_row(newest, [customer_id], VerificationRow::read).optional()?;
        Ok(row.map(|row| row.created_at))
    }
}
