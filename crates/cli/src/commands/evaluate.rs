//! `eval`: measure the reader on a labelled set.
//!
//! Invariant: pictures are read one at a time, so that the times are those of a counter. Deliberately absent:
//! judging, which [`crate::eval`] does.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use inference::ModelSource;
use vision::Reader;

use crate::args::EvalArgs;
use crate::card_answer;
use crate::eval::evaluation::{Ending, Evaluation, Outcome, Summary};
use crate::eval::report;
use crate::eval::score::TallyView;
use crate::eval::truth;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Reads the set, prints the summary, writes what was asked for.
pub fn run(args: &EvalArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let cards = truth::load(&args.dir)?;
    let reader = Reader::load(&ModelSource::from_env())?;
    let progress = terminal.progress(cards.len());
    let mut evaluation = Evaluation::default();
    for card in &cards {
        let (answered, _) = card_answer::read(&reader, &card.path)?;
        evaluation.add(card, answered);
        progress.inc(1);
    }
    progress.finish_and_clear();
    let summary = evaluation.summary();
    print(terminal, &evaluation, &summary);
    terminal.emit(&summary)?;
    if let Some(path) = &args.report {
        let title = args.dir.file_name().unwrap_or(args.dir.as_os_str()).to_string_lossy();
        let pictures = (!args.no_thumbnails).then_some(args.dir.as_path());
        write(path, &report::render(&title, &evaluation, pictures))?;
    }
    if let Some(path) = &args.details {
        write(path, &details(&evaluation)?)?;
    }
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn print(terminal: &Terminal, evaluation: &Evaluation, summary: &Summary) {
    let heading = terminal.lang.pick(
        ["butir", "tepat %", "galat huruf %", "dijawab %", "tepat dari itu %"],
        ["scored", "exact %", "char. errors %", "answered %", "exact of those %"],
    );
    terminal.say(format!(
        "{:<16} {:>7} {:>9} {:>14} {:>11} {:>17}",
        "", heading[0], heading[1], heading[2], heading[3], heading[4]
    ));
    for (field, view) in &summary.fields {
        terminal.say(row(field.key(), view));
    }
    for (kind, view) in &summary.kinds {
        terminal.say(row(kind, view));
    }
    terminal.say(row(terminal.lang.pick("semua", "all"), &summary.all));
    let Summary { cards, not_found, unreadable, confidently_wrong_nik: wrong, ece, ms, .. } = summary;
    terminal.tell(
        format!(
            "{cards} kartu, {not_found} tidak ditemukan, {unreadable} gambar tak terbaca; NIK salah dengan yakin: \
             {wrong}; galat kalibrasi {ece:.3}"
        ),
        format!(
            "{cards} cards, {not_found} not found, {unreadable} unreadable pictures; confidently wrong NIKs: \
             {wrong}; calibration error {ece:.3}"
        ),
    );
    terminal.say(format!(
        "ms (p50/p90): localise {}/{}, read {}/{}, total {}/{}",
        ms.localise.p50, ms.localise.p90, ms.read.p50, ms.read.p90, ms.total.p50, ms.total.p90
    ));
    for Outcome { file, ending, .. } in &evaluation.outcomes {
        match ending {
            Ending::Unreadable(reason) => {
                terminal.note(format!("{file}: {reason}"), format!("{file}: {reason}"))
            }
            Ending::Read | Ending::NotFound => {}
        }
    }
}

fn row(name: &str, view: &TallyView) -> String {
    format!(
        "{:<16} {:>7} {:>9.1} {:>14.2} {:>11.1} {:>17.1}",
        name,
        view.scored,
        100.0 * view.exactness(),
        100.0 * view.cer,
        100.0 * view.coverage(),
        100.0 * view.answered_exactness()
    )
}

/// Every answer beside its truth, one JSON object a line.
fn details(evaluation: &Evaluation) -> anyhow::Result<String> {
    let mut lines = String::new();
    for outcome in &evaluation.outcomes {
        for item in &outcome.items {
            let line = serde_json::json!({
                "file": outcome.file, "kind": outcome.kind, "found": outcome.ending == Ending::Read,
                "field": item.field.key(), "truth": item.truth, "best": item.answer.best,
                "answered": item.answer.answered, "confidence": item.answer.confidence, "exact": item.judged.exact,
            });
            writeln!(lines, "{line}")?;
        }
    }
    Ok(lines)
}
