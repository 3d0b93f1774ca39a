//! Repository tasks: `cargo xtask <task>`.
//!
//! A fresh Debian or Ubuntu machine with Rust, Node, Python and gcc needs nothing else: every task first installs
//! the system packages it lacks. Deliberately without dependencies on the product's crates, so that this program
//! compiles in seconds and still runs when the product does not compile.
#![allow(clippy::print_stdout, reason = "a terminal program")]

mod browser;
mod camera_vm;
mod ci;
mod demo;
mod object_store;
mod process;
mod python;
mod system;
mod tally;
mod test;
mod ui;
mod window;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Tasks of the Loket repository.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Open the window with a simulated camera and a stand-in partner; without a display do the job in the terminal
    Demo {
        /// Only the run in the terminal
        #[arg(long)]
        headless: bool,
        /// Take this machine's camera in place of the simulated one
        #[arg(long)]
        camera: bool,
        /// The partner whose stand-in is spoken to in the terminal: `identity-platform` or `onekyc`
        #[arg(long)]
        provider: Option<String>,
        /// What OneKYC is asked for: `ktp-scan`, `selfie-liveness` or `identity-verification`
        #[arg(long)]
        flow: Option<String>,
        /// OneKYC calls nobody back: the partner's backend looks by itself
        #[arg(long)]
        no_callbacks: bool,
    },
    /// Install what is missing and run every test: user interface, Python, Rust
    Test,
    /// What the CI runs beside the tests: formatting, clippy, types of the user interface, cargo-deny
    Ci {
        /// Also run the camera's tests in their virtual machine
        #[arg(long)]
        camera_vm: bool,
    },
    /// Test the camera against real drivers, with simulated USB webcams in a virtual machine (QEMU, a few minutes)
    CameraVm {
        /// Only tests whose name contains this
        filter: Option<String>,
    },
    /// Check the rules of the repository (layers, module docs, versions, sizes)
    Tidy,
    /// Write the TypeScript types of the window's views from their Rust definitions
    Bindings,
    /// Drive the real window through every screen and write pictures: both languages, small and large, light and dark
    Screenshots {
        /// Where to write them
        folder: PathBuf,
        /// Only windows whose name contains this, such as `en-1920x1080` or `dark`
        #[arg(long, default_value = "")]
        only: String,
    },
    /// Measure
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
    /// Only install what is missing and build the pages that the window embeds
    Setup,
}

#[derive(Subcommand)]
enum Bench {
    /// The preview: frames shown and dropped, camera to screen, start, memory; a release build in a virtual display
    Preview {
        /// Sessions over which memory is looked at
        #[arg(long, default_value_t = 50)]
        sessions: u32,
    },
}

fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Demo { headless, camera, provider, flow, no_callbacks } => {
            demo::run_demo(&demo::DemoWish { headless, camera, provider, flow, no_callbacks })
        }
        Task::Test => test::run(),
        Task::Ci { camera_vm } => {
            let checks = ci::run_checks();
            let machine = if camera_vm { camera_vm::run(None) } else { Ok(()) };
            checks.and(machine)
        }
        Task::CameraVm { filter } => camera_vm::run(filter.as_deref()),
        Task::Tidy => ci::tidy(),
        Task::Bindings => ci::bindings(),
        Task::Screenshots { folder, only } => window::screenshots(&folder, &only),
        Task::Bench { what: Bench::Preview { sessions } } => window::bench_preview(sessions),
        Task::Setup => test::prepare(),
    }
}
