//! The pictures that the scene shows, bundled: six synthetic cards with what they say and where, a card's back and two
//! other documents. `models/training/make_scene_cards.py` makes them.
//!
//! Invariant: every card is of an invented person, with NIK serial 0000. Deliberately absent: files read at run time.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use frame::{DecodeLimits, Frame};
use ktp::Field;
use serde::Deserialize;

macro_rules! bundled {
    ($name:literal) => {
        include_bytes!(concat!("../../../../assets/scene/", $name))
    };
}

const PICTURES: [&[u8]; CARD_COUNT] = [
    bundled!("card-1.jpg"),
    bundled!("card-2.jpg"),
    bundled!("card-3.jpg"),
    bundled!("card-4.jpg"),
    bundled!("card-5.jpg"),
    bundled!("card-6.jpg"),
];
const BACK: &[u8] = bundled!("back.jpg");
const LICENCE: &[u8] = bundled!("licence.jpg");
const PAYMENT: &[u8] = bundled!("payment.jpg");
const TRUTH: &[u8] = bundled!("truth.json");

/// How many different cards there are.
pub const CARD_COUNT: usize = 6;

/// What is held in front of the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    /// The front of the script's card.
    Card,
    /// The back of a card.
    Back,
    /// Another card with a portrait and numbered lines.
    Licence,
    /// A payment card.
    Payment,
}

/// Where something is printed: shares of the card's width and height.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(from = "[f32; 4]")]
pub struct Place {
    /// From the left.
    pub left: f32,
    /// From the top.
    pub top: f32,
    /// From the left.
    pub right: f32,
    /// From the top.
    pub bottom: f32,
}

impl Place {
    pub(super) fn centre(&self) -> (f32, f32) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }
}

impl From<[f32; 4]> for Place {
    fn from([left, top, right, bottom]: [f32; 4]) -> Self {
        Self { left, top, right, bottom }
    }
}

/// What a bundled card says, and where.
#[derive(Clone, Debug)]
pub struct CardTruth {
    /// The printed values, in the evaluation set's form.
    pub values: BTreeMap<Field, String>,
    /// Where each value's lines are printed.
    pub places: BTreeMap<Field, Vec<Place>>,
}

impl CardTruth {
    /// The truth of a card; the numbers start again after the last card.
    pub fn of(card: usize) -> &'static Self {
        static ALL: OnceLock<Vec<CardTruth>> = OnceLock::new();
        &ALL.get_or_init(|| read_truths().expect("the bundled truth is as our script wrote it"))
            [card % CARD_COUNT]
    }
}

/// The picture of a thing, flat and evenly lit.
pub(super) fn picture(thing: Thing, card: usize) -> Frame {
    let bytes = match thing {
        Thing::Card => PICTURES[card % CARD_COUNT],
        Thing::Back => BACK,
        Thing::Licence => LICENCE,
        Thing::Payment => PAYMENT,
    };
    frame::decode(bytes, &DecodeLimits::default()).expect("bundled pictures decode")
}

#[derive(Deserialize)]
struct Truths {
    cards: Vec<Truth>,
}

#[derive(Deserialize)]
struct Truth {
    truth: BTreeMap<String, String>,
    places: BTreeMap<String, Vec<Place>>,
}

fn read_truths() -> Result<Vec<CardTruth>, serde_json::Error> {
    let read: Truths = serde_json::from_slice(TRUTH)?;
    Ok(read
        .cards
        .into_iter()
        .map(|card| CardTruth { values: keyed(card.truth), places: keyed(card.places) })
        .collect())
}

fn keyed<T>(map: BTreeMap<String, T>) -> BTreeMap<Field, T> {
    map.into_iter().filter_map(|(key, value)| Some((Field::from_key(&key)?, value))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_says_everything_and_where() {
        for card in 0..CARD_COUNT {
            let truth = CardTruth::of(card);
            assert_eq!(truth.values.len(), Field::ALL.len(), "card {card}");
            assert!(truth.values[&Field::Nik].ends_with("0000"));
            let inside = |p: &Place| 0.0 <= p.left && p.left < p.right && p.right <= 1.0 && p.top < p.bottom;
            let places = Field::ALL.iter().all(|field| truth.places[field].iter().all(inside));
            assert!(places, "card {card}");
        }
    }

    #[test]
    fn the_pictures_decode() {
        for thing in [Thing::Card, Thing::Back, Thing::Licence, Thing::Payment] {
            let picture = picture(thing, 5);
            assert_eq!((picture.width(), picture.height()), (1280, 807), "{thing:?}");
        }
    }
}
