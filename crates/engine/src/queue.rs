//! The queue as window and command line show it.
//!
//! Invariant: a view holds ids, times, codes and verdicts; what was read off a card is in none of them.
//! Deliberately absent: changing the queue, which `outbox` does.

use gateway::{AssuranceTier, Receipt};
use outbox::{Attempt, AuditEntry, Counts, Item, ItemId, Outbox, OutboxError, State};
use serde::Serialize;
use serde_json::Value;

/// How many items are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CountsView {
    /// Not sent yet.
    pub waiting: u64,
    /// Sent, answer unknown.
    pub sending: u64,
    /// Receipt stored, capture destroyed.
    pub delivered: u64,
    /// Taken out of the line; a person decides.
    pub parked: u64,
}

impl From<Counts> for CountsView {
    fn from(counts: Counts) -> Self {
        let Counts { waiting, sending, delivered, parked } = counts;
        Self { waiting, sending, delivered, parked }
    }
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemView {
    /// Its name.
    pub id: String,
    /// The partner's id of the customer.
    pub customer_id: String,
    /// `waiting`, `sending`, `delivered` or `parked`.
    pub state: &'static str,
    /// When the picture was taken.
    pub captured_at: String,
    /// How often sending was begun.
    pub attempts: u32,
    /// When it is tried next, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<String>,
    /// Why it was postponed or parked last: a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When the receipt arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<String>,
    /// The partner's receipt; of the card alone while its face is to follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Value>,
    /// What the receipt comes to: `accepted`, `pending`, `review` or `refused`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standing: Option<&'static str>,
    /// How far the card is trusted: `high`, `standard` or `low`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// The same of the face that followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub face_tier: Option<String>,
    /// Whether the encrypted capture is still there.
    pub has_capture: bool,
}

impl From<Item> for ItemView {
    fn from(item: Item) -> Self {
        let in_line = matches!(item.state, State::Waiting | State::Sending);
        let receipt = item.receipt_json.as_deref();
        let known: Option<Receipt> = receipt.and_then(|text| serde_json::from_str(text).ok());
        let known = known.as_ref();
        let word = |tier: &AssuranceTier| tier.as_str().to_owned();
        let face = known.and_then(|receipt| receipt.face.as_ref());
        Self {
            id: item.id.to_string(),
            customer_id: item.customer_id,
            state: item.state.as_str(),
            captured_at: item.captured_at.to_string(),
            attempts: item.attempts,
            next_attempt_at: in_line.then(|| item.next_attempt_at.to_string()),
            reason: item.reason.map(|reason| reason.code),
            delivered_at: item.delivered_at.map(|at| at.to_string()),
            standing: known.map(|receipt| receipt.standing().as_str()),
            tier: known.and_then(|receipt| receipt.assurance_tier.as_ref()).map(word),
            face_tier: face.and_then(|face| face.assurance_tier.as_ref()).map(word),
            receipt: receipt.and_then(|text| serde_json::from_str(text).ok()),
            has_capture: item.has_payload,
        }
    }
}

/// The whole queue.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QueueView {
    /// How many are in which state.
    pub counts: CountsView,
    /// The items in the order they were accepted.
    pub items: Vec<ItemView>,
}

impl QueueView {
    /// Reads the queue: everything, or the items in one state.
    pub fn of(outbox: &Outbox, state: Option<State>) -> Result<Self, OutboxError> {
        let items = outbox.list(state)?.into_iter().map(ItemView::from).collect();
        Ok(Self { counts: outbox.counts()?.into(), items })
    }
}

/// One time sending was begun.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView {
    /// 1 for the first.
    pub number: u32,
    /// When it began.
    pub started_at: String,
    /// When its outcome was known.
    pub ended_at: Option<String>,
    /// What came of it: a word.
    pub outcome: Option<String>,
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            started_at: attempt.started_at.to_string(),
            ended_at: attempt.ended_at.map(|at| at.to_string()),
            outcome: attempt.outcome,
        }
    }
}

/// One line of the audit chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditView {
    /// When.
    pub at: String,
    /// What.
    pub event: String,
    /// The word that goes with it.
    pub code: String,
}

impl From<AuditEntry> for AuditView {
    fn from(entry: AuditEntry) -> Self {
        Self { at: entry.at.to_string(), event: entry.event, code: entry.code }
    }
}

/// One item with its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemDetailView {
    /// The item.
    #[serde(flatten)]
    pub item: ItemView,
    /// What the partner wrote about the reason, for the operator's eyes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason_detail: Option<String>,
    /// Every time sending was begun.
    pub history: Vec<AttemptView>,
    /// Its lines of the audit chain.
    pub audit: Vec<AuditView>,
}

impl ItemDetailView {
    /// Reads one item.
    pub fn of(outbox: &Outbox, id: ItemId) -> Result<Self, OutboxError> {
        let item = outbox.show(id)?;
        let reason_detail =
            item.reason.as_ref().map(|reason| reason.detail.clone()).filter(|detail| !detail.is_empty());
        Ok(Self {
            item: item.into(),
            reason_detail,
            history: outbox.attempts(id)?.into_iter().map(AttemptView::from).collect(),
            audit: outbox.audit(Some(id))?.into_iter().map(AuditView::from).collect(),
        })
    }
}
