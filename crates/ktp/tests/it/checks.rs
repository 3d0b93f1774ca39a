//! What `check` finds when one value of a sound card is changed.

use jiff::civil::{Date, date};
use ktp::{Field, Fields, IssueCode, Severity, check};

const TODAY: Date = date(2026, 9, 1);

fn sound() -> Fields {
    [
        (Field::Nik, "3174095207900000"),
        (Field::FullName, "AYU CONTOH"),
        (Field::PlaceOfBirth, "JAKARTA"),
        (Field::DateOfBirth, "1990-07-12"),
        (Field::Gender, "PEREMPUAN"),
        (Field::BloodType, "-"),
        (Field::Address, "JL. MAWAR NO. 3"),
        (Field::RtRw, "001/003"),
        (Field::Kelurahan, "SRENGSENG SAWAH"),
        (Field::Kecamatan, "JAGAKARSA"),
        (Field::Religion, "ISLAM"),
        (Field::MaritalStatus, "BELUM KAWIN"),
        (Field::Occupation, "GURU"),
        (Field::Nationality, "WNI"),
        (Field::ValidUntil, "SEUMUR HIDUP"),
        (Field::IssueDate, "2017-03-25"),
        (Field::Province, "DKI JAKARTA"),
        (Field::City, "JAKARTA SELATAN"),
    ]
    .map(|(field, value)| (field, value.to_owned()))
    .into_iter()
    .collect()
}

/// The codes found besides the one every specimen has.
fn found(changes: &[(Field, &str)]) -> Vec<IssueCode> {
    let mut card = sound();
    card.extend(changes.iter().map(|(field, value)| (*field, (*value).to_owned())));
    let codes = check(&card, TODAY).into_iter().map(|issue| issue.code);
    codes.filter(|code| *code != IssueCode::NikSerialZero).collect()
}

#[test]
fn a_sound_card_has_no_issue_but_its_serial() {
    assert_eq!(found(&[]), []);
    assert_eq!(check(&sound(), TODAY).len(), 1);
    assert_eq!(check(&Fields::new(), TODAY), []);
}

#[test]
fn each_fault_has_its_code() {
    use Field::*;
    for (field, value, expected) in [
        (Nik, "3174095207910000", IssueCode::NikBirthDateDiffers),
        (Nik, "3174095307900000", IssueCode::NikBirthDateDiffers),
        (Nik, "3174091207900000", IssueCode::NikGenderDiffers),
        (Nik, "3174097307900000", IssueCode::NikMalformed),
        (Nik, "3174995207900000", IssueCode::NikRegionUnknown),
        (Nik, "3174015207900000", IssueCode::NikDistrictDiffers),
        (Nik, "3173015207900000", IssueCode::NikCityDiffers),
        (Nik, "3201015207900000", IssueCode::NikProvinceDiffers),
        (City, "KABUPATEN BOGOR", IssueCode::CityNotInProvince),
        (Kecamatan, "GAMBIR", IssueCode::DistrictNotInCity),
        (Province, "ATLANTIS", IssueCode::ProvinceUnknown),
        (Occupation, "PAWANG HUJAN", IssueCode::WordUnknown),
        (DateOfBirth, "1890-07-12", IssueCode::BirthDateImplausible),
        (IssueDate, "2027-01-01", IssueCode::IssuedInFuture),
        (IssueDate, "2001-01-01", IssueCode::IssuedBeforeElectronicCards),
        (IssueDate, "1989-01-01", IssueCode::IssuedBeforeBirth),
        (ValidUntil, "2016-07-12", IssueCode::ExpiresBeforeIssue),
        (ValidUntil, "2022-07-12", IssueCode::ExpiryPassed),
    ] {
        let codes = found(&[(field, value)]);
        assert!(codes.contains(&expected), "{field} = {value}: {codes:?}");
    }
}

#[test]
fn spellings_and_old_codes_are_no_faults() {
    use Field::*;
    let palmerah = [(Nik, "3173075207900000"), (City, "JAKARTA BARAT"), (Kecamatan, "PALMERAH")];
    assert_eq!(found(&palmerah), []);
    let merauke =
        [(Nik, "9101015207900000"), (Province, "PAPUA"), (City, "KABUPATEN MERAUKE"), (Kecamatan, "MERAUKE")];
    assert_eq!(found(&merauke), [IssueCode::NikRegionRetired]);
    assert_eq!(found(&[(BloodType, "O+"), (MaritalStatus, "KAWIN TERCATAT")]), []);
}

#[test]
fn minors_carry_a_card_only_when_married() {
    let young = [(Field::DateOfBirth, "2001-07-12"), (Field::Nik, "3174095207010000")];
    assert_eq!(found(&young), [IssueCode::IssuedUnderAge]);
    assert_eq!(found(&[&young[..], &[(Field::MaritalStatus, "KAWIN")]].concat()), []);
}

#[test]
fn an_expired_card_matters_for_foreigners_only() {
    let foreign =
        [(Field::ValidUntil, "2022-07-12"), (Field::Nationality, "RUSIA"), (Field::Gender, "FEMALE")];
    assert_eq!(found(&foreign), [IssueCode::Expired]);
}

#[test]
fn warnings_come_first_and_reasons_hide_values() {
    let mut card = sound();
    card.insert(Field::Nik, "3201010101800000");
    let issues = check(&card, TODAY);
    assert!(issues.is_sorted_by_key(|issue| std::cmp::Reverse(issue.severity())));
    assert_eq!(issues.first().map(ktp::Issue::severity), Some(Severity::Warning));
    let shown = format!("{issues:?}");
    assert!(!shown.contains("3201") && !shown.contains("1990"), "{shown}");
}
