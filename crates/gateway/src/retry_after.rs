//! `Retry-After` and `Date` headers.
//!
//! Invariant: any bytes give a bounded wait or none.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// A partner asking for more than this is answered by our own schedule.
const MAX_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// The wait a `Retry-After` header asks for, in its form of seconds or of a date, counted from
/// the partner's `now`.
pub(crate) fn parse(header: &str, now: Timestamp) -> Option<Duration> {
    let text = header.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let at = http_date(text)?;
            Duration::try_from(at.duration_since(now)).unwrap_or(Duration::ZERO)
        }
    };
    Some(wait.min(MAX_WAIT))
}

/// A moment in the form of HTTP dates, to the second.
pub(crate) fn http_date(text: &str) -> Option<Timestamp> {
    let at: SystemTime = httpdate::parse_http_date(text).ok()?;
    Timestamp::try_from(at).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-09-01T03:00:00Z".parse().unwrap()
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        let check = |header: &str, expected: Option<u64>| {
            assert_eq!(parse(header, now()), expected.map(Duration::from_secs), "{header}");
        };
        check("7", Some(7));
        check(" 0 ", Some(0));
        check("Tue, 01 Sep 2026 03:00:30 GMT", Some(30));
        check("Tue, 01 Sep 2026 02:00:00 GMT", Some(0));
        check("999999999999", Some(86_400));
        check("-1", None);
        check("1.5", None);
        check("soon", None);
        check("", None);
    }

    proptest! {
        #[test]
        fn any_header_gives_a_bounded_wait_or_none(header: String) {
            prop_assert!(parse(&header, now()).is_none_or(|wait| wait <= MAX_WAIT));
        }
    }
}
