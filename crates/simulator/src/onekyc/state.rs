//! Tokens, submissions, stored pictures and what was told, in memory.
//! Invariant: pictures live in memory only; rows show their digests.
//! Deliberately lacks state at rest: a restarted platform has forgotten everything.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

/// Whose a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    /// The partner's server, for one family.
    Partner { esign: bool },
    /// A user; bound to one run if a flow was started for it.
    User { user_id: String, user_id_type: String, run: Option<Bound> },
}

/// The run a user token is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    pub session: String,
    pub flow: String,
    pub reference_image_url: Option<String>,
}

#[derive(Clone, Debug)]
pub struct TokenRow {
    pub kind: TokenKind,
    pub expires_at: Timestamp,
}

/// A picture's place.
#[derive(Clone)]
pub struct Document {
    pub key: String,
    pub reference: String,
    pub object: Uuid,
}

/// Bytes in the storage.
pub struct Object {
    pub bytes: Option<Vec<u8>>,
    pub sha256: Option<String>,
    pub writes: u32,
}

/// How a submission ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct End {
    /// `COMPLETED`, `ERROR`, or a forced word.
    pub status: String,
    pub result: Option<String>,
    pub reason: Option<String>,
    pub card: BTreeMap<String, String>,
    pub liveness: Option<bool>,
    pub reference: Option<(bool, Option<String>)>,
}

impl End {
    pub fn is_valid(&self) -> bool {
        self.result.as_deref() == Some("VALID")
    }
}

/// How far a submission is.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    Initiated,
    Confirmed,
    Ended(Box<End>),
}

pub struct Submission {
    pub id: Uuid,
    pub esign: bool,
    pub flow: String,
    pub user_id: String,
    pub user_id_type: String,
    pub partner_session: String,
    pub sdk_session: String,
    pub reference_image_url: Option<String>,
    pub documents: Vec<Document>,
    pub progress: Progress,
    pub polls: u32,
    pub created_at: Timestamp,
    pub completed_at: Option<Timestamp>,
}

/// A submission as tests and the control API see it: nothing off a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SubmissionRow {
    /// Name.
    pub submission_id: String,
    /// `KTP_SCAN`, …
    pub flow: String,
    /// Whose.
    pub user_id: String,
    /// Correlation id.
    pub partner_session_id: String,
    /// Capture's id.
    pub sdk_session_id: String,
    /// Whether it was confirmed.
    pub confirmed: bool,
    /// `INITIATED`, `IN_PROGRESS`, or how it ended.
    pub status: String,
    /// `VALID` or `INVALID`.
    pub result: Option<String>,
    /// Why.
    pub reason_code: Option<String>,
    /// Pictures by key: SHA-256 of what was stored.
    pub pictures_sha256: BTreeMap<String, String>,
}

/// A try to tell a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CallbackRow {
    /// Whose.
    pub submission_id: String,
    /// What was told.
    pub status: String,
    /// 1 for the first try.
    pub attempt: u32,
    /// HTTP status of the answer; `None`: no answer.
    pub answered: Option<u16>,
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestRow {
    /// The call's word.
    pub call: &'static str,
    /// HTTP status; 0: the connection was cut.
    pub status: u16,
    /// Faults that struck.
    pub faults: String,
}

#[derive(Default)]
pub struct State {
    pub tokens: HashMap<String, TokenRow>,
    /// Session ids that started a standalone verification.
    pub esign_sessions: HashMap<String, String>,
    pub submissions: Vec<Submission>,
    pub objects: HashMap<Uuid, Object>,
    pub callbacks: Vec<CallbackRow>,
    pub requests: Vec<RequestRow>,
    /// Ends that were forced so far.
    pub forced: u32,
}

impl State {
    pub fn submission(&mut self, id: Uuid) -> Option<&mut Submission> {
        self.submissions.iter_mut().find(|submission| submission.id == id)
    }

    pub fn confirmed_of(&self, user_id: &str, flow: &str) -> usize {
        let counts = |submission: &&Submission| {
            submission.user_id == user_id
                && submission.flow == flow
                && submission.progress != Progress::Initiated
        };
        self.submissions.iter().filter(counts).count()
    }

    pub fn rows(&self) -> Vec<SubmissionRow> {
        self.submissions.iter().map(|submission| self.row(submission)).collect()
    }

    fn row(&self, submission: &Submission) -> SubmissionRow {
        let (status, end) = match &submission.progress {
            Progress::Initiated => ("INITIATED", None),
            Progress::Confirmed => ("IN_PROGRESS", None),
            Progress::Ended(end) => (end.status.as_str(), Some(end)),
        };
        let digest = |document: &Document| {
            let sha256 = self.objects.get(&document.object)?.sha256.clone()?;
            Some((document.key.clone(), sha256))
        };
        SubmissionRow {
            submission_id: submission.id.to_string(),
            flow: submission.flow.clone(),
            user_id: submission.user_id.clone(),
            partner_session_id: submission.partner_session.clone(),
            sdk_session_id: submission.sdk_session.clone(),
            confirmed: submission.progress != Progress::Initiated,
            status: status.to_owned(),
            result: end.and_then(|end| end.result.clone()),
            reason_code: end.and_then(|end| end.reason.clone()),
            pictures_sha256: submission.documents.iter().filter_map(digest).collect(),
        }
    }
}
