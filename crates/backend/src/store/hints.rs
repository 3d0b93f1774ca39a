//! Hints: what callbacks and webhooks say, kept until somebody has looked for himself.
//!
//! Invariant: a hint that was answered with 200 is on the disk, and its subject is due. The same hint twice is one.
//! Lacks on purpose: the body. Only what is needed to look is kept.

use uuid::Uuid;

use super::database::Transaction;
use super::value::values;
use super::{Store, StoreError, Subject};

/// What somebody says has changed.
#[derive(Clone, Debug)]
pub enum NewHint {
    /// A submission, by a callback or by the kiosk that uploaded it.
    Submission {
        /// Two hints with the same key are one.
        dedupe_key: String,
        /// The partner session id, if it was named.
        flow: Option<Uuid>,
        /// The submission, if it was named. One of the two always is.
        submission_id: Option<String>,
    },
    /// A customer of Identity Platform.
    Customer {
        /// The event's id.
        dedupe_key: String,
        /// Whose.
        customer_id: String,
    },
}

const KEEP: &str = "INSERT INTO hints (dedupe_key, subject, submission_id, received_ms)
    VALUES ($1, $2, $3, $4) ON CONFLICT (dedupe_key) DO NOTHING";
const MAKE_DUE: &str = "INSERT INTO work (subject, due_ms) VALUES ($1, $2)
    ON CONFLICT (subject) DO UPDATE SET due_ms = $2, attempts = 0";
const FLOW_OF: &str = "SELECT flow_id FROM submissions WHERE id = $1";

impl Store {
    /// Keeps a hint and makes its subject due; false if it was known.
    pub async fn keep_hint(&self, hint: &NewHint, now_ms: i64) -> Result<bool, StoreError> {
        let mut transaction = self.database.begin().await?;
        let (key, subject, submission_id) = match hint {
            NewHint::Customer { dedupe_key, customer_id } => {
                (dedupe_key, Subject::Customer(customer_id.clone()), None)
            }
            NewHint::Submission { dedupe_key, flow, submission_id } => {
                let subject = subject_of(&mut transaction, *flow, submission_id.as_deref()).await?;
                (dedupe_key, subject, submission_id.as_ref())
            }
        };
        let subject = subject.to_string();
        let kept = transaction.execute(KEEP, values![key, &subject, submission_id, now_ms]).await? == 1;
        if kept {
            transaction.execute(MAKE_DUE, values![&subject, now_ms]).await?;
        }
        transaction.commit().await?;
        Ok(kept)
    }
}

/// The flow if we know it, else the submission by itself: the platform will say where it belongs.
async fn subject_of(
    transaction: &mut Transaction,
    flow: Option<Uuid>,
    submission_id: Option<&str>,
) -> Result<Subject, StoreError> {
    if let Some(flow) = flow {
        return Ok(Subject::Flow(flow));
    }
    let submission_id = submission_id.unwrap_or_default();
    Ok(match transaction.first(FLOW_OF, values![submission_id]).await? {
        Some(mut row) => Subject::Flow(row.id()?),
        None => Subject::Submission(submission_id.to_owned()),
    })
}
