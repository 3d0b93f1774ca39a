//! Running other programs from the repository root, loudly: a program that cannot start or that fails is an error
//! that names the command. Output is passed through; only [`stream`] looks at it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// What `cargo run` sets for this program and the cargo it starts must not inherit: build scripts that watch these
/// variables would run again each time the same build is started from a shell.
const SET_BY_CARGO_RUN: [&str; 7] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_MANIFEST_LINKS",
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "OUT_DIR",
];

/// The folder of the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(own).join("../..")
}

/// A command that runs in the repository root.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs this program, in the repository root.
pub fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = command(&cargo);
    command.args(arguments);
    let by_cargo = |name: &str| SET_BY_CARGO_RUN.contains(&name) || name.starts_with("CARGO_PKG_");
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(by_cargo) {
            command.env_remove(name);
        }
    }
    command
}

/// npm in `ui/`. On Windows npm is a script, which only its full name starts.
pub fn npm(arguments: &[&str]) -> Command {
    let mut command = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.args(arguments).current_dir(root().join("ui")).env("NO_COLOR", "1");
    command
}

/// Runs to the end; anything but success is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} does not start", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// What the command prints, if it starts and succeeds.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end and hands over each line of standard output as it comes; errors pass through.
pub fn stream(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} does not start", shown(command)))?;
    let stdout = child.stdout.take().expect("standard output is piped above");
    for line in BufReader::new(stdout).split(b'\n') {
        on_line(String::from_utf8_lossy(&line?).trim_end());
    }
    Ok(child.wait()?)
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
