//! Where each field's value is usually printed.
//!
//! Positions are medians over flat scans, in shares of the card; the print moves by ±0.012 of the height from card to
//! card, and wrapped lines push later rows down, so bands are a row high and the answer is right to a row.
//! Invariant: every field has a band on the card. Deliberately lacks this card's own rows: [`crate::Visibility`] sees them.

use std::collections::BTreeMap;

use frame::Quad;
use ktp::Field;

/// First row under the NIK, distance of rows, half a band's height.
const FIRST_ROW: f32 = 0.276;
const PITCH: f32 = 0.0462;
const HALF_ROW: f32 = 0.02;
/// Left edge of the value column.
const VALUE_X: f32 = 0.25;

/// The band of a field's value: left, top, right, bottom in shares of the card.
fn band(field: Field) -> [f32; 4] {
    // Right ends: where nine values of ten end.
    match field {
        Field::Nik => [0.235, 0.165, 0.66, 0.217],
        Field::FullName => row(0, 0.58),
        Field::PlaceOfBirth => row(1, 0.40),
        Field::DateOfBirth => [0.38, FIRST_ROW + PITCH - HALF_ROW, 0.60, FIRST_ROW + PITCH + HALF_ROW],
        Field::Gender => row(2, 0.42),
        Field::BloodType => {
            [0.61, FIRST_ROW + 2.0 * PITCH - HALF_ROW, 0.67, FIRST_ROW + 2.0 * PITCH + HALF_ROW]
        }
        Field::Address => row(3, 0.62),
        Field::RtRw => row(4, 0.36),
        Field::Kelurahan => row(5, 0.48),
        Field::Kecamatan => row(6, 0.48),
        Field::Religion => row(7, 0.36),
        Field::MaritalStatus => row(8, 0.42),
        Field::Occupation => row(9, 0.52),
        Field::Nationality => row(10, 0.32),
        Field::ValidUntil => row(11, 0.42),
        Field::IssueDate => [0.75, 0.708, 0.905, 0.75],
        Field::Province => [0.25, 0.037, 0.62, 0.081],
        Field::City => [0.25, 0.092, 0.62, 0.136],
    }
}

fn row(index: u8, right: f32) -> [f32; 4] {
    let y = FIRST_ROW + PITCH * f32::from(index);
    [VALUE_X, y - HALF_ROW, right, y + HALF_ROW]
}

/// Where each field's value usually stands on the straightened card, in shares of its width and height: right to about a
/// row, more to the right for long values, a row lower below a wrapped one.
#[must_use]
pub fn places() -> BTreeMap<Field, Quad> {
    let quad = |[left, top, right, bottom]: [f32; 4]| Quad::rect(left, top, right, bottom);
    Field::ALL.into_iter().map(|field| (field, quad(band(field)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_lie_on_the_card_in_order() {
        for field in Field::ALL {
            let [left, top, right, bottom] = band(field);
            assert!(0.0 <= left && left < right && right <= 1.0, "{field:?}");
            assert!(0.0 <= top && top < bottom && bottom <= 1.0, "{field:?}");
        }
        assert!(band(Field::Kecamatan)[1] >= band(Field::Kelurahan)[3]);
    }

    #[test]
    fn every_field_has_its_place() {
        let places = places();
        assert_eq!(places.len(), Field::ALL.len());
        let nik = places[&Field::Nik];
        assert!(nik.width() > 0.4 && nik.0[0].y < places[&Field::FullName].0[0].y);
    }
}
