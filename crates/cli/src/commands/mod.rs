//! One file per command; each turns arguments into calls of the engine and results into lines.
//!
//! Invariant: a command ends with an exit code or an error that [`crate::explain`] puts into words.

mod bench;
mod bench_ktp;
mod bench_tamper;
mod benchmark;
mod capture;
mod customer;
mod demo;
mod demo_face;
mod demo_onekyc;
mod demo_partner;
mod doctor;
mod enrol;
mod evaluate;
mod faces;
mod key;
mod launch_key;
mod queue;
mod scan;
mod secret;
mod simulate;
mod simulated_reading;
mod sync;

use clap::CommandFactory as _;
use engine::Installation;

use crate::args::{Args, Command};
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Runs the command that was asked for.
pub fn run(args: Args, terminal: &Terminal) -> anyhow::Result<Exit> {
    let open = || Installation::open(args.data_dir.clone());
    match args.command {
        Command::Scan(scan) => scan::run(&scan, terminal),
        Command::Faces(faces) => faces::run(&faces, terminal),
        Command::Capture(capture) => capture::run(&open()?, &capture, terminal),
        Command::Customer(customer) => customer::run(&open()?, &customer, terminal),
        Command::Queue(queue) => queue::run(&open()?, &queue, terminal),
        Command::Sync(sync) => sync::run(&open()?, &sync, terminal),
        Command::Eval(eval) => evaluate::run(&eval, terminal),
        Command::Bench(bench) => bench::run(&bench, terminal),
        Command::Simulate(simulate) => simulate::run(&open()?, &simulate, terminal),
        Command::Doctor => doctor::run(&open()?, terminal),
        Command::Demo(demo) => demo::run(args.data_dir, &demo, terminal),
        Command::Key(key) => key::run(&key, terminal),
        Command::LaunchKey(key) => launch_key::run(&open()?, &key, terminal),
        Command::Secret(secret) => secret::run(&open()?, &secret, terminal),
        Command::Enrol(enrol) => enrol::run(open()?, &enrol, terminal),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Args::command(), "loketctl", &mut script);
            terminal.raw(&String::from_utf8_lossy(&script));
            Ok(Exit::Done)
        }
    }
}

/// A runtime for commands that speak to the partner; reading pictures needs none.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?)
}
