//! The benchmark of reading: synthetic cards of known truth, read by us and by others in one run.
//!
//! Every picture goes to each reader in turn, each with one thread, so that a machine that is busy for a while slows all of
//! them. One scoring judges all ([`crate::eval`]). Invariant: seed and number of cards alone decide everything but the
//! milliseconds. Deliberately absent: pictures of real cards.

mod corners;
pub mod docs;
mod kindly;
mod label_rule;
mod live;
pub mod peers;
mod plots;
pub mod report;
mod results;
pub mod set;
mod tables;
mod targets;

use std::collections::BTreeMap;

use anyhow::Context as _;
use inference::{ModelSource, Models};
use rayon::{ThreadPool, ThreadPoolBuilder};
use vision::{Reader, Reading, Verdict};

pub use results::Summary;
pub use tables::{Table, tables};

use crate::card_answer;
use crate::eval::evaluation::{Answered, Ending, Evaluation, Spent};
use crate::eval::score::judge;
use crate::eval::truth::Card;
use corners::{error_percent, overlap};
use live::Live;
use peers::{Peer, PeerReading};
use set::BenchSet;

/// The nets that watching and reading a card take.
const CARD_NETS: [&str; 6] = ["localiser", "tracker", "line-finder", "glancer", "recogniser", "visibility"];

/// What one reader made of the single pictures.
pub struct Engine {
    /// Its key in results.
    pub key: &'static str,
    /// Its name and version.
    pub name: String,
    /// The right value in the right field.
    pub strict: Evaluation,
    /// The right value anywhere; for peers alone, who know no fields.
    pub kindly: Option<Evaluation>,
}

/// How well the cards of a group were found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Cards there were.
    pub cards: usize,
    /// Distances of corners in percent of the card's width, one a found card.
    pub errors: Vec<f64>,
    /// Overlaps with the true quad, one a found card.
    pub overlaps: Vec<f64>,
}

/// Bursts of one held card, read frame by frame and fused.
#[derive(Default)]
pub struct Bursts {
    /// Every frame by itself.
    pub frames: Evaluation,
    /// Of each burst the frame with most right fields, which only the truth can choose.
    pub best: Evaluation,
    /// Each burst fused.
    pub fused: Evaluation,
}

/// Everything measured.
pub struct Bench {
    /// Cards of each severity.
    pub cards: u32,
    /// What they were drawn from.
    pub seed: u64,
    /// All pictures of the set.
    pub pictures: usize,
    /// Groups of single pictures, in the set's order.
    pub groups: Vec<String>,
    /// Ours first.
    pub engines: Vec<Engine>,
    /// Where we found the cards, by group.
    pub found: BTreeMap<String, Found>,
    /// Our bursts.
    pub bursts: Bursts,
    /// Frames without a card.
    pub without: usize,
    /// Those in which we saw one.
    pub false_cards: usize,
    /// What the live analysis made of camera frames.
    pub live: Live,
    /// The nets that read a card, together.
    pub model_bytes: u64,
}

impl Bench {
    /// Our own results.
    pub fn ours(&self) -> &Engine {
        &self.engines[0]
    }
}

/// Reads the whole set with ours and every peer; `told` hears of each picture.
pub fn run(
    (cards, seed): (u32, u64),
    set: &BenchSet,
    peers: &mut [Peer],
    told: impl Fn() + Sync,
) -> anyhow::Result<Bench> {
    let source = ModelSource::from_env();
    let ours = Ours::load(&source)?;
    let models = Models::open(&source)?;
    let sizes = CARD_NETS.iter().map(|name| models.size_bytes(name)).collect::<Result<Vec<u64>, _>>()?;
    let (engines, found) = read_cards(set, &ours, peers, &told)?;
    let bursts = read_bursts(set, &ours, &told)?;
    let mut false_cards = 0;
    for frame in &set.without {
        let (answered, _) = ours.read(frame)?;
        false_cards += usize::from(answered.ending == Ending::Read);
        told();
    }
    let live = ours.thread.install(|| Live::measure(set, &source, &told))?;
    Ok(Bench {
        cards,
        seed,
        pictures: set.pictures(),
        groups: set.groups(),
        engines,
        found,
        bursts,
        without: set.without.len(),
        false_cards,
        live,
        model_bytes: sizes.iter().sum(),
    })
}

/// Our reader in one thread.
struct Ours {
    reader: Reader,
    thread: ThreadPool,
}

impl Ours {
    fn load(source: &ModelSource) -> anyhow::Result<Self> {
        let thread = ThreadPoolBuilder::new().num_threads(1).build()?;
        Ok(Self { reader: Reader::load(source)?, thread })
    }

    fn read(&self, card: &Card) -> anyhow::Result<(Answered, Option<Reading>)> {
        self.thread
            .install(|| card_answer::read(&self.reader, &card.path))
            .with_context(|| format!("reading {}", card.file))
    }
}

fn read_cards(
    set: &BenchSet,
    ours: &Ours,
    peers: &mut [Peer],
    told: &impl Fn(),
) -> anyhow::Result<(Vec<Engine>, BTreeMap<String, Found>)> {
    let names = peers.iter().map(|peer| (peer.kind.key(), peer.name.clone()));
    let mut engines: Vec<Engine> = [("loket", "Loket".to_owned())]
        .into_iter()
        .chain(names)
        .enumerate()
        .map(|(place, (key, name))| Engine {
            key,
            name,
            strict: Evaluation::default(),
            kindly: (place > 0).then(Evaluation::default),
        })
        .collect();
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    // The first picture makes buffers and caches; nobody is timed on it.
    if let Some(first) = set.cards.first() {
        ours.read(first)?;
        peers.iter_mut().try_for_each(|peer| peer.read(&first.path).map(drop))?;
    }
    for card in &set.cards {
        let (answered, reading) = ours.read(card)?;
        found.entry(card.kind.clone()).or_default().add(card, reading.as_ref());
        engines[0].strict.add(card, answered);
        for (peer, engine) in peers.iter_mut().zip(&mut engines[1..]) {
            count(engine, card, &peer.read(&card.path)?);
        }
        told();
    }
    Ok((engines, found))
}

/// Scores what a peer read, strictly and kindly.
fn count(engine: &mut Engine, card: &Card, read: &PeerReading) {
    let spent = Some(Spent { total_ms: read.ms, ..Spent::default() });
    let ending = if read.lines.is_empty() { Ending::NotFound } else { Ending::Read };
    let answered = |answers| Answered { ending: ending.clone(), answers, spent };
    engine.strict.add(card, answered(label_rule::answers(&read.lines)));
    if let Some(kindly) = &mut engine.kindly {
        kindly.add(card, answered(kindly::answers(&read.lines, &card.truth)));
    }
}

impl Found {
    fn add(&mut self, card: &Card, reading: Option<&Reading>) {
        self.cards += 1;
        let is_card = |reading: &&Reading| reading.verdict == Verdict::Ktp;
        if let (Some(truth), Some(quad)) = (card.quad, reading.filter(is_card).and_then(|found| found.quad)) {
            self.errors.push(error_percent(&truth, &quad));
            self.overlaps.push(overlap(&truth, &quad));
        }
    }
}

fn read_bursts(set: &BenchSet, ours: &Ours, told: &impl Fn()) -> anyhow::Result<Bursts> {
    let mut bursts = Bursts::default();
    for burst in &set.bursts {
        let mut readings = Vec::with_capacity(burst.len());
        let mut best: Option<(usize, Answered)> = None;
        for frame in burst {
            let (answered, reading) = ours.read(frame)?;
            let right = right_fields(frame, &answered);
            if best.as_ref().is_none_or(|(most, _)| right > *most) {
                best = Some((right, answered.clone()));
            }
            bursts.frames.add(frame, answered);
            readings.extend(reading);
            told();
        }
        let together = ours.thread.install(|| ours.reader.read_together(&readings))?;
        if let (Some(fused), Some((_, best))) = (together, best) {
            bursts.best.add(&burst[0], best);
            bursts.fused.add(&burst[0], card_answer::of_reading(&fused));
        }
    }
    Ok(bursts)
}

fn right_fields(card: &Card, answered: &Answered) -> usize {
    let is_right = |(field, truth): &(&ktp::Field, &String)| {
        answered.answers.get(field).is_some_and(|answer| judge(truth, answer).exact)
    };
    card.truth.iter().filter(is_right).count()
}
