//! `bench tamper`: draw genuine cards and attacks, let every voter judge, and tell.
//!
//! Invariant: a page without marks is noticed before the first picture is read. Deliberately absent: judging, which
//! [`crate::tamper_bench`] does.

use std::path::Path;

use super::benchmark::{Pictures, read, write};
use crate::args::TamperArgs;
use crate::eval::truth;
use crate::exit::Exit;
use crate::ktp_bench::docs::{PAGE, Section};
use crate::lang::Lang;
use crate::tamper_bench::{self, Bench, Summary, report, tables};
use crate::terminal::Terminal;

const SECTION: Section = Section("tamper");

/// Draws, judges, prints, writes what was asked for.
pub fn run(args: &TamperArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let pictures = Pictures {
        script: "make_tamper.py",
        name: "tamper-bench",
        folder: args.folder.as_deref(),
        seed: args.seed,
        cards: args.cards,
        expected: tamper_bench::expected(args.cards as usize),
    };
    pictures.require_generator()?;
    if args.write_docs {
        SECTION.around(&read(PAGE)?)?;
    }
    let folder = pictures.draw(terminal)?;
    let bench = judge(args, &folder, terminal)?;
    for table in tables(&bench, terminal.lang) {
        table.lines().iter().for_each(|line| terminal.say(line));
        terminal.say("");
    }
    terminal.emit(&Summary::of(&bench))?;
    if let Some(path) = &args.report {
        write(path, &report::render(&bench))?;
    }
    if args.write_docs {
        write(Path::new(PAGE), &SECTION.replaced(&read(PAGE)?, &section(&bench))?)?;
    }
    Ok(Exit::Done)
}

fn judge(args: &TamperArgs, folder: &Path, terminal: &Terminal) -> anyhow::Result<Bench> {
    let mut set = truth::load(folder)?;
    if let Some(only) = &args.only {
        set.retain(|card| card.kind.split('/').any(|part| part == only || part == "genuine"));
    }
    let progress = terminal.progress(set.len());
    let bench = tamper_bench::run((args.cards, args.seed), &set, |judged| {
        // Its own words on a log, a bar for who watches.
        if progress.is_hidden() {
            terminal.note(tamper_bench::line(judged), tamper_bench::line(judged));
        }
        progress.inc(1);
    })?;
    progress.finish_and_clear();
    Ok(bench)
}

fn section(bench: &Bench) -> String {
    let Bench { cards, seed, pictures, .. } = bench;
    let mut out = format!(
        "{pictures} pictures (`--cards {cards} --seed {seed}`). Written by `--write-docs`; do not edit.\n"
    );
    for table in tables(bench, Lang::En) {
        out.push('\n');
        out.push_str(&table.markdown());
    }
    out
}
