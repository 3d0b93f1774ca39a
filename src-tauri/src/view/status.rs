//! What the installation stands on: version, models, queue.

use serde::Serialize;

/// The whole window.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StatusView {
    /// Version of the application.
    pub version: String,
    /// The nets that read cards.
    pub models: ModelsView,
    /// The encrypted queue.
    pub queue: QueueView,
}

impl StatusView {
    /// Nothing was looked at yet.
    pub(crate) fn waiting(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            models: ModelsView::Ready { models: Vec::new() },
            queue: QueueView::NotCreated { path: String::new() },
        }
    }
}

/// The nets that read cards.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum ModelsView {
    /// All are there and are those of the manifest.
    Ready {
        /// In the manifest's order.
        models: Vec<ModelView>,
    },
    /// At least one is missing or is another file.
    Unavailable {
        /// What was found instead.
        detail: String,
    },
}

/// One net.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ModelView {
    /// Its name in the manifest.
    pub name: String,
    /// The first twelve hex digits of its digest: enough to tell two releases apart by eye.
    pub sha256: String,
    /// Size of its file.
    #[cfg_attr(test, ts(type = "number"))]
    pub size_bytes: u64,
}

/// The encrypted queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum QueueView {
    /// Open: the key fits.
    Open {
        /// Its file.
        path: String,
        /// How many items are in which state.
        counts: CountsView,
    },
    /// Nothing was captured here yet.
    NotCreated {
        /// Where its file will be.
        path: String,
    },
    /// It cannot be opened; it was not changed.
    Unavailable {
        /// Its file, unless not even the data folder is known.
        path: Option<String>,
        /// Which advice helps.
        problem: QueueProblem,
        /// What the system said, for whoever mends it.
        detail: String,
    },
}

/// How many items are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CountsView {
    /// Not sent yet.
    #[cfg_attr(test, ts(type = "number"))]
    pub waiting: u64,
    /// Sent, answer unknown.
    #[cfg_attr(test, ts(type = "number"))]
    pub sending: u64,
    /// Receipt stored, capture destroyed.
    #[cfg_attr(test, ts(type = "number"))]
    pub delivered: u64,
    /// A person decides.
    #[cfg_attr(test, ts(type = "number"))]
    pub parked: u64,
}

/// Why the queue cannot be opened, told apart by what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum QueueProblem {
    /// There is a queue, but its key is nowhere.
    KeyMissing,
    /// The place that keeps the key cannot be used.
    KeyUnavailable,
    /// The queue was made with another key.
    WrongKey,
    /// The file is no readable queue.
    Damaged,
    /// Made by a newer version.
    NewerVersion,
    /// No room.
    DiskFull,
    /// Another process holds it.
    Busy,
    /// The data folder or the settings in it cannot be used.
    Settings,
    /// Anything else; the detail says what.
    Other,
}
