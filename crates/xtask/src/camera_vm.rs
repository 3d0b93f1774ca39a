//! `cargo xtask camera-vm`: the camera crate's tests against real drivers, in a virtual machine with webcams plugged in
//! by software. The machine itself is `tests/camera-vm/run.sh`.
//!
//! Where it cannot be had, its tests are counted as skipped and the reason is said: that is no failure, but no silence
//! either.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{self, cargo, stream};
use crate::system;
use crate::tally::{self, Tally};

/// The script's word for a machine that cannot be had.
const CANNOT: i32 = 77;

/// Builds the tests and runs them in the machine; `filter` picks some by name.
pub fn run(filter: Option<&str>) -> Result<()> {
    if !cfg!(target_os = "linux") {
        println!("camera in a virtual machine: skipped, it is made for Linux");
        return Ok(());
    }
    let [tests, other_program] = programs()?;
    let mut machine = process::command("tests/camera-vm/run.sh");
    machine.arg(system::cache()?.join("camera-vm")).args([&tests, &other_program]);
    machine.args(["--ignored", "--test-threads=1"]).args(filter);
    let (status, mut tally) = tallied(&mut machine)?;
    if status == Some(CANNOT) {
        // Outside the machine the tests do nothing but say how many they are.
        tally = tallied(&mut Command::new(&tests))?.1;
    }
    println!("camera in a virtual machine  {tally}");
    let is_success = tally.failed == 0 && (status == Some(0) && tally.passed > 0 || status == Some(CANNOT));
    if is_success { Ok(()) } else { bail!("the camera's tests failed in the virtual machine") }
}

/// Runs a command that ends with a test summary.
fn tallied(command: &mut Command) -> Result<(Option<i32>, Tally)> {
    let mut tally = Tally::default();
    let status = stream(command, |line| {
        println!("{line}");
        tally += tally::of_cargo(line).unwrap_or_default();
    })?;
    Ok((status.code(), tally))
}

/// The test program, and the program that gets in its way.
fn programs() -> Result<[PathBuf; 2]> {
    system::require(system::Needs::CommandLine)?;
    println!("Building the tests of the cameras");
    Ok([built("vm", &["test", "--no-run", "--test"])?, built("occupy_camera", &["build", "--example"])?])
}

/// Builds one target of the camera crate and tells where its program lies.
fn built(target: &str, how: &[&str]) -> Result<PathBuf> {
    let mut build = cargo(how);
    build.args([
        target,
        "--workspace",
        "--features",
        "loket/demo",
        "--message-format=json-render-diagnostics",
    ]);
    let mut program = None;
    let status =
        stream(&mut build, |message| program = program.take().or_else(|| executable(message, target)))?;
    if !status.success() {
        bail!("{target} does not build");
    }
    program.with_context(|| format!("cargo names no program {target}"))
}

/// The program that one of cargo's messages names, if it is the target `name`.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    let is_target = message.contains(&format!("\"name\":\"{name}\",\"src_path\""));
    let (_, path) = message.split_once("\"executable\":\"").filter(|_| is_target)?;
    Some(path.split('"').next()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_cargos_messages() {
        let message = r#"{"reason":"compiler-artifact","target":{"kind":["test"],"name":"vm","src_path":"a/main.rs"},"executable":"/t/deps/vm-1f","fresh":true}"#;
        assert_eq!(executable(message, "vm"), Some("/t/deps/vm-1f".into()));
        assert_eq!(executable(message, "it"), None);
        let library = message.replace("\"/t/deps/vm-1f\"", "null");
        assert_eq!(executable(&library, "vm"), None);
    }
}
