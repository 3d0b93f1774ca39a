//! What the benchmark came to, as `--json` prints it.
//!
//! Invariant: shares are 0–1 and carry the counts they come from. Deliberately absent: words for people.

use std::collections::BTreeMap;

use ktp::Field;
use serde::Serialize;

use super::live::{Agreement, Live};
use super::targets::{Target, targets};
use super::{Bench, Engine, Found};
use crate::eval::evaluation::{self, Evaluation};
use crate::eval::score::{TallyView, rounded};
use crate::spread::Spread;

/// What `--json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    seed: u64,
    cards: u32,
    pictures: usize,
    engines: Vec<EngineSummary>,
    nik: BTreeMap<String, NikSummary>,
    not_ahead: Vec<NotAhead>,
    bursts: BurstSummary,
    found: BTreeMap<String, FoundSummary>,
    frames_without_card: usize,
    false_cards: usize,
    live: LiveSummary,
    model_bytes: u64,
    time_to_rapidocr: Option<f64>,
    targets: Vec<Target>,
}

#[derive(Serialize)]
struct EngineSummary {
    key: &'static str,
    name: String,
    strict: evaluation::Summary,
    kind: Option<evaluation::Summary>,
    groups: BTreeMap<String, BTreeMap<&'static str, Cell>>,
}

/// Right ones of a field in a group.
#[derive(Serialize)]
struct Cell {
    scored: usize,
    strict: usize,
    kind: Option<usize>,
}

/// Our NIKs in a group.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NikSummary {
    /// Cards.
    pub scored: usize,
    /// Right, answered or not.
    pub exact: usize,
    /// Those the reader stood by.
    pub answered: usize,
    /// Right among those.
    pub answered_exact: usize,
    /// Wrong although the reader was sure.
    pub confidently_wrong: usize,
}

/// A field in a group where a peer has at least as many right, and not all are.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotAhead {
    /// The group.
    pub group: String,
    /// The field's key.
    pub field: &'static str,
    /// The peer.
    pub peer: String,
    /// How the peer was scored.
    pub scoring: Scoring,
    /// Ours that are right, strictly.
    pub ours: usize,
    /// The peer's.
    pub theirs: usize,
    /// Of so many.
    pub scored: usize,
}

/// How a peer's text is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Scoring {
    /// The right value in the right field.
    Strict,
    /// The right value anywhere.
    Kind,
}

/// Mean and shares of finding.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FoundSummary {
    /// Cards there were.
    pub cards: usize,
    /// Those that were found.
    pub found: usize,
    /// Mean distance of corners, in percent of the card's width.
    pub corner_error_percent: f64,
    /// Mean intersection over union.
    pub overlap: f64,
}

#[derive(Serialize)]
struct BurstSummary {
    bursts: usize,
    frames: TallyView,
    best: TallyView,
    fused: TallyView,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LiveSummary {
    frames: usize,
    followed: usize,
    glare: AgreementSummary,
    covered: AgreementSummary,
    laminated: usize,
    laminated_called_glare: usize,
    analysis_ms: Option<Spread>,
}

#[derive(Serialize)]
struct AgreementSummary {
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
}

impl From<&Live> for LiveSummary {
    fn from(live: &Live) -> Self {
        Self {
            frames: live.frames,
            followed: live.followed,
            glare: (&live.glare).into(),
            covered: (&live.covered).into(),
            laminated: live.laminated,
            laminated_called_glare: live.laminated_called_glare,
            analysis_ms: live.took(),
        }
    }
}

impl From<&Agreement> for AgreementSummary {
    fn from(agreement: &Agreement) -> Self {
        let [precision, recall, f1] =
            [agreement.precision(), agreement.recall(), agreement.f1()].map(|share| share.map(rounded));
        Self { precision, recall, f1 }
    }
}

impl Summary {
    /// What a bench says.
    pub fn of(bench: &Bench) -> Self {
        let by_group = |group: &String| (group.clone(), nik(bench, group));
        Self {
            seed: bench.seed,
            cards: bench.cards,
            pictures: bench.pictures,
            engines: bench.engines.iter().map(|engine| EngineSummary::of(engine, &bench.groups)).collect(),
            nik: bench.groups.iter().map(by_group).collect(),
            not_ahead: not_ahead(bench),
            bursts: BurstSummary {
                bursts: bench.bursts.fused.outcomes.len(),
                frames: bench.bursts.frames.summary().all,
                best: bench.bursts.best.summary().all,
                fused: bench.bursts.fused.summary().all,
            },
            found: bench.found.iter().map(|(group, found)| (group.clone(), found.summary())).collect(),
            frames_without_card: bench.without,
            false_cards: bench.false_cards,
            live: (&bench.live).into(),
            model_bytes: bench.model_bytes,
            time_to_rapidocr: time_to_rapidocr(bench).map(rounded),
            targets: targets(bench),
        }
    }
}

impl EngineSummary {
    fn of(engine: &Engine, groups: &[String]) -> Self {
        let exact = |evaluation: &Evaluation, group: &str, field| {
            evaluation.cell(group, field).map_or(0, |view| view.exact)
        };
        let cells = |group: &String| {
            let cell = |field: Field| {
                let scored = engine.strict.cell(group, field)?.scored;
                let strict = exact(&engine.strict, group, field);
                let kind = engine.kindly.as_ref().map(|kindly| exact(kindly, group, field));
                Some((field.key(), Cell { scored, strict, kind }))
            };
            (group.clone(), Field::ALL.into_iter().filter_map(cell).collect())
        };
        Self {
            key: engine.key,
            name: engine.name.clone(),
            strict: engine.strict.summary(),
            kind: engine.kindly.as_ref().map(Evaluation::summary),
            groups: groups.iter().map(cells).collect(),
        }
    }
}

impl Found {
    /// Means over the found cards.
    pub fn summary(&self) -> FoundSummary {
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
        FoundSummary {
            cards: self.cards,
            found: self.errors.len(),
            corner_error_percent: rounded(mean(&self.errors)),
            overlap: rounded(mean(&self.overlaps)),
        }
    }
}

/// All groups' cards together.
pub fn found_in_all(bench: &Bench) -> FoundSummary {
    let mut all = Found::default();
    for found in bench.found.values() {
        all.cards += found.cards;
        all.errors.extend(&found.errors);
        all.overlaps.extend(&found.overlaps);
    }
    all.summary()
}

/// Our NIKs in a group.
pub fn nik(bench: &Bench, group: &str) -> NikSummary {
    let ours = &bench.ours().strict;
    let wrong = |outcome: &&evaluation::Outcome| outcome.kind == group && outcome.is_nik_confidently_wrong();
    let confidently_wrong = ours.outcomes.iter().filter(wrong).count();
    let view = ours.cell(group, Field::Nik);
    let count = |pick: fn(&TallyView) -> usize| view.as_ref().map_or(0, pick);
    NikSummary {
        scored: count(|view| view.scored),
        exact: count(|view| view.exact),
        answered: count(|view| view.answered),
        answered_exact: count(|view| view.answered_exact),
        confidently_wrong,
    }
}

/// Our median time over RapidOCR's, on the same pictures.
pub fn time_to_rapidocr(bench: &Bench) -> Option<f64> {
    let theirs = bench.engines.iter().find(|engine| engine.key == super::peers::PeerKind::Rapidocr.key())?;
    let median = |engine: &Engine| engine.strict.summary().ms.total.p50;
    Some(median(bench.ours()) / median(theirs).max(0.1))
}

/// Where we are not ahead, group by group in card order.
pub fn not_ahead(bench: &Bench) -> Vec<NotAhead> {
    let mut out = Vec::new();
    for group in &bench.groups {
        for field in Field::ALL {
            let Some(ours) = bench.ours().strict.cell(group, field) else { continue };
            for peer in &bench.engines[1..] {
                let scorings = [(Scoring::Strict, Some(&peer.strict)), (Scoring::Kind, peer.kindly.as_ref())];
                for (scoring, evaluation) in scorings {
                    let theirs = evaluation.and_then(|it| it.cell(group, field)).map_or(0, |view| view.exact);
                    if theirs >= ours.exact && ours.exact < ours.scored && theirs > 0 {
                        let (group, peer) = (group.clone(), peer.name.clone());
                        let (ours, scored) = (ours.exact, ours.scored);
                        out.push(NotAhead { group, field: field.key(), peer, scoring, ours, theirs, scored });
                    }
                }
            }
        }
    }
    out
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::eval::evaluation::{Answered, Ending, Spent};
    use crate::eval::score::Answer;
    use crate::eval::truth::Card;
    use crate::ktp_bench::Bursts;

    fn card(group: &str) -> Card {
        let truth = BTreeMap::from([
            (Field::Nik, "3174095207900000".to_owned()),
            (Field::Religion, "ISLAM".to_owned()),
        ]);
        Card {
            file: "a.jpg".into(),
            path: "a.jpg".into(),
            kind: group.into(),
            truth,
            quad: None,
            sequence: None,
            hidden: None,
        }
    }

    fn read(nik: &str, religion: &str, ms: f64) -> Answered {
        let answer = |text: &str| Answer { best: Some(text.into()), answered: true, confidence: 0.995 };
        Answered {
            ending: Ending::Read,
            answers: BTreeMap::from([(Field::Nik, answer(nik)), (Field::Religion, answer(religion))]),
            spent: Some(Spent { total_ms: ms, ..Spent::default() }),
        }
    }

    fn engine(key: &'static str, kindly: bool, reads: [(&str, &str); 2], ms: f64) -> Engine {
        let evaluation = || {
            let mut evaluation = Evaluation::default();
            for (group, (nik, religion)) in ["severity0", "severity3"].into_iter().zip(reads) {
                evaluation.add(&card(group), read(nik, religion, ms));
            }
            evaluation
        };
        let name = format!("{key} 1.0");
        Engine { key, name, strict: evaluation(), kindly: kindly.then(evaluation) }
    }

    /// Ours is right on a clean card; on a bad one its NIK is wrong and sure. The peer reads that NIK alone.
    pub fn bench() -> Bench {
        let right = "3174095207900000";
        let wrong = "3174095207900001";
        let found = Found { cards: 2, errors: vec![0.5, 1.5], overlaps: vec![0.99, 0.97] };
        Bench {
            cards: 1,
            seed: 7,
            pictures: 4,
            groups: vec!["severity0".into(), "severity3".into()],
            engines: vec![
                engine("loket", false, [(right, "ISLAM"), (wrong, "ISLAM")], 50.0),
                engine("rapidocr", true, [(right, "ISLAN"), (right, "X")], 1000.0),
            ],
            found: BTreeMap::from([("severity0".into(), found)]),
            bursts: Bursts::default(),
            without: 2,
            false_cards: 1,
            live: Live {
                frames: 10,
                followed: 9,
                glare: Agreement { hits: 19, false_alarms: 1, misses: 1 },
                covered: Agreement::default(),
                laminated: 4,
                laminated_called_glare: 1,
                took_ms: vec![9.0, 11.0],
            },
            model_bytes: 4_000_000,
        }
    }

    #[test]
    fn it_says_where_we_are_not_ahead() {
        let found = not_ahead(&bench());
        let strict: Vec<_> = found.iter().filter(|it| it.scoring == Scoring::Strict).collect();
        assert_eq!(strict.len(), 1);
        let expected = NotAhead {
            group: "severity3".into(),
            field: "nik",
            peer: "rapidocr 1.0".into(),
            scoring: Scoring::Strict,
            ours: 0,
            theirs: 1,
            scored: 1,
        };
        assert_eq!(*strict[0], expected);
        assert_eq!(found.len(), 2, "and once more by the kind scoring");
    }

    #[test]
    fn niks_times_and_corners_are_counted() {
        let bench = bench();
        let wrong = NikSummary { scored: 1, exact: 0, answered: 1, answered_exact: 0, confidently_wrong: 1 };
        assert_eq!(nik(&bench, "severity3"), wrong);
        assert_eq!(nik(&bench, "severity0").confidently_wrong, 0);
        assert_eq!(time_to_rapidocr(&bench), Some(0.05));
        let found = found_in_all(&bench);
        assert_eq!((found.found, found.corner_error_percent, found.overlap), (2, 1.0, 0.98));
    }

    #[test]
    fn the_printed_results_have_the_documented_keys() {
        let printed = serde_json::to_value(Summary::of(&bench())).unwrap();
        assert_eq!(printed["engines"][1]["groups"]["severity3"]["nik"]["strict"], 1);
        assert_eq!(printed["engines"][0]["strict"]["confidentlyWrongNik"], 1);
        assert!(printed["engines"][0]["kind"].is_null());
        assert_eq!(printed["live"]["glare"]["f1"], 0.95);
        assert_eq!(printed["live"]["analysisMs"]["p95"], 11.0);
        assert_eq!(printed["nik"]["severity3"]["confidentlyWrong"], 1);
        assert_eq!(printed["notAhead"][0]["scoring"], "strict");
        for key in
            ["bursts", "found", "framesWithoutCard", "falseCards", "modelBytes", "timeToRapidocr", "targets"]
        {
            assert!(!printed[key].is_null(), "{key}");
        }
    }
}
