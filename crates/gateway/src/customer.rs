//! Customers as partners keep them.
//!
//! Invariant: `Debug` shows no personal data.

use std::fmt;

use jiff::Timestamp;

use crate::receipt::{KycLevel, VerificationStatus};

/// A customer to make.
#[derive(Clone, Default)]
pub struct NewCustomer {
    /// As on the card.
    pub full_name: String,
    /// As on the card.
    pub nik: Option<String>,
    /// With country code.
    pub phone: Option<String>,
    /// Address for mail.
    pub email: Option<String>,
    /// Our own name for the customer.
    pub external_id: Option<String>,
}

impl fmt::Debug for NewCustomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCustomer").finish_non_exhaustive()
    }
}

/// One check in a customer's history.
#[derive(Clone, PartialEq, Debug)]
pub struct VerificationRow {
    /// The partner's name for it.
    pub id: String,
    /// What was checked, such as `ktp_capture`.
    pub method: String,
    /// Its outcome.
    pub status: VerificationStatus,
    /// 0–100.
    pub score: Option<f64>,
    /// By the partner's clock; `None` if it could not be read.
    pub created_at: Option<Timestamp>,
}

/// A customer's standing and history. The partner also tells the name; it is left behind.
#[derive(Clone, PartialEq, Debug)]
pub struct CustomerTier {
    /// Standing.
    pub kyc_level: KycLevel,
    /// When it lapses.
    pub expires_at: Option<Timestamp>,
    /// The history as told, in no particular order.
    pub verifications: Vec<VerificationRow>,
}
