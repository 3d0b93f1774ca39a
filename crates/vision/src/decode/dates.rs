//! Dates: eight digits that exist in the calendar, wherever they stand in a line.
//!
//! Invariant: only real dates between 1900 and 2099 come out. Separators are not required: they are often lost.
//! Deliberately lacks comparison with other fields; see `person`.

use ktp::{Field, normalise};

use super::evidence::{ALPHANUMERIC, DIGITS, Evidence, Views};
use super::words::JUNK;
use super::{Decoded, Trust, compact};
use crate::assemble::{Layout, Slot, Span};
use crate::recognise::LineReading;

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

    /// `DDMMYY`, as a NIK holds it for a man.
    pub fn short(self) -> (u32, u32, u32) {
        (self.day, self.month, self.year % 100)
    }
}

/// Real dates in the evidence, likeliest first, with their log-probabilities.
pub(super) fn candidates(views: &Views) -> Vec<(Date, f32)> {
    let strings = views.best_of_length(8, BEAM);
    strings.into_iter().filter_map(|(text, score)| Some((Date::from_digits(&text)?, score))).collect()
}

/// `Berlaku Hingga`: `SEUMUR HIDUP`, or a date, which by law is a birthday.
pub(super) fn valid_until(evidence: &Evidence<'_>, birth: Option<&Decoded>) -> Option<Decoded> {
    /// What a day other than the birthday costs, in nats; all expiry dates of the measured cards were birthdays.
    const NOT_A_BIRTHDAY: f32 = 3.0;
    if evidence.is_empty() {
        return None;
    }
    const LIFELONG: &str = "SEUMUR HIDUP";
    let views = evidence.views(ALPHANUMERIC);
    let mut rivals = vec![(LIFELONG.to_owned(), views.score_within(&compact(LIFELONG), JUNK))];
    let dates = candidates(&evidence.views(DIGITS));
    rivals.extend(dates.iter().map(|(date, _)| {
        let digits = format!("{:02}{:02}{:04}", date.day, date.month, date.year);
        let birthday =
            birth.is_none_or(|birth| birth.value.as_deref().is_some_and(|b| b[4..] == date.iso()[4..]));
        (date.iso(), views.score(&digits) - if birthday { 0.0 } else { NOT_A_BIRTHDAY })
    }));
    Some(chosen(Field::ValidUntil, evidence.text(), rivals))
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

/// The date under the photograph: the likeliest of the lines there, given the year the card expires.
pub(super) fn issue_date(readings: &[LineReading], layout: &Layout, expiry: Option<u32>) -> Option<Decoded> {
    let spans = layout.slots.get(&Slot::Issue)?;
    let decoded = |span: &Span| {
        let evidence = Evidence::of(readings, std::slice::from_ref(span));
        let rivals = candidates(&evidence.views(DIGITS));
        let rivals: Vec<(String, f32)> =
            rivals.into_iter().map(|(date, score)| (date.iso(), score - issue_cost(date, expiry))).collect();
        (!rivals.is_empty()).then(|| chosen(Field::IssueDate, evidence.text(), rivals))
    };
    spans.iter().filter_map(decoded).max_by(|a, b| a.trust.log_likelihood.total_cmp(&b.trust.log_likelihood))
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
}
