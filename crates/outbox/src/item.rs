//! What the queue holds, as its callers see it.
//!
//! Invariant: `Debug` of these types shows ids, times and codes, never a customer or a receipt.
//! Lacks on purpose: anything about storage; rows are in [`crate::row`].

use std::fmt;

use jiff::Timestamp;
use uuid::Uuid;

/// Names one item; chosen by the caller before accepting, so that accepting twice is harmless.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ItemId(pub Uuid);

impl fmt::Display for ItemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A capture to keep.
pub struct NewItem<'a> {
    /// The same id accepted again is the same item.
    pub idempotency_id: Uuid,
    /// The partner's id of the customer; sealed at rest.
    pub customer_id: &'a str,
    /// When the picture was taken.
    pub captured_at: Timestamp,
    /// The bytes to seal; opaque here.
    pub payload: &'a [u8],
}

/// What is kept beside a capture because the partner's document has no room for it; sealed at rest.
#[derive(Clone, Copy, Default)]
pub struct Record<'a> {
    /// What was agreed to, when and where, as JSON; kept as long as the item.
    pub consent: Option<&'a str>,
    /// What a person changed, as JSON; destroyed with the capture.
    pub corrections: Option<&'a str>,
    /// The signs of tampering that this device looked for, vote by vote, as JSON; kept as long as the item.
    pub signs: Option<&'a str>,
}

/// Where an item stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum State {
    /// Not sent, or certainly refused for now.
    Waiting,
    /// A request may have reached the gateway and its answer is not known.
    Sending,
    /// The receipt is stored, the capture destroyed.
    Delivered,
    /// Taken out of the line with a reason; a person decides.
    Parked,
}

impl State {
    /// All states, in the order of an item's life.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Sending, Self::Delivered, Self::Parked];

    /// The state's word in the database and in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
            Self::Parked => "parked",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Why something was postponed or parked. The code is stored readable (and audited), so it must
/// be one of a closed set of words; the detail is sealed and may quote the partner.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason {
    /// A word such as `rate_limited`.
    pub code: String,
    /// For people; empty when the code says all.
    pub detail: String,
}

impl Reason {
    /// A reason that its code says in full.
    #[must_use]
    pub fn code(code: impl Into<String>) -> Self {
        Self { code: code.into(), detail: String::new() }
    }

    /// A reason with words for people.
    #[must_use]
    pub fn new(code: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { code: code.into(), detail: detail.into() }
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reason").field("code", &self.code).finish_non_exhaustive()
    }
}

/// What is known about sends whose answer never came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sending {
    /// The first such send began here by the partner's clock; its record of it is not older.
    pub since: Timestamp,
    /// The latest such send began here by our clock.
    pub last: Timestamp,
    /// One of them was not protected against repetition by a single-use challenge.
    pub unguarded: bool,
}

/// A send about to begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SendMark {
    /// The partner takes this document once at most.
    pub guarded: bool,
    /// The moment by the partner's clock. Ours may be wrong by years before a power cut or after
    /// it, and the partner's records are dated by its own.
    pub partner_now: Timestamp,
    /// How far to extend the lease.
    pub lease_until: Timestamp,
}

/// One item of the queue, without its capture.
#[derive(Clone)]
pub struct Item {
    /// Its name.
    pub id: ItemId,
    /// The partner's id of the customer.
    pub customer_id: String,
    /// When the picture was taken.
    pub captured_at: Timestamp,
    /// When it was accepted into the queue.
    pub accepted_at: Timestamp,
    /// Where it stands.
    pub state: State,
    /// How often sending was begun.
    pub attempts: u32,
    /// How often in a row it failed by itself (being offline does not count).
    pub failures: u32,
    /// When that row of failures began.
    pub failing_since: Option<Timestamp>,
    /// Not to be tried before this moment.
    pub next_attempt_at: Timestamp,
    /// Sends without a known answer.
    pub sending: Option<Sending>,
    /// Why it was postponed or parked last.
    pub reason: Option<Reason>,
    /// Whether the sealed capture is still here.
    pub has_payload: bool,
    /// When the receipt arrived.
    pub delivered_at: Option<Timestamp>,
    /// The receipt as it was handed in. While the item is in the line or parked: what was said about its first part, whose
    /// rest is to follow; see [`crate::Outbox::part_delivered`].
    pub receipt_json: Option<String>,
    /// What was agreed to; see [`Record`].
    pub consent_json: Option<String>,
    /// What a person changed, while the capture is here; see [`Record`].
    pub corrections_json: Option<String>,
    /// Where it is with a partner that takes it in steps; see [`crate::Outbox::set_stage`].
    pub stage_code: Option<String>,
    /// What the device noticed about the card; see [`Record`].
    pub signs_json: Option<String>,
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Item")
            .field("id", &self.id)
            .field("state", &self.state)
            .field("attempts", &self.attempts)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// The right to work on one item until `until`, or until this process ends.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The item.
    pub item: Item,
    /// When others may take it over.
    pub until: Timestamp,
}

/// One time sending was begun.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// 1 for the first.
    pub number: u32,
    /// When it began.
    pub started_at: Timestamp,
    /// When its outcome was known; `None` if that never happened.
    pub ended_at: Option<Timestamp>,
    /// `delivered`, `parked` or the code of the reason to try again.
    pub outcome: Option<String>,
}

/// How many items are in which state.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// See [`State::Waiting`].
    pub waiting: u64,
    /// See [`State::Sending`].
    pub sending: u64,
    /// See [`State::Delivered`].
    pub delivered: u64,
    /// See [`State::Parked`].
    pub parked: u64,
}

impl Counts {
    /// Items still to be delivered.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.waiting + self.sending
    }
}
