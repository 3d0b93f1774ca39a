//! The benchmark's tables, for a terminal, for Markdown and for HTML.
//!
//! Invariant: all three show the same cells. Deliberately absent: counting, which [`super::results`] does.

use ktp::Field;
use maud::{Markup, html};

use super::live::Agreement;
use super::results::{NotAhead, Scoring, found_in_all, nik, not_ahead};
use super::targets::targets;
use super::{Bench, Engine};
use crate::eval::evaluation::Evaluation;
use crate::eval::score::TallyView;
use crate::lang::Lang;

/// A table; the first column names the row.
pub struct Table {
    /// What it shows.
    pub title: String,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table of these rows, each as long as the headings.
    pub fn new(title: impl Into<String>, headings: &[&str], rows: Vec<Vec<String>>) -> Self {
        let headings = headings.iter().map(|&heading| heading.to_owned()).collect();
        Self { title: title.into(), headings, rows }
    }

    /// Aligned columns for a terminal.
    pub fn lines(&self) -> Vec<String> {
        let all = || std::iter::once(&self.headings).chain(&self.rows);
        let width = |column: usize| all().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..self.headings.len()).map(width).collect();
        let line = |row: &Vec<String>| {
            let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
                if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            });
            cells.collect::<Vec<_>>().join("  ")
        };
        std::iter::once(self.title.clone()).chain(all().map(line)).collect()
    }

    /// A Markdown table under its title in bold.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let rule = vec!["---".to_owned(); self.headings.len()];
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("**{}**\n\n{}{}{rows}", self.title, line(&self.headings), line(&rule).replace(' ', ""))
    }

    /// The same as HTML.
    pub fn html(&self) -> Markup {
        html! {
            h3 { (self.title) }
            table {
                tr { @for heading in &self.headings { th { (heading) } } }
                @for row in &self.rows { tr { @for cell in row { td { (cell) } } } }
            }
        }
    }
}

/// All tables, the most telling first.
pub fn tables(bench: &Bench, lang: Lang) -> Vec<Table> {
    let mut out =
        vec![aims(bench, lang), by_group(bench, lang), by_field(bench, lang), by_severity(bench, lang)];
    if bench.engines.len() > 1 {
        out.push(behind(bench, lang));
    }
    out.extend([niks(bench, lang), places(bench, lang), speeds(bench, lang)]);
    if !bench.bursts.fused.outcomes.is_empty() {
        out.push(bursts(bench, lang));
    }
    if bench.live.frames > 0 {
        out.push(hidden(bench, lang));
    }
    out
}

fn aims(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick("Sasaran", "Targets");
    let headings = lang.pick(["", "sasaran", "terukur", "tercapai"], ["", "target", "measured", "met"]);
    let met = |is_met| if is_met { lang.pick("ya", "yes") } else { lang.pick("tidak", "no") };
    let row = |target: &super::targets::Target| {
        let [bound, measured] = target.shown();
        vec![lang.pick(target.apa, target.what).to_owned(), bound, measured, met(target.is_met()).to_owned()]
    };
    Table::new(title, &headings, targets(bench).iter().map(row).collect())
}

/// What a row counts in an evaluation.
type Count<'a> = Box<dyn Fn(&Evaluation) -> Option<TallyView> + 'a>;

/// One column per engine, two for a peer.
fn compared(
    bench: &Bench,
    (title, first): (&str, &str),
    lang: Lang,
    rows: Vec<(String, Count<'_>)>,
) -> Table {
    let mut headings = vec![first.to_owned()];
    for engine in &bench.engines {
        match engine.kindly {
            None => headings.push(engine.name.clone()),
            Some(_) => headings.extend([
                lang.pick(format!("{}, ketat", engine.name), format!("{}, strict", engine.name)),
                lang.pick(format!("{}, longgar", engine.name), format!("{}, kind", engine.name)),
            ]),
        }
    }
    let cells = |pick: &dyn Fn(&Evaluation) -> Option<TallyView>| -> Vec<String> {
        let of = |engine: &Engine| -> Vec<String> {
            let scored = std::iter::once(&engine.strict).chain(engine.kindly.as_ref());
            scored.map(|evaluation| share(pick(evaluation))).collect()
        };
        bench.engines.iter().flat_map(of).collect()
    };
    let rows = rows.into_iter().map(|(name, pick)| [vec![name], cells(&*pick)].concat()).collect();
    Table { title: title.to_owned(), headings, rows }
}

fn by_group(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick("Butir yang tepat menurut kelompok, %", "Exact fields by group, %");
    let row = |group: &String| {
        let own = group.clone();
        let pick = move |evaluation: &Evaluation| evaluation.summary().kinds.get(&own).copied();
        (group.clone(), Box::new(pick) as Count<'_>)
    };
    compared(bench, (title, lang.pick("kelompok", "group")), lang, bench.groups.iter().map(row).collect())
}

fn by_field(bench: &Bench, lang: Lang) -> Table {
    let title = lang
        .pick("Nilai yang tepat menurut butir, semua gambar, %", "Exact values by field, all pictures, %");
    let row = |field: Field| {
        let pick = move |evaluation: &Evaluation| evaluation.summary().fields.get(&field).copied();
        (field.key().to_owned(), Box::new(pick) as Count<'_>)
    };
    let all = |evaluation: &Evaluation| Some(evaluation.summary().all);
    let rows = Field::ALL.into_iter().map(row);
    let rows = rows.chain([(lang.pick("semua", "all").to_owned(), Box::new(all) as Box<_>)]).collect();
    compared(bench, (title, lang.pick("butir", "field")), lang, rows)
}

/// The groups that grade the whole picture.
pub fn severities(bench: &Bench) -> Vec<&str> {
    bench.groups.iter().map(String::as_str).filter(|group| group.starts_with("severity")).collect()
}

fn by_severity(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick("Loket menurut butir dan tingkat, % tepat", "Loket by field and severity, exact %");
    let severities = severities(bench);
    let mut headings = vec![lang.pick("butir", "field")];
    headings.extend(&severities);
    let row = |field: Field| {
        let cells = severities.iter().map(|group| share(bench.ours().strict.cell(group, field)));
        std::iter::once(field.key().to_owned()).chain(cells).collect()
    };
    Table::new(title, &headings, Field::ALL.into_iter().map(row).collect())
}

/// One row per group and scoring: each field with our count and the peer's.
fn behind(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick(
        "Tempat Loket tidak di depan: pembanding sama atau lebih banyak, dan kami tidak semuanya tepat",
        "Where Loket is not ahead: a peer has as many or more, and ours are not all right",
    );
    let headings = lang.pick(
        ["kelompok", "gambar", "cara", "butir: Loket, pembanding"],
        ["group", "pictures", "scoring", "field: Loket, peer"],
    );
    let all = not_ahead(bench);
    let row = |group: &String, scoring: Scoring| {
        // A letter stands somewhere in any text: the kind scoring says nothing about blood types.
        let says_something = |it: &&NotAhead| {
            it.group == *group
                && it.scoring == scoring
                && (scoring == Scoring::Strict || it.field != Field::BloodType.key())
        };
        let found: Vec<&NotAhead> = all.iter().filter(says_something).collect();
        let name = |it: &NotAhead| it.peer.split(' ').next().unwrap_or_default().to_owned();
        let cell = |it: &&NotAhead| format!("{}: {}, {} {}", it.field, it.ours, name(it), it.theirs);
        let word = match scoring {
            Scoring::Strict => lang.pick("ketat", "strict"),
            Scoring::Kind => lang.pick("longgar", "kind"),
        };
        let scored = found.first()?.scored.to_string();
        Some(vec![
            group.clone(),
            scored,
            word.to_owned(),
            found.iter().map(cell).collect::<Vec<_>>().join("; "),
        ])
    };
    let scorings = [Scoring::Strict, Scoring::Kind];
    let mut rows: Vec<Vec<String>> = scorings
        .into_iter()
        .flat_map(|scoring| bench.groups.iter().filter_map(move |group| row(group, scoring)))
        .collect();
    if rows.is_empty() {
        rows.push(vec!["–".to_owned(); headings.len()]);
    }
    Table::new(title, &headings, rows)
}

fn niks(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick("NIK, Loket", "NIK, Loket");
    let headings = lang.pick(
        ["kelompok", "kartu", "tepat", "dijawab", "dijawab dan tepat", "salah dengan yakin"],
        ["group", "cards", "exact", "answered", "answered and right", "confidently wrong"],
    );
    let row = |group: &String| {
        let nik = nik(bench, group);
        let counts = [nik.scored, nik.exact, nik.answered, nik.answered_exact, nik.confidently_wrong];
        std::iter::once(group.clone()).chain(counts.map(|count| count.to_string())).collect()
    };
    Table::new(title, &headings, bench.groups.iter().map(row).collect())
}

fn places(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick("Menemukan kartu, Loket", "Finding the card, Loket");
    let headings = lang.pick(
        ["kelompok", "kartu", "ditemukan", "galat sudut, % lebar kartu", "IoU"],
        ["group", "cards", "found", "corner error, % of card width", "IoU"],
    );
    let row = |name: &str, found: super::results::FoundSummary| {
        let numbers = [found.cards.to_string(), found.found.to_string()];
        let means = [format!("{:.2}", found.corner_error_percent), format!("{:.3}", found.overlap)];
        [vec![name.to_owned()], numbers.to_vec(), means.to_vec()].concat()
    };
    let groups = bench.groups.iter().filter_map(|group| Some((group.as_str(), bench.found.get(group)?)));
    let mut rows: Vec<Vec<String>> = groups.map(|(group, found)| row(group, found.summary())).collect();
    rows.push(row(lang.pick("semua", "all"), found_in_all(bench)));
    Table::new(title, &headings, rows)
}

fn speeds(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick(
        "Waktu per kartu, satu utas, ms (dari berkas sampai teks)",
        "Time a card, one thread, ms (from file to text)",
    );
    let headings = lang.pick(["", "p50", "p90", "× Loket"], ["", "p50", "p90", "× Loket"]);
    let ours = bench.ours().strict.summary().ms.total.p50;
    let row = |engine: &Engine| {
        let total = engine.strict.summary().ms.total;
        let times = format!("{:.1}", total.p50 / ours.max(0.1));
        vec![engine.name.clone(), format!("{:.0}", total.p50), format!("{:.0}", total.p90), times]
    };
    Table::new(title, &headings, bench.engines.iter().map(row).collect())
}

fn bursts(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick("Rangkaian gambar satu kartu, Loket", "Bursts of one held card, Loket");
    let headings = lang.pick(
        ["", "butir", "tepat %", "dijawab %", "tepat dari itu %"],
        ["", "fields", "exact %", "answered %", "right of those %"],
    );
    let row = |name: &str, evaluation: &Evaluation| {
        let all = evaluation.summary().all;
        let shares = [all.exactness(), all.coverage(), all.answered_exactness()].map(percent);
        [vec![name.to_owned(), all.scored.to_string()], shares.to_vec()].concat()
    };
    let rows = vec![
        row(lang.pick("tiap gambar", "each frame"), &bench.bursts.frames),
        row(
            lang.pick("gambar terbaik (dipilih kebenaran)", "best frame (chosen by the truth)"),
            &bench.bursts.best,
        ),
        row(lang.pick("digabung", "fused"), &bench.bursts.fused),
    ];
    Table::new(title, &headings, rows)
}

fn hidden(bench: &Bench, lang: Lang) -> Table {
    let title = lang.pick("Butir yang tertutup, analisis langsung", "Hidden fields, live analysis");
    let headings = lang.pick(
        ["", "tertutup", "tepat dari disebut %", "ditemukan %", "F1"],
        ["", "hidden", "right of those said %", "found %", "F1"],
    );
    let row = |name: &str, agreement: &Agreement| {
        let shown = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), percent);
        let f1 = agreement.f1().map_or_else(|| "–".to_owned(), |f1| format!("{f1:.3}"));
        let hidden = (agreement.hits + agreement.misses).to_string();
        vec![name.to_owned(), hidden, shown(agreement.precision()), shown(agreement.recall()), f1]
    };
    let rows = vec![
        row(lang.pick("oleh silau", "by glare"), &bench.live.glare),
        row(lang.pick("oleh benda", "by things"), &bench.live.covered),
    ];
    Table::new(title, &headings, rows)
}

fn share(view: Option<TallyView>) -> String {
    view.map_or_else(|| "–".to_owned(), |view| percent(view.exactness()))
}

fn percent(share: f64) -> String {
    format!("{:.1}", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::bench;
    use super::*;

    #[test]
    fn a_table_is_the_same_in_all_forms() {
        let table = Table::new("Title", &["", "a"], vec![vec!["row".into(), "1".into()]]);
        assert_eq!(table.lines(), ["Title", "     a", "row  1"]);
        assert_eq!(table.markdown(), "**Title**\n\n|  | a |\n|---|---|\n| row | 1 |\n");
        assert!(table.html().into_string().contains("<td>row</td><td>1</td>"));
    }

    #[test]
    fn every_table_has_as_many_cells_as_headings() {
        for lang in [Lang::Id, Lang::En] {
            for table in tables(&bench(), lang) {
                assert!(!table.rows.is_empty(), "{}", table.title);
                assert!(table.rows.iter().all(|row| row.len() == table.headings.len()), "{}", table.title);
            }
        }
    }

    #[test]
    fn peers_have_two_columns_and_we_have_one() {
        let table = by_group(&bench(), Lang::En);
        assert_eq!(table.headings, ["group", "loket 1.0", "rapidocr 1.0, strict", "rapidocr 1.0, kind"]);
        assert_eq!(table.rows[1], ["severity3", "50.0", "50.0", "50.0"]);
    }
}
