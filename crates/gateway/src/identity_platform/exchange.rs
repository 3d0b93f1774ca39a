//! One HTTP exchange: budget, request, limits, clock, and what came of it.
//!
//! Invariants: redirects are not followed, answers are read up to a limit, and an error says
//! whether the request can have left. Nothing of request or answer is logged but the outcome.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::RequestBuilder;
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

use super::budget::{Bucket, Budget};
use super::partner_clock::PartnerClock;
use super::refusal::{self, Effect};
use crate::rejection::{LossReason, PartnerText, PermanentReason, Rejection, RetryReason};
use crate::{retry_after, transport};

const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");

pub(super) struct Exchange {
    pub(super) budget: Budget,
    pub(super) clock: PartnerClock,
}

impl Exchange {
    /// Sends `request` and returns the body of a success.
    pub(super) async fn run(
        &self,
        request: RequestBuilder,
        bucket: Bucket,
        effect: Effect,
    ) -> Result<Vec<u8>, Rejection> {
        if let Err(wait) = self.budget.take(bucket, self.clock.now()).await {
            return Err(Rejection::Retryable { reason: RetryReason::RateLimited, after: Some(wait) });
        }
        let sent = self.clock.ours();
        let response = request.send().await.map_err(|error| transport(&error, effect))?;
        let status = response.status();
        let after = self.take_in_headers(response.headers(), bucket, sent);
        tracing::debug!(?bucket, status = status.as_u16(), "answered");
        let body = transport::read_limited(response).await;
        if status.is_success() {
            return body.ok_or_else(|| unreadable(effect));
        }
        Err(refusal::rejection(status, &body.unwrap_or_default(), after, effect))
    }

    /// Learns clock and limits; returns the wait the platform asks for.
    fn take_in_headers(&self, headers: &HeaderMap, bucket: Bucket, sent: Timestamp) -> Option<Duration> {
        if let Some(date) = text(headers, &DATE) {
            self.clock.observe(date, sent);
        }
        let reset = text(headers, &RESET).and_then(|seconds| seconds.trim().parse().ok());
        if let (Some("0"), Some(reset)) = (text(headers, &REMAINING).map(str::trim), reset)
            && let Ok(reset) = Timestamp::from_second(reset)
        {
            self.budget.emptied(bucket, self.sane(reset));
        }
        text(headers, &RETRY_AFTER).and_then(|header| retry_after::parse(header, self.clock.now()))
    }

    /// Limits are per minute; a later reset is a mistake that must not stop us for long.
    fn sane(&self, reset: Timestamp) -> Timestamp {
        let latest = self.clock.now().saturating_add(SignedDuration::from_mins(2));
        reset.min(latest.unwrap_or(Timestamp::MAX))
    }
}

/// A success that cannot be read: for a lasting request the record exists.
pub(super) fn unreadable(effect: Effect) -> Rejection {
    match effect {
        Effect::Harmless => Rejection::Retryable { reason: RetryReason::UnreadableAnswer, after: None },
        Effect::Lasting => Rejection::NeedsRecovery { reason: LossReason::UnreadableAnswer, after: None },
    }
}

fn transport(error: &reqwest::Error, effect: Effect) -> Rejection {
    if error.is_builder() {
        return Rejection::Permanent { reason: PermanentReason::Unsendable, detail: PartnerText::default() };
    }
    // Without a connection nothing can have left.
    if error.is_connect() || error.is_dns() || effect == Effect::Harmless {
        return Rejection::Retryable { reason: RetryReason::Offline, after: None };
    }
    Rejection::NeedsRecovery { reason: LossReason::Interrupted, after: None }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
