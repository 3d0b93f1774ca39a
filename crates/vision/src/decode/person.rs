//! NIK, date of birth and gender, decoded together.
//!
//! The NIK repeats birth date and gender; on real cards all agree in 56 of 58 cases. Candidates of each are scored
//! against the picture and joined by that knowledge. Invariant: a NIK has sixteen digits; a disagreement the picture
//! clearly shows is kept. Deliberately lacks the meaning of the serial number.

use ktp::{Field, region};

use super::dates::{self, Date};
use super::evidence::{DIGITS, Evidence, Views};
use super::places::regency_called;
use super::{Decoded, Trust, words};
use crate::recognise::log_add;

/// NIK candidates kept per crop.
const BEAM: usize = 10;
const NIK_DIGITS: usize = 16;
/// Below this (ln) the likeliest digits are doubtful, and those that a NIK can have are looked for as well.
const UNSURE: f32 = -0.7;

/// What else the card says about the holder's region.
pub(super) struct Context<'a> {
    pub city: Option<&'a Decoded>,
    pub district: Option<&'a Decoded>,
}

impl Context<'_> {
    /// The printed regency's code.
    fn regency(&self) -> Option<u32> {
        self.city.and_then(|city| city.value.as_deref()).and_then(regency_called)
    }

    fn district(&self) -> Option<&str> {
        self.district.and_then(|district| district.value.as_deref())
    }

    /// What the holder's NIK most likely begins with: the printed regency's code, and its printed district's.
    fn own_codes(&self) -> Vec<String> {
        let Some(home) = self.regency() else { return Vec::new() };
        let called =
            |district: &&region::Region| self.district().is_some_and(|name| district.is_called(name));
        let district = region::districts_of(home).iter().find(called);
        std::iter::once(home)
            .chain(district.map(|district| district.code))
            .map(|code| code.to_string())
            .collect()
    }
}

/// The three answers.
pub(super) struct Person {
    pub nik: Option<Decoded>,
    pub birth_date: Option<Decoded>,
    pub gender: Option<Decoded>,
}

/// Costs of what real NIKs rarely show, in nats: softer than the counts say (2 disagreements in 58, no unknown
/// district in 58), so that clear digits win.
mod cost {
    pub const ONE_DIGIT_DISAGREES: f32 = 4.0;
    pub const DISAGREES: f32 = 6.0;
    pub const NO_DATE: f32 = 8.0;
    pub const UNKNOWN_DISTRICT: f32 = 4.0;
    pub const UNKNOWN_REGENCY: f32 = 6.0;
    pub const UNKNOWN_PROVINCE: f32 = 8.0;
    /// Negative: the printed district's own code, on three cards of four.
    pub const OWN_DISTRICT: f32 = -3.0;
    pub const OWN_REGENCY: f32 = -2.0;
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sex {
    Male,
    Female,
}

struct Gender {
    sex: Sex,
    score: f32,
}

/// A complete reading and its log-weight.
struct Joint {
    nik: Option<usize>,
    date: Option<usize>,
    gender: Option<usize>,
    weight: f32,
}

/// Decodes the three together.
pub(super) fn decode(
    nik: &Evidence<'_>,
    birth: &Evidence<'_>,
    gender: &Evidence<'_>,
    context: &Context<'_>,
) -> Person {
    let dates =
        if birth.is_empty() { Vec::new() } else { dates::candidates(&birth.views(DIGITS), dates::ANY_YEAR) };
    let word = words::listed(Field::Gender, gender);
    let genders = genders(word.as_ref());
    let views = nik.views(DIGITS);
    let niks = if nik.is_empty() {
        Vec::new()
    } else {
        nik_candidates(&views, &dates, &genders, &context.own_codes())
    };
    let joints = join(&niks, &dates, &genders, context);
    let best = joints.iter().max_by(|a, b| a.weight.total_cmp(&b.weight));
    let total = joints.iter().map(|joint| joint.weight).fold(f32::NEG_INFINITY, log_add);
    let share = |same: &dyn Fn(&Joint) -> bool| {
        joints.iter().filter(|j| same(j)).map(|j| j.weight).fold(f32::NEG_INFINITY, log_add) - total
    };
    let chosen_nik = best.and_then(|joint| joint.nik);
    let chosen_date = best.and_then(|joint| joint.date);
    let chosen_gender = best.and_then(|joint| joint.gender);
    let digits = chosen_nik.map(|i| niks[i].0.as_str());
    let date = chosen_date.map(|i| dates[i].0);
    let sex = chosen_gender.map(|i| genders[i].sex);
    let date_agrees = digits.is_some_and(|d| date.is_some_and(|date| disagreement(d, Some(date), sex) == 0));
    let nik_decoded = chosen_nik.map(|i| Decoded {
        value: Some(niks[i].0.clone()),
        printed: nik.text(),
        trust: Trust {
            log_likelihood: niks[i].1,
            log_posterior: share(&|joint| joint.nik == chosen_nik),
            length: NIK_DIGITS,
            supported: date_agrees,
        },
    });
    let unread_nik =
        (!nik.is_empty()).then(|| Decoded { value: None, printed: nik.text(), trust: Trust::NONE });
    let date_decoded = chosen_date.map(|i| Decoded {
        value: Some(dates[i].0.iso()),
        printed: birth.text(),
        trust: Trust {
            log_likelihood: dates[i].1,
            log_posterior: share(&|joint| joint.date == chosen_date),
            length: 8,
            supported: date_agrees,
        },
    });
    Person {
        nik: nik_decoded.or(unread_nik),
        birth_date: date_decoded,
        gender: resolved_gender(word, sex, digits),
    }
}

/// Sixteen-digit readings, with the printed region, date and gender put in as further candidates.
fn nik_candidates(
    views: &Views,
    dates: &[(Date, f32)],
    genders: &[Gender],
    own_codes: &[String],
) -> Vec<(String, f32)> {
    let mut found = views.best_of_length(NIK_DIGITS, BEAM);
    if found.first().is_none_or(|(_, score)| *score < UNSURE) {
        for (text, score) in views.best_that(NIK_DIGITS, BEAM, &may_begin_nik) {
            if !found.iter().any(|(known, _)| *known == text) {
                found.push((text, score));
            }
        }
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    let leading: Vec<String> = found.iter().take(3).map(|(text, _)| text.clone()).collect();
    for text in leading {
        let at_home = own_codes.iter().map(|code| format!("{code}{}", &text[code.len()..]));
        let born = dates.iter().take(3).flat_map(|(date, _)| {
            genders.iter().map(|gender| with_birth(&text, *date, gender.sex)).collect::<Vec<_>>()
        });
        for candidate in at_home.chain(born) {
            if !found.iter().any(|(known, _)| *known == candidate) {
                let score = views.score(&candidate);
                found.push((candidate, score));
            }
        }
    }
    found.retain(|(_, score)| score.is_finite());
    found
}

/// Whether digits can be the beginning of a NIK: a region that exists, and a day and month.
fn may_begin_nik(digits: &[usize]) -> bool {
    let number =
        |from: usize, to: usize| digits[from..to].iter().fold(0, |sum, digit| sum * 10 + *digit as u32);
    match digits.len() {
        2 => region::province(number(0, 2)).is_some(),
        4 => region::regency(number(0, 4)).is_some(),
        8 => (1..=31).contains(&(number(6, 8) % 40)) && number(6, 8) < 72,
        10 => (1..=12).contains(&number(8, 10)),
        _other => true,
    }
}

fn with_birth(nik: &str, date: Date, sex: Sex) -> String {
    let (day, month, year) = date.short();
    let day = if sex == Sex::Female { day + 40 } else { day };
    format!("{}{day:02}{month:02}{year:02}{}", &nik[..6], &nik[12..])
}

fn genders(word: Option<&Decoded>) -> Vec<Gender> {
    let Some(word) = word else { return Vec::new() };
    let sex = match word.value.as_deref() {
        Some("LAKI-LAKI" | "MALE") => Sex::Male,
        Some("PEREMPUAN" | "FEMALE") => Sex::Female,
        _unread => return Vec::new(),
    };
    let other = if sex == Sex::Male { Sex::Female } else { Sex::Male };
    let posterior = word.trust.log_posterior.min(-1e-4);
    // What is left for the other word, at least the share of wrongly printed ones.
    let rest = (1.0 - posterior.exp()).max(1e-4).ln();
    vec![Gender { sex, score: posterior }, Gender { sex: other, score: rest }]
}

fn join(
    niks: &[(String, f32)],
    dates: &[(Date, f32)],
    genders: &[Gender],
    context: &Context<'_>,
) -> Vec<Joint> {
    let options = |n: usize| if n == 0 { vec![None] } else { (0..n).map(Some).collect() };
    let (home, district) = (context.regency(), context.district());
    let mut out = Vec::new();
    for nik in options(niks.len()) {
        let code_cost = nik.map_or(0.0, |i| code_cost(&niks[i].0, home, district));
        for date in options(dates.len()) {
            for gender in options(genders.len()) {
                let mut weight = -code_cost;
                weight += nik.map_or(0.0, |i| niks[i].1);
                weight += date.map_or(0.0, |i| dates[i].1);
                weight += gender.map_or(0.0, |i| genders[i].score);
                if let Some(i) = nik {
                    let sex = gender.map(|g| genders[g].sex);
                    weight -= birth_cost(&niks[i].0, date.map(|d| dates[d].0), sex);
                }
                out.push(Joint { nik, date, gender, weight });
            }
        }
    }
    out
}

fn number(digits: &str, from: usize, to: usize) -> u32 {
    digits.get(from..to).and_then(|part| part.parse().ok()).unwrap_or(0)
}

/// Digits of the birth part that differ from the printed date and gender (those that are known).
fn disagreement(nik: &str, date: Option<Date>, sex: Option<Sex>) -> usize {
    let day = number(nik, 6, 8);
    let female = day > 40;
    let sex_differs = sex.is_some_and(|sex| (sex == Sex::Female) != female);
    let Some(date) = date else { return usize::from(sex_differs) };
    let expected = with_birth(nik, date, if female { Sex::Female } else { Sex::Male });
    let digits = nik.chars().zip(expected.chars()).filter(|(a, b)| a != b).count();
    digits + usize::from(sex_differs)
}

fn birth_cost(nik: &str, date: Option<Date>, sex: Option<Sex>) -> f32 {
    let day = number(nik, 6, 8);
    let day = if day > 40 { day - 40 } else { day };
    let digits = format!("{day:02}{:02}20{:02}", number(nik, 8, 10), number(nik, 10, 12));
    // 2000 was a leap year, so this accepts every date some century has.
    let real = Date::from_digits(&digits).is_some()
        || Date::from_digits(&digits.replace("290219", "280219")).is_some();
    if !real {
        return cost::NO_DATE;
    }
    match disagreement(nik, date, sex) {
        0 => 0.0,
        1 => cost::ONE_DIGIT_DISAGREES,
        _more => cost::DISAGREES,
    }
}

fn code_cost(nik: &str, home: Option<u32>, district: Option<&str>) -> f32 {
    let code = number(nik, 0, 6);
    if region::province(code / 10_000).is_none() {
        return cost::UNKNOWN_PROVINCE;
    }
    if region::regency(code / 100).is_none() {
        return cost::UNKNOWN_REGENCY;
    }
    let Some(known) = region::district(code) else { return cost::UNKNOWN_DISTRICT };
    let own_regency = if home == Some(code / 100) { cost::OWN_REGENCY } else { 0.0 };
    let own_district =
        if district.is_some_and(|name| known.is_called(name)) { cost::OWN_DISTRICT } else { 0.0 };
    own_regency + own_district
}

/// The printed word; if it could not be read, what the NIK says, marked by its own low trust.
fn resolved_gender(word: Option<Decoded>, sex: Option<Sex>, nik: Option<&str>) -> Option<Decoded> {
    let mut word = word?;
    let from_nik = nik.map(|digits| if number(digits, 6, 8) > 40 { Sex::Female } else { Sex::Male });
    match (word.value.is_some(), sex, from_nik) {
        (true, _, Some(nik)) => word.trust.supported |= sex == Some(nik),
        (true, _, None) => {}
        (false, _, Some(nik)) => {
            let value = if nik == Sex::Female { "PEREMPUAN" } else { "LAKI-LAKI" };
            word.value = Some(value.to_owned());
            word.trust = Trust { log_likelihood: -4.0, log_posterior: -0.7, length: 9, supported: false };
        }
        (false, _, None) => {}
    }
    Some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_go_on_as_long_as_region_day_and_month_exist() {
        for (digits, expected) in [
            ("3", true),
            ("31", true),
            ("10", false),
            ("3174", true),
            ("3100", false),
            ("31740171", true),
            ("31740132", false),
            ("31740140", false),
            ("3174017112", true),
            ("3174017113", false),
        ] {
            let places: Vec<usize> = digits.bytes().map(|digit| usize::from(digit - b'0')).collect();
            assert_eq!(may_begin_nik(&places), expected, "{digits}");
        }
    }
}
