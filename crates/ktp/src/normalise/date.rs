//! Dates as cards print them, and the place before the birth date.
//!
//! Invariant: only dates that exist come out, always as `YYYY-MM-DD`. Deliberately lacking: two-digit years; no card
//! prints them.

use jiff::civil::Date;

use crate::text::{as_digit, compact, distance};
use crate::vocabulary::LIFELONG;

/// Years a card can name: the oldest holders at the first issue in 2011 were born after 1890; the longest validity ends
/// before 2100.
const YEARS: std::ops::RangeInclusive<i16> = 1890..=2099;
/// Characters between the first and the last digit of a printed date, at most (`12 - 07 - 1990`).
const MAX_SPAN_CHARS: usize = 16;
/// Of the eight digits, how many must be read as digits for the letters among them to be believed.
const MIN_REAL_DIGITS: usize = 5;
/// Edits forgiven in `SEUMUR HIDUP`.
const LIFELONG_EDITS: usize = 3;

/// The last date in the text.
pub(super) fn last(text: &str) -> Option<String> {
    find_last(text).map(|(date, _)| date.to_string())
}

/// A validity: the lifelong words or a date.
pub(super) fn validity(text: &str) -> Option<String> {
    let edits = distance(&compact(text), &compact(LIFELONG));
    if edits.is_some_and(|edits| edits <= LIFELONG_EDITS) {
        return Some(LIFELONG.to_owned());
    }
    last(text)
}

/// The text before the dates it ends with, without the comma between them; all of it where there is no date.
pub(super) fn place_before(text: &str) -> &str {
    let mut place = text;
    while let Some((_, at)) = find_last(place) {
        place = &place[..at];
    }
    place.trim_end_matches([' ', ',', '.', ':', ';', '-', '/', '_', '~', '"'])
}

/// The last date and the byte where it starts.
fn find_last(text: &str) -> Option<(Date, usize)> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    (0..chars.len()).rev().filter(|&at| starts_number(&chars, at)).find_map(|at| {
        let window = &chars[at..chars.len().min(at + MAX_SPAN_CHARS)];
        Some((parse_at(window)?, chars[at].0))
    })
}

/// Whether a number may start here: a digit that does not continue a number, or a lookalike that does not continue
/// anything.
fn starts_number(chars: &[(usize, char)], at: usize) -> bool {
    let before = at.checked_sub(1).map_or(' ', |before| chars[before].1);
    let digit = chars[at].1.is_ascii_digit() && !before.is_ascii_digit();
    digit || (as_digit(chars[at].1).is_some() && !before.is_alphanumeric())
}

/// A date at the very start of the window: day-month-year, or year-month-day in full ISO form.
fn parse_at(window: &[(usize, char)]) -> Option<Date> {
    let mut digits = String::with_capacity(8);
    let (mut real, mut first_run) = (0, 0);
    for (_, ch) in window {
        if digits.len() == 8 {
            // The date must end here: a ninth digit makes it another number.
            if ch.is_ascii_digit() {
                return None;
            }
            break;
        }
        if let Some(digit) = as_digit(*ch) {
            digits.push(digit);
            real += usize::from(ch.is_ascii_digit());
        } else if matches!(ch, '-' | '/' | '.' | ',' | ' ' | ':' | '\'' | '_') {
            first_run = if first_run == 0 { digits.len() } else { first_run };
        } else {
            return None;
        }
    }
    if digits.len() != 8 || real < MIN_REAL_DIGITS {
        return None;
    }
    let day_first = || date_of(&digits[..2], &digits[2..4], &digits[4..]);
    let year_first = || date_of(&digits[6..], &digits[4..6], &digits[..4]);
    if first_run == 4 { year_first().or_else(day_first) } else { day_first() }
}

fn date_of(day: &str, month: &str, year: &str) -> Option<Date> {
    let year: i16 = year.parse().ok().filter(|year| YEARS.contains(year))?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_last_date() {
        for (text, expected) in [
            ("25-03-2017", Some("2017-03-25")),
            ("JAKARTA, 12-07-1990", Some("1990-07-12")),
            ("JAKARTA,12-07-1990", Some("1990-07-12")),
            ("JAKARTA12-07-1990", Some("1990-07-12")),
            ("1207 1990", Some("1990-07-12")),
            ("JAKARTA 12 - 07 - 1990", Some("1990-07-12")),
            ("SOLO, O1-O7-199O", Some("1990-07-01")),
            ("12.07.1990", Some("1990-07-12")),
            ("12071990", Some("1990-07-12")),
            ("1990-07-12", Some("1990-07-12")),
            ("12-07-1990 -", Some("1990-07-12")),
            ("31-02-1990", None),
            ("12-07-3990", None),
            ("12-07-90", None),
            ("12-07-19901", None),
            ("BOGOR", None),
            ("SOLOBOGO", None),
        ] {
            assert_eq!(last(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn the_place_ends_where_the_date_starts() {
        for (text, expected) in [
            ("JAKARTA, 12-07-1990", "JAKARTA"),
            ("KAB. SOLOK , 12-07-1990", "KAB. SOLOK"),
            ("SOLO", "SOLO"),
            ("12-07-1990", ""),
            ("SOLO, 12-07-1990 13-07-1990", "SOLO"),
        ] {
            assert_eq!(place_before(text), expected, "{text}");
        }
    }

    #[test]
    fn validity_is_lifelong_or_a_date() {
        for (text, expected) in [
            ("SEUMUR HIDUP", Some("SEUMUR HIDUP")),
            ("SEUMURHlDUP", Some("SEUMUR HIDUP")),
            ("5EUMUR HIDUP", Some("SEUMUR HIDUP")),
            ("25-03-2017", Some("2017-03-25")),
            ("HIDUP", None),
        ] {
            assert_eq!(validity(text).as_deref(), expected, "{text}");
        }
    }
}
