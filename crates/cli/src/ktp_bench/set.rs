//! The benchmark's pictures: drawn by the repository's generator, loaded by group.
//!
//! Invariant: groups stand in the order of the truth file; a burst's frames stay together. Deliberately absent: drawing, which is
//! `models/training/make_bench.py`'s.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::eval::truth::{self, Card};

/// What draws this benchmark, in the generator's folder.
pub const SCRIPT: &str = "make_bench.py";
/// The generator's folder, from the repository's root.
pub const TRAINING: &str = "models/training";
const BURST: &str = "sequence";
const WITHOUT_CARD: &str = "no-card";
const LIVE: &str = "live";
const LAMINATED: &str = "laminated";

/// The pictures by what they are for.
pub struct BenchSet {
    /// Single pictures of cards: severities and single effects.
    pub cards: Vec<Card>,
    /// Frames of one held card each.
    pub bursts: Vec<Vec<Card>>,
    /// Frames without a card.
    pub without: Vec<Card>,
    /// Camera frames of cards that light or hands may hide.
    pub live: Vec<Card>,
    /// Camera frames of laminated cards in light that hides nothing.
    pub laminated: Vec<Card>,
}

impl BenchSet {
    /// Loads what the generator wrote.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        Ok(Self::of(truth::load(folder)?))
    }

    fn of(all: Vec<Card>) -> Self {
        let (frames, rest) = split(all, BURST);
        let (without, rest) = split(rest, WITHOUT_CARD);
        let (live, rest) = split(rest, LIVE);
        let (laminated, cards) = split(rest, LAMINATED);
        let mut bursts: Vec<Vec<Card>> = Vec::new();
        for frame in frames {
            match bursts.last_mut().filter(|burst| burst[0].sequence == frame.sequence) {
                Some(burst) => burst.push(frame),
                None => bursts.push(vec![frame]),
            }
        }
        Self { cards, bursts, without, live, laminated }
    }

    /// The groups of single pictures, in the set's order.
    pub fn groups(&self) -> Vec<String> {
        let mut groups: Vec<String> = self.cards.iter().map(|card| card.kind.clone()).collect();
        groups.dedup();
        groups
    }

    /// All pictures.
    pub fn pictures(&self) -> usize {
        let frames: usize = self.bursts.iter().map(Vec::len).sum();
        self.cards.len() + frames + self.without.len() + self.live.len() + self.laminated.len()
    }
}

/// The pictures of a group, and the others.
fn split(all: Vec<Card>, group: &str) -> (Vec<Card>, Vec<Card>) {
    all.into_iter().partition(|card| card.kind == group)
}

/// How many pictures a benchmark of so many cards a severity has: what the generator's `jobs` come to.
pub fn expected(cards: usize) -> usize {
    let few = (cards / 4).max(1);
    let some = (cards / 2).max(1);
    4 * cards + 12 * few + 5 * few + some + cards + some
}

/// Has a script of the generator's folder draw what is missing in `folder`; `told` hears of every picture.
pub fn draw(
    python: &Path,
    script: &str,
    folder: &Path,
    (seed, cards): (u64, u32),
    mut told: impl FnMut(),
) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut generator = Command::new(python)
        .arg(Path::new(TRAINING).join(script))
        .args(["--seed", &seed.to_string(), "--cards", &cards.to_string(), "--out"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .context("the generator does not start")?;
    let lines = generator.stdout.take().expect("standard output is piped above");
    for line in BufReader::new(lines).lines() {
        line?;
        told();
    }
    let status = generator.wait()?;
    if !status.success() {
        bail!("the generator failed ({status}); what it said stands above");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn pictures_are_sorted_by_what_they_are_for() {
        let card = |kind: &str, sequence: Option<&str>| Card {
            file: String::new(),
            path: "a.jpg".into(),
            kind: kind.to_owned(),
            truth: BTreeMap::new(),
            quad: None,
            sequence: sequence.map(str::to_owned),
            hidden: None,
        };
        let set = BenchSet::of(vec![
            card("severity0", None),
            card("severity0", None),
            card("glare", None),
            card("sequence", Some("000")),
            card("sequence", Some("000")),
            card("sequence", Some("001")),
            card("no-card", None),
            card("live", None),
            card("laminated", None),
        ]);
        assert_eq!(set.groups(), ["severity0", "glare"]);
        assert_eq!(set.bursts.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert_eq!((set.without.len(), set.live.len(), set.laminated.len(), set.pictures()), (1, 1, 1, 9));
    }

    #[test]
    fn the_generator_draws_as_many_as_expected() {
        assert_eq!((expected(40), expected(1)), (410, 24));
    }
}
