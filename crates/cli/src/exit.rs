//! Exit codes scripts can rely on.
//!
//! Invariant: a code's meaning never changes; new meanings get new numbers.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done; a card was read, a queue is empty, everything works.
    Done = 0,
    /// Something failed that is none of the below.
    Failed = 1,
    /// The arguments make no sense (also clap's own code).
    Usage = 2,
    /// No KTP in the picture.
    NoCard = 3,
    /// A file cannot be read, or is no usable picture.
    BadInput = 4,
    /// Read, but a person should look at it.
    NeedsReview = 5,
    /// Something must be set up first: key, secret, settings, data folder.
    NotSetUp = 6,
    /// The partner refuses.
    Refused = 7,
    /// The partner cannot be reached or something still waits; try again later.
    TryLater = 8,
}

/// The table as `--help` shows it.
pub const HELP: &str = "Exit codes:
  0  done; a card was read
  1  failed for a reason none of these name
  2  the arguments make no sense
  3  no KTP in the picture (no card, or another document)
  4  a file cannot be read, or is no usable picture
  5  read, but a person should look: fields missing or contradicting
  6  something must be set up first (key, secret, settings, data folder)
  7  the partner refuses
  8  the partner cannot be reached or something still waits; try again later";

impl Exit {
    /// The graver of two: of several files, the one that most needs attention decides.
    pub fn and(self, other: Self) -> Self {
        let gravity = |exit| match exit {
            Self::Done => 0,
            Self::NeedsReview => 1,
            Self::NoCard => 2,
            Self::BadInput => 3,
            Self::TryLater => 4,
            Self::Refused => 5,
            Self::NotSetUp => 6,
            Self::Usage => 7,
            Self::Failed => 8,
        };
        if gravity(other) > gravity(self) { other } else { self }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}
