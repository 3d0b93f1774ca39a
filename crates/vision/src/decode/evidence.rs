//! The probabilities behind a field's text.
//!
//! Invariant: all views of one evidence cover the same text. Scores are averages over the crops of a picture (some crop
//! read it right), so a bad crop cannot veto; pictures err independently and are multiplied, each with a floor, so a bad
//! picture cannot veto either. Deliberately lacks knowledge of fields.

use std::ops::Range;

use super::compact;
use super::free::weight;
use super::letters::Spelling;
use crate::assemble::{Layout, Slot, Span};
use crate::recognise::{Emissions, LineReading, LogProbs, likely_texts, log_add};

/// Letters and digits.
pub(super) const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub(super) const DIGITS: &str = "0123456789";
/// Everything the recogniser writes.
const ALL: &str = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-./,:'()&+";
/// Texts whose least likely character is at least this probable are clear.
const CLEAR: f32 = 0.97;

/// One picture's lines and where its fields are.
#[derive(Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub readings: &'a [LineReading],
    pub layout: &'a Layout,
}

/// The text of one field: the spans that follow one another, in each picture that shows it; the leading one first. Pictures
/// need not have the same spans: a line that is torn or missing in one of them makes it a worse witness and no more.
pub(super) struct Evidence<'a> {
    pictures: Vec<Parts<'a>>,
}

/// Spans of one picture.
struct Parts<'a>(Vec<(&'a LineReading, Range<usize>)>);

/// All ways of looking at all parts through one alphabet: the crops of each picture.
pub(super) struct Views(Vec<Vec<Emissions>>);

/// A picture that does not show a text at all makes it less likely by this (nats) and no more.
const BLIND: f32 = -5.0;

impl<'a> Evidence<'a> {
    pub fn of(pictures: &[Picture<'a>], slot: Slot) -> Self {
        let shown = pictures.iter().map(|picture| Parts::of(*picture, picture.spans(slot)));
        Self { pictures: shown.filter(|parts| !parts.0.is_empty()).collect() }
    }

    /// Each of the slot's spans by itself, picture by picture.
    pub fn one_by_one(pictures: &[Picture<'a>], slot: Slot) -> Vec<Vec<Self>> {
        let single = |picture: Picture<'a>, span| Self {
            pictures: vec![Parts::of(picture, std::slice::from_ref(span))],
        };
        let shown = pictures
            .iter()
            .map(|picture| picture.spans(slot).iter().map(|span| single(*picture, span)).collect());
        shown.filter(|singles: &Vec<Self>| !singles.is_empty()).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// The likeliest characters, parts joined by a space.
    pub fn text(&self) -> String {
        self.pictures.first().map_or_else(String::new, Parts::text)
    }

    /// Different crops' texts, the leading one first.
    pub fn texts(&self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for text in self.pictures.iter().flat_map(Parts::texts) {
            if !out.contains(&text) {
                out.push(text);
            }
        }
        out
    }

    /// The evidence through an alphabet, once per crop that was tried.
    pub fn views(&self, symbols: &str) -> Views {
        Views(self.pictures.iter().map(|picture| picture.views(symbols)).collect())
    }

    /// Whether there is but one crop to look at and it leaves no doubt.
    pub fn is_clear(&self) -> bool {
        let is_sure = |(reading, _): &(&LineReading, Range<usize>)| {
            reading.variants.len() == 1 && reading.variants.iter().all(|crop| crop.weakest() >= CLEAR)
        };
        self.pictures.len() == 1 && self.pictures.iter().all(|picture| picture.0.iter().all(is_sure))
    }

    /// The texts that crops and letters together make likeliest, `taken` from each crop.
    pub fn likely_texts(&self, spelling: Spelling, width: usize, taken: usize) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for crop in self.pictures.iter().flat_map(|picture| picture.views(ALL)) {
            let found = likely_texts(&crop, width, spelling.start(), |written, ch| {
                let (written, p) = spelling.next(written, ch);
                (written, weight::LETTERS * p + if ch.is_ascii_alphanumeric() { weight::LENGTH } else { 0.0 })
            });
            for text in found.into_iter().take(taken) {
                if !out.contains(&text) {
                    out.push(text);
                }
            }
        }
        out
    }
}

impl<'a> Picture<'a> {
    pub fn shows(self, slot: Slot) -> bool {
        !self.spans(slot).is_empty()
    }

    fn spans(self, slot: Slot) -> &'a [Span] {
        self.layout.slots.get(&slot).map_or(&[][..], Vec::as_slice)
    }
}

impl<'a> Parts<'a> {
    fn of(picture: Picture<'a>, spans: &[Span]) -> Self {
        Self(spans.iter().map(|span| (&picture.readings[span.reading], span.glyphs.clone())).collect())
    }
}

impl Parts<'_> {
    fn text(&self) -> String {
        let part = |(reading, glyphs): &(&LineReading, Range<usize>)| -> String {
            reading.glyphs[glyphs.clone()].iter().map(|glyph| glyph.ch).collect()
        };
        self.0.iter().map(part).collect::<Vec<_>>().join(" ")
    }

    fn texts(&self) -> Vec<String> {
        let mut out = vec![self.text()];
        for variant in 1..self.variants() {
            let part = |p: &(&LineReading, Range<usize>)| -> String {
                match whole_variant(p, variant) {
                    Some(probs) => probs.greedy().iter().map(|glyph| glyph.ch).collect(),
                    None => p.0.glyphs[p.1.clone()].iter().map(|glyph| glyph.ch).collect(),
                }
            };
            out.push(self.0.iter().map(part).collect::<Vec<_>>().join(" "));
        }
        out
    }

    fn views(&self, symbols: &str) -> Vec<Emissions> {
        let view = |variant: usize| {
            let parts: Vec<(&LogProbs, Range<usize>)> = self
                .0
                .iter()
                .filter_map(|part| match whole_variant(part, variant) {
                    Some(probs) => Some((probs, 0..usize::MAX)),
                    None => Some((part.0.variants.first()?, steps(part))),
                })
                .collect();
            Emissions::new(&parts, symbols)
        };
        (0..self.variants()).map(view).collect()
    }

    /// Crops to look at: as many as the part with most has, for parts that are whole lines.
    fn variants(&self) -> usize {
        let whole = self.0.iter().filter(|(reading, glyphs)| *glyphs == (0..reading.glyphs.len()));
        whole.map(|(reading, _)| reading.variants.len()).max().unwrap_or(1).max(1)
    }
}

/// The probabilities of another crop, if the part is its whole line and the crop exists.
fn whole_variant<'a>(
    (reading, glyphs): &(&'a LineReading, Range<usize>),
    variant: usize,
) -> Option<&'a LogProbs> {
    (*glyphs == (0..reading.glyphs.len())).then(|| reading.variants.get(variant)).flatten()
}

/// The steps of the first crop that hold a range of its characters, gaps included.
fn steps((reading, glyphs): &(&LineReading, Range<usize>)) -> Range<usize> {
    let all = &reading.glyphs;
    let start = glyphs.start.checked_sub(1).and_then(|i| all.get(i)).map_or(0, |glyph| glyph.end);
    let end = all.get(glyphs.end).map_or(usize::MAX, |glyph| glyph.start);
    start..end.max(start)
}

/// What one picture of several says, as far as it is believed.
pub(super) fn witnessed(log_probability: f32) -> f32 {
    log_add(log_probability, BLIND)
}

impl Views {
    /// Log of the mean probability that the evidence says exactly this.
    pub fn score(&self, text: &str) -> f32 {
        self.pooled(|view| view.score(text))
    }

    /// As [`score`](Self::score), but label remnants or stray ink may stand around the text, each at a cost (nats).
    pub fn score_within(&self, text: &str, junk: f32) -> f32 {
        self.pooled(|view| view.score_within(text, junk))
    }

    /// The mean over each picture's crops; over several pictures, their product.
    fn pooled(&self, score: impl Fn(&Emissions) -> f32) -> f32 {
        let of_picture = |crops: &Vec<Emissions>| {
            let sum = crops.iter().map(&score).fold(f32::NEG_INFINITY, log_add);
            sum - (crops.len().max(1) as f32).ln()
        };
        match self.0.as_slice() {
            [only] => of_picture(only),
            pictures => pictures.iter().map(|crops| witnessed(of_picture(crops))).sum(),
        }
    }

    /// The likeliest strings of exactly `length` symbols from any crop, scored over all, best first.
    pub fn best_of_length(&self, length: usize, width: usize) -> Vec<(String, f32)> {
        self.best_that(length, width, &|_| true)
    }

    /// As [`best_of_length`](Self::best_of_length), of strings whose prefixes (as places in the alphabet) may begin one.
    pub fn best_that(
        &self,
        length: usize,
        width: usize,
        may_begin: &dyn Fn(&[usize]) -> bool,
    ) -> Vec<(String, f32)> {
        let mut texts: Vec<String> = Vec::new();
        for view in self.0.iter().flatten() {
            for (text, _) in view.best_by_length(length, width, may_begin).swap_remove(length) {
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
        let mut scored: Vec<(String, f32)> =
            texts.into_iter().map(|text| (self.score(&text), text)).map(|(s, t)| (t, s)).collect();
        scored.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        scored
    }

    /// The most probable of some texts, compared by letters and digits.
    pub fn likeliest(&self, texts: Vec<String>) -> Option<(String, f32)> {
        texts
            .into_iter()
            .map(|text| {
                let score = self.score(&compact(&text));
                (text, score)
            })
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

#[cfg(test)]
mod tests {
    use inference::Tensor;

    use super::*;
    use crate::assemble::Label;
    use crate::lines::{Ribbon, TextLine};

    const CLASSES: usize = 48;
    /// Of `3` and `8`: after the blank and the space come the digits.
    const THREE: usize = 5;
    const EIGHT: usize = 10;

    /// A line of one character between two blanks: an eight with this probability, else a three.
    fn line(eight: f32) -> LineReading {
        let mut logits = vec![-20.0; 3 * CLASSES];
        logits[0] = 0.0;
        logits[2 * CLASSES] = 0.0;
        logits[CLASSES + EIGHT] = eight.ln();
        logits[CLASSES + THREE] = (1.0 - eight).ln();
        let probs = LogProbs::from_logits(&Tensor::new(&[1, 3, CLASSES], logits).unwrap(), 12).unwrap();
        let glyphs = probs.greedy();
        let line = TextLine {
            left: 0.0,
            right: 12.0,
            offset: 8.0,
            slope: 0.0,
            height: 8.0,
            ribbon: Ribbon::Value,
            weight: 1.0,
        };
        LineReading { line, variants: vec![probs], glyphs, is_careful: true }
    }

    /// What pictures say together, the first one leading.
    fn said(eights: &[f32]) -> String {
        let slot = Slot::Value(Label::Nik);
        let readings: Vec<[LineReading; 1]> = eights.iter().map(|&eight| [line(eight)]).collect();
        let layout = Layout { slots: [(slot, vec![Span::new(0, 0..1)])].into(), ..Layout::default() };
        let pictures: Vec<Picture<'_>> =
            readings.iter().map(|readings| Picture { readings, layout: &layout }).collect();
        let evidence = Evidence::of(&pictures, slot);
        evidence.views(DIGITS).likeliest(evidence.texts()).unwrap().0
    }

    #[test]
    fn pictures_outweigh_the_leading_one_together_and_a_blind_one_vetoes_nothing() {
        assert_eq!(said(&[0.6]), "8");
        assert_eq!(said(&[0.6, 0.3]), "3");
        assert_eq!(said(&[0.9, 0.3]), "8");
        assert_eq!(said(&[0.95, 0.95, 1e-6]), "8");
    }
}
