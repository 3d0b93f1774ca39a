//! Checks of a card's values against each other and against the region table.
//!
//! Invariant: findings are values, never refusals: about 3 of 100 real cards disagree with themselves, and 1 in 4
//! carries another district's code in its NIK. A reason never repeats a value. Deliberately lacking: anything that
//! needs the picture.

mod dates;
mod nik;
mod places;

use jiff::civil::Date;

use crate::{Field, Fields};

/// How much an issue weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Common on genuine cards; worth showing, not worth stopping for.
    Info,
    /// Rare on genuine cards: look again, and let a person decide.
    Warning,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IssueCode {
    /// The NIK's birth digits are no date.
    NikMalformed,
    /// The NIK ends in `0000`, which is never issued.
    NikSerialZero,
    /// The NIK's district code is in no list.
    NikRegionUnknown,
    /// The NIK's district code is no longer issued.
    NikRegionRetired,
    /// The NIK's birth date is not the printed one.
    NikBirthDateDiffers,
    /// The NIK's sex is not the printed one.
    NikGenderDiffers,
    /// The NIK's province is not the printed one.
    NikProvinceDiffers,
    /// The NIK's regency or city is not the printed one.
    NikCityDiffers,
    /// The NIK's district is not the printed one.
    NikDistrictDiffers,
    /// The printed province is in no list.
    ProvinceUnknown,
    /// The printed regency or city is not one of the printed province.
    CityNotInProvince,
    /// The printed district is not one of the printed regency or city.
    DistrictNotInCity,
    /// A word outside the field's vocabulary.
    WordUnknown,
    /// The birth date is in the future or more than 120 years ago.
    BirthDateImplausible,
    /// The card was issued before its holder was of age and unmarried.
    IssuedUnderAge,
    /// The card was issued before its holder was born.
    IssuedBeforeBirth,
    /// The issue date is in the future.
    IssuedInFuture,
    /// The card was issued before the electronic KTP existed.
    IssuedBeforeElectronicCards,
    /// The validity ends before the card was issued.
    ExpiresBeforeIssue,
    /// The printed validity has passed; for citizens' cards the law made it lifelong.
    ExpiryPassed,
    /// A foreigner's card whose validity has passed.
    Expired,
}

impl IssueCode {
    /// A stable word for scripts and translations.
    pub const fn as_str(self) -> &'static str {
        match self {
            IssueCode::NikMalformed => "nik-malformed",
            IssueCode::NikSerialZero => "nik-serial-zero",
            IssueCode::NikRegionUnknown => "nik-region-unknown",
            IssueCode::NikRegionRetired => "nik-region-retired",
            IssueCode::NikBirthDateDiffers => "nik-birth-date-differs",
            IssueCode::NikGenderDiffers => "nik-gender-differs",
            IssueCode::NikProvinceDiffers => "nik-province-differs",
            IssueCode::NikCityDiffers => "nik-city-differs",
            IssueCode::NikDistrictDiffers => "nik-district-differs",
            IssueCode::ProvinceUnknown => "province-unknown",
            IssueCode::CityNotInProvince => "city-not-in-province",
            IssueCode::DistrictNotInCity => "district-not-in-city",
            IssueCode::WordUnknown => "word-unknown",
            IssueCode::BirthDateImplausible => "birth-date-implausible",
            IssueCode::IssuedUnderAge => "issued-under-age",
            IssueCode::IssuedBeforeBirth => "issued-before-birth",
            IssueCode::IssuedInFuture => "issued-in-future",
            IssueCode::IssuedBeforeElectronicCards => "issued-before-electronic-cards",
            IssueCode::ExpiresBeforeIssue => "expires-before-issue",
            IssueCode::ExpiryPassed => "expiry-passed",
            IssueCode::Expired => "expired",
        }
    }

    /// How much this weighs.
    pub const fn severity(self) -> Severity {
        match self {
            IssueCode::NikSerialZero
            | IssueCode::NikRegionRetired
            | IssueCode::NikProvinceDiffers
            | IssueCode::NikCityDiffers
            | IssueCode::NikDistrictDiffers
            | IssueCode::DistrictNotInCity
            | IssueCode::WordUnknown
            | IssueCode::ExpiryPassed => Severity::Info,
            IssueCode::NikMalformed
            | IssueCode::NikRegionUnknown
            | IssueCode::NikBirthDateDiffers
            | IssueCode::NikGenderDiffers
            | IssueCode::ProvinceUnknown
            | IssueCode::CityNotInProvince
            | IssueCode::BirthDateImplausible
            | IssueCode::IssuedUnderAge
            | IssueCode::IssuedBeforeBirth
            | IssueCode::IssuedInFuture
            | IssueCode::IssuedBeforeElectronicCards
            | IssueCode::ExpiresBeforeIssue
            | IssueCode::Expired => Severity::Warning,
        }
    }
}

/// One finding about one or more fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What was found.
    pub code: IssueCode,
    /// The fields it concerns, the one more likely at fault first.
    pub fields: Vec<Field>,
    /// Why, in English, without any value of the card.
    pub reason: &'static str,
}

impl Issue {
    fn new(code: IssueCode, fields: &[Field], reason: &'static str) -> Issue {
        Issue { code, fields: fields.to_vec(), reason }
    }

    /// How much it weighs.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// Everything noteworthy about the values, warnings first. Fields that are absent are not missed.
pub fn check(fields: &Fields, today: Date) -> Vec<Issue> {
    let mut issues = nik::check(fields, today);
    issues.extend(places::check(fields));
    issues.extend(dates::check(fields, today));
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.severity()));
    issues
}

/// A date field's value.
fn date(fields: &Fields, field: Field) -> Option<Date> {
    fields.get(field)?.parse().ok()
}
