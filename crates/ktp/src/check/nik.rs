//! The NIK against the rest of the card.
//!
//! Invariant: the NIK never corrects another field and no field corrects the NIK; a disagreement names both.
//! Deliberately lacking: a verdict.

use jiff::civil::Date;

use super::{Issue, IssueCode, date};
use crate::{BirthContext, Field, Fields, Nik, Sex, region};

pub(super) fn check(fields: &Fields, today: Date) -> Vec<Issue> {
    let Some(text) = fields.get(Field::Nik) else { return vec![] };
    let Ok(nik) = Nik::parse(text) else {
        let reason = "the NIK is not 16 digits with a birth date in digits 7 to 12";
        return vec![Issue::new(IssueCode::NikMalformed, &[Field::Nik], reason)];
    };
    let mut issues = vec![];
    issues.extend(serial(nik));
    issues.extend(birth_date(nik, fields, today));
    issues.extend(gender(nik, fields));
    issues.extend(region_code(nik));
    issues.extend(region_names(nik, fields));
    issues
}

fn serial(nik: Nik) -> Option<Issue> {
    let reason = "a NIK with serial 0000 is never issued; specimens carry it";
    (nik.serial() == 0).then(|| Issue::new(IssueCode::NikSerialZero, &[Field::Nik], reason))
}

fn birth_date(nik: Nik, fields: &Fields, today: Date) -> Option<Issue> {
    let printed = date(fields, Field::DateOfBirth)?;
    let context = BirthContext { printed: Some(printed), issued: date(fields, Field::IssueDate), today };
    let reason = "the birth date in the NIK is not the printed one";
    (nik.birth_date(&context) != printed)
        .then(|| Issue::new(IssueCode::NikBirthDateDiffers, &[Field::Nik, Field::DateOfBirth], reason))
}

fn gender(nik: Nik, fields: &Fields) -> Option<Issue> {
    let printed = Sex::from_word(fields.get(Field::Gender)?)?;
    let reason = "the day of birth in the NIK stands for the other sex than the printed one";
    (nik.sex() != printed)
        .then(|| Issue::new(IssueCode::NikGenderDiffers, &[Field::Nik, Field::Gender], reason))
}

fn region_code(nik: Nik) -> Option<Issue> {
    match region::district(nik.district()) {
        None => {
            let reason = "the first six digits of the NIK are no district code since 2016";
            Some(Issue::new(IssueCode::NikRegionUnknown, &[Field::Nik], reason))
        }
        Some(district) if district.retired => {
            let reason = "the district code in the NIK is no longer issued; older NIKs keep it";
            Some(Issue::new(IssueCode::NikRegionRetired, &[Field::Nik], reason))
        }
        Some(_) => None,
    }
}

/// The coarsest printed region the NIK disagrees with; finer ones then differ of necessity.
fn region_names(nik: Nik, fields: &Fields) -> Option<Issue> {
    let levels = [
        (region::province(nik.province()), Field::Province, IssueCode::NikProvinceDiffers),
        (region::regency(nik.regency()), Field::City, IssueCode::NikCityDiffers),
        (region::district(nik.district()), Field::Kecamatan, IssueCode::NikDistrictDiffers),
    ];
    let reason = "the NIK names where its holder was first registered, which is not the printed place";
    levels.into_iter().find_map(|(region, field, code)| {
        let differs = !region?.is_called(fields.get(field)?);
        differs.then(|| Issue::new(code, &[Field::Nik, field], reason))
    })
}
