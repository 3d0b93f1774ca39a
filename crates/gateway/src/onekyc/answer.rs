//! What the platform answers, decoded.
//!
//! Invariants: any bytes are survived; fields and words we do not know are kept; `Debug` shows ids, words and times,
//! never an address that is signed, a value off a card, or prose.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::failure::{Failure, FailureClass};
use super::lenient::Object;
use super::words::{DocumentKey, DocumentStatus, Flow, RiskLevel, SubmissionStatus};
use crate::rejection::PartnerText;

/// Members of an answer that this version does not know. They may hold anything: seal them, never log them.
#[derive(Clone, Default, PartialEq)]
pub struct Unknown(Map<String, Value>);

impl Unknown {
    pub(super) fn of(object: Object) -> Self {
        Self(object.rest())
    }

    /// The members as they came.
    #[must_use]
    pub fn reveal(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} members>", self.0.len())
    }
}

/// A text the partner wants shown.
#[derive(Clone, PartialEq, Debug)]
pub struct UiMessage {
    /// Its place.
    pub key: String,
    /// Headline.
    pub title: PartnerText,
    /// Text.
    pub message: PartnerText,
}

/// Where one picture is to be put.
#[derive(Clone)]
pub struct UploadSlot {
    /// Which picture.
    pub key: DocumentKey,
    /// Signed.
    pub url: SecretString,
    /// The partner's name for the picture.
    pub reference: Option<String>,
    /// From receipt.
    pub expires_in: Duration,
}

impl fmt::Debug for UploadSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("UploadSlot");
        shown.field("key", &self.key).field("expires_in", &self.expires_in).finish_non_exhaustive()
    }
}

/// Answer to asking for upload addresses.
#[derive(Clone, Debug)]
pub struct UploadTicket {
    /// The partner's name for the submission.
    pub submission_id: String,
    /// `INITIATED` for a new one.
    pub status: SubmissionStatus,
    /// One for each picture.
    pub slots: Vec<UploadSlot>,
    /// To be shown.
    pub ui_messages: Vec<UiMessage>,
    /// The rest.
    pub unknown: Unknown,
}

/// Answer to the confirmation.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// Echoed.
    pub submission_id: String,
    /// To be shown.
    pub ui_messages: Vec<UiMessage>,
    /// The rest.
    pub unknown: Unknown,
}

/// What a status says about one picture.
#[derive(Clone, PartialEq, Debug)]
pub struct DocumentReport {
    /// Which.
    pub key: DocumentKey,
    /// How far it is.
    pub status: Option<DocumentStatus>,
    /// The partner's name for it.
    pub reference: Option<String>,
}

/// The decision inside a status.
#[derive(Clone, PartialEq, Debug)]
pub struct StatusDecision {
    /// Approved.
    pub is_approved: bool,
    /// The risk.
    pub risk_level: Option<RiskLevel>,
    /// 0–100.
    pub confidence_percent: Option<f64>,
}

/// Answer to a status poll.
#[derive(Clone, Debug)]
pub struct StatusReport {
    /// Whose.
    pub submission_id: String,
    /// How far.
    pub status: SubmissionStatus,
    /// What for.
    pub flow: Option<Flow>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was decided.
    pub completed_at: Option<Timestamp>,
    /// The decision; may be missing although it is completed.
    pub decision: Option<StatusDecision>,
    /// Prose, with `ERROR`.
    pub error_message: Option<PartnerText>,
    /// Each picture.
    pub documents: Vec<DocumentReport>,
    /// To be shown.
    pub ui_messages: Vec<UiMessage>,
    /// The rest.
    pub unknown: Unknown,
}

impl StatusReport {
    /// Whether some picture was found unusable.
    #[must_use]
    pub fn blames_a_document(&self) -> bool {
        let is_bad = |report: &DocumentReport| {
            matches!(report.status, Some(DocumentStatus::Invalid | DocumentStatus::Rejected))
        };
        self.documents.iter().any(is_bad)
    }
}

/// Values off a card, by the wire's own names.
#[derive(Clone, Default, PartialEq)]
pub struct CardData(BTreeMap<String, Zeroizing<String>>);

impl CardData {
    pub(super) fn of(object: Object) -> Self {
        Self(object.texts().map(|(key, value)| (key, Zeroizing::new(value))).collect())
    }

    /// A value by the contract's name, e.g. `nik`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|value| value.as_str())
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for CardData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{} values>", self.0.len())
    }
}

/// The payload of an answer: under `data`, or bare as callbacks come.
pub(super) fn data_of(bytes: &[u8]) -> Result<Object, Failure> {
    let unreadable = || Failure::of(FailureClass::Unreadable);
    let value: Value = serde_json::from_slice(bytes).map_err(|_| unreadable())?;
    let mut root = Object::of(value).ok_or_else(unreadable)?;
    if let Some(data) = root.object("data") {
        return Ok(data);
    }
    Ok(root)
}

fn required_id(data: &mut Object) -> Result<String, Failure> {
    data.filled_text("submissionId").ok_or_else(|| Failure::of(FailureClass::Unreadable))
}

fn ui_messages(data: &mut Object) -> Vec<UiMessage> {
    let Some(messages) = data.object("uiMessages") else { return Vec::new() };
    let text = |object: &mut Object, name| PartnerText::new(&object.text(name).unwrap_or_default());
    let message = |(key, mut object): (String, Object)| UiMessage {
        key,
        title: text(&mut object, "title"),
        message: text(&mut object, "message"),
    };
    messages.objects().map(message).collect()
}

/// Reads the answer to asking for upload addresses.
pub fn decode_ticket(bytes: &[u8]) -> Result<UploadTicket, Failure> {
    let mut data = data_of(bytes)?;
    let submission_id = required_id(&mut data)?;
    let status = data.text("status").map_or(SubmissionStatus::Initiated, Into::into);
    let documents = data.object("documents").map(|documents| documents.objects().collect::<Vec<_>>());
    let slots = documents.unwrap_or_default().into_iter().map(|(key, object)| slot(&key, object));
    let slots = slots.collect::<Option<Vec<_>>>().ok_or_else(|| Failure::of(FailureClass::Unreadable))?;
    let ui_messages = ui_messages(&mut data);
    Ok(UploadTicket { submission_id, status, slots, ui_messages, unknown: Unknown::of(data) })
}

fn slot(key: &str, mut object: Object) -> Option<UploadSlot> {
    let url = object.filled_text("documentUrl")?;
    let seconds = object.integer("expiryInSeconds").and_then(|seconds| u64::try_from(seconds).ok());
    Some(UploadSlot {
        key: DocumentKey::of_key(key),
        url: url.into(),
        reference: object.filled_text("documentReference"),
        expires_in: Duration::from_secs(seconds?),
    })
}

/// Reads the answer to the confirmation.
pub fn decode_confirmation(bytes: &[u8]) -> Result<Confirmation, Failure> {
    let mut data = data_of(bytes)?;
    let submission_id = required_id(&mut data)?;
    let ui_messages = ui_messages(&mut data);
    Ok(Confirmation { submission_id, ui_messages, unknown: Unknown::of(data) })
}

/// Reads the answer to a status poll.
pub fn decode_status(bytes: &[u8]) -> Result<StatusReport, Failure> {
    let mut data = data_of(bytes)?;
    let submission_id = required_id(&mut data)?;
    let status = data.filled_text("status").ok_or_else(|| Failure::of(FailureClass::Unreadable))?;
    let decision = data.object("verificationResult").or_else(|| data.object("verificationResults"));
    let documents = data.object("documents").map(|documents| documents.objects().collect::<Vec<_>>());
    Ok(StatusReport {
        submission_id,
        status: status.into(),
        flow: data.text("submissionType").map(Into::into),
        created_at: data.moment("createdAt"),
        completed_at: data.moment("completedAt"),
        decision: decision.and_then(status_decision),
        error_message: data.filled_text("errorMessage").map(|text| PartnerText::new(&text)),
        documents: documents.unwrap_or_default().into_iter().map(document_report).collect(),
        ui_messages: ui_messages(&mut data),
        unknown: Unknown::of(data),
    })
}

fn status_decision(mut object: Object) -> Option<StatusDecision> {
    Some(StatusDecision {
        is_approved: object.flag("isApproved")?,
        risk_level: object.text("riskLevel").map(Into::into),
        confidence_percent: object.number("confidence"),
    })
}

fn document_report((key, mut object): (String, Object)) -> DocumentReport {
    DocumentReport {
        key: DocumentKey::of_key(&key),
        status: object.text("status").map(Into::into),
        reference: object.filled_text("documentReference"),
    }
}
