//! CTC probabilities and the questions asked of them.
//!
//! [`LogProbs`] is what the net said about a line. [`Emissions`] looks at it through a restricted alphabet: every
//! character outside counts as blank, so spaces, label remnants and separators cost nothing while digits or letters
//! are compared. Invariant: probabilities of different strings of one `Emissions` are comparable, whatever their
//! length. Deliberately lacks language models.

use std::collections::HashMap;
use std::ops::Range;

use inference::Tensor;

use super::alphabet::{BLANK, CLASSES, char_of, class_of};
use crate::logits::{FURTHEST, exp};

/// Input pixels per step.
const PX_PER_STEP: usize = 4;

/// Probability of each class at each step, as it is and as a logarithm.
#[derive(Clone)]
pub(crate) struct LogProbs {
    chances: Vec<f32>,
    values: Vec<f32>,
}

/// One character read, the steps it spans and the highest probability it reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub ch: char,
    pub start: usize,
    pub end: usize,
    pub probability: f32,
}

impl LogProbs {
    /// From `[1, T, 48]` logits, keeping the steps of the first `width` input pixels.
    pub fn from_logits(logits: &Tensor, width: usize) -> Option<Self> {
        let &[1, steps, CLASSES] = logits.shape() else { return None };
        let kept = steps.min(width.div_ceil(PX_PER_STEP));
        let (mut chances, mut values) =
            (vec![0.0; kept * CLASSES], logits.values()[..kept * CLASSES].to_vec());
        for (chances, row) in chances.chunks_exact_mut(CLASSES).zip(values.chunks_exact_mut(CLASSES)) {
            log_softmax(row, chances);
        }
        Some(Self { chances, values })
    }

    fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks_exact(CLASSES)
    }

    pub fn steps(&self) -> usize {
        self.values.len() / CLASSES
    }

    /// How sure the least sure character is: its highest probability, or for a gap that may hide a character, the
    /// blank's. Steps between a character and its neighbouring blank are always torn and say nothing.
    pub fn weakest(&self) -> f32 {
        let tops: Vec<(usize, f32)> = self.rows().map(best).collect();
        let glyphs = self.greedy().into_iter().map(|glyph| glyph.probability);
        let is_blank = |i: usize| tops.get(i).is_none_or(|top| top.0 == BLANK);
        let gaps = (0..tops.len())
            .filter(|&i| is_blank(i) && is_blank(i + 1) && (i == 0 || is_blank(i - 1)))
            .map(|i| tops[i].1.exp());
        glyphs.chain(gaps).fold(1.0, f32::min)
    }

    /// Log-probability of the best path per character.
    pub fn mean_certainty(&self) -> f32 {
        let (sum, inked) = self
            .rows()
            .map(best)
            .fold((0.0, 0), |(sum, inked), (class, p)| (sum + p, inked + usize::from(class != BLANK)));
        sum / inked.max(1) as f32
    }

    /// The best path's characters.
    pub fn greedy(&self) -> Vec<Glyph> {
        let mut out: Vec<Glyph> = Vec::new();
        let mut last = BLANK;
        for (step, row) in self.rows().enumerate() {
            let (class, p) = best(row);
            if let Some(ch) = char_of(class) {
                match out.last_mut() {
                    Some(glyph) if class == last => {
                        glyph.end = step + 1;
                        glyph.probability = glyph.probability.max(p.exp());
                    }
                    _ => out.push(Glyph { ch, start: step, end: step + 1, probability: p.exp() }),
                }
            }
            last = class;
        }
        out
    }
}

fn best(row: &[f32]) -> (usize, f32) {
    row.iter().copied().enumerate().fold(
        (BLANK, f32::NEG_INFINITY),
        |top, (class, p)| {
            if p > top.1 { (class, p) } else { top }
        },
    )
}

/// Turns a row of logits into logarithms of probabilities, and tells these as they are.
fn log_softmax(row: &mut [f32], chances: &mut [f32]) {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    chances.iter_mut().zip(&*row).for_each(|(chance, v)| *chance = exp(v - max));
    let sum = chances.iter().sum::<f32>();
    let log_sum = sum.ln() + max;
    chances.iter_mut().for_each(|chance| *chance /= sum);
    row.iter_mut().for_each(|v| *v = (*v - log_sum).max(-FURTHEST));
}

/// ln(eᵃ + eᵇ).
pub(crate) fn log_add(a: f32, b: f32) -> f32 {
    let (high, low) = if a > b { (a, b) } else { (b, a) };
    if low == f32::NEG_INFINITY { high } else { high + (low - high).exp().ln_1p() }
}

/// Paths that have said everything: in the last symbol or in the blank after it.
fn ended(now: &[f64]) -> f64 {
    let last = if now.len() > 1 { now[now.len() - 2] } else { 0.0 };
    now[now.len() - 1] + last
}

/// Exponents beyond this leave nothing else to count.
const TOO_FAR: f64 = 300.0;

/// Keeps sums away from the smallest and largest numbers; the logarithm of what they were divided by.
fn rescaled(now: &mut [f64]) -> f64 {
    let most = now.iter().copied().fold(0.0, f64::max);
    if most == 0.0 || (1e-60..1e60).contains(&most) {
        return 0.0;
    }
    now.iter_mut().for_each(|p| *p /= most);
    most.ln()
}

/// A line seen through a restricted alphabet.
pub(crate) struct Emissions {
    symbols: Vec<char>,
    /// Probabilities, step by step: blank, then each symbol.
    chances: Vec<f64>,
}

/// Probability of a prefix: of the ways that end in blank, of those that end in its last symbol. A line's steps at their
/// least likely stay far above the smallest number.
#[derive(Clone, Copy, Default)]
pub(super) struct Mass {
    pub blank: f64,
    pub symbol: f64,
}

impl Mass {
    /// Of nothing, before anything was said.
    pub const START: Self = Self { blank: 1.0, symbol: 0.0 };

    pub fn total(self) -> f64 {
        self.blank + self.symbol
    }

    /// What is left of it after a step that adds nothing to the prefix.
    pub fn rested(self, row: &[f64], last: Option<usize>) -> Self {
        let symbol = last.map_or(0.0, |last| self.symbol * row[last]);
        Self { blank: self.total() * row[BLANK], symbol }
    }

    /// The ways to the prefix with one more symbol.
    pub fn grown(self, row: &[f64], last: Option<usize>, symbol: usize) -> f64 {
        row[symbol] * if last == Some(symbol) { self.blank } else { self.total() }
    }
}

impl Emissions {
    /// The given steps (clamped) of lines that follow one another; characters not in `symbols` count as blank.
    pub fn new(parts: &[(&LogProbs, Range<usize>)], symbols: &str) -> Self {
        let symbols: Vec<char> = symbols.chars().filter(|c| class_of(*c).is_some()).collect();
        let classes: Vec<usize> = symbols.iter().filter_map(|c| class_of(*c)).collect();
        let mut chances: Vec<f64> = Vec::new();
        for (probs, range) in parts {
            if !chances.is_empty() {
                // A certain blank, or space if those are looked at: the same letter at the end of one line and the start
                // of the next is two.
                let gap = symbols.iter().position(|&s| s == ' ').map_or(BLANK, |i| i + 1);
                chances.extend((0..=symbols.len()).map(|place| if place == gap { 1.0 } else { 0.0 }));
            }
            let range = range.start.min(probs.steps())..range.end.min(probs.steps());
            chances.reserve(range.len() * (symbols.len() + 1));
            for row in probs.chances.chunks_exact(CLASSES).skip(range.start).take(range.len()) {
                let inside: f32 = classes.iter().map(|&class| row[class]).sum();
                chances.push(f64::from((1.0 - inside).max(1e-9)));
                chances.extend(classes.iter().map(|&class| f64::from(row[class])));
            }
        }
        Self { symbols, chances }
    }

    /// Probabilities of the blank and of each symbol, step by step.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.chances.chunks_exact(self.symbols.len() + 1)
    }

    /// What a place in a row stands for, blank excepted.
    pub(super) fn symbol(&self, place: usize) -> char {
        self.symbols[place - 1]
    }

    fn index_of(&self, ch: char) -> Option<usize> {
        self.symbols.iter().position(|&s| s == ch).map(|i| i + 1)
    }

    /// Log-probability that the line says exactly this, summed over all alignments. Characters outside the alphabet
    /// are skipped.
    pub fn score(&self, text: &str) -> f32 {
        self.aligned(text, f32::NEG_INFINITY)
    }

    /// As [`score`](Self::score), but anything may stand before and after, each at the given cost (ln).
    pub fn score_within(&self, text: &str, junk: f32) -> f32 {
        self.aligned(text, -junk)
    }

    /// Sums in plain numbers, times e to the `scale`: ten times as fast as sums of logarithms.
    fn aligned(&self, text: &str, junk: f32) -> f32 {
        let target: Vec<usize> = text.chars().filter_map(|c| self.index_of(c)).collect();
        // One state per symbol and one blank before, between and after them.
        let states = 2 * target.len() + 1;
        let mut now = vec![0.0f64; states];
        now[0] = 1.0;
        let (mut scale, junk) = (0.0f64, f64::from(junk));
        // What was finished at an earlier step and followed by anything.
        let mut finished = f64::NEG_INFINITY;
        for (step, row) in self.rows().enumerate() {
            if junk > f64::NEG_INFINITY {
                finished = finished.max(ended(&now).ln() + scale + junk);
                now[0] = now[0].max((junk - scale).min(TOO_FAR).exp());
            }
            for s in (0..states.min(2 * step + 2)).rev() {
                let symbol = if s % 2 == 0 { BLANK } else { target[s / 2] };
                let mut sum = now[s];
                if s > 0 {
                    sum += now[s - 1];
                }
                if s > 1 && symbol != BLANK && symbol != target[s / 2 - 1] {
                    sum += now[s - 2];
                }
                now[s] = sum * row[symbol];
            }
            scale += rescaled(&mut now);
        }
        (ended(&now).ln() + scale).max(finished) as f32
    }

    /// The likeliest strings of each length up to `max_len`, best first, at most `width` of each length. `may_begin` says which
    /// prefixes (places of symbols in the alphabet) are worth going on with.
    pub fn best_by_length(
        &self,
        max_len: usize,
        width: usize,
        may_begin: &dyn Fn(&[usize]) -> bool,
    ) -> Vec<Vec<(String, f32)>> {
        let mut beams: Beams = [(Vec::new(), Mass::START)].into_iter().collect();
        for row in self.rows() {
            if row[BLANK] > SURE_BLANK {
                beams.iter_mut().for_each(|(prefix, mass)| *mass = mass.rested(row, prefix.last().copied()));
                continue;
            }
            let mut next = Beams::with_capacity_and_hasher(beams.len() * 2, Hasher::default());
            for (prefix, mass) in &beams {
                extend(&mut next, prefix, *mass, row, max_len);
            }
            next.retain(|prefix, _| beams.contains_key(prefix) || may_begin(&places(prefix)));
            beams = pruned(next, max_len, width);
        }
        let mut out = vec![Vec::new(); max_len + 1];
        for (prefix, mass) in beams {
            let text = prefix.iter().map(|&symbol| self.symbols[symbol - 1]).collect();
            out[prefix.len()].push((text, mass.total().ln() as f32));
        }
        for group in &mut out {
            group.sort_by(|a: &(String, f32), b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        out
    }
}

/// Prefixes and their probabilities. Nobody outside chooses keys: a quick hash will do.
type Beams = HashMap<Vec<usize>, Mass, Hasher>;
pub(super) type Hasher = rustc_hash::FxBuildHasher;

/// Symbols less likely than this at a step start nothing there: e⁻¹¹.
const HOPELESS: f64 = 1.67e-5;
/// A blank this likely lets nothing begin.
pub(super) const SURE_BLANK: f64 = 1.0 - 2e-4;

fn places(prefix: &[usize]) -> Vec<usize> {
    prefix.iter().map(|symbol| symbol - 1).collect()
}

fn extend(next: &mut Beams, prefix: &[usize], mass: Mass, row: &[f64], max_len: usize) {
    let last = prefix.last().copied();
    let rested = mass.rested(row, last);
    let stay = next.entry(prefix.to_vec()).or_default();
    stay.blank += rested.blank;
    stay.symbol += rested.symbol;
    if prefix.len() == max_len {
        return;
    }
    for (symbol, _) in row.iter().enumerate().skip(1).filter(|(_, p)| **p > HOPELESS) {
        let ways = mass.grown(row, last, symbol);
        if ways > 0.0 {
            let mut longer = Vec::with_capacity(prefix.len() + 1);
            longer.extend_from_slice(prefix);
            longer.push(symbol);
            next.entry(longer).or_default().symbol += ways;
        }
    }
}

/// The `width` likeliest prefixes of each length: short and long readings never crowd each other out.
fn pruned(all: Beams, max_len: usize, width: usize) -> Beams {
    let mut groups: Vec<Vec<(Vec<usize>, Mass)>> = vec![Vec::new(); max_len + 1];
    for (prefix, mass) in all {
        groups[prefix.len()].push((prefix, mass));
    }
    groups
        .into_iter()
        .flat_map(|mut group| {
            group.sort_by(|a, b| b.1.total().total_cmp(&a.1.total()).then_with(|| a.0.cmp(&b.0)));
            group.truncate(width);
            group
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn log_probs(values: Vec<f32>) -> LogProbs {
        LogProbs { chances: values.iter().map(|v| v.exp()).collect(), values }
    }

    /// What a net would say about `text`, one step per character and one blank after each; `doubts` puts part of
    /// a character's probability on another.
    pub(crate) fn spoken(text: &str, doubts: &[(usize, char, f32)]) -> LogProbs {
        let mut values = Vec::new();
        for (i, ch) in text.chars().enumerate() {
            let mut row = vec![1e-6f32; CLASSES];
            let doubt = doubts.iter().find(|d| d.0 == i);
            row[class_of(ch).unwrap()] = 1.0 - doubt.map_or(0.0, |d| d.2);
            if let Some(&(_, other, p)) = doubt {
                row[class_of(other).unwrap_or(BLANK)] = p;
            }
            let mut gap = vec![1e-6f32; CLASSES];
            gap[BLANK] = 1.0;
            for cells in [row, gap] {
                let sum: f32 = cells.iter().sum();
                values.extend(cells.iter().map(|v| (v / sum).ln()));
            }
        }
        log_probs(values)
    }

    const DIGITS: &str = "0123456789";

    #[test]
    fn greedy_reads_what_was_spoken() {
        let probs = spoken(": SITI AA", &[]);
        let text: String = probs.greedy().iter().map(|g| g.ch).collect();
        assert_eq!(text, ": SITI AA");
        assert!(probs.weakest() > 0.99 && probs.mean_certainty() > -0.01);
    }

    #[test]
    fn scores_ignore_what_is_outside_the_alphabet() {
        let probs = spoken(": 17-08 / 90", &[]);
        let seen = Emissions::new(&[(&probs, 0..probs.steps())], DIGITS);
        assert!(seen.score("170890") > -0.01);
        assert!(seen.score("17-08/90") > -0.01);
        assert!(seen.score("17089") < -8.0 && seen.score("1708900") < -8.0);
    }

    #[test]
    fn words_are_found_among_junk_at_a_cost() {
        let probs = spoken("RAANWNI", &[]);
        let seen = Emissions::new(&[(&probs, 0..probs.steps())], "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        assert!(seen.score("WNI") < -20.0);
        assert!((seen.score_within("WNI", 4.0) + 4.0).abs() < 0.05);
        assert!((seen.score_within("RAA", 4.0) + 4.0).abs() < 3.0);
        assert!((seen.score_within("AN", 4.0) + 8.0).abs() < 3.0);
        assert!(seen.score_within("RAANWNI", 4.0) > -0.05);
        assert!(seen.score_within("ISLAM", 4.0) < -20.0);
    }

    #[test]
    fn the_best_of_each_length_includes_dropped_digits() {
        let probs = spoken("3174", &[(2, 'Z', 0.6)]);
        let seen = Emissions::new(&[(&probs, 0..probs.steps())], DIGITS);
        let best = seen.best_by_length(4, 3, &|_| true);
        assert_eq!(best[4][0].0, "3174");
        assert_eq!(best[3][0].0, "314");
        assert!((best[4][0].1.exp() - 0.4).abs() < 0.01 && (best[3][0].1.exp() - 0.6).abs() < 0.01);
    }

    #[test]
    fn repeats_need_a_gap() {
        let mut values = Vec::new();
        for _ in 0..4 {
            let mut row = vec![1e-6f32.ln(); CLASSES];
            row[class_of('7').unwrap()] = 0.99f32.ln();
            values.extend(row);
        }
        let probs = log_probs(values);
        assert_eq!(probs.greedy().len(), 1);
        let seen = Emissions::new(&[(&probs, 0..4)], DIGITS);
        assert!(seen.score("7") > seen.score("77") + 3.0);
    }

    #[test]
    fn nothing_scores_only_as_nothing() {
        let empty = log_probs(Vec::new());
        let seen = Emissions::new(&[(&empty, 0..9)], DIGITS);
        assert_eq!((seen.score(""), seen.score("1")), (0.0, f32::NEG_INFINITY));
        assert_eq!(seen.best_by_length(2, 2, &|_| true)[0].len(), 1);
    }

    proptest! {
        #[test]
        fn beam_totals_equal_exact_scores(text in "[0-9]{1,6}", at in 0usize..6, other in "[0-9]", p in 0.05f32..0.6) {
            let other = other.chars().next().unwrap();
            let probs = spoken(&text, &[(at, other, p)]);
            let seen = Emissions::new(&[(&probs, 0..probs.steps())], DIGITS);
            let best = seen.best_by_length(6, 8, &|_| true);
            let (top, score) = &best[text.len()][0];
            prop_assert!((score - seen.score(top)).abs() < 0.02, "{} {}", score, seen.score(top));
            if p < 0.45 || at >= text.len() {
                prop_assert_eq!(top, &text);
            }
        }
    }
}
