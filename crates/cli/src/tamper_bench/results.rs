//! What the votes come to: who is caught by which voter, and how often genuine cards are suspected.
//!
//! Invariant: a card that is not judged is not suspected, and does not count for an area under a curve. Deliberately absent: fitting thresholds to the same cards that
//! tell how good they are; "at 1 %" says what a threshold could do, "shipped" what ours does.

use std::collections::BTreeMap;

use serde::Serialize;
use vision::tamper::Voter;

use super::{Bench, GENUINE, Judged};

/// Which attacks a voter should see.
pub const AIMS: [(Voter, &[&str]); 6] = [
    (Voter::NikConsistency, &["nik_date", "nik_sex", "nik_unknown_region", "nik_other_province"]),
    (
        Voter::FontMatch,
        &["digit_face", "digit_weight", "digit_moved", "digit_pasted", "digit_retyped", "date_face"],
    ),
    (Voter::ScreenMoire, &["screen"]),
    (Voter::Photocopy, &["grey_copy", "colour_print"]),
    (Voter::Backdrop, &["backdrop"]),
    (Voter::SpecularCheck, &["printed_highlight", "matt_print"]),
];

/// What `--json` prints. Shares are 0–1.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// By voter.
    pub voters: BTreeMap<&'static str, VoterSummary>,
    /// Cards judged.
    pub cards: usize,
}

/// One voter.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VoterSummary {
    /// Genuine cards suspected, by severity or `burst`.
    pub false_alarms: BTreeMap<String, Share>,
    /// By attack, then by severity or `burst`, or `all`.
    pub attacks: BTreeMap<&'static str, BTreeMap<String, Detection>>,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    pub part: usize,
    pub whole: usize,
}

impl Share {
    /// In percent; a dash for nothing.
    pub fn percent(self) -> String {
        if self.whole == 0 {
            "–".to_owned()
        } else {
            format!("{:.0}", 100.0 * self.part as f64 / self.whole as f64)
        }
    }
}

/// How well one attack is told from genuine cards of the same severity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    /// Area under the ROC curve of the cards that were judged; a half where none was.
    pub auc: f64,
    /// Attacks judged at all.
    pub judged: Share,
    /// Caught at the shipped threshold.
    pub shipped: Share,
    /// Caught at the lowest threshold at which 1 % of the genuine cards of all severities, or fewer, are suspected.
    pub at_one_percent: Share,
}

impl Summary {
    /// Counts.
    pub fn of(bench: &Bench) -> Self {
        let voters = AIMS.iter().map(|&(voter, attacks)| (voter.code(), summary(bench, voter, attacks)));
        Self { voters: voters.collect(), cards: bench.judged.len() }
    }
}

/// A voter's suspicion of a card; 0 if it was not judged.
pub fn suspicion(judged: &Judged, voter: Voter) -> f64 {
    let vote = judged.votes.iter().find(|vote| vote.voter == voter);
    vote.and_then(|vote| vote.suspicion).map_or(0.0, f64::from)
}

fn is_judged(judged: &Judged, voter: Voter) -> bool {
    judged.votes.iter().any(|vote| vote.voter == voter && vote.suspicion.is_some())
}

/// The cards that an attack is compared with: bursts with bursts, pictures with pictures.
pub fn is_alike(level: &str, other: &str) -> bool {
    (level == "burst") == (other == "burst")
}

fn summary(bench: &Bench, voter: Voter, attacks: &[&'static str]) -> VoterSummary {
    let of = |group: &str| -> Vec<&Judged> { bench.judged.iter().filter(|one| one.group == group).collect() };
    let genuine = of(GENUINE);
    let mut false_alarms: BTreeMap<String, Share> = BTreeMap::new();
    for one in &genuine {
        let share = false_alarms.entry(one.level.clone()).or_default();
        share.whole += 1;
        share.part += usize::from(suspicion(one, voter) >= 1.0);
    }
    let detections = |attack: &&'static str| {
        let cards = of(attack);
        let mut levels: Vec<&str> = cards.iter().map(|one| one.level.as_str()).collect();
        levels.dedup();
        let mut out: BTreeMap<String, Detection> = BTreeMap::new();
        for level in levels {
            let same = |one: &&&Judged| one.level == level;
            let (attacked, honest) = (cards.iter().filter(same), genuine.iter().filter(same));
            let alike = genuine.iter().filter(|one| is_alike(level, &one.level));
            out.insert(level.to_owned(), detection(voter, attacked, honest, alike));
        }
        let alike = |one: &&&Judged| cards.first().is_some_and(|first| is_alike(&first.level, &one.level));
        let all = detection(voter, cards.iter(), genuine.iter().filter(alike), genuine.iter().filter(alike));
        out.insert("all".to_owned(), all);
        (*attack, out)
    };
    VoterSummary { false_alarms, attacks: attacks.iter().map(detections).collect() }
}

fn detection<'a>(
    voter: Voter,
    attacked: impl Iterator<Item = &'a &'a Judged>,
    honest: impl Iterator<Item = &'a &'a Judged>,
    alike: impl Iterator<Item = &'a &'a Judged>,
) -> Detection {
    let attacked: Vec<&Judged> = attacked.copied().collect();
    let told = |cards: &[&Judged]| -> Vec<f64> {
        cards.iter().filter(|one| is_judged(one, voter)).map(|one| suspicion(one, voter)).collect()
    };
    let honest: Vec<&Judged> = honest.copied().collect();
    let limit = limit_at(&alike.map(|one| suspicion(one, voter)).collect::<Vec<f64>>(), 0.01);
    let suspicions: Vec<f64> = attacked.iter().map(|one| suspicion(one, voter)).collect();
    let share = |holds: &dyn Fn(usize) -> bool| Share {
        part: (0..attacked.len()).filter(|&nth| holds(nth)).count(),
        whole: attacked.len(),
    };
    Detection {
        auc: auc(&told(&attacked), &told(&honest)),
        judged: share(&|nth| is_judged(attacked[nth], voter)),
        shipped: share(&|nth| suspicions[nth] >= 1.0),
        at_one_percent: share(&|nth| suspicions[nth] > limit),
    }
}

/// The suspicion that no more than this share of genuine cards exceeds.
fn limit_at(genuine: &[f64], share: f64) -> f64 {
    let mut sorted = genuine.to_vec();
    sorted.sort_by(|a, b| b.total_cmp(a));
    sorted.get((share * sorted.len() as f64) as usize).copied().unwrap_or(0.0)
}

/// The chance that an attack is more suspect than a genuine card; ties are worth half.
pub fn auc(attacked: &[f64], honest: &[f64]) -> f64 {
    let worth = |a: f64, h: f64| {
        if a > h {
            1.0
        } else if a == h {
            0.5
        } else {
            0.0
        }
    };
    let sum: f64 = attacked.iter().map(|&a| honest.iter().map(|&h| worth(a, h)).sum::<f64>()).sum();
    let pairs = (attacked.len() * honest.len()) as f64;
    if pairs > 0.0 { (sum / pairs * 1e3).round() / 1e3 } else { 0.5 }
}

#[cfg(test)]
pub mod tests {
    use vision::tamper::{Outcome, Vote};

    use super::*;

    /// Ten genuine cards and four attacks a severity, two of which are caught and one not judged.
    pub fn bench() -> Bench {
        let judged = |level: &str, group: &str, suspicion: Option<f32>| Judged {
            level: level.to_owned(),
            group: group.to_owned(),
            votes: vec![Vote {
                voter: Voter::ScreenMoire,
                outcome: if suspicion.is_some() { Outcome::Passed } else { Outcome::NotJudged },
                suspicion,
                field: None,
                reason: String::new(),
            }],
        };
        let mut all = Vec::new();
        for level in ["severity0", "severity1", "burst"] {
            all.extend((0..10u8).map(|k| judged(level, GENUINE, Some(f32::from(k) / 10.0))));
            if level != "burst" {
                all.extend([Some(1.5), Some(1.2), Some(0.45), None].map(|s| judged(level, "screen", s)));
            }
        }
        Bench { cards: 4, seed: 1, pictures: all.len(), judged: all }
    }

    #[test]
    fn attacks_are_counted_against_genuine_cards() {
        let summary = Summary::of(&bench());
        let screen = &summary.voters["screen_moire"];
        assert_eq!(screen.false_alarms["burst"], Share { part: 0, whole: 10 });
        let found = screen.attacks["screen"]["severity1"];
        assert_eq!(found.shipped, Share { part: 2, whole: 4 });
        assert_eq!(found.at_one_percent, Share { part: 2, whole: 4 });
        assert_eq!(found.judged, Share { part: 3, whole: 4 });
        // 10 + 10 + 5 of 30 pairs of cards that were judged.
        assert!((found.auc - 25.0 / 30.0).abs() < 1e-3, "{}", found.auc);
        assert_eq!(screen.attacks["screen"]["all"].shipped, Share { part: 4, whole: 8 });
    }

    #[test]
    fn one_in_a_hundred_may_be_suspected() {
        let genuine: Vec<f64> = (0..200).map(f64::from).collect();
        assert!((limit_at(&genuine, 0.01) - 197.0).abs() < 1e-9);
        assert!((limit_at(&[3.0, 1.0], 0.01) - 3.0).abs() < 1e-9);
        assert!(limit_at(&[], 0.01).abs() < 1e-9);
    }
}
