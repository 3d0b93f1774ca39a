//! The port: what every partner platform can do for us.
//!
//! Lacks on purpose: anything only one partner has.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jiff::Timestamp;

use crate::challenge::{ChallengeRequest, FlashChallenge};
use crate::customer::{CustomerTier, NewCustomer};
use crate::receipt::{FaceReceipt, Receipt};
use crate::rejection::{PermanentReason, Rejection};
use crate::submission::Submission;
use crate::upload::Upload;

/// A pending answer; boxed so that gateways can be chosen at run time.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Rejection>> + Send + 'a>>;

/// Tells the present moment; injected, so that tests decide it.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A partner platform.
pub trait Gateway: Send + Sync {
    /// The present moment by the partner's clock, as well as it is known. Challenges expire and
    /// records are dated by that clock.
    fn now(&self) -> Timestamp;

    /// Whether the partner can be reached and takes our credentials. Also measures its clock.
    fn probe(&self) -> Answer<'_, ()>;

    /// A single-use flash challenge for a customer's next capture.
    fn challenge<'a>(&'a self, customer_id: &'a str, request: ChallengeRequest)
    -> Answer<'a, FlashChallenge>;

    /// Hands in a capture. Not to be repeated after [`Rejection::NeedsRecovery`] before
    /// [`Self::recover`] has been asked.
    fn submit<'a>(&'a self, submission: &'a Submission) -> Answer<'a, Receipt>;

    /// How much of the capture that is being handed in has left; `None` where that is not known, or none is.
    fn uploading(&self) -> Option<Upload> {
        None
    }

    /// The partner's records that a submission with a lost answer may have left: those of its
    /// customer dated `since` (partner's clock) or later, oldest first. The caller knows which of
    /// them belong to other receipts.
    fn recover<'a>(&'a self, submission: &'a Submission, since: Timestamp) -> Answer<'a, Vec<Receipt>>;

    /// Hands in the face of a capture whose card was taken. Not to be repeated after [`Rejection::NeedsRecovery`] before
    /// [`Self::recover_face`] has been asked. Partners that take no signed faces refuse for good.
    fn submit_face<'a>(&'a self, _submission: &'a Submission) -> Answer<'a, FaceReceipt> {
        takes_no_faces()
    }

    /// As [`Self::recover`], for the face.
    fn recover_face<'a>(
        &'a self,
        _submission: &'a Submission,
        _since: Timestamp,
    ) -> Answer<'a, Vec<FaceReceipt>> {
        takes_no_faces()
    }

    /// What the partner thinks of a customer.
    fn customer_tier<'a>(&'a self, customer_id: &'a str) -> Answer<'a, CustomerTier>;

    /// Makes a customer and returns the partner's id. Not safe to repeat after a lost answer.
    fn create_customer<'a>(&'a self, customer: &'a NewCustomer) -> Answer<'a, String>;
}

fn takes_no_faces<'a, T>() -> Answer<'a, T> {
    let reason = PermanentReason::Unsendable;
    Box::pin(async move { Err(Rejection::Permanent { reason, detail: Default::default() }) })
}
