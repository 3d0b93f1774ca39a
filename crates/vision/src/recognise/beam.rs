//! The likeliest texts of a line, given what usually follows what.
//!
//! Prefix beam search: ways to the same prefix are added up. Invariant: a prior weighs prefixes against one another and is no
//! part of the alignment; with none, this is the plain search. Deliberately lacks knowledge of fields: the prior is the caller's.

use std::collections::HashMap;

use super::alphabet::BLANK;
use super::ctc::{Emissions, Hasher, Mass, SURE_BLANK};

/// Symbols less likely than this at a step start nothing there: e⁻⁷·⁵.
const HOPELESS: f64 = 5.5e-4;

/// A prefix: its last symbol, what it continues, and what the prior made of it.
struct Prefix<S> {
    parent: usize,
    symbol: usize,
    state: S,
    prior: f32,
}

/// All prefixes met, each once.
struct Tree<S> {
    prefixes: Vec<Prefix<S>>,
    known: HashMap<(usize, usize), usize, Hasher>,
}

impl<S: Copy> Tree<S> {
    fn child(&mut self, parent: usize, symbol: usize, next: impl FnOnce(S) -> (S, f32)) -> usize {
        let prefixes = &mut self.prefixes;
        *self.known.entry((parent, symbol)).or_insert_with(|| {
            let (state, gain) = next(prefixes[parent].state);
            prefixes.push(Prefix { parent, symbol, state, prior: prefixes[parent].prior + gain });
            prefixes.len() - 1
        })
    }
}

/// The likeliest texts, best first, at most `width`. `next` tells what a character adds to a prefix's prior (ln).
pub(crate) fn likely_texts<S: Copy>(
    seen: &Emissions,
    width: usize,
    start: S,
    next: impl Fn(S, char) -> (S, f32),
) -> Vec<String> {
    let root = Prefix { parent: 0, symbol: BLANK, state: start, prior: 0.0 };
    let mut tree = Tree { prefixes: vec![root], known: HashMap::default() };
    let mut beam: Vec<(usize, Mass)> = vec![(0, Mass::START)];
    for row in seen.rows() {
        let last_of =
            |tree: &Tree<S>, at: usize| Some(tree.prefixes[at].symbol).filter(|last| *last != BLANK);
        if row[BLANK] > SURE_BLANK {
            beam.iter_mut().for_each(|(at, mass)| *mass = mass.rested(row, last_of(&tree, *at)));
            continue;
        }
        let mut grown: HashMap<usize, Mass, Hasher> = HashMap::default();
        for &(at, mass) in &beam {
            let last = last_of(&tree, at);
            let rested = mass.rested(row, last);
            let stay = grown.entry(at).or_default();
            stay.blank += rested.blank;
            stay.symbol += rested.symbol;
            for (symbol, _) in row.iter().enumerate().skip(1).filter(|(_, p)| **p > HOPELESS) {
                let ways = mass.grown(row, last, symbol);
                if ways > 0.0 {
                    let longer = tree.child(at, symbol, |state| next(state, seen.symbol(symbol)));
                    grown.entry(longer).or_default().symbol += ways;
                }
            }
        }
        let mut weighed: Vec<(f32, (usize, Mass))> = grown
            .into_iter()
            .map(|(at, mass)| (mass.total().ln() as f32 + tree.prefixes[at].prior, (at, mass)))
            .collect();
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.0.cmp(&b.1.0)));
        weighed.truncate(width);
        beam = weighed.into_iter().map(|(_, prefix)| prefix).collect();
    }
    beam.iter().map(|(at, _)| spelt(&tree, *at, seen)).collect()
}

fn spelt<S>(tree: &Tree<S>, mut at: usize, seen: &Emissions) -> String {
    let mut out = Vec::new();
    while at != 0 {
        out.push(seen.symbol(tree.prefixes[at].symbol));
        at = tree.prefixes[at].parent;
    }
    out.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::super::ctc::tests::spoken;
    use super::*;

    fn best(text: &str, doubts: &[(usize, char, f32)], liked: char, gain: f32) -> Vec<String> {
        let probs = spoken(text, doubts);
        let seen = Emissions::new(&[(&probs, 0..probs.steps())], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ");
        likely_texts(&seen, 6, (), |(), ch| ((), if ch == liked { gain } else { 0.0 }))
    }

    #[test]
    fn without_a_prior_the_likeliest_comes_first() {
        let found = best("SITI A", &[(3, '1', 0.4)], 'I', 0.0);
        assert_eq!(found[..2], ["SITI A", "SIT1 A"]);
    }

    #[test]
    fn a_prior_decides_where_the_net_is_unsure_alone() {
        assert_eq!(best("SIT1", &[(3, 'I', 0.4)], 'I', 1.0)[0], "SITI");
        assert_eq!(best("SIT1", &[(3, 'I', 0.02)], 'I', 1.0)[0], "SIT1");
    }

    #[test]
    fn repeated_letters_and_lost_ones_are_found() {
        assert!(best("ANNA", &[(1, '?', 0.6)], 'N', 0.0).contains(&"ANA".to_owned()));
        assert_eq!(best("ANNA", &[], 'N', 0.0)[0], "ANNA");
    }
}
