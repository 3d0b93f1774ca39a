//! `cargo xtask demo`: the main job on a machine where nothing is set up. The run itself is `loketctl demo`; this only
//! installs what is missing, builds, and opens the window on what the run left behind.
//!
//! Deliberately away from a real installation: folder and key are the demo's own unless the environment names others.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::{cargo, run};
use crate::system::{self, Needs};
use crate::ui;

/// Does the main job in the terminal, then opens the window unless there is no display or none is wanted.
pub fn run_demo(headless: bool) -> Result<()> {
    system::require(Needs::CommandLine)?;
    // The development profile: its nets are optimised, and `cargo xtask test` finds the same builds.
    let mut demo = cargo(&["run", "--package", "cli", "--bin", "loketctl", "--", "demo", "--headless"]);
    run(in_demo_folder(&mut demo)?)?;
    if headless {
        return Ok(());
    }
    if !system::has_display() {
        println!("No display here, so no window is opened (this is all of: cargo xtask demo --headless).");
        return Ok(());
    }
    system::require(Needs::Window)?;
    ui::build()?;
    println!("Opening the window; close it to end the demo.");
    run(in_demo_folder(&mut cargo(&["run", "--package", "loket", "--bin", "loket"]))?)
}

/// Names the demo's data folder and key, so that the window looks where the run wrote.
fn in_demo_folder(command: &mut Command) -> Result<&mut Command> {
    let folder = system::cache()?.join("demo");
    let name = |variable: &str, default: PathBuf| {
        std::env::var_os(variable).filter(|value| !value.is_empty()).unwrap_or_else(|| default.into())
    };
    command.env("LOKET_DATA_DIR", name("LOKET_DATA_DIR", folder.join("data")));
    Ok(command.env("LOKET_KEY_FILE", name("LOKET_KEY_FILE", folder.join("key"))))
}
