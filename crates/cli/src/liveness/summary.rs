//! All sittings together.
//!
//! Invariant: an error is counted as ISO/IEC 30107-3 counts it: APCER is the share of attacks taken for living people, BPCER the
//! share of honest sittings that were not, whether they were judged otherwise or came to no end. Deliberately absent: an average
//! over species, which hides the worst.

use std::collections::BTreeMap;

use serde::Serialize;
use testkit::attack::Species;

use super::plan::Presented;
use super::rate::Rate;
use super::{People, Played};
use crate::lang::Lang;
use crate::spread::Spread;

/// What `--json` prints. Shares are 0–1.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Share of the honest sittings that were not taken for living people.
    pub bpcer: f64,
    /// The same by what kind of person it is and by the room's light.
    pub groups: BTreeMap<String, f64>,
    /// By kind of attack.
    pub species: BTreeMap<&'static str, SpeciesSummary>,
    /// The same for attacks that the device does not claim to keep out.
    pub beyond: BTreeMap<&'static str, SpeciesSummary>,
    /// Injected streams that passed, with flash and without.
    pub injected_passed: usize,
    /// Frozen streams that passed, with flash and without.
    pub frozen_passed: usize,
    /// 95 % intervals of the shares above.
    pub intervals: Intervals,
    /// Milliseconds of one frame's analysis.
    pub analysis_ms: Spread,
    /// Honest sittings; and those that came to no judgement.
    pub honest: usize,
    pub honest_unfinished: usize,
}

/// One kind of attack.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpeciesSummary {
    /// Share that passed although the screen lit the face.
    pub apcer_flash: f64,
    /// Share that passed without.
    pub apcer_no_flash: f64,
    /// How many were tried either way.
    pub n: usize,
}

/// 95 % intervals.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Intervals {
    pub bpcer: [f64; 2],
    pub groups: BTreeMap<String, [f64; 2]>,
    pub species: BTreeMap<&'static str, SpeciesIntervals>,
}

/// 95 % intervals of one kind of attack.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpeciesIntervals {
    pub apcer_flash: [f64; 2],
    pub apcer_no_flash: [f64; 2],
}

#[derive(Default)]
struct Counts {
    honest: Rate,
    unfinished: usize,
    groups: BTreeMap<String, Rate>,
    /// With flash, without.
    species: BTreeMap<&'static str, [Rate; 2]>,
    beyond: BTreeMap<&'static str, [Rate; 2]>,
}

impl Counts {
    fn of(sittings: &[Played], people: &People) -> Self {
        let mut counts = Self::default();
        for Played { plan, outcome } in sittings {
            match &plan.presented {
                Presented::Honest(name) => {
                    let is_refused = !outcome.is_live();
                    counts.honest.add(is_refused);
                    counts.unfinished += usize::from(outcome.verdict.is_none());
                    let light = plan.light.name().to_owned();
                    for group in people.groups(name).iter().cloned().chain([light]) {
                        counts.groups.entry(group).or_default().add(is_refused);
                    }
                }
                Presented::Attack { species, .. } => {
                    let kind = if species.is_claimed() { &mut counts.species } else { &mut counts.beyond };
                    let rates = kind.entry(species.name()).or_default();
                    rates[usize::from(!plan.has_flash())].add(outcome.is_live());
                }
            }
        }
        counts
    }

    fn passed(&self, species: Species) -> usize {
        self.species.get(species.name()).map_or(0, |rates| rates.iter().map(|rate| rate.part).sum())
    }
}

impl Summary {
    /// What the sittings say.
    pub fn of(sittings: &[Played], people: &People, analysis_ms: Spread) -> Self {
        let counts = Counts::of(sittings, people);
        let groups = |value: fn(Rate) -> [f64; 2]| -> BTreeMap<String, [f64; 2]> {
            counts.groups.iter().map(|(name, rate)| (name.clone(), value(*rate))).collect()
        };
        let species = |rates: &BTreeMap<&'static str, [Rate; 2]>| {
            rates.iter().map(|(name, rates)| (*name, SpeciesSummary::of(*rates))).collect()
        };
        Self {
            bpcer: counts.honest.share(),
            groups: counts.groups.iter().map(|(name, rate)| (name.clone(), rate.share())).collect(),
            species: species(&counts.species),
            beyond: species(&counts.beyond),
            injected_passed: counts.passed(Species::InjectedCamera),
            frozen_passed: counts.passed(Species::FrozenFrame),
            intervals: Intervals {
                bpcer: counts.honest.interval(),
                groups: groups(Rate::interval),
                species: counts
                    .species
                    .iter()
                    .chain(&counts.beyond)
                    .map(|(name, r)| (*name, SpeciesIntervals::of(*r)))
                    .collect(),
            },
            analysis_ms,
            honest: counts.honest.whole,
            honest_unfinished: counts.unfinished,
        }
    }
}

impl SpeciesSummary {
    fn of([flash, none]: [Rate; 2]) -> Self {
        Self { apcer_flash: flash.share(), apcer_no_flash: none.share(), n: flash.whole.max(none.whole) }
    }
}

impl SpeciesIntervals {
    fn of([flash, none]: [Rate; 2]) -> Self {
        Self { apcer_flash: flash.interval(), apcer_no_flash: none.interval() }
    }
}

/// The tables for people.
pub fn table(sittings: &[Played], people: &People, analysis_ms: Spread, lang: Lang) -> Vec<String> {
    let counts = Counts::of(sittings, people);
    let mut lines = vec![lang.pick(
        "serangan          n   APCER dengan kilat        APCER tanpa kilat".to_owned(),
        "attack            n   APCER with flash          APCER without flash".to_owned(),
    )];
    let row = |(name, [flash, none]): (&&str, &[Rate; 2])| {
        format!("{name:<17} {:<3} {} {}", flash.whole.max(none.whole), cell(*flash), cell(*none))
    };
    lines.extend(counts.species.iter().map(row));
    if !counts.beyond.is_empty() {
        lines.push(lang.pick("tidak dijanjikan:".to_owned(), "not claimed:".to_owned()));
        lines.extend(counts.beyond.iter().map(row));
    }
    lines.push(String::new());
    lines.push(lang.pick("orang jujur       n   BPCER".to_owned(), "honest people     n   BPCER".to_owned()));
    let everybody = lang.pick("semua".to_owned(), "all".to_owned());
    for (name, rate) in std::iter::once((&everybody, &counts.honest)).chain(&counts.groups) {
        lines.push(format!("{name:<17} {:<3} {}", rate.whole, cell(*rate)));
    }
    let unfinished = counts.unfinished;
    lines.push(
        lang.pick(format!("tidak selesai: {unfinished}"), format!("came to no judgement: {unfinished}")),
    );
    let Spread { p50, p95 } = analysis_ms;
    lines.push(lang.pick(
        format!("analisis satu bingkai: p50 {p50} ms, p95 {p95} ms"),
        format!("analysis of a frame: p50 {p50} ms, p95 {p95} ms"),
    ));
    lines
}

/// 12.5 % (3.5–36.0), always as wide.
fn cell(rate: Rate) -> String {
    let [low, high] = rate.interval().map(|share| 100.0 * share);
    format!("{:<25}", format!("{:.1} % ({low:.1}–{high:.1})", 100.0 * rate.share()))
}
