//! A labelled set read card by card, and what came of it.
//!
//! Invariant: a picture that cannot be decoded or shows no card is counted, with all its fields wrong and
//! unanswered; it never stops the run. Deliberately absent: printing, plots.

use std::collections::BTreeMap;

use ktp::Field;
use serde::{Serialize, Serializer};

use super::calibration::Curve;
use super::percentiles::Percentiles;
use super::score::{Answer, Judged, Tally, TallyView, judge, rounded};
use super::truth::Card;

/// A NIK this sure of itself and wrong does harm: it passes unreviewed. The bar is the product's promise.
const CONFIDENT_NIK: f64 = 0.99;

/// How reading one picture ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// A card was found and read.
    Read,
    /// No KTP was found in it.
    NotFound,
    /// The picture could not be decoded, with the reason.
    Unreadable(String),
}

/// Milliseconds one picture took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spent {
    /// Finding and straightening the card.
    pub localise_ms: f64,
    /// Reading its lines.
    pub read_ms: f64,
    /// Everything, decoding included.
    pub total_ms: f64,
}

/// One picture as the reader answered it.
#[derive(Clone)]
pub struct Answered {
    /// How it ended.
    pub ending: Ending,
    /// What was read; empty unless [`Ending::Read`].
    pub answers: BTreeMap<Field, Answer>,
    /// How long it took; absent where nothing was decoded.
    pub spent: Option<Spent>,
}

/// One field of one card, judged.
pub struct Item {
    /// Which field.
    pub field: Field,
    /// Its right value.
    pub truth: String,
    /// What the reader said.
    pub answer: Answer,
    /// The judgement.
    pub judged: Judged,
}

/// One card, judged.
pub struct Outcome {
    /// Its name in the truth file.
    pub file: String,
    /// Its group.
    pub kind: String,
    /// How reading ended.
    pub ending: Ending,
    /// Its scored fields in card order.
    pub items: Vec<Item>,
}

impl Outcome {
    /// Scored fields that are not exact.
    pub fn wrong(&self) -> usize {
        self.items.iter().filter(|item| !item.judged.exact).count()
    }

    /// Whether its NIK is wrong although the reader was sure of it.
    pub fn is_nik_confidently_wrong(&self) -> bool {
        self.items.iter().any(|item| item.field == Field::Nik && is_confidently_wrong(&item.judged))
    }

    /// Confident mistakes weigh more than honest abstentions.
    pub fn badness(&self) -> f64 {
        let weigh = |item: &Item| match (item.judged.exact, item.judged.answered) {
            (true, _) => 0.0,
            (false, true) => 1.0 + item.judged.confidence,
            (false, false) => 1.0,
        };
        self.items.iter().map(weigh).sum()
    }
}

/// Everything counted over a set.
#[derive(Default)]
pub struct Evaluation {
    /// The cards in the order they were read.
    pub outcomes: Vec<Outcome>,
    /// The calibration curve of everything answered.
    pub curve: Curve,
    all: Tally,
    fields: BTreeMap<Field, Tally>,
    kinds: BTreeMap<String, Tally>,
    cells: BTreeMap<(String, Field), Tally>,
    confidently_wrong_nik: usize,
    spent: Vec<Spent>,
}

impl Evaluation {
    /// Judges one card and counts it.
    pub fn add(&mut self, card: &Card, answered: Answered) {
        let Answered { ending, mut answers, spent } = answered;
        let mut items = Vec::with_capacity(card.truth.len());
        for (&field, truth) in &card.truth {
            let answer = answers.remove(&field).unwrap_or_default();
            let judged = judge(truth, &answer);
            self.count(&card.kind, field, &judged);
            items.push(Item { field, truth: truth.clone(), answer, judged });
        }
        self.spent.extend(spent);
        self.outcomes.push(Outcome { file: card.file.clone(), kind: card.kind.clone(), ending, items });
    }

    fn count(&mut self, kind: &str, field: Field, judged: &Judged) {
        self.all.add(judged);
        self.fields.entry(field).or_default().add(judged);
        self.kinds.entry(kind.to_owned()).or_default().add(judged);
        self.cells.entry((kind.to_owned(), field)).or_default().add(judged);
        self.curve.add(judged);
        if field == Field::Nik && is_confidently_wrong(judged) {
            self.confidently_wrong_nik += 1;
        }
    }

    /// The counts of one field within one kind.
    pub fn cell(&self, kind: &str, field: Field) -> Option<TallyView> {
        self.cells.get(&(kind.to_owned(), field)).map(Tally::view)
    }

    /// The summary `eval --json` prints.
    pub fn summary(&self) -> Summary {
        let ended = |test: fn(&Ending) -> bool| self.outcomes.iter().filter(|o| test(&o.ending)).count();
        let of = |pick: fn(&Spent) -> f64| Percentiles::of(&self.spent.iter().map(pick).collect::<Vec<_>>());
        Summary {
            cards: self.outcomes.len(),
            not_found: ended(|ending| matches!(ending, Ending::NotFound)),
            unreadable: ended(|ending| matches!(ending, Ending::Unreadable(_))),
            all: self.all.view(),
            fields: self.fields.iter().map(|(field, tally)| (*field, tally.view())).collect(),
            kinds: self.kinds.iter().map(|(kind, tally)| (kind.clone(), tally.view())).collect(),
            confidently_wrong_nik: self.confidently_wrong_nik,
            ece: rounded(self.curve.ece()),
            ms: SpentView {
                localise: of(|spent| spent.localise_ms),
                read: of(|spent| spent.read_ms),
                total: of(|spent| spent.total_ms),
            },
        }
    }
}

fn is_confidently_wrong(judged: &Judged) -> bool {
    judged.answered && judged.confidence >= CONFIDENT_NIK && !judged.exact
}

/// What `eval --json` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Cards in the set.
    pub cards: usize,
    /// Pictures in which no KTP was found.
    pub not_found: usize,
    /// Pictures that could not be decoded.
    pub unreadable: usize,
    /// All fields together.
    pub all: TallyView,
    /// Field by field, in card order.
    #[serde(serialize_with = "by_key")]
    pub fields: BTreeMap<Field, TallyView>,
    /// Kind by kind.
    pub kinds: BTreeMap<String, TallyView>,
    /// Cards whose NIK was wrong at a confidence of 0.99 or more.
    pub confidently_wrong_nik: usize,
    /// Expected calibration error over everything answered.
    pub ece: f64,
    /// Time spent per picture.
    pub ms: SpentView,
}

/// Percentiles of the time spent, stage by stage.
#[derive(Serialize)]
pub struct SpentView {
    /// Finding and straightening the card.
    pub localise: Percentiles,
    /// Reading its lines.
    pub read: Percentiles,
    /// Everything, decoding included.
    pub total: Percentiles,
}

fn by_key<S: Serializer>(fields: &BTreeMap<Field, TallyView>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(fields.iter().map(|(field, view)| (field.key(), view)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn card(kind: &str) -> Card {
        let truth = BTreeMap::from([
            (Field::Nik, "3174095207900000".to_owned()),
            (Field::Religion, "ISLAM".to_owned()),
        ]);
        Card {
            file: "a.jpg".into(),
            path: PathBuf::new(),
            kind: kind.into(),
            truth,
            quad: None,
            sequence: None,
            hidden: None,
        }
    }

    fn read(nik: &str, confidence: f64) -> Answered {
        let answer = |text: &str| Answer { best: Some(text.into()), answered: true, confidence };
        Answered {
            ending: Ending::Read,
            answers: BTreeMap::from([(Field::Nik, answer(nik)), (Field::Religion, answer("ISLAM"))]),
            spent: Some(Spent { localise_ms: 1.0, read_ms: 2.0, total_ms: 4.0 }),
        }
    }

    #[test]
    fn the_summary_has_the_documented_shape() {
        let mut evaluation = Evaluation::default();
        evaluation.add(&card("photo"), read("3174095207900000", 0.95));
        evaluation.add(&card("scan"), read("3174095207900001", 0.995));
        let gone = Answered { ending: Ending::NotFound, answers: BTreeMap::new(), spent: None };
        evaluation.add(&card("photo"), gone);
        let printed = serde_json::to_value(evaluation.summary()).unwrap();
        let tally = |scored, exact, cer, answered, right| {
            serde_json::json!({"scored": scored, "exact": exact, "cer": cer,
                "answered": answered, "answeredExact": right})
        };
        let spent = |ms: f64| serde_json::json!({"p50": ms, "p90": ms});
        let want = serde_json::json!({
            "cards": 3, "notFound": 1, "unreadable": 0,
            "all": tally(6, 3, 0.3492, 4, 3),
            "fields": {"nik": tally(3, 1, 0.3542, 2, 1), "religion": tally(3, 2, 0.3333, 2, 2)},
            "kinds": {"photo": tally(4, 2, 0.5, 2, 2), "scan": tally(2, 1, 0.0476, 2, 1)},
            "confidentlyWrongNik": 1, "ece": 0.2225,
            "ms": {"localise": spent(1.0), "read": spent(2.0), "total": spent(4.0)},
        });
        assert_eq!(printed, want);
        assert_eq!(evaluation.outcomes[2].wrong(), 2);
        assert!(evaluation.outcomes[2].badness() > evaluation.outcomes[1].badness());
    }
}
