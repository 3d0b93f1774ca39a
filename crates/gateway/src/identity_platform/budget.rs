//! Staying below the platform's limits from our side: one token bucket per endpoint.
//!
//! The bucket refills at 80 % of the limit and holds 20 % of it, so that no minute sees more
//! requests than the limit however bursts fall. When the platform itself says that its bucket is
//! empty, requests stop until the moment it names.

use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use jiff::Timestamp;

use super::config::RateLimits;

/// The limits apply to these apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bucket {
    Challenge,
    Capture,
    FaceChallenge,
    Face,
    Read,
    Write,
}

pub(super) struct Budget {
    challenge: Limit,
    capture: Limit,
    face_challenge: Limit,
    face: Limit,
    read: Limit,
    write: Limit,
}

struct Limit {
    ours: DefaultDirectRateLimiter,
    empty_until: Mutex<Option<Timestamp>>,
}

impl Budget {
    pub(super) fn new(limits: &RateLimits) -> Self {
        Self {
            challenge: Limit::new(limits.challenges_per_minute),
            capture: Limit::new(limits.captures_per_minute),
            face_challenge: Limit::new(limits.challenges_per_minute),
            face: Limit::new(limits.faces_per_minute),
            read: Limit::new(limits.reads_per_minute),
            write: Limit::new(limits.writes_per_minute),
        }
    }

    fn limit(&self, bucket: Bucket) -> &Limit {
        match bucket {
            Bucket::Challenge => &self.challenge,
            Bucket::Capture => &self.capture,
            Bucket::FaceChallenge => &self.face_challenge,
            Bucket::Face => &self.face,
            Bucket::Read => &self.read,
            Bucket::Write => &self.write,
        }
    }

    /// Waits for our own bucket (seconds at most); `Err` is the wait the platform imposed, which
    /// may be long and is the caller's to schedule.
    pub(super) async fn take(&self, bucket: Bucket, now: Timestamp) -> Result<(), Duration> {
        let limit = self.limit(bucket);
        if let Some(until) = *limit.empty_until.lock().unwrap_or_else(PoisonError::into_inner)
            && let Ok(wait) = Duration::try_from(until.duration_since(now))
            && !wait.is_zero()
        {
            return Err(wait);
        }
        limit.ours.until_ready().await;
        Ok(())
    }

    /// Takes in that the platform will answer no more before `until` (by the clock of `take`).
    pub(super) fn emptied(&self, bucket: Bucket, until: Timestamp) {
        *self.limit(bucket).empty_until.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }
}

impl Limit {
    fn new(per_minute: u32) -> Self {
        Self { ours: RateLimiter::direct(quota(per_minute)), empty_until: Mutex::new(None) }
    }
}

fn quota(per_minute: u32) -> Quota {
    let refill = NonZeroU32::new(per_minute.saturating_mul(4) / 5).unwrap_or(NonZeroU32::MIN);
    let burst = NonZeroU32::new(per_minute / 5).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(refill).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn no_minute_sees_more_than_the_limit() {
        for limit in [20, 30, 120, 600] {
            let clock = FakeRelativeClock::default();
            let limiter = RateLimiter::direct_with_clock(quota(limit), clock.clone());
            let step = Duration::from_millis(50);
            let mut allowed_at: Vec<u32> = Vec::new();
            for tick in 0..3 * 60 * 20 {
                while limiter.check().is_ok() {
                    allowed_at.push(tick);
                }
                clock.advance(step);
            }
            let busiest = (0..2 * 60 * 20)
                .map(|start| allowed_at.iter().filter(|at| (start..start + 60 * 20).contains(*at)).count())
                .max()
                .unwrap();
            assert!(busiest <= limit as usize, "{busiest} of {limit}");
            assert!(busiest >= limit as usize * 4 / 5, "{busiest} of {limit} wastes the allowance");
        }
    }

    #[tokio::test]
    async fn an_emptied_bucket_stays_shut_until_its_moment() {
        let budget = Budget::new(&RateLimits::default());
        let now: Timestamp = "2026-09-01T03:00:00Z".parse().unwrap();
        let until = now + Duration::from_secs(9);
        budget.emptied(Bucket::Capture, until);
        assert_eq!(budget.take(Bucket::Capture, now).await, Err(Duration::from_secs(9)));
        assert_eq!(budget.take(Bucket::Read, now).await, Ok(()));
        assert_eq!(budget.take(Bucket::Capture, until).await, Ok(()));
    }
}
