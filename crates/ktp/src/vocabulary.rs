//! The words a card may print in its closed fields, in the card's own spelling.
//!
//! Invariant: every entry is its own normal form. Spellings follow real cards (`KATHOLIK`, `BUDHA`), not dictionaries;
//! the English words are those of foreigners' cards. Deliberately lacking: regions; see [`crate::region`].

use crate::Field;
use crate::text::{compact, distance};

/// `Jenis Kelamin`.
pub const GENDER: &[&str] = &["LAKI-LAKI", "PEREMPUAN", "MALE", "FEMALE"];

/// `Gol. Darah`; a dash stands for unknown, as on four cards of ten.
pub const BLOOD_TYPE: &[&str] = &["-", "A", "B", "AB", "O", "A+", "B+", "AB+", "O+", "A-", "B-", "AB-", "O-"];

/// `Agama`.
pub const RELIGION: &[&str] = &[
    "ISLAM",
    "KRISTEN",
    "KATHOLIK",
    "HINDU",
    "BUDHA",
    "KHONGHUCU",
    "KONGHUCU",
    "KEPERCAYAAN",
    "KEPERCAYAAN TERHADAP TUHAN YME",
    "LAINNYA",
    "MOSLEM",
    "CHRISTIAN",
    "CATHOLIC",
    "BUDDHIST",
    "CONFUCIAN",
    "OTHERS",
];

/// Words of the lists above and below that only foreigners' cards print.
pub const FOREIGNERS: &[&str] = &[
    "MALE",
    "FEMALE",
    "MOSLEM",
    "CHRISTIAN",
    "CATHOLIC",
    "BUDDHIST",
    "CONFUCIAN",
    "OTHERS",
    "SINGLE",
    "MARRIED",
    "DIVORCED",
    "WIDOWED",
];

/// `Status Perkawinan`.
pub const MARITAL_STATUS: &[&str] = &[
    "BELUM KAWIN",
    "KAWIN",
    "CERAI HIDUP",
    "CERAI MATI",
    "KAWIN TERCATAT",
    "KAWIN BELUM TERCATAT",
    "SINGLE",
    "MARRIED",
    "DIVORCED",
    "WIDOWED",
];

/// `Kewarganegaraan` of citizens, and the general word for everybody else, whose card prints a country.
pub const NATIONALITY: &[&str] = &["WNI", "WNA"];

/// What `Berlaku Hingga` prints when it prints no date.
pub const LIFELONG: &str = "SEUMUR HIDUP";

/// `Pekerjaan`: the civil registry's list, then spellings seen on cards and the word foreigners' cards use.
pub const OCCUPATION: &[&str] = &[
    "BELUM/TIDAK BEKERJA",
    "MENGURUS RUMAH TANGGA",
    "PELAJAR/MAHASISWA",
    "PENSIUNAN",
    "PEGAWAI NEGERI SIPIL (PNS)",
    "TENTARA NASIONAL INDONESIA (TNI)",
    "KEPOLISIAN RI (POLRI)",
    "PERDAGANGAN",
    "PETANI/PEKEBUN",
    "PETERNAK",
    "NELAYAN/PERIKANAN",
    "INDUSTRI",
    "KONSTRUKSI",
    "TRANSPORTASI",
    "KARYAWAN SWASTA",
    "KARYAWAN BUMN",
    "KARYAWAN BUMD",
    "KARYAWAN HONORER",
    "BURUH HARIAN LEPAS",
    "BURUH TANI/PERKEBUNAN",
    "BURUH NELAYAN/PERIKANAN",
    "BURUH PETERNAKAN",
    "PEMBANTU RUMAH TANGGA",
    "TUKANG CUKUR",
    "TUKANG LISTRIK",
    "TUKANG BATU",
    "TUKANG KAYU",
    "TUKANG SOL SEPATU",
    "TUKANG LAS/PANDAI BESI",
    "TUKANG JAHIT",
    "TUKANG GIGI",
    "PENATA RIAS",
    "PENATA BUSANA",
    "PENATA RAMBUT",
    "MEKANIK",
    "SENIMAN",
    "TABIB",
    "PARAJI",
    "PERANCANG BUSANA",
    "PENTERJEMAH",
    "IMAM MASJID",
    "PENDETA",
    "PASTOR",
    "WARTAWAN",
    "USTADZ/MUBALIGH",
    "JURU MASAK",
    "PROMOTOR ACARA",
    "ANGGOTA DPR-RI",
    "ANGGOTA DPD",
    "ANGGOTA BPK",
    "PRESIDEN",
    "WAKIL PRESIDEN",
    "ANGGOTA MAHKAMAH KONSTITUSI",
    "ANGGOTA KABINET/KEMENTERIAN",
    "DUTA BESAR",
    "GUBERNUR",
    "WAKIL GUBERNUR",
    "BUPATI",
    "WAKIL BUPATI",
    "WALIKOTA",
    "WAKIL WALIKOTA",
    "ANGGOTA DPRD PROVINSI",
    "ANGGOTA DPRD KABUPATEN/KOTA",
    "DOSEN",
    "GURU",
    "PILOT",
    "PENGACARA",
    "NOTARIS",
    "ARSITEK",
    "AKUNTAN",
    "KONSULTAN",
    "DOKTER",
    "BIDAN",
    "PERAWAT",
    "APOTEKER",
    "PSIKIATER/PSIKOLOG",
    "PENYIAR TELEVISI",
    "PENYIAR RADIO",
    "PELAUT",
    "PENELITI",
    "SOPIR",
    "PIALANG",
    "PARANORMAL",
    "PEDAGANG",
    "PERANGKAT DESA",
    "KEPALA DESA",
    "BIARAWAN/BIARAWATI",
    "WIRASWASTA",
    "ANGGOTA LEMBAGA TINGGI LAINNYA",
    "ARTIS",
    "ATLIT",
    "CHEFF",
    "MANAJER",
    "TENAGA TATA USAHA",
    "OPERATOR",
    "PEKERJA PENGOLAHAN, KERAJINAN",
    "TEKNISI",
    "ASISTEN AHLI",
    "LAINNYA",
    "BIARAWATI",
    "IMAM MESJID",
    "PASTUR",
    "PEKERJAAN LAINNYA",
    "SWASTA",
    "OTHERS",
];

/// The words of a field, `None` where any text may stand.
pub fn words(field: Field) -> Option<&'static [&'static str]> {
    match field {
        Field::Gender => Some(GENDER),
        Field::BloodType => Some(BLOOD_TYPE),
        Field::Religion => Some(RELIGION),
        Field::MaritalStatus => Some(MARITAL_STATUS),
        Field::Occupation => Some(OCCUPATION),
        Field::Nationality => Some(NATIONALITY),
        Field::Nik
        | Field::FullName
        | Field::PlaceOfBirth
        | Field::DateOfBirth
        | Field::Address
        | Field::RtRw
        | Field::Kelurahan
        | Field::Kecamatan
        | Field::ValidUntil
        | Field::IssueDate
        | Field::Province
        | Field::City => None,
    }
}

/// The word of the field's vocabulary nearest to the text and how many edits away it is, comparing letters and digits
/// only. `None` where the field has no vocabulary, or the text has no letter or is far too long. How far is too far
/// is the caller's to say.
pub fn closest(field: Field, text: &str) -> Option<(&'static str, usize)> {
    let read = compact(text);
    if read.is_empty() {
        return None;
    }
    let letters = read.chars().count();
    let mut best: Option<(&'static str, usize)> = None;
    for word in words(field)? {
        let spelt = compact(word);
        // So many letters more or fewer are as many edits.
        let least = spelt.chars().count().abs_diff(letters);
        if best.is_none_or(|(_, edits)| least < edits)
            && let Some(edits) = distance(&read, &spelt)
            && best.is_none_or(|(_, fewest)| edits < fewest)
        {
            best = Some((word, edits));
        }
    }
    best
}

/// Everything a card may print in a closed field: its words, and spellings that some offices print. The normal form of
/// each is one of the words.
pub fn spellings(field: Field) -> impl Iterator<Item = &'static str> {
    let others: &[_] = if field == Field::Religion { &["KATOLIK", "BUDDHA"] } else { &[] };
    words(field).unwrap_or_default().iter().chain(others).copied()
}

/// The Indonesian word for an English one of a foreigner's card; `None` where there is nothing to translate.
pub fn indonesian(field: Field, value: &str) -> Option<&'static str> {
    let pairs: &[(&str, &'static str)] = match field {
        Field::Gender => &[("MALE", "LAKI-LAKI"), ("FEMALE", "PEREMPUAN")],
        Field::Religion => &[
            ("MOSLEM", "ISLAM"),
            ("CHRISTIAN", "KRISTEN"),
            ("CATHOLIC", "KATHOLIK"),
            ("BUDDHIST", "BUDHA"),
            ("CONFUCIAN", "KHONGHUCU"),
            ("OTHERS", "LAINNYA"),
        ],
        Field::MaritalStatus => &[
            ("SINGLE", "BELUM KAWIN"),
            ("MARRIED", "KAWIN"),
            ("DIVORCED", "CERAI HIDUP"),
            ("WIDOWED", "CERAI MATI"),
        ],
        Field::Occupation => &[("OTHERS", "LAINNYA")],
        Field::Nik
        | Field::FullName
        | Field::PlaceOfBirth
        | Field::DateOfBirth
        | Field::BloodType
        | Field::Address
        | Field::RtRw
        | Field::Kelurahan
        | Field::Kecamatan
        | Field::Nationality
        | Field::ValidUntil
        | Field::IssueDate
        | Field::Province
        | Field::City => &[],
    };
    pairs.iter().find(|(english, _)| *english == value).map(|(_, own)| *own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise;

    #[test]
    fn foreigners_words_are_in_the_lists() {
        let fields = [Field::Gender, Field::Religion, Field::MaritalStatus];
        for word in FOREIGNERS {
            assert!(fields.iter().any(|field| spellings(*field).any(|listed| listed == *word)), "{word}");
        }
    }

    #[test]
    fn closest_finds_through_noise() {
        for (field, text, expected) in [
            (Field::Religion, "KATOLIK", ("KATHOLIK", 1)),
            (Field::Religion, "ISL AM", ("ISLAM", 0)),
            (Field::Gender, "LAKI LAKl", ("LAKI-LAKI", 0)),
            (Field::Occupation, "PELAJARIMAHASISWA", ("PELAJAR/MAHASISWA", 1)),
            (Field::MaritalStatus, "BELUMKAWIN", ("BELUM KAWIN", 0)),
        ] {
            let text = text.replace('l', "I");
            assert_eq!(closest(field, &text), Some(expected), "{field}");
        }
        assert_eq!(closest(Field::FullName, "X"), None);
        assert_eq!(closest(Field::Religion, &"ISLAM".repeat(100)), None);
    }

    #[test]
    fn every_spelling_stands_for_its_own_normal_form() {
        for field in Field::ALL {
            for printed in spellings(field) {
                let word = normalise(field, printed).expect("a spelling is known");
                assert!(
                    words(field).is_some_and(|words| words.contains(&word.as_str())),
                    "{field} {printed}"
                );
            }
        }
        assert_eq!(normalise(Field::Religion, "KATOLIK").as_deref(), Ok("KATHOLIK"));
        assert_eq!(spellings(Field::Religion).count(), RELIGION.len() + 2);
    }

    #[test]
    fn every_word_is_its_own_normal_form() {
        for field in Field::ALL {
            for word in words(field).unwrap_or_default() {
                assert_eq!(normalise(field, word).as_deref(), Ok(*word), "{field}");
            }
        }
    }
}
