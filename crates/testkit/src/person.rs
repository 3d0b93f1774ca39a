//! Invented card holders.
//!
//! Invariant: a person's card agrees with itself (NIK, birth date, sex, regions, dates), so that a check that complains
//! has found a fault of the code; only the serial is never issued. Deliberately lacking: foreigners and broken cards,
//! which a test makes by changing fields.

use jiff::civil::Date;
use ktp::{Field, Fields, Nik, Sex, region};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

const GIVEN_MALE: &[&str] =
    &["ADI", "BAYU", "CAHYO", "DIMAS", "EKO", "FAJAR", "GILANG", "HENDRA", "IRFAN", "JOKO"];
const GIVEN_FEMALE: &[&str] =
    &["AYU", "BUNGA", "CITRA", "DEWI", "ELOK", "FITRI", "GITA", "INTAN", "KARTIKA", "LESTARI"];
const LAST: &[&str] =
    &["CONTOH", "PERCOBAAN", "UMPAMA", "MISALNYA", "KHAYALAN", "REKAAN", "TELADAN", "MODEL"];
const STREETS: &[&str] = &["MAWAR", "MELATI", "ANGGREK", "CEMARA", "KENANGA", "FLAMBOYAN", "DAHLIA"];
const VILLAGES: &[&str] = &["SUKA MAJU", "MEKAR SARI", "KARANG ANYAR", "TANJUNG HARAPAN", "SUMBER REJO"];
const OCCUPATIONS: &[&str] =
    &["PELAJAR/MAHASISWA", "KARYAWAN SWASTA", "WIRASWASTA", "GURU", "PETANI/PEKEBUN"];
const RELIGIONS: &[&str] = &["ISLAM", "KRISTEN", "KATHOLIK", "HINDU", "BUDHA"];
const MARITAL: &[&str] = &["BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI"];

/// A person who does not exist, with everything the card prints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    fields: Fields,
}

impl Person {
    /// The person of a seed.
    pub fn seeded(seed: u64) -> Person {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let sex = if rng.random_bool(0.5) { Sex::Male } else { Sex::Female };
        let birth = date_between(&mut rng, 1950, 1999);
        let issued = date_between(&mut rng, 2017, 2024);
        let district = pick(&mut rng, region::districts(), |region| !region.retired);
        let city = region::regency(district.code / 100).expect("every district has its regency");
        let province = region::province(district.code / 10_000).expect("every district has its province");
        let values = [
            (Field::Nik, nik(district.code, birth, sex)),
            (Field::FullName, name(&mut rng, sex)),
            (Field::PlaceOfBirth, place(city.name)),
            (Field::DateOfBirth, birth.to_string()),
            (Field::Gender, gender(sex).into()),
            (Field::BloodType, word(&mut rng, &["-", "A", "B", "AB", "O"])),
            (Field::Address, format!("JL. {} NO. {}", word(&mut rng, STREETS), rng.random_range(1..200))),
            (Field::RtRw, format!("{:03}/{:03}", rng.random_range(1..20), rng.random_range(1..12))),
            (Field::Kelurahan, word(&mut rng, VILLAGES)),
            (Field::Kecamatan, district.name.into()),
            (Field::Religion, word(&mut rng, RELIGIONS)),
            (Field::MaritalStatus, word(&mut rng, MARITAL)),
            (Field::Occupation, word(&mut rng, OCCUPATIONS)),
            (Field::Nationality, "WNI".into()),
            (Field::ValidUntil, ktp::vocabulary::LIFELONG.into()),
            (Field::IssueDate, issued.to_string()),
            (Field::Province, province.name.into()),
            (Field::City, city.name.into()),
        ];
        Person { fields: values.into_iter().collect() }
    }

    /// All eighteen values.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The population number.
    pub fn nik(&self) -> Nik {
        Nik::parse(self.value(Field::Nik)).expect("made of a district, a date and a serial")
    }

    /// One value.
    pub fn value(&self, field: Field) -> &str {
        self.fields.get(field).expect("a person has every field")
    }
}

fn word(rng: &mut ChaCha8Rng, words: &[&str]) -> String {
    (*words.choose(rng).expect("the list is not empty")).to_owned()
}

fn pick<'a, T>(rng: &mut ChaCha8Rng, items: &'a [T], accept: impl Fn(&T) -> bool) -> &'a T {
    loop {
        let item = items.choose(rng).expect("the table is not empty");
        if accept(item) {
            return item;
        }
    }
}

fn date_between(rng: &mut ChaCha8Rng, from: i16, to: i16) -> Date {
    let (year, month, day) =
        (rng.random_range(from..=to), rng.random_range(1..=12), rng.random_range(1..=28));
    Date::new(year, month, day).expect("every month has 28 days")
}

fn name(rng: &mut ChaCha8Rng, sex: Sex) -> String {
    let given = match sex {
        Sex::Male => GIVEN_MALE,
        Sex::Female => GIVEN_FEMALE,
    };
    format!("{} {}", word(rng, given), word(rng, LAST))
}

fn place(city: &str) -> String {
    let bare = city.strip_prefix("KABUPATEN ").or_else(|| city.strip_prefix("KOTA "));
    bare.unwrap_or(city).to_owned()
}

fn gender(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "LAKI-LAKI",
        Sex::Female => "PEREMPUAN",
    }
}

fn nik(district: u32, birth: Date, sex: Sex) -> String {
    let day = birth.day() + if sex == Sex::Female { 40 } else { 0 };
    format!("{district:06}{day:02}{:02}{:02}0000", birth.month(), birth.year() % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ktp::IssueCode;

    #[test]
    fn people_agree_with_themselves() {
        let today = Date::constant(2026, 9, 1);
        for seed in 0..500 {
            let person = Person::seeded(seed);
            let issues: Vec<_> =
                ktp::check(person.fields(), today).into_iter().map(|issue| issue.code).collect();
            assert_eq!(issues, [IssueCode::NikSerialZero], "seed {seed}");
            for (field, value) in person.fields().iter() {
                assert_eq!(ktp::normalise(field, value).as_deref(), Ok(value), "{field} of seed {seed}");
            }
        }
    }

    #[test]
    fn a_seed_is_a_person() {
        assert_eq!(Person::seeded(7), Person::seeded(7));
        assert_ne!(Person::seeded(7), Person::seeded(8));
    }
}
