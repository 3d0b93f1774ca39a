//! What every gateway must do, whichever partner it talks to.
//!
//! A partner's test module implements [`Partner`] over its simulator and calls [`suite`].

use std::time::Duration;

use gateway::{Gateway, LossReason, PermanentReason, Rejection, RetryReason, Submission};
use jiff::Timestamp;

/// A partner that can be told to misbehave.
pub trait Partner {
    fn gateway(&self) -> &dyn Gateway;
    /// A customer the partner knows.
    fn customer(&self) -> String;
    /// A capture that the partner takes any number of times.
    fn plain_submission(&self, customer: &str) -> Submission;
    /// The partner's own clock.
    fn clock(&self) -> Timestamp;
    /// How many captures it holds.
    fn held(&self) -> usize;
    /// The next submission takes effect, its answer is lost.
    fn lose_next_answer(&self);
    /// The next submission never arrives.
    fn lose_next_submission(&self);
    /// The next submission is answered with this status.
    fn fail_next_submission(&self, status: u16);
    /// The next submission is one too many; come back after so long.
    fn throttle_next_submission(&self, after_s: u64);
    /// The next tier read is answered with this status.
    fn fail_next_read(&self, status: u16);
}

/// All of it, one after the other.
pub async fn suite(partner: &dyn Partner) {
    clock_is_known_after_a_call(partner).await;
    submissions_get_distinct_receipts(partner).await;
    lost_answers_are_recovered(partner).await;
    lost_submissions_leave_nothing(partner).await;
    trouble_is_sorted(partner).await;
    unknown_customers_are_refused_for_good(partner).await;
}

async fn clock_is_known_after_a_call(partner: &dyn Partner) {
    partner.gateway().probe().await.unwrap();
    let off = partner.gateway().now().duration_since(partner.clock()).abs();
    assert!(off < jiff::SignedDuration::from_millis(1500), "off by {off}");
}

async fn submissions_get_distinct_receipts(partner: &dyn Partner) {
    let (customer, before) = (partner.customer(), partner.held());
    let first = partner.gateway().submit(&partner.plain_submission(&customer)).await.unwrap();
    let second = partner.gateway().submit(&partner.plain_submission(&customer)).await.unwrap();
    assert_ne!(first.verification_id, second.verification_id);
    assert_eq!(partner.held(), before + 2);
}

async fn lost_answers_are_recovered(partner: &dyn Partner) {
    let customer = partner.customer();
    let (submission, since) = (partner.plain_submission(&customer), partner.gateway().now());
    let before = partner.held();
    partner.lose_next_answer();
    let lost = partner.gateway().submit(&submission).await.unwrap_err();
    assert!(matches!(lost, Rejection::NeedsRecovery { reason: LossReason::Interrupted, .. }), "{lost:?}");
    assert_eq!(partner.held(), before + 1);
    let found = partner.gateway().recover(&submission, since).await.unwrap();
    assert_eq!(found.len(), 1);
    let later = since + Duration::from_secs(3600);
    assert!(partner.gateway().recover(&submission, later).await.unwrap().is_empty());
}

async fn lost_submissions_leave_nothing(partner: &dyn Partner) {
    let customer = partner.customer();
    let (submission, since) = (partner.plain_submission(&customer), partner.gateway().now());
    partner.lose_next_submission();
    let lost = partner.gateway().submit(&submission).await.unwrap_err();
    assert!(matches!(lost, Rejection::NeedsRecovery { .. }), "{lost:?}");
    assert!(partner.gateway().recover(&submission, since).await.unwrap().is_empty());
}

async fn trouble_is_sorted(partner: &dyn Partner) {
    let customer = partner.customer();
    let submission = partner.plain_submission(&customer);
    partner.fail_next_submission(500);
    let failed = partner.gateway().submit(&submission).await.unwrap_err();
    assert!(
        matches!(failed, Rejection::NeedsRecovery { reason: LossReason::ServerError(500), .. }),
        "{failed:?}"
    );

    partner.throttle_next_submission(7);
    let throttled = partner.gateway().submit(&submission).await.unwrap_err();
    let expected =
        Rejection::Retryable { reason: RetryReason::RateLimited, after: Some(Duration::from_secs(7)) };
    assert_eq!(throttled, expected);

    partner.fail_next_read(503);
    let failed = partner.gateway().customer_tier(&customer).await.unwrap_err();
    assert!(
        matches!(failed, Rejection::Retryable { reason: RetryReason::Unavailable(503), .. }),
        "{failed:?}"
    );
    partner.gateway().customer_tier(&customer).await.unwrap();
}

async fn unknown_customers_are_refused_for_good(partner: &dyn Partner) {
    let refused = partner.gateway().submit(&partner.plain_submission("nobody")).await.unwrap_err();
    assert!(
        matches!(refused, Rejection::Permanent { reason: PermanentReason::UnknownCustomer, .. }),
        "{refused:?}"
    );
}
