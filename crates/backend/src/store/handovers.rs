//! Hand-over codes: what a partner's own system leaves behind for a kiosk to fetch.
//!
//! Invariants: a code is known by its digest alone, and what it stands for is sealed under the code itself, so rows and
//! backups tell nothing; it is redeemed once, in time, and by the kiosk it was made for, if it was made for one.

use uuid::Uuid;

use super::value::values;
use super::{Store, StoreError};

/// A flow that waits for its kiosk.
#[derive(Clone, Debug)]
pub struct NewHandover {
    /// SHA-256 of the code, hexadecimal.
    pub digest: String,
    /// The only kiosk that may fetch it.
    pub kiosk: Option<Uuid>,
    /// The order, sealed.
    pub sealed: Vec<u8>,
    /// When it lapses.
    pub expires_ms: i64,
}

/// What came of presenting a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Redeemed {
    /// The sealed order; the code is spent.
    Order(Vec<u8>),
    /// No such code.
    UnknownCode,
    /// It was redeemed before.
    CodeUsed,
    /// It lapsed.
    CodeExpired,
    /// It was made for another kiosk.
    OtherKiosk,
}

const REDEEM: &str = "UPDATE handovers SET used_ms = $3, used_by = $2
    WHERE digest = $1 AND used_ms IS NULL AND expires_ms > $3 AND (kiosk_id IS NULL OR kiosk_id = $2)
    RETURNING sealed";

impl Store {
    /// Keeps a hand-over.
    pub async fn add_handover(&self, handover: &NewHandover) -> Result<(), StoreError> {
        let sql = "INSERT INTO handovers (digest, kiosk_id, sealed, expires_ms) VALUES ($1, $2, $3, $4)";
        let NewHandover { digest, kiosk, sealed, expires_ms } = handover;
        self.database.execute(sql, values![digest, *kiosk, sealed.as_slice(), *expires_ms]).await?;
        Ok(())
    }

    /// Spends a code, or says why not.
    pub async fn redeem(&self, digest: &str, kiosk: Uuid, now_ms: i64) -> Result<Redeemed, StoreError> {
        let mut transaction = self.database.begin().await?;
        let Some(mut row) = transaction.first(REDEEM, values![digest, kiosk, now_ms]).await? else {
            transaction.roll_back().await?;
            return self.why_not_redeemed(digest, kiosk).await;
        };
        let sealed = row.bytes()?;
        transaction.commit().await?;
        Ok(Redeemed::Order(sealed))
    }

    async fn why_not_redeemed(&self, digest: &str, kiosk: Uuid) -> Result<Redeemed, StoreError> {
        let sql = "SELECT used_ms, kiosk_id FROM handovers WHERE digest = $1";
        let Some(mut row) = self.database.first(sql, values![digest]).await? else {
            return Ok(Redeemed::UnknownCode);
        };
        let (used_ms, bound) = (row.maybe_integer()?, row.maybe_text()?);
        // Another kiosk learns only that it is another.
        Ok(match (bound, used_ms) {
            (Some(bound), _) if bound != kiosk.to_string() => Redeemed::OtherKiosk,
            (_, Some(_)) => Redeemed::CodeUsed,
            (_, None) => Redeemed::CodeExpired,
        })
    }

    /// Makes a code good again that this kiosk spent for nothing, because the platform could not start the flow.
    pub async fn give_back(&self, digest: &str, kiosk: Uuid) -> Result<(), StoreError> {
        let sql = "UPDATE handovers SET used_ms = NULL, used_by = NULL WHERE digest = $1 AND used_by = $2";
        self.database.execute(sql, values![digest, kiosk]).await?;
        Ok(())
    }

    /// Kiosks of this label that are not revoked.
    pub async fn kiosks_labelled(&self, label: &str) -> Result<Vec<Uuid>, StoreError> {
        let sql = "SELECT id FROM kiosks WHERE label = $1 AND revoked_ms IS NULL";
        self.database.query(sql, values![label]).await?.into_iter().map(|mut row| row.id()).collect()
    }
}
