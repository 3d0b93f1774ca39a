//! The rules of the repository, as tests: who may depend on whom, what every file must have, what none may have.
//!
//! Each rule is a pure check over names or text, tried first on an example that breaks it, then on the repository.
//! Deliberately lacks style (rustfmt's and clippy's concern) and anything that needs the product compiled.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod files;
mod layers;
mod manifests;
mod text;

/// Fails with one line per breach.
#[track_caller]
fn report(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}\n  {}", breaches.join("\n  "));
}
