//! The tables of the benchmark of tamper signals.
//!
//! Invariant: every number is a count of cards or an area under a curve. Deliberately absent: counting, which
//! [`super::results`] does.

use super::Bench;
use super::results::{AIMS, Detection, Share, Summary};
use crate::ktp_bench::Table;
use crate::lang::Lang;

const LEVELS: [&str; 3] = ["severity0", "severity1", "severity2"];

/// Attacks by voter, then false alarms.
pub fn tables(bench: &Bench, lang: Lang) -> Vec<Table> {
    let summary = Summary::of(bench);
    vec![attacks(&summary, lang), bursts(&summary, lang), alarms(&summary, lang)]
}

fn cells(detection: Option<&Detection>) -> String {
    detection.map_or("–".to_owned(), |found| format!("{} / {:.3}", found.shipped.percent(), found.auc))
}

fn attacks(summary: &Summary, lang: Lang) -> Table {
    let title = lang.pick(
        "Serangan: terdeteksi % / luas di bawah ROC; seluruhnya juga pada paling banyak 1 % alarm palsu",
        "Attacks: caught % / area under the ROC; of all also at 1 % false alarms at most",
    );
    let headings = ["", "severity0", "severity1", "severity2", "all", "judged %", "at 1 %"];
    let mut rows = Vec::new();
    for (voter, aims) in AIMS {
        for attack in aims {
            let found = &summary.voters[voter.code()].attacks[attack];
            if found.contains_key("burst") {
                continue;
            }
            let mut row = vec![format!("{}: {attack}", voter.code())];
            row.extend(LEVELS.iter().chain(&["all"]).map(|level| cells(found.get(*level))));
            let all = found.get("all");
            row.push(all.map_or_else(String::new, |all| all.judged.percent()));
            row.push(all.map_or_else(String::new, |all| all.at_one_percent.percent()));
            rows.push(row);
        }
    }
    Table::new(title, &headings, rows)
}

fn bursts(summary: &Summary, lang: Lang) -> Table {
    let title = lang.pick("Rangkaian lima bingkai", "Bursts of five frames");
    let headings = ["", "caught % / AUC", "judged %", "at 1 %"];
    let mut rows = Vec::new();
    for (voter, aims) in AIMS {
        for attack in aims {
            if let Some(found) = summary.voters[voter.code()].attacks[attack].get("burst") {
                rows.push(vec![
                    format!("{}: {attack}", voter.code()),
                    cells(Some(found)),
                    found.judged.percent(),
                    found.at_one_percent.percent(),
                ]);
            }
        }
    }
    Table::new(title, &headings, rows)
}

fn alarms(summary: &Summary, lang: Lang) -> Table {
    let title = lang.pick("Kartu asli yang dicurigai", "Genuine cards suspected");
    let headings = ["", "severity0", "severity1", "severity2", "burst"];
    let rows = AIMS.iter().map(|(voter, _)| {
        let found = &summary.voters[voter.code()].false_alarms;
        let cell = |level: &&str| {
            let Share { part, whole } = found.get(*level).copied().unwrap_or_default();
            format!("{part} of {whole}")
        };
        std::iter::once(voter.code().to_owned()).chain(LEVELS.iter().chain(&["burst"]).map(cell)).collect()
    });
    Table::new(title, &headings, rows.collect())
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::bench;
    use super::*;

    #[test]
    fn what_was_not_drawn_is_a_dash() {
        let all = tables(&bench(), Lang::En);
        let text: String = all.iter().map(Table::markdown).collect();
        assert!(text.contains("| screen_moire: screen | 50 / 0.833 | 50 / 0.833 | – |"), "{text}");
        assert!(text.contains("| screen_moire | 0 of 10 | 0 of 10 | 0 of 0 | 0 of 10 |"), "{text}");
    }
}
