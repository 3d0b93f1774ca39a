//! Tasks that drive the real window under a virtual display: pictures of every screen, and how fast the preview is.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::process::{cargo, run};
use crate::{system, test};

/// Pictures of every screen into `folder`.
pub fn screenshots(folder: &Path, only: &str) -> Result<()> {
    test::prepare_for_window()?;
    if system::is_debian_like() {
        system::install_missing(&["imagemagick"])?;
    }
    std::fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let folder = folder.to_str().context("the folder's name is not Unicode")?;
    // The tests' own build, so that nothing is built twice.
    let test = ["test", "--workspace", "--features", "loket/demo", "--test", "screenshots", "--"];
    run(cargo(&test).args([folder, only]))
}

/// Frames shown, dropped and late, start and memory, as JSON. A release build.
pub fn bench_preview(sessions: u32) -> Result<()> {
    test::prepare_for_window()?;
    let sessions = sessions.to_string();
    let bench = ["bench", "--workspace", "--features", "loket/demo", "--bench", "preview", "--"];
    run(cargo(&bench).args(["--sessions", &sessions]))
}
