//! What can go wrong with the queue, told apart by what the caller can do about it.
//!
//! Invariant: messages name files, keys and ids, never a customer or a payload.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use vault::{KeyId, RandomnessUnavailable};

use crate::item::{ItemId, State};

/// Why the queue could not be opened. In every case the files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The queue was made with another key.
    #[error(
        "the queue {} was made with key {made_with}, but the key at hand is {at_hand}; nothing was changed",
        path.display()
    )]
    WrongKey {
        /// The queue.
        path: PathBuf,
        /// Key the queue needs.
        made_with: KeyId,
        /// Key that was offered.
        at_hand: KeyId,
    },
    /// The file is not a readable queue.
    #[error("{} is damaged or not a queue ({detail}); it was left as it is", path.display())]
    Corrupt {
        /// The queue.
        path: PathBuf,
        /// What SQLite said.
        detail: String,
    },
    /// Written by a newer version of this software.
    #[error("{} has schema {found}, newer than {known} which this version knows", path.display())]
    NewerSchema {
        /// The queue.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema known here.
        known: i64,
    },
    /// No room to create or open it.
    #[error("the disk is full; {} could not be opened for writing", .0.display())]
    DiskFull(PathBuf),
    /// The system refused.
    #[error("cannot open {}: {detail}", path.display())]
    Io {
        /// The queue.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
}

impl OpenError {
    pub(crate) fn from_sqlite(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Corrupt { path, detail },
            Some(ErrorCode::DiskFull) => Self::DiskFull(path),
            Some(_) | None => Self::Io { path, detail },
        }
    }
}

/// Why an operation on the open queue failed. Each one is a single transaction, so a failure
/// leaves the queue as it was before.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// No room; what was accepted before is intact.
    #[error("the disk is full; nothing was added or changed, earlier items are intact")]
    DiskFull,
    /// Another process kept the file busy for too long.
    #[error("another process keeps the queue busy")]
    Busy,
    /// The file is damaged.
    #[error("the queue's file is damaged: {0}")]
    Corrupt(String),
    /// No item of this name.
    #[error("no item {0} in the queue")]
    NotFound(ItemId),
    /// The item is not in a state that allows this.
    #[error("item {id} is {}, which does not allow this", state.as_str())]
    WrongState {
        /// The item.
        id: ItemId,
        /// Its state.
        state: State,
    },
    /// Another process holds the item now.
    #[error("item {0} is in the hands of another process")]
    LeaseLost(ItemId),
    /// The capture was destroyed, after delivery or by retention.
    #[error("the capture of item {0} was destroyed")]
    PayloadGone(ItemId),
    /// The partner's record belongs to another item's receipt already.
    #[error("the partner's record for item {0} belongs to another item already")]
    AlreadyClaimed(ItemId),
    /// The sealed bytes of an item do not open.
    #[error("item {id}: {source}")]
    Sealed {
        /// The item.
        id: ItemId,
        /// Why.
        source: vault::OpenError,
    },
    /// A stored row contradicts itself.
    #[error("item {id} is stored inconsistently: {detail}")]
    Inconsistent {
        /// The item as stored.
        id: String,
        /// What does not fit.
        detail: &'static str,
    },
    /// No random bytes to seal with.
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
    /// Anything else the database or the system refused.
    #[error("the queue's database failed: {0}")]
    Storage(String),
}

impl From<rusqlite::Error> for OutboxError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Corrupt(error.to_string()),
            Some(_) | None => Self::Storage(error.to_string()),
        }
    }
}
