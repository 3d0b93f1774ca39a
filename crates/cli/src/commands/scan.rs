//! `scan`: read pictures, store and send nothing.
//!
//! Invariant: one file's trouble never keeps the others from being read. With `--json`, one object a line and
//! file, in the order of the arguments.

use std::path::Path;
use std::time::Instant;

use engine::{compose, picture};
use inference::ModelSource;
use serde::Serialize;
use vision::Reader;

use crate::args::ScanArgs;
use crate::exit::Exit;
use crate::explain;
use crate::reading_view::{self, ReadingView};
use crate::terminal::Terminal;

#[derive(Serialize)]
struct ScanView {
    file: String,
    #[serde(flatten)]
    reading: ReadingView,
    ms: SpentView,
}

#[derive(Serialize)]
struct SpentView {
    load: f64,
    decode: f64,
    localise: f64,
    read: f64,
    total: f64,
}

#[derive(Serialize)]
struct UnreadableView {
    file: String,
    outcome: &'static str,
    error: ErrorView,
}

#[derive(Serialize)]
struct ErrorView {
    code: &'static str,
    detail: String,
}

/// Reads the files one after the other.
pub fn run(args: &ScanArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let started = Instant::now();
    let reader = Reader::load(&ModelSource::from_env())?;
    let load_ms = milliseconds(started);
    let mut exit = Exit::Done;
    for file in &args.files {
        exit = exit.and(scan_one(&reader, file, load_ms, terminal)?);
    }
    Ok(exit)
}

fn scan_one(reader: &Reader, file: &Path, load_ms: f64, terminal: &Terminal) -> anyhow::Result<Exit> {
    let name = file.display().to_string();
    let started = Instant::now();
    let picture = match picture::open(file) {
        Ok(picture) => picture,
        Err(error) => {
            let told = explain::picture(&error, terminal.lang);
            terminal.emit(&UnreadableView {
                file: name,
                outcome: "unreadable",
                error: ErrorView { code: told.code, detail: told.text.clone() },
            })?;
            terminal.say(&told.text);
            return Ok(told.exit);
        }
    };
    let decode_ms = milliseconds(started);
    let scan = engine::scan(reader, &picture, compose::today())?;
    let outcome = scan.outcome();
    terminal.say(format!("{name}: {}", reading_view::sentence(outcome, terminal.lang)));
    reading_view::print(terminal, &scan);
    let spent = scan.reading.timings;
    let ms = SpentView {
        load: load_ms,
        decode: decode_ms,
        localise: rounded(spent.localise_ms),
        read: rounded(spent.read_ms),
        total: rounded(decode_ms + spent.total_ms),
    };
    terminal.emit(&ScanView { file: name, reading: ReadingView::from(&scan), ms })?;
    Ok(reading_view::exit(outcome))
}

fn milliseconds(since: Instant) -> f64 {
    rounded(since.elapsed().as_secs_f64() * 1e3)
}

fn rounded(ms: f64) -> f64 {
    (ms * 10.0).round() / 10.0
}
