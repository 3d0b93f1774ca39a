//! What we aim at, beside what was measured.
//!
//! Invariant: a target without measurement (no such group, no such peer) is left out, never counted as met. Deliberately absent:
//! targets for real photographs, of which none are here.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Bench;
use super::results::{NikSummary, Scoring, found_in_all, nik, not_ahead, time_to_rapidocr};
use crate::eval::score::TallyView;

/// How a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// A share, shown in percent.
    Share,
    /// Percent of the card's width.
    PercentOfWidth,
    /// Milliseconds.
    Ms,
    /// Megabytes.
    Megabytes,
    /// A plain number.
    Number,
}

/// One target.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// What is measured, in English.
    pub what: &'static str,
    /// The same in Indonesian.
    #[serde(skip)]
    pub apa: &'static str,
    /// The least or most it may be.
    pub bound: f64,
    /// Whether `bound` is the least.
    pub is_least: bool,
    /// How numbers are shown.
    pub unit: Unit,
    /// What was measured.
    pub measured: f64,
}

impl Target {
    /// Whether it is reached.
    pub fn is_met(&self) -> bool {
        if self.is_least { self.measured >= self.bound } else { self.measured <= self.bound }
    }

    /// Bound and measurement in words.
    pub fn shown(&self) -> [String; 2] {
        let number = |value: f64| match self.unit {
            Unit::Share => format!("{:.1} %", 100.0 * value),
            Unit::PercentOfWidth => format!("{value:.2} %"),
            Unit::Ms => format!("{value:.0} ms"),
            Unit::Megabytes => format!("{value:.1} MB"),
            Unit::Number => format!("{}", (value * 1000.0).round() / 1000.0),
        };
        [format!("{} {}", if self.is_least { "≥" } else { "≤" }, number(self.bound)), number(self.measured)]
    }
}

/// All targets that this bench can speak of.
pub fn targets(bench: &Bench) -> Vec<Target> {
    let least = |what, apa, bound, unit, measured: Option<f64>| {
        measured.map(|measured| Target { what, apa, bound, is_least: true, unit, measured })
    };
    let most = |what, apa, bound, unit, measured: Option<f64>| {
        measured.map(|measured| Target { what, apa, bound, is_least: false, unit, measured })
    };
    let summary = bench.ours().strict.summary();
    let found = found_in_all(bench);
    let nik_exact = |groups: &[&str]| nik_share(bench, groups, |nik| nik.exact);
    let mean = |groups: &[&str]| mean(&summary.kinds, groups);
    let (clean, poor, bad) = (["severity0", "severity1"], ["severity2"], ["severity3"]);
    let bursts = &bench.bursts;
    let gain = || bursts.fused.summary().all.exactness() - bursts.best.summary().all.exactness();
    let has_peers = bench.engines.len() > 1;
    let rivals = || {
        not_ahead(bench)
            .iter()
            .filter(|it| it.scoring == Scoring::Strict && it.group.starts_with("severity"))
            .count() as f64
    };
    let false_share = || bench.false_cards as f64 / bench.without as f64;
    let is_found = found.found > 0;
    [
        most(
            "fields in severities where a peer is as good",
            "butir per tingkat di mana pembanding menyamai",
            0.0,
            Unit::Number,
            has_peers.then(rivals),
        ),
        least("severities 0–1: NIK", "tingkat 0–1: NIK", 0.995, Unit::Share, nik_exact(&clean)),
        least("severities 0–1: all fields", "tingkat 0–1: semua butir", 0.98, Unit::Share, mean(&clean)),
        least("severity 2: NIK", "tingkat 2: NIK", 0.97, Unit::Share, nik_exact(&poor)),
        least("severity 2: all fields", "tingkat 2: semua butir", 0.93, Unit::Share, mean(&poor)),
        least(
            "severity 3: NIK answered and right",
            "tingkat 3: NIK dijawab dan benar",
            0.8,
            Unit::Share,
            nik_share(bench, &bad, |nik| nik.answered_exact),
        ),
        most(
            "severity 3: NIK confidently wrong",
            "tingkat 3: NIK salah dengan yakin",
            0.002,
            Unit::Share,
            nik_share(bench, &bad, |nik| nik.confidently_wrong),
        ),
        least(
            "burst against its best frame",
            "rangkaian terhadap gambar terbaiknya",
            // As good as the best frame is not better.
            0.001,
            Unit::Share,
            (!bursts.fused.outcomes.is_empty()).then(gain),
        ),
        most("calibration error", "galat kalibrasi", 0.03, Unit::Number, Some(summary.ece)),
        most(
            "corner error",
            "galat sudut",
            0.8,
            Unit::PercentOfWidth,
            is_found.then_some(found.corner_error_percent),
        ),
        least(
            "overlap of quads",
            "tumpang-tindih segi empat",
            0.98,
            Unit::Number,
            is_found.then_some(found.overlap),
        ),
        most(
            "cards seen where there is none",
            "kartu terlihat padahal tidak ada",
            0.005,
            Unit::Share,
            (bench.without > 0).then(false_share),
        ),
        least(
            "fields hidden by glare: F1",
            "butir tertutup silau: F1",
            0.95,
            Unit::Number,
            bench.live.glare.f1(),
        ),
        least(
            "fields hidden by things: F1",
            "butir tertutup benda: F1",
            0.95,
            Unit::Number,
            bench.live.covered.f1(),
        ),
        most(
            "laminated cards called glaring",
            "kartu berlaminasi disebut silau",
            0.02,
            Unit::Share,
            bench.live.laminated_share(),
        ),
        most(
            "live analysis, 95th percentile",
            "analisis langsung, persentil ke-95",
            12.0,
            Unit::Ms,
            bench.live.took().map(|took| took.p95),
        ),
        most("median time a card", "waktu median per kartu", 120.0, Unit::Ms, Some(summary.ms.total.p50)),
        most("of RapidOCR's time", "dari waktu RapidOCR", 0.1, Unit::Number, time_to_rapidocr(bench)),
        most(
            "nets that read a card",
            "jaringan pembaca kartu",
            12.0,
            Unit::Megabytes,
            Some(bench.model_bytes as f64 / 1e6),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A share of the cards of some groups; none without cards.
fn nik_share(bench: &Bench, groups: &[&str], count: fn(&NikSummary) -> usize) -> Option<f64> {
    let counted: Vec<NikSummary> = groups.iter().map(|group| nik(bench, group)).collect();
    let scored: usize = counted.iter().map(|nik| nik.scored).sum();
    let right: usize = counted.iter().map(count).sum();
    (scored > 0).then(|| right as f64 / scored as f64)
}

/// The share of exact fields of some groups; none without fields.
fn mean(kinds: &BTreeMap<String, TallyView>, groups: &[&str]) -> Option<f64> {
    let views: Vec<&TallyView> = groups.iter().filter_map(|group| kinds.get(*group)).collect();
    let scored: usize = views.iter().map(|view| view.scored).sum();
    let exact: usize = views.iter().map(|view| view.exact).sum();
    (scored > 0).then(|| exact as f64 / scored as f64)
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::bench;
    use super::*;

    #[test]
    fn targets_are_met_or_missed_as_measured_and_never_invented() {
        let targets = targets(&bench());
        let find = |what: &str| targets.iter().find(|target| target.what == what);
        assert!(find("severities 0–1: NIK").unwrap().is_met());
        assert!(!find("severity 3: NIK confidently wrong").unwrap().is_met());
        assert!(find("severity 2: NIK").is_none(), "there are no such cards");
        assert!(find("burst against its best frame").is_none(), "there are no bursts");
        assert!(!find("cards seen where there is none").unwrap().is_met());
        assert!(find("fields hidden by glare: F1").unwrap().is_met());
        assert!(find("fields hidden by things: F1").is_none(), "nothing was hidden by things");
        assert!(!find("laminated cards called glaring").unwrap().is_met());
        assert_eq!(find("nets that read a card").unwrap().shown(), ["≤ 12.0 MB", "4.0 MB"]);
        assert_eq!(find("of RapidOCR's time").unwrap().shown(), ["≤ 0.1", "0.05"]);
        assert_eq!(find("fields in severities where a peer is as good").unwrap().measured, 1.0);
    }
}
