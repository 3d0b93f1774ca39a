//! What the tests of the card generator need: fonts from the system, and a Python environment of small packages (see
//! `python_env`). torch is deliberately not among them (gigabytes); tests that need it skip and say so.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::system;

/// What the generator prints cards with.
const FONTS: [&str; 4] = ["fonts-ocr-a", "fonts-liberation", "fonts-liberation2", "fonts-croscore"];

/// Whether the generator draws here: it takes its fonts from where Linux distributions put them.
pub fn can_draw() -> bool {
    cfg!(target_os = "linux")
}

/// The interpreter of the generator's environment; made on first use. Debian splits `venv` off Python.
pub fn environment() -> Result<PathBuf> {
    if !python_env::can_make() && system::is_debian_like() {
        system::install_missing(&["python3-venv"])?;
    }
    let told = |folder: &std::path::Path| {
        println!("Installing the Python packages of the tests into {}", folder.display());
    };
    python_env::open(python_env::GENERATOR, told).context("the tests of the card generator cannot run")
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
