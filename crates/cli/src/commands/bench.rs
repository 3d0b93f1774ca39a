//! `bench`: how well the software does its work, measured.
//!
//! Invariant: a bench stores and sends nothing. Deliberately absent: judging, which [`crate::guidance`] and
//! [`crate::liveness`] do, and reading against others, which is [`super::bench_ktp`]'s;
//! tampering is [`super::bench_tamper`]'s.

use engine::live::{SharedFaceReader, SharedReader};
use inference::ModelSource;

use crate::args::{BenchCommand, GuidanceArgs, LivenessArgs};
use crate::exit::Exit;
use crate::guidance::{self, Summary};
use crate::liveness;
use crate::terminal::Terminal;

/// Runs the bench that was asked for.
pub fn run(command: &BenchCommand, terminal: &Terminal) -> anyhow::Result<Exit> {
    match command {
        BenchCommand::Guidance(args) => guide(args, terminal),
        BenchCommand::Liveness(args) => attack(args, terminal),
        BenchCommand::Ktp(args) => super::bench_ktp::run(args, terminal),
        BenchCommand::Tamper(args) => super::bench_tamper::run(args, terminal),
    }
}

fn guide(args: &GuidanceArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let reader = SharedReader::new(ModelSource::from_env());
    if let Some(number) = args.trace {
        let verdict = guidance::trace(number, args.seed, &reader, |line| terminal.say(line))?;
        guidance::table(&[verdict], terminal.lang).iter().for_each(|line| terminal.say(line));
        return Ok(Exit::Done);
    }
    let progress = terminal.progress(args.scripts);
    let verdicts = guidance::run(args.scripts, args.seed, &reader, |verdict| {
        // Its own words on a log, a bar for who watches.
        if progress.is_hidden() {
            terminal.note(guidance::line(verdict), guidance::line(verdict));
        }
        progress.inc(1);
    })?;
    progress.finish_and_clear();
    guidance::table(&verdicts, terminal.lang).iter().for_each(|line| terminal.say(line));
    terminal.emit(&Summary::of(&verdicts))?;
    Ok(Exit::Done)
}

fn attack(args: &LivenessArgs, terminal: &Terminal) -> anyhow::Result<Exit> {
    let people = liveness::People::open(&args.folder, args.sitters)?;
    let reader = SharedFaceReader::new(ModelSource::from_env()).get()?;
    let plans = liveness::plans(&people, args.seed, args.only.as_deref())?;
    let (timed, progress) = (plans.clone(), terminal.progress(plans.len()));
    let sittings = liveness::run(plans, &people, &reader, |played| {
        if progress.is_hidden() {
            terminal.note(liveness::line(played), liveness::line(played));
        }
        progress.inc(1);
    })?;
    progress.finish_and_clear();
    let analysis_ms = liveness::timed(&timed, &people, &reader)?;
    liveness::table(&sittings, &people, analysis_ms, terminal.lang)
        .iter()
        .for_each(|line| terminal.say(line));
    terminal.emit(&liveness::Summary::of(&sittings, &people, analysis_ms))?;
    Ok(Exit::Done)
}
