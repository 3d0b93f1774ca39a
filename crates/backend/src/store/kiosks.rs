//! Kiosks: one-time codes, keys, revocation, and the nonces of their requests.
//!
//! Invariants: a code enrols one kiosk; a kiosk's key never changes; a nonce is admitted once, and never for a revoked kiosk.

use uuid::Uuid;

use super::value::values;
use super::{Store, StoreError};

/// A code that an operator hands out; only its digest is known here.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// SHA-256, hexadecimal.
    pub digest: String,
    /// What the operator calls the kiosk.
    pub label: String,
    /// When it lapses.
    pub expires_ms: i64,
}

/// A kiosk that presents a code.
#[derive(Clone, Debug)]
pub struct NewKiosk {
    /// Chosen here.
    pub id: Uuid,
    /// Ed25519, 32 bytes.
    pub public_key: Vec<u8>,
}

/// What came of presenting a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Enrolled {
    /// It is enrolled, under this label.
    Done {
        /// As the operator wrote it.
        label: String,
    },
    /// No such code.
    UnknownCode,
    /// The code was used before.
    CodeUsed,
    /// The code lapsed.
    CodeExpired,
}

/// Whether a request may pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Yes; its nonce is spent now.
    Admitted,
    /// Its nonce was spent before.
    Replayed,
    /// The kiosk was revoked.
    Revoked,
    /// No such kiosk.
    Unknown,
}

/// An enrolled kiosk, as an operator sees it.
#[derive(Clone, Debug)]
pub struct Kiosk {
    /// Its id.
    pub id: Uuid,
    /// Its label.
    pub label: String,
    /// Since when.
    pub enrolled_ms: i64,
    /// Until when, if it was revoked.
    pub revoked_ms: Option<i64>,
}

const USE_CODE: &str = "UPDATE enrolment_codes SET used_ms = $2
    WHERE digest = $1 AND used_ms IS NULL AND expires_ms > $2 RETURNING label";
const ADMIT: &str = "INSERT INTO nonces (kiosk_id, nonce, expires_ms)
    SELECT id, CAST($2 AS TEXT), CAST($3 AS BIGINT) FROM kiosks WHERE id = $1 AND revoked_ms IS NULL
    ON CONFLICT (kiosk_id, nonce) DO NOTHING";

impl Store {
    /// Keeps the digest of a code.
    pub async fn add_code(&self, code: &NewCode) -> Result<(), StoreError> {
        let sql = "INSERT INTO enrolment_codes (digest, label, expires_ms) VALUES ($1, $2, $3)";
        self.database.execute(sql, values![&code.digest, &code.label, code.expires_ms]).await?;
        Ok(())
    }

    /// Spends a code and makes the kiosk, or says why not.
    pub async fn enrol(&self, digest: &str, kiosk: &NewKiosk, now_ms: i64) -> Result<Enrolled, StoreError> {
        let mut transaction = self.database.begin().await?;
        let Some(mut row) = transaction.first(USE_CODE, values![digest, now_ms]).await? else {
            transaction.roll_back().await?;
            return self.why_not(digest).await;
        };
        let label = row.text()?;
        let sql = "INSERT INTO kiosks (id, label, public_key, enrolled_ms) VALUES ($1, $2, $3, $4)";
        let kiosk = values![kiosk.id, &label, kiosk.public_key.as_slice(), now_ms];
        transaction.execute(sql, kiosk).await?;
        transaction.commit().await?;
        Ok(Enrolled::Done { label })
    }

    async fn why_not(&self, digest: &str) -> Result<Enrolled, StoreError> {
        let sql = "SELECT used_ms FROM enrolment_codes WHERE digest = $1";
        Ok(match self.database.first(sql, values![digest]).await? {
            None => Enrolled::UnknownCode,
            Some(mut row) => match row.maybe_integer()? {
                Some(_) => Enrolled::CodeUsed,
                None => Enrolled::CodeExpired,
            },
        })
    }

    /// The key of a kiosk, revoked or not.
    pub async fn kiosk_key(&self, kiosk: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let row = self.database.first("SELECT public_key FROM kiosks WHERE id = $1", values![kiosk]).await?;
        row.map(|mut row| row.bytes()).transpose()
    }

    /// Spends a nonce.
    pub async fn admit(&self, kiosk: Uuid, nonce: &str, expires_ms: i64) -> Result<Admission, StoreError> {
        if self.database.execute(ADMIT, values![kiosk, nonce, expires_ms]).await? == 1 {
            return Ok(Admission::Admitted);
        }
        let sql = "SELECT revoked_ms FROM kiosks WHERE id = $1";
        Ok(match self.database.first(sql, values![kiosk]).await? {
            None => Admission::Unknown,
            Some(mut row) => match row.maybe_integer()? {
                Some(_) => Admission::Revoked,
                None => Admission::Replayed,
            },
        })
    }

    /// Shuts a kiosk out, from its next request on; false if there is none or it was revoked before.
    pub async fn revoke(&self, kiosk: Uuid, now_ms: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE kiosks SET revoked_ms = $2 WHERE id = $1 AND revoked_ms IS NULL";
        Ok(self.database.execute(sql, values![kiosk, now_ms]).await? == 1)
    }

    /// All kiosks, oldest first.
    pub async fn kiosks(&self) -> Result<Vec<Kiosk>, StoreError> {
        let sql = "SELECT id, label, enrolled_ms, revoked_ms FROM kiosks ORDER BY enrolled_ms, id";
        let rows = self.database.query(sql, &[]).await?.into_iter();
        rows.map(|mut row| {
            Ok(Kiosk {
                id: row.id()?,
                label: row.text()?,
                enrolled_ms: row.integer()?,
                revoked_ms: row.maybe_integer()?,
            })
        })
        .collect()
    }
}
