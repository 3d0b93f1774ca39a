//! Places: provinces, cities, districts and birth places, compared with the official names.
//!
//! Invariant: a printed name that is not an official one stays as read unless the official one is nearly as likely
//! from the picture; villages have no list. Deliberately lacks deriving a place from the NIK: one card in four
//! carries another district's code.

use ktp::{Field, normalise, region};

use super::evidence::{ALPHANUMERIC, Evidence};
use super::free::free;
use super::{Decoded, Trust, compact};

/// An official name wins over plain text unless that is likelier by more than this (nats), and by [`OFF_LIST`] a letter.
mod bonus {
    pub const PROVINCE: f32 = 6.0;
    pub const CITY: f32 = 4.0;
    pub const DISTRICT: f32 = 0.0;
    pub const DISTRICT_OF_CITY: f32 = 3.0;
    pub const BIRTH_PLACE: f32 = 1.0;
}

/// What each letter of a text outside the lists costs (nats): any text is unlikely, a listed one is one of few. A letter's own
/// chances would say four times as much; the nets are surer of their mistakes than they should be.
const OFF_LIST: f32 = 0.5;
/// Official names compared with the picture: those nearest to the plain text.
const CONSIDERED: usize = 12;

/// A possible official name: what the card would print, the value it stands for, and its bonus.
struct Name {
    printed: String,
    value: String,
    bonus: f32,
}

/// First header line.
pub(super) fn province(evidence: &Evidence<'_>) -> Option<Decoded> {
    let text = free(Field::Province, evidence)?;
    let read = compact(text.value.as_deref().unwrap_or_default());
    let names = region::provinces().iter().flat_map(|province| {
        let with_word = format!("PROVINSI{}", compact(province.name));
        [with_word, compact(province.name)].map(|printed| Name {
            printed,
            value: province.name.to_owned(),
            bonus: bonus::PROVINCE,
        })
    });
    let near = names.filter(|name| within(&compact(&name.value), &read, name.value.len() / 3 + 1)).collect();
    Some(nearest(Field::Province, evidence, text, near))
}

/// Second header line; the place under the photograph repeats it without `KABUPATEN`.
pub(super) fn city(evidence: &Evidence<'_>, issue: &Evidence<'_>) -> Option<Decoded> {
    let text = free(Field::City, evidence)?;
    let read = compact(text.value.as_deref().unwrap_or_default());
    let repeated = compact(&issue.text());
    let names = region::regencies().iter().map(|regency| {
        let printed = compact(regency.name);
        let short = printed.strip_prefix("KABUPATEN").unwrap_or(&printed).to_owned();
        let seen_below = short.len() >= 4 && repeated.contains(&short);
        let bonus = bonus::CITY + if seen_below { 3.0 } else { 0.0 };
        Name { printed, value: regency.name.to_owned(), bonus }
    });
    let near = names.filter(|name| within(&name.printed, &read, name.printed.len() / 3 + 1)).collect();
    Some(nearest(Field::City, evidence, text, near))
}

/// `Kecamatan`; districts of the card's own city are likelier.
pub(super) fn district(evidence: &Evidence<'_>, city: Option<&Decoded>) -> Option<Decoded> {
    let text = free(Field::Kecamatan, evidence)?;
    let read = compact(text.value.as_deref().unwrap_or_default());
    let home = city.and_then(|city| city.value.as_deref()).and_then(regency_called);
    let names = region::districts().iter().map(|district| {
        let bonus = if Some(district.code / 100) == home { bonus::DISTRICT_OF_CITY } else { bonus::DISTRICT };
        Name { printed: compact(district.name), value: district.name.to_owned(), bonus }
    });
    let edits = |name: &Name| name.printed.len() / if name.bonus == bonus::DISTRICT { 6 } else { 3 } + 1;
    let near = names.filter(|name| within(&name.printed, &read, edits(name))).collect();
    Some(nearest(Field::Kecamatan, evidence, text, near))
}

/// The place before the date of birth; mostly a regency's name without its kind.
pub(super) fn birth_place(evidence: &Evidence<'_>) -> Option<Decoded> {
    if evidence.is_empty() {
        return None;
    }
    let printed = evidence.text();
    let value = normalise(Field::PlaceOfBirth, &printed).ok();
    let read = compact(value.as_deref().unwrap_or_default());
    // What stands before the date: scoring it alone would count the date as noise, so the date's letters-free part
    // is left to the digits' alphabet.
    let views = evidence.views("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    let score = views.score(&read);
    let trust = Trust { log_likelihood: score, log_posterior: 0.0, length: read.len(), supported: false };
    let plain = Decoded { value, printed, trust };
    let mut near: Vec<Name> = Vec::new();
    for regency in region::regencies() {
        let name = compact(regency.name);
        let short = name.strip_prefix("KABUPATEN").or_else(|| name.strip_prefix("KOTA")).unwrap_or(&name);
        let fresh = !near.iter().any(|known| known.printed == short);
        if fresh && within(short, &read, short.len() / 4 + 1) {
            let value = regency.name.trim_start_matches("KABUPATEN ").trim_start_matches("KOTA ").to_owned();
            near.push(Name { printed: short.to_owned(), value, bonus: bonus::BIRTH_PLACE });
        }
    }
    let scored = nearest_of(near, &read).into_iter().map(|name| (views.score(&name.printed), name)).collect();
    Some(settle(Field::PlaceOfBirth, plain, &read, scored))
}

/// The regency a header line names.
pub(super) fn regency_called(printed: &str) -> Option<u32> {
    let wanted = compact(printed);
    region::regencies().iter().find(|regency| compact(regency.name) == wanted).map(|regency| regency.code)
}

fn within(name: &str, read: &str, edits: usize) -> bool {
    name.len().abs_diff(read.len()) <= edits && strsim::levenshtein(name, read) <= edits
}

fn nearest(field: Field, evidence: &Evidence<'_>, plain: Decoded, near: Vec<Name>) -> Decoded {
    let views = evidence.views(ALPHANUMERIC);
    let read = compact(plain.value.as_deref().unwrap_or_default());
    let scored = nearest_of(near, &read).into_iter().map(|name| (views.score(&name.printed), name)).collect();
    settle(field, plain, &read, scored)
}

fn nearest_of(mut names: Vec<Name>, read: &str) -> Vec<Name> {
    names.sort_by_cached_key(|name| strsim::levenshtein(&name.printed, read));
    names.truncate(CONSIDERED);
    names
}

/// The likeliest official name, or the plain text if that is clearly something else.
fn settle(field: Field, plain: Decoded, read: &str, scored: Vec<(f32, Name)>) -> Decoded {
    let known = scored.iter().any(|(_, name)| compact(&name.value) == read);
    let off_list = plain.trust.log_likelihood - OFF_LIST * read.len() as f32;
    let best = scored.iter().max_by(|a, b| (a.0 + a.1.bonus).total_cmp(&(b.0 + b.1.bonus)));
    let Some((score, name)) = best.filter(|(score, name)| score + name.bonus > off_list) else {
        return plain;
    };
    let weight = score + name.bonus;
    let rivals: f32 = scored
        .iter()
        .filter(|(_, other)| other.value != name.value)
        .map(|(s, other)| (s + other.bonus - weight).exp())
        .sum();
    let outside = if known { 0.0 } else { (off_list - weight).exp() };
    let same = compact(&name.value) == read;
    let trust = Trust {
        log_likelihood: *score,
        log_posterior: -(rivals + outside).ln_1p(),
        length: name.printed.len(),
        supported: same,
    };
    // The card's own spacing is kept where only spaces differ.
    let value = if same { plain.value } else { normalise(field, &name.value).ok() };
    Decoded { value, printed: plain.printed, trust }
}
