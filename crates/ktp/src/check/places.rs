//! The printed regions against the table, and words against their vocabularies.
//!
//! Invariant: a printed district is looked up in its printed regency only, so equal names elsewhere do not count.
//! Deliberately lacking: villages.

use super::{Issue, IssueCode};
use crate::region::{self, Region};
use crate::{Field, Fields, vocabulary};

pub(super) fn check(fields: &Fields) -> Vec<Issue> {
    let mut issues = regions(fields);
    issues.extend(words(fields));
    issues
}

fn called(candidates: &'static [Region], printed: &str) -> Vec<&'static Region> {
    candidates.iter().filter(|region| region.is_called(printed)).collect()
}

fn regions(fields: &Fields) -> Vec<Issue> {
    let Some(printed) = fields.get(Field::Province) else { return vec![] };
    let provinces = called(region::provinces(), printed);
    if provinces.is_empty() {
        let reason = "no province has this name";
        return vec![Issue::new(IssueCode::ProvinceUnknown, &[Field::Province], reason)];
    }
    let Some(printed) = fields.get(Field::City) else { return vec![] };
    let cities: Vec<_> =
        provinces.iter().flat_map(|p| called(region::regencies_of(p.code), printed)).collect();
    if cities.is_empty() {
        let reason = "the printed province has no regency or city of this name";
        return vec![Issue::new(IssueCode::CityNotInProvince, &[Field::City, Field::Province], reason)];
    }
    let Some(printed) = fields.get(Field::Kecamatan) else { return vec![] };
    if cities.iter().all(|c| called(region::districts_of(c.code), printed).is_empty()) {
        let reason = "the printed regency or city has no district of this name";
        return vec![Issue::new(IssueCode::DistrictNotInCity, &[Field::Kecamatan, Field::City], reason)];
    }
    vec![]
}

fn words(fields: &Fields) -> Vec<Issue> {
    let closed = [Field::Gender, Field::BloodType, Field::Religion, Field::MaritalStatus, Field::Occupation];
    let unknown = |field: &Field| {
        let value = fields.get(*field)?;
        vocabulary::words(*field).filter(|words| !words.contains(&value)).map(|_| *field)
    };
    let reason = "the word is not in the civil registry's list";
    closed.iter().filter_map(unknown).map(|f| Issue::new(IssueCode::WordUnknown, &[f], reason)).collect()
}
