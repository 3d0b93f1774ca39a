//! The user interface's packages and its built pages. Both are made only when their sources are newer, because a new
//! `ui/dist` makes cargo link the window again.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use anyhow::{Context, Result};

use crate::{process, system};

/// A copy of the lock file the installed packages came from.
const INSTALLED_LOCK: &str = "node_modules/.loket-package-lock.json";

/// Installs the packages of `ui/package-lock.json` if they are not those that are there.
pub fn install() -> Result<()> {
    system::require_node()?;
    let ui = process::root().join("ui");
    let wanted = fs::read(ui.join("package-lock.json")).context("ui/package-lock.json cannot be read")?;
    if fs::read(ui.join(INSTALLED_LOCK)).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing the user interface's packages");
    process::run(&mut process::npm(&["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    fs::write(ui.join(INSTALLED_LOCK), wanted)?;
    Ok(())
}

/// Builds `ui/dist`, which the window's crate needs to compile.
pub fn build() -> Result<()> {
    install()?;
    let ui = process::root().join("ui");
    let built = modified(&ui.join("dist/index.html"));
    let sources = ["src", "public", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.json"];
    let newest = sources.iter().filter_map(|source| newest(&ui.join(source))).max();
    if built.is_some() && built >= newest {
        return Ok(());
    }
    println!("Building the user interface");
    process::run(&mut process::npm(&["run", "--silent", "build"]))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// The time of the last change of a file, or of anything in a folder (the folder too: a file may have been removed).
fn newest(path: &Path) -> Option<SystemTime> {
    let own = modified(path)?;
    let inside = fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| newest(&entry.path()));
    Some(inside.max().map_or(own, |inside| inside.max(own)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_newest_file_of_a_tree_counts() {
        let folder = std::env::temp_dir().join(format!("loket-xtask-{}", std::process::id()));
        fs::create_dir_all(folder.join("deep")).unwrap();
        let file = folder.join("deep/page.svelte");
        fs::write(&file, "text").unwrap();
        let later = SystemTime::now() + Duration::from_secs(3600);
        fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();

        let found = newest(&folder);

        fs::remove_dir_all(&folder).unwrap();
        assert!(found.is_some_and(|found| found >= later - Duration::from_secs(1)));
        assert_eq!(newest(&folder), None);
    }
}
