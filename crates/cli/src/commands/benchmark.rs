//! What the benchmarks of drawn pictures share: the pictures' folder, Python's environments, the pages they write.
//!
//! Invariant: pictures that are there already are not drawn again. Deliberately absent: reading and judging them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use python_env::Packages;

use crate::ktp_bench::set::{self, TRAINING};
use crate::terminal::Terminal;

/// The pictures of one benchmark.
pub(super) struct Pictures<'a> {
    /// The generator's script that draws them.
    pub script: &'a str,
    /// Its folder in the user's cache, unless another is named.
    pub name: &'a str,
    pub folder: Option<&'a Path>,
    pub seed: u64,
    pub cards: u32,
    /// How many there will be.
    pub expected: usize,
}

impl Pictures<'_> {
    /// Stops a run outside the repository before it did anything.
    pub fn require_generator(&self) -> anyhow::Result<()> {
        if Path::new(TRAINING).join(self.script).exists() {
            return Ok(());
        }
        bail!("run this in the repository's root: {TRAINING}/{} is not here", self.script)
    }

    /// Draws what is missing; answers where the pictures are.
    pub fn draw(&self, terminal: &Terminal) -> anyhow::Result<PathBuf> {
        let folder = match self.folder {
            Some(folder) => folder.to_owned(),
            None => {
                python_env::cache()?.join(format!("{}/seed-{}-cards-{}", self.name, self.seed, self.cards))
            }
        };
        let python = environment(python_env::GENERATOR, terminal)?;
        terminal.note(
            format!("Menggambar kartu di {}", folder.display()),
            format!("Drawing cards in {}", folder.display()),
        );
        let progress = terminal.progress(self.expected);
        set::draw(&python, self.script, &folder, (self.seed, self.cards), || progress.inc(1))?;
        progress.finish_and_clear();
        Ok(folder)
    }
}

pub(super) fn environment(packages: Packages<'_>, terminal: &Terminal) -> anyhow::Result<PathBuf> {
    let told = |folder: &Path| {
        terminal.note(
            format!("Memasang paket Python di {}", folder.display()),
            format!("Installing Python packages into {}", folder.display()),
        );
    };
    Ok(python_env::open(packages, told)?)
}

pub(super) fn read(path: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))
}

pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
