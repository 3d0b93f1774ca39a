//! Manifests and lock files: one table of versions, shared lints, packages from the public registries only.

use std::fs;

use toml::{Table, Value};

use crate::files::{read, root};
use crate::report;

/// Keys of `[package]` that have one value for all.
const INHERITED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

fn is_inherited(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

/// What a member's manifest says for itself although the workspace says it.
fn own_words(manifest: &Table) -> Vec<String> {
    let package = manifest.get("package");
    let mut found: Vec<String> = INHERITED
        .iter()
        .filter(|key| !is_inherited(package.and_then(|package| package.get(**key))))
        .map(|key| format!("package.{key}"))
        .collect();
    if !is_inherited(manifest.get("lints")) {
        found.push("lints".to_owned());
    }
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let tables = targets.filter_map(Value::as_table).chain([manifest]);
    for (kind, dependencies) in tables.flatten().filter(|(key, _)| key.ends_with("dependencies")) {
        let dependencies = dependencies.as_table().into_iter().flatten();
        found.extend(
            dependencies
                .filter(|(_, value)| !is_inherited(Some(value)))
                .map(|(name, _)| format!("{kind}.{name}")),
        );
    }
    found
}

/// Sources of a `Cargo.lock` that are not the public registry.
fn foreign_sources(lock: &str) -> Vec<String> {
    let registry = "registry+https://github.com/rust-lang/crates.io-index";
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    sources.map(|source| source.trim_matches('"').to_owned()).filter(|source| source != registry).collect()
}

/// Addresses in a `package-lock.json` from which packages would come, other than the public registry.
fn foreign_addresses(lock: &serde_json::Value) -> Vec<String> {
    let packages = lock["packages"].as_object().into_iter().flat_map(|packages| packages.values());
    let addresses = packages.filter_map(|package| package["resolved"].as_str());
    addresses
        .filter(|address| !address.starts_with("https://registry.npmjs.org/"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn own_words_are_recognised() {
    let manifest = "[package]\nversion.workspace = true\nedition = \"2024\"\nrust-version.workspace = true
        license.workspace = true\npublish.workspace = true\n[lints]\nworkspace = true
        [dependencies]\nktp = { workspace = true }\nserde = \"1\"
        [target.'cfg(unix)'.dev-dependencies]\nlibc = { version = \"0.2\" }";
    let found = own_words(&manifest.parse().unwrap());
    assert_eq!(found, ["package.edition", "dev-dependencies.libc", "dependencies.serde"]);
}

#[test]
fn versions_and_lints_come_from_the_workspace() {
    let members =
        fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path().join("Cargo.toml"));
    let mut breaches = Vec::new();
    for path in members.filter(|path| path.exists()).chain([root().join("Cargo.toml")]) {
        let manifest: Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        breaches.extend(own_words(&manifest).into_iter().map(|found| format!("{}: {found}", path.display())));
    }
    report("Write `workspace = true`; versions and lints stand in the root Cargo.toml.", &breaches);
}

#[test]
fn crates_come_from_the_public_registry() {
    let git = "source = \"git+https://example.org/a.git#1\"\n";
    assert_eq!(foreign_sources(git), ["git+https://example.org/a.git#1"]);
    report("Cargo.lock names another source.", &foreign_sources(&read("Cargo.lock")));
}

#[test]
fn npm_packages_come_from_the_public_registry() {
    let mirrored =
        serde_json::json!({ "packages": { "a": { "resolved": "https://mirror.example.org/a.tgz" } } });
    assert_eq!(foreign_addresses(&mirrored), ["https://mirror.example.org/a.tgz"]);
    let lock = serde_json::from_str(&read("ui/package-lock.json")).unwrap();
    report("ui/package-lock.json names another registry.", &foreign_addresses(&lock));
}
