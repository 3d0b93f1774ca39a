//! `cargo xtask demo`: the main job on a machine where nothing is set up. The run itself is `loketctl demo`; this only
//! installs what is missing, builds, and opens the window on what the run left behind.

use anyhow::Result;

use crate::process::{cargo, run};
use crate::system::{self, Needs};
use crate::ui;

/// Does the main job in the terminal, then opens the window unless there is no display or none is wanted.
pub fn run_demo(headless: bool) -> Result<()> {
    system::require(Needs::CommandLine)?;
    // The development profile: its nets are optimised, and `cargo xtask test` finds the same builds.
    run(&mut cargo(&["run", "--package", "cli", "--bin", "loketctl", "--", "demo", "--headless"]))?;
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
    run(&mut cargo(&["run", "--package", "loket", "--bin", "loket"]))
}
