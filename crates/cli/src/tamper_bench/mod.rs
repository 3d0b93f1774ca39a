//! The benchmark of tamper signals: synthetic genuine cards, and attacks on cards and on pictures of them, judged as a scan and a
//! burst are.
//!
//! Invariant: a vote that is not judged is no alarm, neither on a genuine card nor on an attack; seed and number of cards alone decide
//! everything. Deliberately absent: cards that exist, and a verdict over all voters, which is the gateway's.

pub mod report;
mod results;
mod tables;

use anyhow::Context as _;
use engine::{compose, picture};
use frame::Frame;
use inference::ModelSource;
use vision::tamper::{Marks, TamperParams, Vote, judge};
use vision::{Reader, Reading, Verdict};

pub use results::Summary;
pub use tables::tables;

use crate::eval::truth::Card;

/// The group that every attack is compared with.
const GENUINE: &str = "genuine";

/// One card, in one picture or in a burst, and what was said of it.
pub struct Judged {
    /// `severity0` … or `burst`.
    pub level: String,
    /// `genuine`, or the attack.
    pub group: String,
    /// One vote a voter.
    pub votes: Vec<Vote>,
}

/// Everything judged.
pub struct Bench {
    /// Cards of each attack and severity; there are twice as many genuine ones.
    pub cards: u32,
    /// What they were drawn from.
    pub seed: u64,
    /// All pictures of the set.
    pub pictures: usize,
    /// In the set's order.
    pub judged: Vec<Judged>,
}

/// How many pictures the generator draws: what its `jobs` come to.
pub fn expected(cards: usize) -> usize {
    3 * (2 + 14) * cards + 3 * 5 * cards
}

/// Judges the whole set; `told` hears of each picture.
pub fn run((cards, seed): (u32, u64), set: &[Card], told: impl Fn(&Judged)) -> anyhow::Result<Bench> {
    let reader = Reader::load(&ModelSource::from_env())?;
    let params = TamperParams::default();
    let mut judged = Vec::new();
    for together in set.chunk_by(|a, b| a.sequence.is_some() && a.sequence == b.sequence) {
        let first = &together[0];
        let (level, group) = first
            .kind
            .split_once('/')
            .with_context(|| format!("{} is of no group of this benchmark", first.file))?;
        let votes = votes(&reader, together, &params)?;
        let one = Judged { level: level.to_owned(), group: group.to_owned(), votes };
        told(&one);
        judged.push(one);
    }
    Ok(Bench { cards, seed, pictures: set.len(), judged })
}

/// One card's votes; none if no picture shows a card.
fn votes(reader: &Reader, pictures: &[Card], params: &TamperParams) -> anyhow::Result<Vec<Vote>> {
    let mut cards: Vec<(Reading, Frame)> = Vec::new();
    for card in pictures {
        let picture = picture::open(&card.path)?;
        cards.push((reader.read(&picture)?, picture));
    }
    cards.retain(|(reading, _)| reading.verdict == Verdict::Ktp);
    let marks = Marks::of_burst(&cards, params);
    let readings: Vec<Reading> = cards.into_iter().map(|(reading, _)| reading).collect();
    let fused = vision::fuse(&readings).filter(|_| !marks.is_empty());
    Ok(fused.map(|reading| judge(&marks, &reading, compose::today(), params)).unwrap_or_default())
}

/// One line about one card, for whoever watches.
pub fn line(judged: &Judged) -> String {
    let votes = judged.votes.iter().map(|vote| match vote.suspicion {
        Some(suspicion) => format!("{} {suspicion:.2} ({})", vote.voter.code(), vote.reason),
        None => format!("{} –", vote.voter.code()),
    });
    format!("{}/{}: {}", judged.level, judged.group, votes.collect::<Vec<_>>().join("; "))
}
