//! The queue screen.
//!
//! Invariant: ids, times, codes and verdicts; nothing that was read off a card.

use serde::Serialize;

use super::{CountsView, QueueProblem};

/// The queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct QueueScreenView {
    /// How many are in which state.
    pub counts: CountsView,
    /// The items, those that need a person first, then newest first.
    pub items: Vec<QueueItemView>,
    /// The item that is open, with its history.
    pub open: Option<QueueItemDetailView>,
    /// Whether sending is under way.
    pub is_sending: bool,
    /// Free space beside the queue, in bytes.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub free_bytes: Option<u64>,
    /// Captures that still fit, about.
    pub captures_left: Option<u32>,
    /// The file that an export wrote.
    pub exported_to: Option<String>,
    /// Why the queue cannot be shown.
    pub problem: Option<QueueProblem>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct QueueItemView {
    /// The queue's name for it.
    pub id: String,
    /// The partner's id of the customer.
    pub customer_id: String,
    /// Its state.
    pub state: ItemState,
    /// When it was taken, RFC 3339.
    pub captured_at: String,
    /// When it is tried next, RFC 3339.
    pub next_attempt_at: Option<String>,
    /// How often sending was begun.
    pub attempts: u32,
    /// Why it was postponed or parked last: a word such as `timed_out`, `unknown_customer`.
    pub reason: Option<String>,
    /// The partner's verdict, once there is a receipt: `passed`, `review`, `failed`.
    pub verdict: Option<String>,
}

/// The state of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum ItemState {
    /// Not sent yet.
    Waiting,
    /// Sent, answer unknown.
    Sending,
    /// The partner has it and will look at it.
    InReview,
    /// The partner has judged it.
    Done,
    /// A person here must act.
    NeedsYou,
}

/// An item with its history.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct QueueItemDetailView {
    /// The item.
    pub item: QueueItemView,
    /// What was said about the reason: the partner's words, or those of who discarded it.
    pub remark: Option<String>,
    /// How far the partner trusts the card: `high`, `standard`, `low`; `None` until there is a receipt that says so.
    pub tier: Option<String>,
    /// The same of the face.
    pub face_tier: Option<String>,
    /// What happened to it, oldest first.
    pub history: Vec<HistoryView>,
    /// Whether it can be tried again now.
    pub can_retry: bool,
    /// Whether it can be discarded (asks for a PIN and a reason).
    pub can_discard: bool,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HistoryView {
    /// When, RFC 3339.
    pub at: String,
    /// What: a word of the queue's audit chain, such as `accepted`, `attempt_began`, `deferred`, `parked`.
    pub event: String,
    /// Why: a word.
    pub reason: Option<String>,
}
