//! Which partners a capture goes to, and in what order.
//!
//! Invariant: with both, OneKYC has ended before the other is asked, and each has its own verdict in the receipt.

use std::sync::Arc;

use gateway::{
    Answer, ChallengeRequest, Clock, CustomerTier, FlashChallenge, Gateway, NewCustomer, PermanentReason,
    Receipt, Rejection, StagedGateway, Submission,
};
use jiff::Timestamp;

/// Where captures go.
#[derive(Clone)]
pub enum Route {
    /// One call takes the whole capture.
    Whole(Arc<dyn Gateway>),
    /// In steps.
    Staged(Arc<dyn StagedGateway>),
    /// In steps to the first, then whole to the second.
    Both(Arc<dyn StagedGateway>, Arc<dyn Gateway>),
}

impl Route {
    /// Whether every partner can be reached and takes our credentials.
    pub async fn probe(&self) -> Result<(), Rejection> {
        match self {
            Self::Whole(gateway) => gateway.probe().await,
            Self::Staged(partner) => partner.probe().await,
            Self::Both(partner, gateway) => {
                partner.probe().await?;
                gateway.probe().await
            }
        }
    }

    /// The partner that takes captures in steps, if there is one.
    pub(crate) fn staged(&self) -> Option<Arc<dyn StagedGateway>> {
        match self {
            Self::Whole(_) => None,
            Self::Staged(partner) | Self::Both(partner, _) => Some(Arc::clone(partner)),
        }
    }

    /// The partner that takes captures whole; one that refuses everything if there is none.
    pub(crate) fn whole(&self, clock: &Clock) -> Arc<dyn Gateway> {
        match self {
            Self::Whole(gateway) | Self::Both(_, gateway) => Arc::clone(gateway),
            Self::Staged(_) => Arc::new(Nobody(Arc::clone(clock))),
        }
    }

    /// Whether a partner follows the one with steps.
    pub(crate) fn goes_on(&self) -> bool {
        match self {
            Self::Both(..) => true,
            Self::Whole(_) | Self::Staged(_) => false,
        }
    }
}

/// Stands where no partner is configured: refuses for good, so that nothing is lost by asking.
struct Nobody(Clock);

fn refused<'a, T>() -> Answer<'a, T> {
    let reason = PermanentReason::Unsendable;
    Box::pin(async move { Err(Rejection::Permanent { reason, detail: Default::default() }) })
}

impl Gateway for Nobody {
    fn now(&self) -> Timestamp {
        (self.0)()
    }
    fn probe(&self) -> Answer<'_, ()> {
        refused()
    }
    fn challenge<'a>(&'a self, _: &'a str, _: ChallengeRequest) -> Answer<'a, FlashChallenge> {
        refused()
    }
    fn submit<'a>(&'a self, _: &'a Submission) -> Answer<'a, Receipt> {
        refused()
    }
    fn recover<'a>(&'a self, _: &'a Submission, _: Timestamp) -> Answer<'a, Vec<Receipt>> {
        refused()
    }
    fn customer_tier<'a>(&'a self, _: &'a str) -> Answer<'a, CustomerTier> {
        refused()
    }
    fn create_customer<'a>(&'a self, _: &'a NewCustomer) -> Answer<'a, String> {
        refused()
    }
}
