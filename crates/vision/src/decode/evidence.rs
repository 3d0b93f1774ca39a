//! The probabilities behind a field's text.
//!
//! Invariant: all views of one evidence cover the same text; scores are averages over views (some crop read it
//! right), so a bad crop cannot veto. Deliberately lacks knowledge of fields.

use std::ops::Range;

use super::compact;
use crate::assemble::Span;
use crate::recognise::{Emissions, LineReading, LogProbs, log_add};

/// Letters and digits.
pub(super) const ALPHANUMERIC: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub(super) const DIGITS: &str = "0123456789";

/// The text of one field: spans that follow one another.
pub(super) struct Evidence<'a> {
    parts: Vec<(&'a LineReading, Range<usize>)>,
}

/// One way of looking at all parts, through one alphabet.
pub(super) struct Views(Vec<Emissions>);

impl<'a> Evidence<'a> {
    pub fn of(readings: &'a [LineReading], spans: &[Span]) -> Self {
        Self { parts: spans.iter().map(|span| (&readings[span.reading], span.glyphs.clone())).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The likeliest characters, parts joined by a space.
    pub fn text(&self) -> String {
        let part = |(reading, glyphs): &(&LineReading, Range<usize>)| -> String {
            reading.glyphs[glyphs.clone()].iter().map(|glyph| glyph.ch).collect()
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join(" ")
    }

    /// Different crops' texts, the leading one first.
    pub fn texts(&self) -> Vec<String> {
        let mut out = vec![self.text()];
        for variant in 1..self.variants() {
            let part = |p: &(&LineReading, Range<usize>)| -> String {
                match whole_variant(p, variant) {
                    Some(probs) => probs.greedy().iter().map(|glyph| glyph.ch).collect(),
                    None => p.0.glyphs[p.1.clone()].iter().map(|glyph| glyph.ch).collect(),
                }
            };
            let text = self.parts.iter().map(part).collect::<Vec<_>>().join(" ");
            if !out.contains(&text) {
                out.push(text);
            }
        }
        out
    }

    /// The evidence through an alphabet, once per crop that was tried.
    pub fn views(&self, symbols: &str) -> Views {
        let view = |variant: usize| {
            let parts: Vec<(&LogProbs, Range<usize>)> = self
                .parts
                .iter()
                .filter_map(|part| match whole_variant(part, variant) {
                    Some(probs) => Some((probs, 0..usize::MAX)),
                    None => Some((part.0.variants.first()?, steps(part))),
                })
                .collect();
            Emissions::new(&parts, symbols)
        };
        Views((0..self.variants()).map(view).collect())
    }

    /// Crops to look at: as many as the part with most has, for parts that are whole lines.
    fn variants(&self) -> usize {
        let whole = self.parts.iter().filter(|(reading, glyphs)| *glyphs == (0..reading.glyphs.len()));
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

impl Views {
    /// Log of the mean probability that the evidence says exactly this.
    pub fn score(&self, text: &str) -> f32 {
        let sum = self.0.iter().map(|view| view.score(text)).fold(f32::NEG_INFINITY, log_add);
        sum - (self.0.len().max(1) as f32).ln()
    }

    /// As [`score`](Self::score), but label remnants or stray ink may stand around the text, each at a cost (nats).
    pub fn score_within(&self, text: &str, junk: f32) -> f32 {
        let sum = self.0.iter().map(|view| view.score_within(text, junk)).fold(f32::NEG_INFINITY, log_add);
        sum - (self.0.len().max(1) as f32).ln()
    }

    /// The likeliest strings of exactly `length` symbols from any crop, scored over all, best first.
    pub fn best_of_length(&self, length: usize, width: usize) -> Vec<(String, f32)> {
        let mut texts: Vec<String> = Vec::new();
        for view in &self.0 {
            for (text, _) in view.best_by_length(length, width).swap_remove(length) {
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
