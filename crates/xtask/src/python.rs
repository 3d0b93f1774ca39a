//! The Python environment for the tests of the card generator: small packages only, kept outside the clone so that a
//! second clone finds it. torch is deliberately not among them (gigabytes); tests that need it skip and say so.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, system};

/// What the generator prints cards with.
const FONTS: [&str; 4] = ["fonts-ocr-a", "fonts-liberation", "fonts-liberation2", "fonts-croscore"];

/// Fixed versions, so that pictures drawn for a seed stay the same.
const REQUIREMENTS: &str = include_str!("../python-requirements.txt");

/// Whether the generator draws here: it takes its fonts from where Linux distributions put them.
pub fn can_draw() -> bool {
    cfg!(target_os = "linux")
}

/// The interpreter of an environment that has [`REQUIREMENTS`]; made on first use.
pub fn environment() -> Result<PathBuf> {
    let mut hasher = DefaultHasher::new();
    REQUIREMENTS.hash(&mut hasher);
    let folder = system::cache()?.join(format!("python-{:016x}", hasher.finish()));
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let complete = folder.join("complete");
    if complete.exists() && process::output(Command::new(&python).arg("--version")).is_some() {
        return Ok(python);
    }
    println!("Installing the Python packages of the tests into {}", folder.display());
    create(&folder)?;
    let file = folder.join("requirements.txt");
    fs::write(&file, REQUIREMENTS)?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    process::run(Command::new(&python).args(pip).arg(&file))?;
    fs::write(complete, "")?;
    Ok(python)
}

/// Fonts are asked for one by one: some releases have merged two of the packages.
pub fn install_fonts() {
    if !system::is_debian_like() {
        return;
    }
    for font in FONTS {
        if let Err(error) = system::install_missing(&[font]) {
            println!("{font} is not to be had here, which tests that draw with it will miss ({error:#})");
        }
    }
}

/// Debian splits `venv` off Python; a Python from elsewhere has it.
fn create(folder: &Path) -> Result<()> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let has_venv = process::output(Command::new(python).args(["-c", "import ensurepip, venv"])).is_some();
    if !has_venv && system::is_debian_like() {
        system::install_missing(&["python3-venv"])?;
    }
    process::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder))
        .context("Python 3 with its venv module is needed for the tests of the card generator")
}
