//! `cargo xtask test`: every test of the repository, and one closing line that adds them up.
//!
//! A runner that stops without a summary, or that ran nothing, fails the whole: silence is no success. Formatting and
//! lints are not here but in [`crate::ci`].

use std::process::Command;

use anyhow::Result;

use crate::process::{self, npm, stream};
use crate::system::{self, Needs};
use crate::tally::{self, Tally};
use crate::{browser, object_store, python, ui};

/// One test runner's part of the whole.
struct Outcome {
    runner: &'static str,
    tally: Tally,
    is_success: bool,
}

impl Outcome {
    /// Runs `command`, shows the lines that `is_shown` lets through and adds up those that `read` understands.
    fn of(
        runner: &'static str,
        command: &mut Command,
        read: fn(&str) -> Option<Tally>,
        is_shown: fn(&str) -> bool,
    ) -> Result<Self> {
        println!("\n== {runner}");
        let mut tally = Tally::default();
        let status = stream(command, |line| {
            if is_shown(line) {
                println!("{line}");
            }
            tally += read(line).unwrap_or_default();
        })?;
        if !status.success() && tally.failed == 0 {
            // It stopped before it could count: a compile error, or a test binary that crashed.
            tally.failed = 1;
        }
        Ok(Self { runner, tally, is_success: status.success() && tally.failed == 0 && tally.passed > 0 })
    }
}

/// Installs everything the tests need and builds the pages that the window embeds.
pub fn prepare() -> Result<()> {
    system::require(Needs::Tests)?;
    if cfg!(target_os = "linux") {
        object_store::install()?;
    }
    ui::build()
}

/// That, and what drives the window.
pub fn prepare_for_window() -> Result<()> {
    prepare()?;
    system::require(Needs::WindowTests)
}

/// Runs all tests.
pub fn run() -> Result<()> {
    prepare()?;
    let mut outcomes = vec![of_ui()?, of_pages()?];
    if python::can_draw() {
        outcomes.push(of_python()?);
    } else {
        println!("The card generator is tested on Linux only.");
    }
    outcomes.push(of_rust()?);
    if cfg!(target_os = "linux") {
        outcomes.push(of_window()?);
    } else {
        println!("The window is driven on Linux only: its web view has a WebDriver there.");
    }

    println!();
    let mut sum = Tally::default();
    for outcome in &outcomes {
        let note = if outcome.tally.passed == 0 { "  (ran no test)" } else { "" };
        println!("{:<28}{}{note}", outcome.runner, outcome.tally);
        sum += outcome.tally;
    }
    let is_success = outcomes.iter().all(|outcome| outcome.is_success);
    println!("{sum}");
    if is_success { Ok(()) } else { std::process::exit(1) }
}

fn of_ui() -> Result<Outcome> {
    let mut vitest = npm(&["run", "--silent", "test"]);
    Outcome::of("user interface (vitest)", &mut vitest, tally::of_vitest, |line| !line.is_empty())
}

fn of_pages() -> Result<Outcome> {
    browser::install()?;
    let mut vitest = npm(&["run", "--silent", "test:browser"]);
    // Hundreds of screens pass; what is worth a line are the files, the failures and the sum.
    let is_shown = |line: &str| !line.is_empty() && !line.trim_start().starts_with('✓');
    Outcome::of("pages in Chromium (vitest)", &mut vitest, tally::of_vitest, is_shown)
}

fn of_python() -> Result<Outcome> {
    python::install_fonts();
    let mut pytest = Command::new(python::environment()?);
    pytest.current_dir(process::root().join("models/training"));
    pytest.args(["-m", "pytest", "tests", "-q", "-rs", "-p", "no:cacheprovider", "--color=no"]);
    Outcome::of("card generator (pytest)", &mut pytest, tally::of_pytest, |line| !line.is_empty())
}

fn of_rust() -> Result<Outcome> {
    let mut arguments = vec!["test", "--workspace", "--features", "loket/demo", "--no-fail-fast"];
    if cfg!(windows) {
        // Windows cannot replace the program that is running this.
        arguments.extend(["--exclude", "xtask"]);
    }
    Outcome::of("Rust (cargo test)", &mut process::cargo(&arguments), tally::of_cargo, is_telling)
}

/// The real window under a virtual display. The same packages and features as before, so that nothing is built anew.
fn of_window() -> Result<Outcome> {
    system::require(Needs::WindowTests)?;
    // Partners' pages launch from one.
    browser::install()?;
    let arguments = ["test", "--workspace", "--features", "loket/demo", "--test", "e2e"];
    Outcome::of("window (WebDriver)", &mut process::cargo(&arguments), tally::of_cargo, is_telling)
}

/// Hundreds of `… ok` lines say nothing; cargo names each test binary on the error stream.
fn is_telling(line: &str) -> bool {
    let is_pass = line.starts_with("test ") && line.ends_with("... ok");
    !line.is_empty() && !is_pass && !line.starts_with("running ")
}
