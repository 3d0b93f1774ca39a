//! `loketctl`: the engine without a window.
//!
//! Invariant: results go to standard output, everything else to standard error; no secret is ever an argument;
//! the exit code says how it ended (see [`exit::Exit`]). Deliberately absent: logic, which is the engine's.

mod args;
mod card_answer;
mod commands;
mod eval;
mod exit;
mod explain;
mod guidance;
mod ktp_bench;
mod lang;
mod liveness;
mod reading_view;
mod spread;
mod tamper_bench;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Args;
use crate::lang::Lang;
use crate::terminal::Terminal;

fn main() -> ExitCode {
    let args = Args::parse();
    log_to_stderr();
    let lang = args.lang.unwrap_or_else(|| Lang::of_environment(engine::compose::environment));
    let terminal = Terminal::new(args.json, lang);
    let exit = commands::run(args, &terminal).unwrap_or_else(|error| terminal.explain(&error));
    exit.into()
}

/// Warnings and worse, or what `LOKET_LOG` asks for.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LOKET_LOG").unwrap_or_else(|_| {
        tracing_subscriber::EnvFilter::new("warn,nokhwa=off,tract_core=error,tract_onnx=error")
    });
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
