//! Results as a kiosk reads them.
//!
//! Invariant: a kiosk's results are numbered 1, 2, 3… without a gap, in the order in which they were committed.

use uuid::Uuid;

use super::value::{Row, values};
use super::{Store, StoreError};
use crate::verdict::Verdict;

/// What a look at a platform found, and a kiosk's result says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finding {
    /// A submission of a flow.
    Submission {
        /// The flow's correlation id.
        flow: Uuid,
        /// The platform's id.
        submission_id: String,
        /// What was said.
        verdict: Verdict,
    },
    /// A customer's tier at Identity Platform.
    Tier {
        /// The platform's id.
        customer_id: String,
        /// The platform's word.
        tier: String,
    },
}

/// One result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ResultRow {
    /// Its number at this kiosk.
    pub seq: i64,
    /// When it was written.
    pub at_ms: i64,
    /// What it says.
    pub kind: Finding,
}

/// Words of the column `kind`.
pub(super) const SUBMISSION: &str = "submission";
pub(super) const TIER: &str = "tier";

const AFTER: &str = "SELECT seq, at_ms, kind, subject_id, flow_id, status, result, reason_code
    FROM results WHERE kiosk_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";

impl Store {
    /// Results of a kiosk after a number, oldest first.
    pub async fn results(
        &self,
        kiosk: Uuid,
        after_seq: i64,
        limit: i64,
    ) -> Result<Vec<ResultRow>, StoreError> {
        let rows = self.database.query(AFTER, values![kiosk, after_seq, limit]).await?;
        rows.into_iter().map(result).collect()
    }
}

fn result(mut row: Row) -> Result<ResultRow, StoreError> {
    let (seq, at_ms, kind, subject_id) = (row.integer()?, row.integer()?, row.text()?, row.text()?);
    let kind = match kind.as_str() {
        SUBMISSION => {
            let flow = row.id()?;
            let verdict = verdict(&mut row)?;
            Finding::Submission { flow, submission_id: subject_id, verdict }
        }
        TIER => {
            row.maybe_text()?;
            Finding::Tier { customer_id: subject_id, tier: row.text()? }
        }
        _ => return Err(StoreError::Inconsistent("an unknown kind of result")),
    };
    Ok(ResultRow { seq, at_ms, kind })
}

/// Reads status, result and reason from three columns in a row.
pub(super) fn verdict(row: &mut Row) -> Result<Verdict, StoreError> {
    let status = row.word()?;
    let judgement = row.maybe_text()?.map(|word| word.parse()).transpose();
    let judgement = judgement.map_err(|_| StoreError::Inconsistent("an unknown result"))?;
    Ok(Verdict { status, judgement, reason_code: row.maybe_text()? })
}
