//! Work: subjects that somebody must look at, each by one replica at a time.
//!
//! Invariant: what a look found counts only while the lease of that look is still held; a replica that died leaves a lease
//! that runs out, and another looks again.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::database::Transaction;
use super::results::{Finding, SUBMISSION, TIER, verdict};
use super::value::values;
use super::{Store, StoreError};
use crate::verdict::Verdict;

/// What is looked at.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Subject {
    /// A flow.
    Flow(Uuid),
    /// A submission whose flow is not known yet.
    Submission(String),
    /// A customer of Identity Platform.
    Customer(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flow(id) => write!(f, "flow:{id}"),
            Self::Submission(id) => write!(f, "submission:{id}"),
            Self::Customer(id) => write!(f, "customer:{id}"),
        }
    }
}

impl FromStr for Subject {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        match text.split_once(':') {
            Some(("flow", id)) => {
                Ok(Self::Flow(id.parse().map_err(|_| StoreError::Inconsistent("not a flow's id"))?))
            }
            Some(("submission", id)) => Ok(Self::Submission(id.to_owned())),
            Some(("customer", id)) => Ok(Self::Customer(id.to_owned())),
            Some(_) | None => Err(StoreError::Inconsistent("an unknown subject")),
        }
    }
}

/// A hint that nobody has looked after yet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OpenHint {
    id: i64,
    /// What it names.
    pub submission_id: Option<String>,
}

/// A subject that is ours to look at.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// What.
    pub subject: Subject,
    /// Looks without news before this one.
    pub attempts: i64,
    /// What was said about it meanwhile.
    pub hints: Vec<OpenHint>,
    lease: String,
}

/// What one finding changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applied {
    /// A kiosk has a new result.
    News {
        /// Which kiosk.
        kiosk: Uuid,
    },
    /// Stored, and nobody needs to know.
    Quiet,
    /// Known before, or older than what is known.
    Known,
    /// The opposite of a judgement that is stored; the stored one stays.
    Contradiction,
    /// Of no flow or customer of ours.
    Foreign,
}

/// What came of finishing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finished {
    /// Stored; one entry per finding.
    Stored(Vec<Applied>),
    /// The lease ran out meanwhile and nothing was stored: somebody else looks, or has.
    LeaseLost,
}

const CLAIM: &str = "WITH due AS (
        SELECT subject FROM work WHERE due_ms <= $3 AND (lease_ms IS NULL OR lease_ms <= $3)
        ORDER BY due_ms LIMIT $4 FOR UPDATE SKIP LOCKED)
    UPDATE work SET lease = $1, lease_ms = $2 WHERE subject IN (SELECT subject FROM due)
    RETURNING subject, attempts";
const OPEN_HINTS: &str =
    "SELECT h.subject, h.id, h.submission_id FROM work w JOIN hints h ON h.subject = w.subject
    WHERE w.lease = $1 AND h.done_ms IS NULL ORDER BY h.id";
const HELD: &str = "SELECT lease FROM work WHERE subject = $1 FOR UPDATE";
const HINT_DONE: &str = "UPDATE hints SET done_ms = $2 WHERE id = $1";
const RELEASE: &str = "UPDATE work SET lease = NULL, lease_ms = NULL, attempts = $4,
    due_ms = CASE WHEN EXISTS (SELECT 1 FROM hints h WHERE h.subject = $1 AND h.done_ms IS NULL)
        THEN CAST($2 AS BIGINT) ELSE CAST($3 AS BIGINT) END
    WHERE subject = $1";
const RETRY: &str = "UPDATE work SET lease = NULL, lease_ms = NULL, attempts = attempts + 1, due_ms = $3
    WHERE subject = $1 AND lease = $2";

impl Store {
    /// Claims due subjects until `until_ms`, the most overdue first.
    pub async fn claim(&self, now_ms: i64, until_ms: i64, limit: i64) -> Result<Vec<Claimed>, StoreError> {
        let lease = Uuid::new_v4().to_string();
        let mut transaction = self.database.begin().await?;
        let rows = transaction.query(CLAIM, values![&lease, until_ms, now_ms, limit]).await?;
        let mut hints: HashMap<String, Vec<OpenHint>> = HashMap::new();
        if !rows.is_empty() {
            for mut row in transaction.query(OPEN_HINTS, values![&lease]).await? {
                let subject = row.text()?;
                let hint = OpenHint { id: row.integer()?, submission_id: row.maybe_text()? };
                hints.entry(subject).or_default().push(hint);
            }
        }
        let mut claimed = Vec::with_capacity(rows.len());
        for mut row in rows {
            let (subject, attempts) = (row.text()?, row.integer()?);
            let hints = hints.remove(&subject).unwrap_or_default();
            claimed.push(Claimed { subject: subject.parse()?, attempts, hints, lease: lease.clone() });
        }
        transaction.commit().await?;
        Ok(claimed)
    }

    /// Stores what a look found, closes its hints and plans the next look, all at once or not at all.
    pub async fn finish(
        &self,
        claimed: &Claimed,
        findings: &[Finding],
        now_ms: i64,
        next_ms: Option<i64>,
    ) -> Result<Finished, StoreError> {
        let subject = claimed.subject.to_string();
        let mut transaction = self.database.begin().await?;
        let held = transaction.first(HELD, values![&subject]).await?;
        let held = held.map(|mut row| row.maybe_text()).transpose()?.flatten();
        if held.as_deref() != Some(claimed.lease.as_str()) {
            transaction.roll_back().await?;
            return Ok(Finished::LeaseLost);
        }
        let mut applied = Vec::with_capacity(findings.len());
        for finding in findings {
            applied.push(apply(&mut transaction, finding, now_ms).await?);
        }
        for hint in &claimed.hints {
            transaction.execute(HINT_DONE, values![hint.id, now_ms]).await?;
        }
        let is_news = applied.iter().any(|applied| matches!(applied, Applied::News { .. }));
        let attempts = if is_news { 0 } else { claimed.attempts + 1 };
        transaction.execute(RELEASE, values![&subject, now_ms, next_ms, attempts]).await?;
        transaction.commit().await?;
        Ok(Finished::Stored(applied))
    }

    /// Gives a subject back unseen: the look failed. Its hints stay open.
    pub async fn retry_later(&self, claimed: &Claimed, next_ms: i64) -> Result<(), StoreError> {
        let subject = claimed.subject.to_string();
        self.database.execute(RETRY, values![&subject, &claimed.lease, next_ms]).await?;
        Ok(())
    }

    /// How many subjects are overdue, and since when the oldest is.
    pub async fn backlog(&self, now_ms: i64) -> Result<(i64, Option<i64>), StoreError> {
        let sql = "SELECT COUNT(*), MIN(due_ms) FROM work WHERE due_ms <= $1";
        match self.database.first(sql, values![now_ms]).await? {
            Some(mut row) => Ok((row.integer()?, row.maybe_integer()?)),
            None => Ok((0, None)),
        }
    }

    /// Forgets spent nonces, old hints, lapsed codes and finished work.
    pub async fn sweep(&self, now_ms: i64, hints_before_ms: i64) -> Result<(), StoreError> {
        self.database.execute("DELETE FROM nonces WHERE expires_ms < $1", values![now_ms]).await?;
        let sql = "DELETE FROM hints WHERE done_ms IS NOT NULL AND received_ms < $1";
        self.database.execute(sql, values![hints_before_ms]).await?;
        // An hour later nobody asks any more why a code was refused.
        let an_hour_ago_ms = now_ms - 3_600_000;
        self.database.execute("DELETE FROM handovers WHERE expires_ms < $1", values![an_hour_ago_ms]).await?;
        let sql = "DELETE FROM enrolment_codes WHERE expires_ms < $1";
        self.database.execute(sql, values![hints_before_ms]).await?;
        Ok(())
    }
}

async fn apply(transaction: &mut Transaction, finding: &Finding, now_ms: i64) -> Result<Applied, StoreError> {
    match finding {
        Finding::Submission { flow, submission_id, verdict } => {
            apply_submission(transaction, *flow, submission_id, verdict, now_ms).await
        }
        Finding::Tier { customer_id, tier } => apply_tier(transaction, customer_id, tier, now_ms).await,
    }
}

const OWNER: &str = "SELECT kiosk_id FROM flows WHERE id = $1 FOR UPDATE";
const STORED: &str = "SELECT flow_id, status, result, reason_code FROM submissions WHERE id = $1 FOR UPDATE";
const MOVE: &str = "INSERT INTO submissions (id, flow_id, status, result, reason_code, changed_ms)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE
    SET status = excluded.status, result = excluded.result, reason_code = excluded.reason_code,
        changed_ms = excluded.changed_ms";

async fn apply_submission(
    transaction: &mut Transaction,
    flow: Uuid,
    submission_id: &str,
    new: &Verdict,
    now_ms: i64,
) -> Result<Applied, StoreError> {
    // The flow's row is locked first, so two looks at one flow take turns here.
    let Some(mut row) = transaction.first(OWNER, values![flow]).await? else { return Ok(Applied::Foreign) };
    let kiosk = row.id()?;
    let mut stored = None;
    if let Some(mut row) = transaction.first(STORED, values![submission_id]).await? {
        if row.id()? != flow {
            return Ok(Applied::Foreign);
        }
        stored = Some(verdict(&mut row)?);
    }
    if !new.supersedes(stored.as_ref()) {
        let contradicts = stored.is_some_and(|stored| new.contradicts(&stored));
        return Ok(if contradicts { Applied::Contradiction } else { Applied::Known });
    }
    let (status, result) = (new.status.word(), new.judgement.map(|judgement| judgement.word()));
    let reason = new.reason_code.as_ref();
    transaction.execute(MOVE, values![submission_id, flow, status, result, reason, now_ms]).await?;
    if !new.status.is_news() {
        return Ok(Applied::Quiet);
    }
    let seq = next_seq(transaction, kiosk).await?;
    let sql =
        "INSERT INTO results (kiosk_id, seq, kind, subject_id, flow_id, status, result, reason_code, at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let row = values![kiosk, seq, SUBMISSION, submission_id, flow, status, result, reason, now_ms];
    transaction.execute(sql, row).await?;
    transaction.announce(kiosk).await?;
    Ok(Applied::News { kiosk })
}

async fn apply_tier(
    transaction: &mut Transaction,
    customer_id: &str,
    tier: &str,
    now_ms: i64,
) -> Result<Applied, StoreError> {
    let sql = "SELECT kiosk_id, tier FROM customers WHERE id = $1 FOR UPDATE";
    let Some(mut row) = transaction.first(sql, values![customer_id]).await? else {
        return Ok(Applied::Foreign);
    };
    let (kiosk, stored) = (row.id()?, row.maybe_text()?);
    if stored.as_deref() == Some(tier) {
        return Ok(Applied::Known);
    }
    transaction.execute("UPDATE customers SET tier = $2 WHERE id = $1", values![customer_id, tier]).await?;
    let seq = next_seq(transaction, kiosk).await?;
    let sql = "INSERT INTO results (kiosk_id, seq, kind, subject_id, status, at_ms)
        VALUES ($1, $2, $3, $4, $5, $6)";
    transaction.execute(sql, values![kiosk, seq, TIER, customer_id, tier, now_ms]).await?;
    transaction.announce(kiosk).await?;
    Ok(Applied::News { kiosk })
}

/// The row stays locked until the commit, so numbers appear in their order.
async fn next_seq(transaction: &mut Transaction, kiosk: Uuid) -> Result<i64, StoreError> {
    let sql = "UPDATE kiosks SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq";
    let row = transaction.first(sql, values![kiosk]).await?;
    row.ok_or(StoreError::Inconsistent("a flow without its kiosk"))?.integer()
}
