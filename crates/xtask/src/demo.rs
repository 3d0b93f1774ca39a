//! `cargo xtask demo`: the window on a machine where nothing is set up, with a stand-in partner and a simulated camera
//! inside; without a display the same job in the terminal (`loketctl demo`).
//!
//! Deliberately away from a real installation: folder and key are the demo's own unless the environment names others.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::{cargo, command, run};
use crate::system::{self, Needs};
use crate::ui;

/// How the demo is run.
#[derive(Clone)]
pub struct DemoWish {
    /// Only in the terminal.
    pub headless: bool,
    /// With this machine's camera in place of the simulated one.
    pub camera: bool,
    /// Another partner than Identity Platform.
    pub provider: Option<String>,
    /// What that partner is asked for.
    pub flow: Option<String>,
    /// The partner calls nobody back.
    pub no_callbacks: bool,
}

const ONEKYC: &str = "onekyc";
const CARD_AND_FACE: &str = "identity-verification";

/// Opens the demo's window, or does its job in the terminal where there is no display or none is wanted.
pub fn run_demo(wish: &DemoWish) -> Result<()> {
    // OneKYC's identity verification begins with a launch, which the window's demo has nobody for.
    let is_onekyc = wish.provider.as_deref() == Some(ONEKYC);
    let needs_launch = is_onekyc && wish.flow.as_deref() == Some(CARD_AND_FACE);
    if !wish.headless && !needs_launch && system::has_display() {
        return open_window(wish);
    }
    if !wish.headless && !needs_launch {
        println!("No display here, so no window is opened (this is all of: cargo xtask demo --headless).");
    }
    system::require(Needs::CommandLine)?;
    // The development profile: its nets are optimised. Features of the whole workspace: `cargo xtask test` finds the same
    // builds.
    let programs = ["--bin", "loketctl", "--bin", "loket-backend"];
    run(cargo(&["build", "--workspace", "--features", "loket/demo"]).args(programs))?;
    let mut demo = command(&beside("loketctl")?);
    demo.args(["demo", "--headless"]);
    if wish.no_callbacks {
        demo.arg("--no-callbacks");
    }
    for (option, value) in [("--provider", &wish.provider), ("--flow", &wish.flow)] {
        if let Some(value) = value {
            demo.args([option, value]);
        }
    }
    run(in_demo_folder(&mut demo)?)
}

/// A program of the same build: all of them lie in one folder.
fn beside(program: &str) -> Result<String> {
    let path = std::env::current_exe()?.with_file_name(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    Ok(path.to_string_lossy().into_owned())
}

fn open_window(wish: &DemoWish) -> Result<()> {
    system::require(Needs::Window)?;
    ui::build()?;
    println!("Opening the window; close it to end the demo.");
    let mut window =
        cargo(&["run", "--package", "loket", "--bin", "loket", "--features", "demo", "--", "--demo"]);
    if wish.camera {
        window.arg("--camera");
    }
    // The folder remembers what was shown before, so both are named each time.
    let provider = wish.provider.as_deref().unwrap_or("identity-platform");
    let all_of_it = if provider == ONEKYC { "ktp-scan" } else { CARD_AND_FACE };
    window.args(["--provider", provider, "--flow", wish.flow.as_deref().unwrap_or(all_of_it)]);
    run(in_demo_folder(&mut window)?)
}

/// Names the demo's data folder and key, so that window and terminal look at the same queue.
fn in_demo_folder(command: &mut Command) -> Result<&mut Command> {
    let folder = system::cache()?.join("demo");
    let name = |variable: &str, default: PathBuf| {
        std::env::var_os(variable).filter(|value| !value.is_empty()).unwrap_or_else(|| default.into())
    };
    command.env("LOKET_DATA_DIR", name("LOKET_DATA_DIR", folder.join("data")));
    Ok(command.env("LOKET_KEY_FILE", name("LOKET_KEY_FILE", folder.join("key"))))
}
