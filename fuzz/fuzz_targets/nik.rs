//! Any text as a card's value: parsing, normalising, looking up and checking neither panic nor disagree with themselves.

#![no_main]

use jiff::civil::Date;
use ktp::{BirthContext, Field, Fields, Nik, check, normalise, region, vocabulary};
use libfuzzer_sys::fuzz_target;

const TODAY: Date = Date::constant(2026, 9, 1);

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if let Ok(nik) = Nik::parse(&text) {
        assert_eq!(nik.as_str(), text.trim());
        nik.birth_date(&BirthContext::on(TODAY));
    }
    let mut card = Fields::new();
    for field in Field::ALL {
        if let Ok(value) = normalise(field, &text) {
            assert_eq!(normalise(field, &value).as_ref(), Ok(&value), "{field} is not stable");
            card.insert(field, value);
        }
        vocabulary::closest(field, &text);
    }
    region::closest(region::provinces(), &text);
    check(&card, TODAY);
    card.on_wire();
});
