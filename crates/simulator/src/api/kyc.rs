//! `GET /api/identity/kyc/{customerId}` (contract B.3): the computed tier with the rows behind it.
//! Invariant: rows are newest first and carry whole seconds, as the contract's example does.
//! Deliberately lacks paging: the contract shows none.

use jiff::ToSpan;
use jiff::tz::TimeZone;
use serde_json::to_value;

use super::error::ApiError;
use super::wire::{KycAnswer, KycCustomer, KycHistory, KycVerification};
use super::{Answer, customers};
use crate::app::App;
use crate::clock::{iso_ms, iso_s};
use crate::store::rows::{CustomerRow, KycEventRow, VerificationRow};
use crate::tier;

pub fn read(app: &App, id: &str) -> Result<Answer, ApiError> {
    let customer = customers::find(app, id)?;
    let rows = app.store.verifications_of(id)?;
    let answer = KycAnswer {
        eligible: tier::compute(&rows).as_str(),
        customer: customer_wire(customer),
        verifications: rows.into_iter().rev().map(verification_wire).collect(),
        history: app.store.kyc_events_of(id)?.into_iter().rev().map(history_wire).collect(),
    };
    Ok(Answer::ok(to_value(answer).map_err(anyhow::Error::from)?))
}

/// The fields of a `customer.kyc_updated` event and of the tier answer's `customer`.
pub fn customer_wire(row: CustomerRow) -> KycCustomer {
    let expires = row.kyc_last_verified_at.and_then(|at| {
        let year_later = at.to_zoned(TimeZone::UTC).checked_add(1.year()).ok()?;
        Some(iso_ms(year_later.timestamp()))
    });
    KycCustomer {
        id: row.id,
        full_name: row.full_name,
        kyc_level: row.kyc_level,
        kyc_last_verified_at: row.kyc_last_verified_at.map(iso_ms),
        kyc_expires_at: expires,
    }
}

fn verification_wire(row: VerificationRow) -> KycVerification {
    KycVerification {
        id: row.id,
        method: row.method,
        status: row.status,
        score: row.score,
        created_at: iso_s(row.created_at),
    }
}

fn history_wire(row: KycEventRow) -> KycHistory {
    KycHistory {
        id: row.id,
        from_tier: row.from_tier,
        to_tier: row.to_tier,
        actor_user_id: row.actor_user_id,
        reason: row.reason,
        created_at: iso_s(row.created_at),
    }
}
