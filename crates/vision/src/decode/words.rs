//! Closed words and RT/RW.
//!
//! Invariant: a closed field answers with one of its words or, where other words exist on real cards (occupations,
//! countries), with what was read. Deliberately lacks open fields; see `free`.

use ktp::{Field, normalise, vocabulary};

use super::evidence::{ALPHANUMERIC, DIGITS, Evidence};
use super::free::free;
use super::{Decoded, Trust, compact};

/// Words compared with the picture: those nearest to the plain text.
const CONSIDERED: usize = 10;
/// A word of the list wins unless plain text is likelier by more than this (nats): lists hold nearly all real values.
const LIST_BONUS: f32 = 5.0;
/// … and by this a letter, of which a text outside the list is made freely.
const OFF_LIST: f32 = 0.4;
/// A citizen's card is likelier than a foreigner's by this (nats).
const WNI_BONUS: f32 = 6.0;
/// Words of foreigners' cards, which are one in fifty, cost this (nats).
const FOREIGN: f32 = 4.0;
/// Twice as much is needed to leave a truly closed list.
const CLOSED_BONUS: f32 = 14.0;

/// Letters of a word that reaches the photograph's column.
const LONG: usize = 18;

/// Remnants of a label or stray ink beside a closed word cost this (nats): rarer than a misread letter.
pub(super) const JUNK: f32 = 4.0;
/// … and beside a word of a list, where one word may end another (`KAWIN`), this.
const BESIDE: f32 = 6.0;

/// A value from the field's list, or the plain text where it is clearly something else.
pub(super) fn listed(field: Field, evidence: &Evidence<'_>) -> Option<Decoded> {
    let text = free(field, evidence)?;
    let read = compact(&text.printed);
    if let Some(word) = overlong(field, &read) {
        let length = compact(word).len();
        let trust = Trust { length, supported: true, ..text.trust };
        return Some(Decoded { value: normalise(field, word).ok(), printed: text.printed, trust });
    }
    let mut words: Vec<(&'static str, usize)> = vocabulary::spellings(field)
        .map(|printed| (printed, strsim::levenshtein(&compact(printed), &read)))
        .collect();
    // A word inside the text comes before one that merely resembles all of it.
    words.sort_by_key(|(word, edits)| if read.contains(&compact(word)) { (0, *edits) } else { (1, *edits) });
    words.truncate(CONSIDERED);
    let views = evidence.views(ALPHANUMERIC);
    let cost = |word: &str| if vocabulary::FOREIGNERS.contains(&word) { FOREIGN } else { 0.0 };
    // Little ink beside a word is a remnant; much of it is the rest of a longer word.
    let seen = |word: &str| {
        let may_stand_beside = 4 * word.len() >= 3 * read.len();
        if may_stand_beside { views.score_within(word, BESIDE) } else { views.score(word) }
    };
    let scored: Vec<(&str, f32)> =
        words.into_iter().map(|(word, _)| (word, seen(&compact(word)) - cost(word))).collect();
    let &(word, score) = scored.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let bonus =
        if field == Field::Occupation { LIST_BONUS + OFF_LIST * read.len() as f32 } else { CLOSED_BONUS };
    let plain_wins = text.trust.log_likelihood > score + bonus;
    if plain_wins && field == Field::Occupation {
        // Cleaned as any free text: the field's own normal form would pull it back to the list.
        let value = normalise(Field::Address, &text.printed).ok();
        return Some(Decoded { value, ..text });
    }
    let total: f32 = scored.iter().map(|(_, s)| (s - score).exp()).sum();
    let outside = (text.trust.log_likelihood - bonus - score).exp();
    let exact = compact(word) == read;
    let trust = Trust {
        log_likelihood: score,
        log_posterior: -(total + if exact { 0.0 } else { outside }).ln(),
        length: compact(word).len(),
        supported: exact,
    };
    Some(Decoded { value: normalise(field, word).ok(), printed: text.printed, trust })
}

/// A long word of the list that was read to its end and runs into the place of issue, which stands beside it.
fn overlong(field: Field, read: &str) -> Option<&'static str> {
    let is_run_into = |word: &&str| {
        let word = compact(word);
        word.len() >= LONG && read.len() >= word.len() + 4 && read.starts_with(&word)
    };
    let runs_into = vocabulary::spellings(field).filter(is_run_into).max_by_key(|word| word.len())?;
    // "… KOTA" may be the word's own end or the place's beginning: a longer word that fits better is not overruled.
    let is_better = |word: &str| strsim::levenshtein(&compact(word), read) <= 2;
    (!vocabulary::spellings(field).any(is_better)).then_some(runs_into)
}

/// `WNI`, or a foreigner's country.
pub(super) fn nationality(evidence: &Evidence<'_>) -> Option<Decoded> {
    let text = free(Field::Nationality, evidence)?;
    let score = evidence.views(ALPHANUMERIC).score_within("WNI", JUNK);
    let read = compact(&text.printed);
    let bonus = WNI_BONUS + OFF_LIST * read.len() as f32;
    if text.trust.log_likelihood > score + bonus {
        return Some(text);
    }
    let exact = read == "WNI";
    let rival = if exact { 0.0 } else { (text.trust.log_likelihood - bonus - score).exp() };
    let trust = Trust { log_likelihood: score, log_posterior: -rival.ln_1p(), length: 3, supported: exact };
    Some(Decoded { value: Some("WNI".to_owned()), printed: text.printed, trust })
}

/// Log-shares of the blood types on real cards (41 read): the dash leads.
const BLOOD_TYPES: [(&str, &str, f32); 13] = [
    ("-", "-", -0.9),
    ("O", "O", -1.1),
    ("0", "O", -1.5),
    ("A", "A", -2.1),
    ("B", "B", -2.4),
    ("8", "B", -4.0),
    ("AB", "AB", -3.4),
    ("O+", "O+", -3.4),
    ("A+", "A+", -4.0),
    ("B+", "B+", -4.0),
    ("AB+", "AB+", -5.0),
    ("O-", "O-", -5.0),
    ("A-", "A-", -5.0),
];

/// A blood group, or the dash of cards that state none.
pub(super) fn blood_type(evidence: &Evidence<'_>) -> Option<Decoded> {
    if evidence.is_empty() {
        return None;
    }
    let views = evidence.views("ABO08+-");
    let scored = BLOOD_TYPES.map(|(read, value, prior)| (value, views.score(read) + prior));
    let &(value, best) = scored.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let total: f32 = scored.iter().filter(|(v, _)| *v != value).map(|(_, s)| (s - best).exp()).sum();
    let printed = evidence.text();
    if !best.is_finite() {
        return Some(Decoded { value: None, printed, trust: Trust::NONE });
    }
    let trust = Trust {
        log_likelihood: best + 1.0,
        log_posterior: -total.ln_1p(),
        length: 1,
        supported: normalise(Field::BloodType, &printed).as_deref() == Ok(value),
    };
    Some(Decoded { value: Some(value.to_owned()), printed, trust })
}

/// Six digits, unless the picture clearly shows fewer (`000/`, `-`).
pub(super) fn rt_rw(evidence: &Evidence<'_>) -> Option<Decoded> {
    /// Most cards print both numbers in full.
    const FULL_BONUS: f32 = 2.0;
    let text = free(Field::RtRw, evidence)?;
    let digits = compact(&text.printed).chars().filter(char::is_ascii_digit).count();
    let views = evidence.views(DIGITS);
    let mut full = views.best_of_length(6, 8);
    full.iter_mut()
        .for_each(|(digits, score)| *score -= number_cost(&digits[..3]) + number_cost(&digits[3..]));
    full.sort_by(|a, b| b.1.total_cmp(&a.1));
    let short = if digits == 6 { f32::NEG_INFINITY } else { views.score(&compact(&text.printed)) };
    let Some((best, score)) = full.first().filter(|(_, score)| score + FULL_BONUS > short) else {
        let value = text.value.filter(|_| digits < 6);
        return Some(Decoded { value, ..text });
    };
    let total: f32 =
        full.iter().map(|(_, s)| (s - score).exp()).sum::<f32>() + (short - FULL_BONUS - score).exp();
    let printed = format!("{}/{}", &best[..3], &best[3..]);
    let trust = Trust {
        log_likelihood: *score,
        log_posterior: -total.ln(),
        length: 6,
        supported: text.value.as_deref() == Some(printed.as_str()),
    };
    Some(Decoded { value: normalise(Field::RtRw, &printed).ok(), printed, trust })
}

/// Neighbourhoods are numbered from 001 upwards, few beyond 030.
fn number_cost(digits: &str) -> f32 {
    match digits.as_bytes() {
        [b'0', b'0'..=b'2', _] => 0.0,
        [b'0', _, _] => 1.5,
        _large => 3.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occupation_that_runs_into_the_place_beside_it_is_cut_where_it_ends() {
        let check = |read: &str, expected: Option<&str>| {
            assert_eq!(overlong(Field::Occupation, read), expected, "{read}");
        };
        check("ANGGOTADPRDKABUPATENKOTAKOTASURAKARTA", Some("ANGGOTA DPRD KABUPATEN/KOTA"));
        check("ANGGOTADPRDKABUPATENKOTA", None);
        check("ANGGOTADPRDKABUPATENKOT", None);
        check("WIRASWASTAKOTASURAKARTA", None);
        check("", None);
    }

    #[test]
    fn low_neighbourhood_numbers_cost_nothing() {
        assert_eq!(["000", "012", "029"].map(number_cost), [0.0; 3]);
        assert!(number_cost("047") > 0.0 && number_cost("227") > number_cost("047"));
    }
}
