//! Dates: eight digits that exist in the calendar, wherever they stand in a line.
//!
//! Invariant: only real dates between 1900 and 2099 come out. Separators are not required: they are often lost.
//! Deliberately lacks comparison with other fields; see `person`.

use std::ops::RangeInclusive;

use ktp::{Field, normalise};

use super::evidence::{ALPHANUMERIC, DIGITS, Evidence, Views, witnessed};
use super::words::JUNK;
use super::{Decoded, Trust, compact};

/// Candidates kept per crop.
const BEAM: usize = 12;

/// A date as printed, day first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub day: u32,
    pub month: u32,
    pub year: u32,
}

impl Date {
    /// From `DDMMYYYY`.
    pub fn from_digits(digits: &str) -> Option<Self> {
        let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
        let date = Self { day: number(0, 2)?, month: number(2, 4)?, year: number(4, 8)? };
        let leap =
            date.year.is_multiple_of(4) && (!date.year.is_multiple_of(100) || date.year.is_multiple_of(400));
        let days = match date.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            1..=12 => 31,
            _other => 0,
        };
        let real = digits.len() == 8 && (1..=days).contains(&date.day) && (1900..2100).contains(&date.year);
        real.then_some(date)
    }

    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `DDMMYYYY`.
    pub fn digits(self) -> String {
        format!("{:02}{:02}{:04}", self.day, self.month, self.year)
    }

    /// `DDMMYY`, as a NIK holds it for a man.
    pub fn short(self) -> (u32, u32, u32) {
        (self.day, self.month, self.year % 100)
    }
}

/// Years that a birth or an expiry can have, and an issue: electronic cards exist since 2011; two years' margin.
pub(super) const ANY_YEAR: RangeInclusive<u32> = 1900..=2099;
const ISSUE_YEARS: RangeInclusive<u32> = 2009..=2032;

/// Real dates in the evidence, likeliest first, with their log-probabilities.
pub(super) fn candidates(views: &Views, years: RangeInclusive<u32>) -> Vec<(Date, f32)> {
    let strings = views.best_that(8, BEAM, &|digits| may_begin_date(digits, &years));
    strings.into_iter().filter_map(|(text, score)| Some((Date::from_digits(&text)?, score))).collect()
}

/// Whether digits can be the beginning of a date in one of the years.
fn may_begin_date(digits: &[usize], years: &RangeInclusive<u32>) -> bool {
    let number =
        |from: usize, to: usize| digits[from..to].iter().fold(0, |sum, digit| sum * 10 + *digit as u32);
    let day = match digits.len() {
        0 => return true,
        1 => return digits[0] < 4,
        _more => number(0, 2),
    };
    let month = match digits.len() {
        2 => return (1..=31).contains(&day),
        3 => return digits[2] < 2,
        _more => number(2, 4),
    };
    let days = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _other => 0,
    };
    let open = 10u32.pow(8 - digits.len().min(8) as u32);
    let first = number(4, digits.len().min(8)) * open;
    day <= days && first <= *years.end() && first + open > *years.start()
}

/// `Berlaku Hingga`: `SEUMUR HIDUP`, or a date, which by law is a birthday.
pub(super) fn valid_until(evidence: &Evidence<'_>, birth: Option<&Decoded>) -> Option<Decoded> {
    /// What a day other than the birthday costs, in nats; all expiry dates of the measured cards were birthdays.
    const NOT_A_BIRTHDAY: f32 = 3.0;
    /// Cards expired five years after 2011 to 2014, foreigners' later.
    const EXPIRY_YEARS: RangeInclusive<u32> = 2012..=2035;
    /// What is left to doubt in an answer that has few rivals, in nats.
    const FEW_RIVALS_DOUBT: f32 = 0.5;
    if evidence.is_empty() {
        return None;
    }
    const LIFELONG: &str = "SEUMUR HIDUP";
    let lifelong = evidence.views(ALPHANUMERIC).score_within(&compact(LIFELONG), JUNK);
    let mut rivals = vec![(LIFELONG.to_owned(), lifelong)];
    let views = evidence.views(DIGITS);
    let mut dates = candidates(&views, EXPIRY_YEARS);
    // Digits that were lost can be told from the birthday.
    let anniversaries = birth.iter().flat_map(|birth| EXPIRY_YEARS.filter_map(|year| birthday(birth, year)));
    for date in anniversaries {
        if !dates.iter().any(|(known, _)| *known == date) {
            dates.push((date, 0.0));
        }
    }
    rivals.extend(dates.iter().map(|(date, _)| {
        let digits = date.digits();
        let birthday =
            birth.is_none_or(|birth| birth.value.as_deref().is_some_and(|b| b[4..] == date.iso()[4..]));
        (date.iso(), views.score(&digits) - if birthday { 0.0 } else { NOT_A_BIRTHDAY })
    }));
    let mut decoded = chosen(Field::ValidUntil, evidence.text(), rivals);
    let is_birthday =
        |value: &str| birth.and_then(|b| b.value.as_deref()).is_some_and(|b| value[4..] == b[4..]);
    if decoded.value.as_deref().is_some_and(|value| value == LIFELONG || is_birthday(value)) {
        // Told from its rivals by fewer characters than it has.
        let trust = &mut decoded.trust;
        trust.log_likelihood = trust.log_likelihood.max(trust.log_posterior - FEW_RIVALS_DOUBT);
    }
    Some(decoded)
}

/// The birthday in a year.
fn birthday(birth: &Decoded, year: u32) -> Option<Date> {
    let iso: Vec<u32> = birth.value.as_deref()?.split('-').filter_map(|part| part.parse().ok()).collect();
    let &[_, month, day] = iso.as_slice() else { return None };
    Date::from_digits(&format!("{day:02}{month:02}{year:04}"))
}

/// Electronic cards exist since 2011, and those that expire do so five years after issue (nats).
fn issue_cost(date: Date, expiry: Option<u32>) -> f32 {
    let possible = match date.year {
        2011..=2027 => 0.0,
        2010 | 2028..=2030 => 3.0,
        _other => 7.0,
    };
    let bound = match expiry {
        Some(year) if !(4..=6).contains(&year.saturating_sub(date.year)) => 2.5,
        Some(_) | None => 0.0,
    };
    possible + bound
}

/// The date under the photograph: what the lines there say, the likeliest line of each picture, given the year the card expires.
pub(super) fn issue_date(pictures: &[Vec<Evidence<'_>>], expiry: Option<u32>) -> Option<Decoded> {
    let lines: Vec<Vec<(Views, &Evidence<'_>)>> =
        pictures.iter().map(|lines| lines.iter().map(|line| (line.views(DIGITS), line)).collect()).collect();
    let mut dates: Vec<Date> = Vec::new();
    for (date, _) in lines.iter().flatten().flat_map(|(views, _)| candidates(views, ISSUE_YEARS)) {
        if !dates.contains(&date) {
            dates.push(date);
        }
    }
    let in_picture = |lines: &[(Views, &Evidence<'_>)], digits: &str| {
        lines.iter().map(|(views, _)| views.score(digits)).fold(f32::NEG_INFINITY, f32::max)
    };
    let score = |date: &Date| {
        let digits = date.digits();
        let seen = match lines.as_slice() {
            [only] => in_picture(only, &digits),
            several => several.iter().map(|lines| witnessed(in_picture(lines, &digits))).sum(),
        };
        seen - issue_cost(*date, expiry)
    };
    let rivals: Vec<(String, f32)> = dates.iter().map(|date| (date.iso(), score(date))).collect();
    let best = dates.iter().max_by(|a, b| score(a).total_cmp(&score(b)))?.digits();
    let clearest = lines.first()?.iter().max_by(|a, b| a.0.score(&best).total_cmp(&b.0.score(&best)))?;
    Some(chosen(Field::IssueDate, clearest.1.text(), rivals))
}

/// The likeliest rival, trusted by its share of all rivals' probability.
fn chosen(field: Field, printed: String, rivals: Vec<(String, f32)>) -> Decoded {
    let best = rivals.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    let total = rivals.iter().map(|(_, score)| score.exp()).sum::<f32>();
    match best {
        Some((value, score)) if score.is_finite() => Decoded {
            value: normalise(field, value).ok(),
            printed,
            trust: Trust {
                log_likelihood: *score,
                log_posterior: (score.exp() / total.max(f32::MIN_POSITIVE)).ln(),
                length: value.len(),
                supported: false,
            },
        },
        Some(_) | None => Decoded { value: None, printed, trust: Trust::NONE },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_real_dates() {
        for (digits, expected) in [
            ("17081990", Some("1990-08-17")),
            ("29022000", Some("2000-02-29")),
            ("29021900", None),
            ("31041990", None),
            ("00011990", None),
            ("01131990", None),
            ("01011890", None),
            ("0101199", None),
            ("010119900", None),
        ] {
            assert_eq!(Date::from_digits(digits).map(Date::iso).as_deref(), expected, "{digits}");
        }
    }

    #[test]
    fn what_cannot_become_a_date_is_not_gone_on_with() {
        for (digits, expected) in [
            ("", true),
            ("3", true),
            ("4", false),
            ("00", false),
            ("32", false),
            ("310", true),
            ("3113", false),
            ("3102", false),
            ("2902", true),
            ("01012", true),
            ("01011", false),
            ("010120", true),
            ("0101204", false),
            ("01012031", true),
        ] {
            let places: Vec<usize> = digits.bytes().map(|digit| usize::from(digit - b'0')).collect();
            assert_eq!(may_begin_date(&places, &ISSUE_YEARS), expected, "{digits}");
        }
    }
}
