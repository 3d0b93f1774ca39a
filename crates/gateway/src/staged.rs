//! The port for partners that take a capture in several steps.
//!
//! Invariant: whoever drives a journey writes each stage down before the next step is made, so that a crash anywhere
//! continues where it was. Lacks on purpose: any look into a stage; its bytes hold secrets and are to be sealed.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::port::Answer;
use crate::receipt::Receipt;
use crate::submission::Submission;

/// Where a capture is with a partner.
pub struct Stage {
    /// One of a closed set of words, for the audit chain.
    pub code: &'static str,
    /// To be sealed and given back.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// What one step came to.
pub enum Step {
    /// Go on from here at once.
    Next(Stage),
    /// Go on from here after a while.
    Later {
        /// The next stage.
        stage: Stage,
        /// Not before.
        after: Duration,
    },
    /// The partner is done with it.
    Done(Box<Receipt>),
}

/// A partner that takes a capture in steps.
pub trait StagedGateway: Send + Sync {
    /// Whether the partner can be reached and takes our credentials.
    fn probe(&self) -> Answer<'_, ()>;

    /// The first stage: all names are made, no call is.
    fn plan(&self, submission: &Submission) -> Stage;

    /// One step from a stage. After a rejection the same step may be made again.
    fn step<'a>(&'a self, submission: &'a Submission, stage: &'a [u8]) -> Answer<'a, Step>;
}
