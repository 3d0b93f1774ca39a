//! What every source file opens with, and words that none contains.

use std::fs;

use crate::files::{root, tracked};
use crate::report;

/// Unfinished business belongs into an issue. Spelt in two halves, or this file would break its own rule.
const UNFINISHED: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("lorem ", "ipsum")];

/// Folders of one machine: a path below them works nowhere else.
const MACHINE_FOLDERS: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/op", "t/"),
    concat!("/Use", "rs/"),
    concat!("\\Use", "rs\\"),
];

/// Lists made by others, kept as they came: a village may well be called so.
const NOT_OURS: [&str; 4] = ["package-lock.json", "Cargo.lock", ".tsv", ".csv"];

fn opens_with_documentation(path: &str, text: &str) -> bool {
    match path.rsplit_once('.') {
        Some((_, "rs")) => {
            text.starts_with("//! ") && text.lines().next().is_none_or(|line| line.len() >= 12)
        }
        Some((_, "py")) => {
            let code = text.lines().find(|line| !line.starts_with('#') && !line.is_empty());
            code.is_none_or(|line| ["\"\"\"", "r\"\"\""].iter().any(|quote| line.starts_with(quote)))
        }
        Some(_) | None => true,
    }
}

/// The unwanted words of a text, as `line: word`. A machine's folder counts where a path begins, not inside one.
fn unwanted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let of_machine = |word: &&&str| {
            let begins =
                |at: usize| !line[..at].ends_with(|c: char| c.is_alphanumeric() || "._-}*$/".contains(c));
            line.match_indices(**word).any(|(at, _)| begins(at))
        };
        let unfinished = UNFINISHED.iter().filter(|word| line.contains(**word));
        let words = unfinished.chain(MACHINE_FOLDERS.iter().filter(of_machine));
        found.extend(words.map(|word| format!("{number}: {word}")));
    }
    found
}

#[test]
fn documentation_is_recognised() {
    #[track_caller]
    fn check(path: &str, text: &str, expected: bool) {
        assert_eq!(opens_with_documentation(path, text), expected, "{path}: {text}");
    }
    check("a.rs", "//! Says what it is for.\n", true);
    check("a.rs", "//! x\n", false);
    check("a.rs", "use std::fs;\n", false);
    check("a.py", "#!/usr/bin/env python3\n\"\"\"Draws cards.\"\"\"\n", true);
    check("a.py", "import sys\n", false);
    check("__init__.py", "", true);
    check("a.css", "body {}", true);
}

#[test]
fn unwanted_words_are_recognised() {
    let todo = UNFINISHED[0];
    let folder = MACHINE_FOLDERS[0];
    assert_eq!(unwanted(&format!("fine\n// {todo} later")), [format!("2: {todo}")]);
    assert_eq!(unwanted(&format!("see {folder}notes")), [format!("1: {folder}")]);
    assert!(unwanted(&format!("see docs{folder}notes")).is_empty());
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut breaches = tracked();
    breaches.retain(|path| {
        fs::read_to_string(root().join(path)).is_ok_and(|text| !opens_with_documentation(path, &text))
    });
    report("A module opens with its documentation: purpose, invariant, what it lacks.", &breaches);
}

#[test]
fn nothing_is_left_for_later_and_no_path_is_of_one_machine() {
    let mut breaches = Vec::new();
    for path in tracked().iter().filter(|path| !NOT_OURS.iter().any(|name| path.ends_with(name))) {
        // What is no UTF-8 is a picture or a net.
        let Ok(text) = fs::read_to_string(root().join(path)) else { continue };
        breaches.extend(unwanted(&text).into_iter().map(|found| format!("{path}:{found}")));
    }
    report("Words that do not belong here.", &breaches);
}
