//! Properties that hold for any text, however hostile.

use jiff::civil::Date;
use ktp::{BirthContext, Field, Fields, Nik, Sex, check, normalise, region, vocabulary};
use proptest::prelude::*;

const TODAY: Date = Date::constant(2026, 9, 1);

fn field() -> impl Strategy<Value = Field> {
    proptest::sample::select(&Field::ALL[..])
}

/// Any text, and text made of what cards print, which reaches deeper into the parsers.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![any::<String>(), "[0-9OIlSB:;,./ -]{0,24}", "[A-Z0-9 ,./'-]{0,60}", "\\PC{0,300}"]
}

fn date() -> impl Strategy<Value = Date> {
    (1900_i16..2030, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| Date::constant(year, month, day))
}

proptest! {
    #[test]
    fn normal_forms_are_stable(field in field(), text in text()) {
        if let Ok(once) = normalise(field, &text) {
            prop_assert!(!once.is_empty());
            prop_assert_eq!(normalise(field, &once), Ok(once));
        }
    }

    #[test]
    fn errors_and_debug_never_repeat_a_value(field in field(), text in "[A-Z]{12,20}") {
        if let Err(error) = normalise(field, &text) {
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains(&text));
        }
        let fields: Fields = [(field, text.clone())].into_iter().collect();
        let shown = format!("{fields:?} {:?}", check(&fields, TODAY));
        prop_assert!(!shown.contains(&text));
    }

    #[test]
    fn anything_can_be_checked_and_looked_up(text in text(), code in any::<u32>()) {
        let fields: Fields = Field::ALL.into_iter().map(|field| (field, text.clone())).collect();
        check(&fields, TODAY);
        fields.on_wire();
        region::closest(region::provinces(), &text);
        region::closest(region::regencies_of(32), &text);
        for region in [region::province(code), region::regency(code), region::district(code)].into_iter().flatten() {
            prop_assert_eq!(region.code, code);
        }
        region::districts_of(code);
        for field in Field::ALL {
            vocabulary::closest(field, &text);
        }
    }

    #[test]
    fn dates_survive_printing(date in date(), separator in "[-/. ]|", place in "[A-Z]{0,8}") {
        let printed = format!("{:02}{separator}{:02}{separator}{}", date.day(), date.month(), date.year());
        let expected = date.to_string();
        prop_assert_eq!(normalise(Field::IssueDate, &printed), Ok(expected.clone()));
        let with_place = format!("{place}, {printed}");
        prop_assert_eq!(normalise(Field::DateOfBirth, &with_place), Ok(expected));
        if !place.is_empty() {
            prop_assert_eq!(normalise(Field::PlaceOfBirth, &with_place), Ok(place));
        }
    }

    #[test]
    fn any_text_may_be_tried_as_a_nik(text in text()) {
        if let Ok(nik) = Nik::parse(&text) {
            prop_assert_eq!(nik.as_str(), text.trim());
        }
    }

    #[test]
    fn a_nik_gives_back_what_it_was_made_of(date in date(), female in any::<bool>(), at in 0_usize..7873) {
        let district = &region::districts()[at];
        let day = date.day() + if female { 40 } else { 0 };
        let text = format!("{:06}{day:02}{:02}{:02}0000", district.code, date.month(), date.year() % 100);
        let nik = Nik::parse(&text).expect("made of its parts");
        prop_assert_eq!(nik.district(), district.code);
        prop_assert_eq!(nik.sex(), if female { Sex::Female } else { Sex::Male });
        let context = BirthContext { printed: Some(date), ..BirthContext::on(TODAY) };
        prop_assert_eq!(nik.birth_date(&context), date);
        prop_assert_eq!(normalise(Field::Nik, &text), Ok(nik.as_str().to_owned()));
    }
}

/// Work must stay linear in the length: a megabyte of anything is refused, not chewed on.
#[test]
fn a_megabyte_is_refused_at_once() {
    for unit in ["A", "0", " ", "01-01-1990 ", "\u{1F600}", "PROVINSI ", "\u{0}"] {
        let text = unit.repeat(1_000_000 / unit.len());
        for field in Field::ALL {
            assert!(normalise(field, &text).is_err(), "{field}");
        }
        assert!(Nik::parse(&text).is_err());
        assert_eq!(region::closest(region::provinces(), &text), None);
    }
}
