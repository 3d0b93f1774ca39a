//! The card's dates against each other and against today.
//!
//! Invariant: a passed validity of a citizen's card is information only: Law 24 of 2013 made all of them lifelong.
//! Deliberately lacking: the NIK's date; see the NIK checks.

use jiff::civil::Date;

use super::{Issue, IssueCode, date};
use crate::{Field, Fields};

/// Oldest plausible holder.
const MAX_AGE_YEARS: i16 = 120;
/// From this birthday on everybody carries a KTP; before it only the married do.
const KTP_AGE_YEARS: i16 = 17;
/// First electronic cards; the pilot printed in 2009, mass issue began in 2011.
const FIRST_ISSUE_YEAR: i16 = 2009;

pub(super) fn check(fields: &Fields, today: Date) -> Vec<Issue> {
    let birth = date(fields, Field::DateOfBirth);
    let issued = date(fields, Field::IssueDate);
    let expiry = date(fields, Field::ValidUntil);
    let mut issues = vec![];
    issues.extend(birth.and_then(|birth| plausible_birth(birth, today)));
    issues.extend(issued.and_then(|issued| plausible_issue(issued, today)));
    if let (Some(birth), Some(issued)) = (birth, issued) {
        issues.extend(of_age(birth, issued, fields.get(Field::MaritalStatus)));
    }
    if let (Some(issued), Some(expiry)) = (issued, expiry)
        && expiry < issued
    {
        let reason = "the validity ends before the issue date";
        issues.push(Issue::new(
            IssueCode::ExpiresBeforeIssue,
            &[Field::ValidUntil, Field::IssueDate],
            reason,
        ));
    }
    issues.extend(expiry.filter(|expiry| *expiry < today).map(|_| passed(fields.get(Field::Nationality))));
    issues
}

fn plausible_birth(birth: Date, today: Date) -> Option<Issue> {
    let plausible = birth <= today && today.year() - birth.year() <= MAX_AGE_YEARS;
    let reason = "the birth date is in the future or more than 120 years ago";
    (!plausible).then(|| Issue::new(IssueCode::BirthDateImplausible, &[Field::DateOfBirth], reason))
}

fn plausible_issue(issued: Date, today: Date) -> Option<Issue> {
    if issued > today {
        let reason = "the issue date is in the future";
        return Some(Issue::new(IssueCode::IssuedInFuture, &[Field::IssueDate], reason));
    }
    let reason = "the issue date is before the first electronic cards";
    (issued.year() < FIRST_ISSUE_YEAR)
        .then(|| Issue::new(IssueCode::IssuedBeforeElectronicCards, &[Field::IssueDate], reason))
}

fn of_age(birth: Date, issued: Date, marital_status: Option<&str>) -> Option<Issue> {
    let concerned = [Field::DateOfBirth, Field::IssueDate];
    if issued < birth {
        let reason = "the card was issued before its holder was born";
        return Some(Issue::new(IssueCode::IssuedBeforeBirth, &concerned, reason));
    }
    let birthday = (issued.month(), issued.day()) >= (birth.month(), birth.day());
    let age = issued.year() - birth.year() - i16::from(!birthday);
    let unmarried = matches!(marital_status, Some("BELUM KAWIN" | "SINGLE"));
    let reason = "the card was issued to an unmarried person under 17";
    (age < KTP_AGE_YEARS && unmarried).then(|| Issue::new(IssueCode::IssuedUnderAge, &concerned, reason))
}

fn passed(nationality: Option<&str>) -> Issue {
    if nationality.is_some_and(|nationality| nationality != "WNI") {
        let reason = "the validity of this foreigner's card has passed";
        return Issue::new(IssueCode::Expired, &[Field::ValidUntil], reason);
    }
    let reason = "the printed validity has passed; the law made citizens' cards lifelong";
    Issue::new(IssueCode::ExpiryPassed, &[Field::ValidUntil], reason)
}
