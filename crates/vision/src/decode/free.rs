//! Free text: names, addresses and places that no list holds.
//!
//! Candidates are what the crops' probabilities allow; the crops of all pictures score them, and how letters usually follow one
//! another decides between those that are nearly as likely. Invariant: a text that is clear from the picture is never changed,
//! however odd. Deliberately lacks dictionaries of names.

use ktp::{Field, normalise};

use super::evidence::{ALPHANUMERIC, Evidence};
use super::letters::Spelling;
use super::{Decoded, Trust, compact};

/// What tips the balance between candidates: weak on purpose. On 34 pictures of severity 3 (192 names, addresses and villages)
/// neither these nor stronger weights mended more texts than they spoilt, beyond chance.
pub(super) mod weight {
    /// Of the letters' log-probability beside the picture's.
    pub const LETTERS: f32 = 0.2;
    /// For each letter or digit (nats): unlikely as any letter is, leaving one out must not pay.
    pub const LENGTH: f32 = 0.5;
    /// Letters never weigh more than this (nats) against what the crops said.
    pub const MOST: f32 = 2.0;
}

/// Prefixes kept while searching, and texts taken from each crop.
const BEAM: usize = 10;
const TAKEN: usize = 6;

/// The likeliest text; for fields without a spelling, the likeliest of the crops' own texts.
pub(super) fn free(field: Field, evidence: &Evidence<'_>) -> Option<Decoded> {
    if evidence.is_empty() {
        return None;
    }
    let said = evidence.texts();
    let views = evidence.views(ALPHANUMERIC);
    let spelling = Spelling::of(field).filter(|_| !evidence.is_clear());
    let Some(spelling) = spelling else {
        let (printed, score) = views.likeliest(said)?;
        return Some(plain(field, printed, score));
    };
    let (plainest, _) = views.likeliest(said.clone())?;
    let mut texts = said;
    for text in evidence.likely_texts(spelling, BEAM, TAKEN) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let (printed, score) = weighed(spelling, &plainest, texts, |text| views.score(text))?;
    Some(plain(field, printed, score))
}

/// The text that picture and letters together find best, and what the picture alone says to it.
fn weighed(
    spelling: Spelling,
    plainest: &str,
    texts: Vec<String>,
    score: impl Fn(&str) -> f32,
) -> Option<(String, f32)> {
    let liking = |text: &str| {
        weight::LETTERS * spelling.score(text.trim()) + weight::LENGTH * compact(text).len() as f32
    };
    let usual = liking(plainest);
    let mut known: Vec<(String, f32)> = Vec::new();
    let weighed = texts.into_iter().map(|text| {
        let letters = compact(&text);
        let seen = known.iter().find(|(other, _)| *other == letters).map(|(_, p)| *p);
        let p = seen.unwrap_or_else(|| score(&letters));
        if seen.is_none() {
            known.push((letters, p));
        }
        let pull = (liking(&text) - usual).clamp(-weight::MOST, weight::MOST);
        (text, p, p + pull)
    });
    weighed.max_by(|a, b| a.2.total_cmp(&b.2)).map(|(text, p, _)| (text, p))
}

/// A text as it was read.
pub(super) fn plain(field: Field, printed: String, score: f32) -> Decoded {
    let length = compact(&printed).len();
    let value = normalise(field, &printed).ok().filter(|value| !compact(value).is_empty());
    let trust = Trust { log_likelihood: score, log_posterior: 0.0, length, supported: false };
    Decoded { value, printed, trust }
}
