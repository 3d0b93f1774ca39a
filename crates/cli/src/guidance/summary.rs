//! All verdicts together.
//!
//! Invariant: the JSON form has exactly the keys that [`Summary`] has. Shares are of what was judged, 0–1.

use std::collections::BTreeMap;

use serde::Serialize;
use session::HintCode;

use super::judge::{CaptureVerdict, CauseVerdict, Verdict};
use crate::lang::Lang;
use crate::spread::Spread;

/// What `--json` prints.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Scripts played.
    pub scripts: usize,
    /// Share of the causes whose hint came in time.
    pub hint_in_time: f64,
    /// How many captures were taken with a NIK that was hidden or is not the card's.
    pub wrong_captures: usize,
    /// Share of the cards that were taken in time.
    pub auto_capture_in_time: f64,
    /// Milliseconds of one frame's analysis.
    pub analysis_ms: Spread,
}

impl Summary {
    /// What the verdicts say.
    pub fn of(verdicts: &[Verdict]) -> Self {
        let causes = || verdicts.iter().flat_map(|verdict| &verdict.causes);
        let captures = || verdicts.iter().filter_map(|verdict| verdict.capture.was_in_time());
        Self {
            scripts: verdicts.len(),
            hint_in_time: share(causes().filter(|cause| cause.was_in_time).count(), causes().count()),
            wrong_captures: verdicts.iter().filter(|verdict| verdict.wrong.is_some()).count(),
            auto_capture_in_time: share(captures().filter(|in_time| *in_time).count(), captures().count()),
            analysis_ms: Spread::of(verdicts.iter().flat_map(|verdict| verdict.took_ms.clone()).collect()),
        }
    }
}

/// Of nothing, everything is as it should be.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { (part as f64 / whole as f64 * 1e4).round() / 1e4 }
}

/// The table for people, and every miss.
pub fn table(verdicts: &[Verdict], lang: Lang) -> Vec<String> {
    let heading = lang.pick(
        ["sebab", "jumlah", "tepat waktu", "ditunda", "median ms", "p95 ms"],
        ["cause", "judged", "in time", "deferred", "median ms", "p95 ms"],
    );
    let mut lines = vec![row(heading.map(str::to_owned))];
    let mut by_code: BTreeMap<HintCode, Vec<&CauseVerdict>> = BTreeMap::new();
    for cause in verdicts.iter().flat_map(|verdict| &verdict.causes) {
        by_code.entry(cause.code).or_default().push(cause);
    }
    lines.extend(by_code.iter().map(|(code, causes)| cause_row(*code, causes)));
    lines.extend(totals(verdicts, lang));
    lines.extend(verdicts.iter().flat_map(|verdict| misses(verdict, lang)));
    lines
}

fn row(cells: [String; 6]) -> String {
    let [name, rest @ ..] = cells;
    rest.iter().fold(format!("{name:<16}"), |line, cell| format!("{line} {cell:>12}"))
}

fn cause_row(code: HintCode, causes: &[&CauseVerdict]) -> String {
    let took = Spread::of(causes.iter().filter_map(|cause| cause.took_ms).map(|ms| ms as f64).collect());
    let count =
        |is_so: fn(&CauseVerdict) -> bool| causes.iter().filter(|cause| is_so(cause)).count().to_string();
    row([
        format!("{code:?}"),
        causes.len().to_string(),
        count(|cause| cause.was_in_time),
        count(|cause| cause.was_deferred),
        format!("{:.0}", took.p50),
        format!("{:.0}", took.p95),
    ])
}

fn totals(verdicts: &[Verdict], lang: Lang) -> Vec<String> {
    let Summary { scripts, hint_in_time, wrong_captures, auto_capture_in_time, analysis_ms } =
        Summary::of(verdicts);
    let sum =
        |of: fn(&Verdict) -> (u64, u64)| verdicts.iter().map(of).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let (wrong_fields, fields) = sum(|verdict| (verdict.fields.0 as u64, verdict.fields.1 as u64));
    let (unjustified, shown) = sum(|verdict| verdict.unjustified_ms);
    let refused: usize = verdicts.iter().map(|verdict| verdict.capture.refused).sum();
    let waits = verdicts.iter().filter_map(|verdict| {
        Some(verdict.capture.taken_ms?.saturating_sub(verdict.capture.well_ms?) as f64)
    });
    let waits = Spread::of(waits.collect());
    let (hints, captures) = (100.0 * hint_in_time, 100.0 * auto_capture_in_time);
    let idle = 100.0 * unjustified as f64 / shown.max(1) as f64;
    let Spread { p50, p95 } = analysis_ms;
    lang.pick(
        vec![
            format!("{scripts} naskah: petunjuk tepat waktu {hints:.1} %, petunjuk tanpa sebab {idle:.1} % dari waktu"),
            format!(
                "foto otomatis tepat waktu {captures:.1} % (median {:.0} ms, p95 {:.0} ms), ditolak {refused}, salah \
                 {wrong_captures}; butir salah {wrong_fields} dari {fields}",
                waits.p50, waits.p95
            ),
            format!("analisis per gambar: median {p50} ms, p95 {p95} ms"),
        ],
        vec![
            format!("{scripts} scripts: hint in time {hints:.1} %, hint without a cause {idle:.1} % of the time"),
            format!(
                "taken in time {captures:.1} % (median {:.0} ms, p95 {:.0} ms), refused {refused}, wrong \
                 {wrong_captures}; fields wrong {wrong_fields} of {fields}",
                waits.p50, waits.p95
            ),
            format!("analysis of a frame: median {p50} ms, p95 {p95} ms"),
        ],
    )
}

/// How one script went, in a line.
pub fn line(verdict: &Verdict) -> String {
    let hints: Vec<String> = verdict.causes.iter().map(CauseVerdict::to_string).collect();
    let CaptureVerdict { well_ms, taken_ms, refused } = verdict.capture;
    let wait = well_ms.zip(taken_ms).map(|(well, taken)| taken as i64 - well as i64);
    format!(
        "{} {:?}: {}; taken {wait:?} refused {refused} wrong {:?}",
        verdict.number,
        verdict.troubles,
        hints.join(", "),
        verdict.wrong
    )
}

fn misses(verdict: &Verdict, lang: Lang) -> Vec<String> {
    let name = format!("{} {:?}", verdict.number, verdict.troubles);
    let mut lines = Vec::new();
    for cause in verdict.causes.iter().filter(|cause| !cause.was_in_time) {
        let CauseVerdict { code, began_ms, took_ms, instead, .. } = cause;
        let late = took_ms.map_or_else(|| "–".to_owned(), |ms| format!("{ms} ms"));
        lines.push(lang.pick(
            format!(
                "naskah {name}: {code:?} sejak {began_ms} ms, petunjuk setelah {late}; tampil {instead:?}"
            ),
            format!("script {name}: {code:?} from {began_ms} ms on, hint after {late}; shown {instead:?}"),
        ));
    }
    let capture = verdict.capture;
    if capture.was_in_time() == Some(false) {
        let said = format!("{:?} → {:?} ({})", capture.well_ms, capture.taken_ms, capture.refused);
        lines.push(lang.pick(
            format!("naskah {name}: foto terlambat {said}"),
            format!("script {name}: taken late {said}"),
        ));
    }
    if let Some(wrong) = verdict.wrong {
        lines.push(
            lang.pick(format!("naskah {name}: salah {wrong:?}"), format!("script {name}: wrong {wrong:?}")),
        );
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_samples() {
        assert_eq!(Spread::of((1..=100).map(f64::from).collect()), Spread { p50: 50.0, p95: 95.0 });
        assert_eq!(Spread::of(Vec::new()), Spread::default());
    }

    #[test]
    fn the_json_form_is_fixed() {
        let text = serde_json::to_string(&Summary::of(&[])).unwrap();
        assert_eq!(
            text,
            r#"{"scripts":0,"hintInTime":1.0,"wrongCaptures":0,"autoCaptureInTime":1.0,"analysisMs":{"p50":0.0,"p95":0.0}}"#
        );
    }
}
