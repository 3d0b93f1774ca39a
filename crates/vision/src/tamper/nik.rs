//! `nik_consistency`: the NIK against birth date, sex and region codes.
//!
//! Invariant: a contradiction counts as much as the less sure of the two fields it lies between. Deliberately lacks
//! suspicion of another place's code: one honest card in four carries the code of where its holder was first registered.

use jiff::civil::Date;
use ktp::{Field, IssueCode};

use super::params::TamperParams;
use super::vote::{Vote, Voter};
use crate::reading::Reading;

pub(super) fn vote(reading: &Reading, today: Date, params: &TamperParams) -> Vote {
    let sure = |field: &Field| reading.confidence(*field) >= params.sure_confidence;
    let issues = ktp::check(&reading.fields(), today);
    let worst = issues
        .iter()
        .filter(|issue| contradicts(issue.code))
        .map(|issue| {
            let least = issue.fields.iter().map(|field| reading.confidence(*field)).fold(1.0, f32::min);
            (least / params.sure_confidence, issue.reason)
        })
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match worst {
        Some((suspicion, reason)) if suspicion >= 1.0 => {
            return Vote::of(Voter::NikConsistency, suspicion, reason.to_owned());
        }
        Some(_) => {
            return Vote::not_judged(Voter::NikConsistency, "what contradicts the NIK is not surely read");
        }
        None => {}
    }
    let witnesses = [Field::DateOfBirth, Field::Gender].iter().filter(|field| sure(field)).count();
    if !sure(&Field::Nik) || witnesses == 0 {
        return Vote::not_judged(Voter::NikConsistency, "NIK, birth date and sex are not surely read");
    }
    let elsewhere = |code| matches!(code, IssueCode::NikProvinceDiffers | IssueCode::NikCityDiffers);
    if issues.iter().any(|issue| elsewhere(issue.code)) {
        let reason = "agrees; registered first in another place than the printed one, as one in four is";
        return Vote::of(Voter::NikConsistency, params.elsewhere_suspicion, reason.to_owned());
    }
    Vote::of(Voter::NikConsistency, 0.0, "agrees with what is printed".to_owned())
}

fn contradicts(code: IssueCode) -> bool {
    match code {
        IssueCode::NikMalformed
        | IssueCode::NikRegionUnknown
        | IssueCode::NikBirthDateDiffers
        | IssueCode::NikGenderDiffers => true,
        IssueCode::NikSerialZero
        | IssueCode::NikRegionRetired
        | IssueCode::NikProvinceDiffers
        | IssueCode::NikCityDiffers
        | IssueCode::NikDistrictDiffers
        | IssueCode::ProvinceUnknown
        | IssueCode::CityNotInProvince
        | IssueCode::DistrictNotInCity
        | IssueCode::WordUnknown
        | IssueCode::BirthDateImplausible
        | IssueCode::IssuedUnderAge
        | IssueCode::IssuedBeforeBirth
        | IssueCode::IssuedInFuture
        | IssueCode::IssuedBeforeElectronicCards
        | IssueCode::ExpiresBeforeIssue
        | IssueCode::ExpiryPassed
        | IssueCode::Expired => false,
    }
}
