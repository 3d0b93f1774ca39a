//! The eighteen things a KTP's front prints, in card order.
//!
//! Invariant: `key` and `from_key` are inverse, and the keys are the ones of the evaluation format and of the partner
//! contract. Deliberately lacking: values; see [`crate::Fields`].

use std::fmt;

/// One printed item of the card's front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The 16-digit population number.
    Nik,
    /// `Nama`.
    FullName,
    /// The place in `Tempat/Tgl Lahir`.
    PlaceOfBirth,
    /// The date in `Tempat/Tgl Lahir`.
    DateOfBirth,
    /// `Jenis Kelamin`.
    Gender,
    /// `Gol. Darah`.
    BloodType,
    /// `Alamat`.
    Address,
    /// `RT/RW`, the two neighbourhood numbers.
    RtRw,
    /// `Kel/Desa`, the village.
    Kelurahan,
    /// `Kecamatan`, the district.
    Kecamatan,
    /// `Agama`.
    Religion,
    /// `Status Perkawinan`.
    MaritalStatus,
    /// `Pekerjaan`.
    Occupation,
    /// `Kewarganegaraan`.
    Nationality,
    /// `Berlaku Hingga`.
    ValidUntil,
    /// The date under the photograph.
    IssueDate,
    /// First header line, without the word `PROVINSI`.
    Province,
    /// Second header line as printed: `KABUPATEN …`, `KOTA …` or `JAKARTA …`.
    City,
}

impl Field {
    /// Every field, in card order.
    pub const ALL: [Field; 18] = [
        Field::Nik,
        Field::FullName,
        Field::PlaceOfBirth,
        Field::DateOfBirth,
        Field::Gender,
        Field::BloodType,
        Field::Address,
        Field::RtRw,
        Field::Kelurahan,
        Field::Kecamatan,
        Field::Religion,
        Field::MaritalStatus,
        Field::Occupation,
        Field::Nationality,
        Field::ValidUntil,
        Field::IssueDate,
        Field::Province,
        Field::City,
    ];

    /// The sixteen fields a capture bundle carries: all but province and city.
    pub const ON_WIRE: [Field; 16] = [
        Field::Nik,
        Field::FullName,
        Field::PlaceOfBirth,
        Field::DateOfBirth,
        Field::Gender,
        Field::BloodType,
        Field::Address,
        Field::RtRw,
        Field::Kelurahan,
        Field::Kecamatan,
        Field::Religion,
        Field::MaritalStatus,
        Field::Occupation,
        Field::Nationality,
        Field::ValidUntil,
        Field::IssueDate,
    ];

    /// The camel-case key of the evaluation format and the partner contract.
    pub const fn key(self) -> &'static str {
        match self {
            Field::Nik => "nik",
            Field::FullName => "fullName",
            Field::PlaceOfBirth => "placeOfBirth",
            Field::DateOfBirth => "dateOfBirth",
            Field::Gender => "gender",
            Field::BloodType => "bloodType",
            Field::Address => "address",
            Field::RtRw => "rtRw",
            Field::Kelurahan => "kelurahan",
            Field::Kecamatan => "kecamatan",
            Field::Religion => "religion",
            Field::MaritalStatus => "maritalStatus",
            Field::Occupation => "occupation",
            Field::Nationality => "nationality",
            Field::ValidUntil => "validUntil",
            Field::IssueDate => "issueDate",
            Field::Province => "province",
            Field::City => "city",
        }
    }

    /// The field of a key, `None` for an unknown one.
    pub fn from_key(key: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.key() == key)
    }

    /// The label the card prints before the value; `None` where it prints none.
    pub const fn label(self) -> Option<&'static str> {
        match self {
            Field::Nik => Some("NIK"),
            Field::FullName => Some("Nama"),
            Field::PlaceOfBirth | Field::DateOfBirth => Some("Tempat/Tgl Lahir"),
            Field::Gender => Some("Jenis Kelamin"),
            Field::BloodType => Some("Gol. Darah"),
            Field::Address => Some("Alamat"),
            Field::RtRw => Some("RT/RW"),
            Field::Kelurahan => Some("Kel/Desa"),
            Field::Kecamatan => Some("Kecamatan"),
            Field::Religion => Some("Agama"),
            Field::MaritalStatus => Some("Status Perkawinan"),
            Field::Occupation => Some("Pekerjaan"),
            Field::Nationality => Some("Kewarganegaraan"),
            Field::ValidUntil => Some("Berlaku Hingga"),
            Field::IssueDate | Field::Province | Field::City => None,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_name_their_fields_back() {
        for field in Field::ALL {
            assert_eq!(Field::from_key(field.key()), Some(field));
        }
        assert_eq!(Field::from_key("NIK"), None);
    }

    #[test]
    fn the_wire_lacks_only_the_header_lines() {
        let missing: Vec<_> = Field::ALL.into_iter().filter(|f| !Field::ON_WIRE.contains(f)).collect();
        assert_eq!(missing, [Field::Province, Field::City]);
    }

    #[test]
    fn the_order_is_the_cards() {
        assert!(Field::ALL.is_sorted());
    }
}
