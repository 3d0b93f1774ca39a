//! What a runner tells while it works. Ids, words and times only.

use gateway::{AssuranceTier, Upload};
use jiff::Timestamp;
use outbox::{Counts, ItemId};

use crate::link::LinkState;

/// One thing that happened.
#[derive(Clone, PartialEq, Debug)]
pub enum Progress {
    /// A pass over the queue begins.
    Started(Counts),
    /// The connection changed.
    Link(LinkState),
    /// An item is being sent.
    Sending {
        /// The item.
        id: ItemId,
        /// 1 for the first time.
        attempt: u32,
    },
    /// So much of it has left.
    Uploading {
        /// The item.
        id: ItemId,
        /// How much.
        upload: Upload,
    },
    /// A step of it is written down.
    Stage {
        /// The item.
        id: ItemId,
        /// Where it is, one of a closed set of words.
        code: &'static str,
    },
    /// Its receipt is stored.
    Delivered {
        /// The item.
        id: ItemId,
        /// The partner's name for its record.
        verification_id: String,
        /// How far the partner trusts it, where it said so.
        tier: Option<AssuranceTier>,
        /// The same of the face that followed, if one did.
        face_tier: Option<AssuranceTier>,
        /// The answer had been lost; the record was found.
        recovered: bool,
        /// Its flash evidence had to be left out.
        without_flash: bool,
    },
    /// It will be tried again.
    Postponed {
        /// The item.
        id: ItemId,
        /// Why.
        code: String,
        /// When.
        until: Timestamp,
    },
    /// It was taken out of the line.
    Parked {
        /// The item.
        id: ItemId,
        /// Why.
        code: String,
    },
    /// The pass is over.
    Finished(PassSummary),
}

/// What a pass came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PassSummary {
    /// Receipts stored, recovered ones included.
    pub delivered: u32,
    /// Receipts found after their answer was lost.
    pub recovered: u32,
    /// Items to be tried again.
    pub postponed: u32,
    /// Items taken out of the line.
    pub parked: u32,
    /// The queue afterwards.
    pub counts: Counts,
    /// The connection afterwards.
    pub link: LinkState,
    /// When there will be something to do; `None` if nothing is left.
    pub next_due: Option<Timestamp>,
}
