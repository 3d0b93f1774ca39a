//! Python environments for the repository's own tools: the card generator, and readers that ours is measured against.
//!
//! Each set of pinned packages has a folder of its own in the user's cache, made on first use, so that a second clone finds
//! it. Invariant: an environment is used only once it is complete, and nothing is installed outside its folder. Deliberately
//! lacks: torch (gigabytes; who trains installs it), system packages, and any part in the product.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

/// Packages by the text of a requirements file.
#[derive(Clone, Copy, Debug)]
pub struct Packages<'a> {
    /// One pinned package a line.
    pub requirements: &'a str,
    /// Every package is listed, also those that others need: pip adds and judges nothing.
    pub are_complete: bool,
}

/// What draws synthetic cards and tests it. Fixed versions, so that pictures drawn for a seed stay the same.
pub const GENERATOR: Packages<'static> =
    Packages { requirements: include_str!("../generator.txt"), are_complete: false };

/// Why there is no environment.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// The user has no folder for caches.
    #[error("no folder for caches: HOME is not set")]
    NoCache,
    /// No Python, or one without `venv`.
    #[error("Python 3 with its venv module is needed (Debian: apt-get install python3-venv)")]
    NoPython,
    /// pip did not come to its end.
    #[error("pip did not install the packages ({0}); what it said stands above")]
    Install(ExitStatus),
    /// A file cannot be written or a program not be started.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or program.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Our folder for what is dear to make again and belongs to no clone.
pub fn cache() -> Result<PathBuf, EnvironmentError> {
    let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else {
        from("XDG_CACHE_HOME").or_else(|| Some(from("HOME")?.join(".cache")))
    };
    Ok(base.ok_or(EnvironmentError::NoCache)?.join("loket"))
}

/// Whether this machine's Python can make environments.
pub fn can_make() -> bool {
    starts(Command::new(system_python()).args(["-c", "import ensurepip, venv"]))
}

/// The interpreter of an environment that has these packages; `told` hears of the folder if it must be made first.
pub fn open(packages: Packages<'_>, told: impl FnOnce(&Path)) -> Result<PathBuf, EnvironmentError> {
    let folder = cache()?.join(folder_name(packages));
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let complete = folder.join("complete");
    if complete.exists() && starts(Command::new(&python).arg("--version")) {
        return Ok(python);
    }
    told(&folder);
    if !run(Command::new(system_python()).args(["-m", "venv", "--clear"]).arg(&folder))?.success() {
        return Err(EnvironmentError::NoPython);
    }
    let file = folder.join("requirements.txt");
    write(&file, packages.requirements)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&file);
    if packages.are_complete {
        pip.arg("--no-deps");
    }
    let status = run(&mut pip)?;
    if !status.success() {
        return Err(EnvironmentError::Install(status));
    }
    write(&complete, "")?;
    Ok(python)
}

fn folder_name(packages: Packages<'_>) -> String {
    let mut hasher = DefaultHasher::new();
    packages.requirements.hash(&mut hasher);
    format!("python-{:016x}", hasher.finish())
}

fn system_python() -> &'static str {
    if cfg!(windows) { "python" } else { "python3" }
}

fn starts(command: &mut Command) -> bool {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Standard output is the caller's own: results go there.
fn run(command: &mut Command) -> Result<ExitStatus, EnvironmentError> {
    let path = PathBuf::from(command.get_program());
    let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    command.stdout(Stdio::null()).status().map_err(|source| match is_missing(&source) {
        true => EnvironmentError::NoPython,
        false => EnvironmentError::Io { path, source },
    })
}

fn write(path: &Path, text: &str) -> Result<(), EnvironmentError> {
    fs::write(path, text).map_err(|source| EnvironmentError::Io { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_packages_get_another_folder() {
        let packages = |requirements| Packages { requirements, are_complete: false };
        assert_eq!(folder_name(packages("a==1\n")), folder_name(packages("a==1\n")));
        assert_ne!(folder_name(packages("a==1\n")), folder_name(packages("a==2\n")));
    }

    #[test]
    fn every_package_of_the_generator_is_pinned() {
        let lines: Vec<&str> = GENERATOR.requirements.lines().collect();
        assert!(lines.len() >= 4 && lines.iter().all(|line| line.contains("==")), "{lines:?}");
    }
}
