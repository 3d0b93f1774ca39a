//! The tracked files: their sizes, and how the other rules read them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::report;

const MAX_FILE_BYTES: u64 = 3 * 1024 * 1024;
/// All nets together: what an installation over a slow line can bear.
const MAX_MODELS_BYTES: u64 = 16 * 1024 * 1024;

/// The repository's folder: that of the clone the test runs for, though another clone's build may be reused.
pub fn root() -> PathBuf {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&own).join("../..")
}

/// A file that must be there, as text.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Paths of all tracked files that are there.
pub fn tracked() -> Vec<String> {
    let listing = Command::new("git")
        // Whoever owns the clone: this only reads names.
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .current_dir(root())
        .output()
        .expect("git is installed");
    assert!(listing.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listing.stderr));
    let listing = String::from_utf8(listing.stdout).expect("our paths are UTF-8");
    listing.split('\0').filter(|path| root().join(path).is_file()).map(str::to_owned).collect()
}

fn size_bytes(path: &str) -> u64 {
    fs::metadata(root().join(path)).map_or(0, |metadata| metadata.len())
}

#[test]
fn there_are_files_to_judge() {
    let tracked = tracked();
    for path in ["Cargo.toml", "crates/ktp/src/lib.rs", "ui/src/App.svelte"] {
        assert!(tracked.iter().any(|tracked| tracked == path), "{path}");
    }
}

#[test]
fn files_are_small() {
    let large = tracked().into_iter().filter(|path| size_bytes(path) > MAX_FILE_BYTES);
    let breaches: Vec<String> = large.map(|path| format!("{path}: {} bytes", size_bytes(&path))).collect();
    report("No tracked file is larger than 3 MiB.", &breaches);
}

#[test]
fn the_models_are_small() {
    let nets: Vec<String> = tracked().into_iter().filter(|path| path.ends_with(".onnx")).collect();
    assert!(!nets.is_empty(), "no nets are tracked");
    let total: u64 = nets.iter().map(|path| size_bytes(path)).sum();
    assert!(total <= MAX_MODELS_BYTES, "the nets have {total} bytes together");
}
