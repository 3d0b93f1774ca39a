//! What follows an observation: RETRY, STATUS or EXIT (contract A.4.4).
//!
//! The vendor's diagrams name these three words; nothing on the wire does. Invariant: pure, and total over unknown words.

use super::answer::StatusReport;
use super::words::{ExitReason, SubmissionStatus};

/// What to do next.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NextAction {
    /// Back to the camera, then a new submission in the same run.
    Retry,
    /// Ask for the status again.
    Status,
    /// The run is over.
    Exit(ExitReason),
}

/// What was seen last.
#[derive(Clone, Copy, Debug)]
pub enum Observation<'a> {
    /// A status, after our confirmation.
    Status(&'a StatusReport),
    /// The confirmation was refused because of a picture (422).
    PictureRefused,
    /// The user has no attempts left with the partner.
    QuotaExhausted,
    /// Nobody waits any longer.
    PollBudgetOver,
    /// The user left.
    UserLeft,
}

/// The contract's table. `attempts_left` is how often a picture can be taken again in this run.
#[must_use]
pub fn next_action(observation: Observation<'_>, attempts_left: u32) -> NextAction {
    let retry_or = |exit| if attempts_left > 0 { NextAction::Retry } else { NextAction::Exit(exit) };
    match observation {
        Observation::PictureRefused => retry_or(ExitReason::Rejected),
        Observation::QuotaExhausted => NextAction::Exit(ExitReason::Exhausted),
        Observation::PollBudgetOver => NextAction::Exit(ExitReason::Pending),
        Observation::UserLeft => NextAction::Exit(ExitReason::Cancelled),
        Observation::Status(report) => match report.status {
            SubmissionStatus::Initiated
            | SubmissionStatus::InProgress
            | SubmissionStatus::PartiallyCompleted
            | SubmissionStatus::Other(_) => NextAction::Status,
            SubmissionStatus::Error => retry_or(ExitReason::Error),
            SubmissionStatus::Completed => match &report.decision {
                None => NextAction::Exit(ExitReason::NeedsDetails),
                Some(decision) if decision.is_approved => NextAction::Exit(ExitReason::Success),
                Some(_) if report.blames_a_document() => retry_or(ExitReason::Rejected),
                Some(_) => NextAction::Exit(ExitReason::Rejected),
            },
        },
    }
}
