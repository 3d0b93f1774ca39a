//! `nik_consistency`: do the NIK's own parts exist, and do they agree with the birth date and gender beside it?
//! Invariant: the reason names what disagrees and never a digit of it.
//! Deliberately lacks the region of the address: one honest card in four carries another district's code.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ktp::{BirthContext, Nik, Sex, region};

use super::{CardData, Vote};

/// Votes on the card's fields.
pub fn vote(card: &CardData, today: Timestamp, allow_test_serial: bool) -> Vote {
    let complaints = complaints(card, today, allow_test_serial);
    let passed = complaints.is_empty();
    let reason = if passed { "ok".to_owned() } else { complaints.join(", ") };
    Vote { name: "nik_consistency", passed, reason, strength: if passed { 1.0 } else { 0.0 } }
}

fn complaints(card: &CardData, today: Timestamp, allow_test_serial: bool) -> Vec<&'static str> {
    let Some(text) = card.nik.as_deref() else { return vec!["no NIK was sent"] };
    let Ok(nik) = Nik::parse(text) else { return vec!["NIK has no possible birth date"] };
    let mut found = Vec::new();
    if region::province(nik.province()).is_none() {
        found.push("NIK has no known province");
    }
    if nik.serial() == 0 && !allow_test_serial {
        found.push("NIK serial is never issued");
    }
    let today = today.to_zoned(TimeZone::UTC).date();
    if let Some(printed) = card.date_of_birth {
        let context = BirthContext { printed: Some(printed), issued: None, today };
        if nik.birth_date(&context) != printed {
            found.push("NIK disagrees with dateOfBirth");
        }
        if printed > today {
            found.push("dateOfBirth is in the future");
        }
    }
    let sex = card.gender.as_deref().and_then(|word| match word {
        "LAKI-LAKI" => Some(Sex::Male),
        "PEREMPUAN" => Some(Sex::Female),
        _other => None,
    });
    if sex.is_some_and(|sex| sex != nik.sex()) {
        found.push("NIK disagrees with gender");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nik: Option<&str>, born: &str, gender: &str, allow: bool, expected: &str) {
        let card = CardData {
            nik: nik.map(str::to_owned),
            date_of_birth: born.parse().ok(),
            gender: Some(gender.to_owned()),
        };
        let today = "2026-09-01T00:00:00Z".parse().unwrap();
        let vote = vote(&card, today, allow);
        assert_eq!((vote.reason.as_str(), vote.passed), (expected, expected == "ok"));
    }

    #[test]
    fn agreement() {
        let nik = Some("3174095207900000");
        check(nik, "1990-07-12", "PEREMPUAN", true, "ok");
        check(nik, "1990-07-12", "PEREMPUAN", false, "NIK serial is never issued");
        check(nik, "1990-07-13", "PEREMPUAN", true, "NIK disagrees with dateOfBirth");
        check(nik, "1990-07-12", "LAKI-LAKI", true, "NIK disagrees with gender");
        check(nik, "", "PEREMPUAN", true, "ok");
        check(None, "1990-07-12", "PEREMPUAN", true, "no NIK was sent");
        check(Some("3174099907900000"), "1990-07-12", "PEREMPUAN", true, "NIK has no possible birth date");
        check(Some("0074095207900000"), "1990-07-12", "PEREMPUAN", true, "NIK has no known province");
    }
}
