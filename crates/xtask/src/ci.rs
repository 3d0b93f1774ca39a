//! What the CI checks beside the tests, and the two tasks that are single tests: the repository's rules and the
//! generated TypeScript types.

use anyhow::{Result, bail};

use crate::process::{self, cargo, npm, run};
use crate::test;

/// Formatting, lints, types of the user interface, licences and advisories.
pub fn run_checks() -> Result<()> {
    run(&mut cargo(&["fmt", "--all", "--check"]))?;
    test::prepare()?;
    run(&mut npm(&["run", "--silent", "check"]))?;
    run(&mut cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "loket/demo",
        "--",
        "-D",
        "warnings",
    ]))?;
    if process::output(&mut cargo(&["deny", "--version"])).is_none() {
        bail!("cargo-deny is missing: cargo install --locked cargo-deny");
    }
    run(&mut cargo(&["deny", "check"]))
}

/// The rules of the repository.
pub fn tidy() -> Result<()> {
    run(&mut cargo(&["test", "--package", "xtask", "--test", "tidy"]))
}

/// Writes the TypeScript types; without the variable the same test compares them.
pub fn bindings() -> Result<()> {
    test::prepare()?;
    run(cargo(&["test", "--package", "loket", "--lib", "bindings"]).env("LOKET_WRITE_BINDINGS", "1"))
}
