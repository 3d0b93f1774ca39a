//! `docs/configuration.md`, made from the settings' types: their names, defaults, words and what is written beside them.
//!
//! A test fails when the page and the code differ; `LOKET_WRITE_DOCS=1 cargo test --package engine --lib config_reference`
//! writes it anew.

#![allow(clippy::wildcard_enum_match_arm, reason = "of JSON, what is looked for is told and the rest is one")]

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value};

use crate::config::Config;

const HEAD: &str = "# Settings\n\n<!-- Written from the code by the tests of `crates/engine`; do not edit. -->\n\n\
    `config.toml` in the data folder ([where that is](operating.md)). Every setting has a default; an unknown key or an \
    unusable value is an error that names file and key. Secrets are never settings.\n";

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// One line of a table: the sentences without their line breaks.
fn sentence(value: &Value) -> String {
    text(value, "description").split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

/// The definition that a property refers to, or itself.
fn resolved<'a>(property: &'a Value, definitions: &'a Value) -> &'a Value {
    let reference = property["$ref"].as_str().or_else(|| property["anyOf"][0]["$ref"].as_str());
    let name = reference.and_then(|path| path.strip_prefix("#/$defs/"));
    name.map_or(property, |name| &definitions[name])
}

/// What may stand there: words with what each means, or a kind of value.
fn values(property: &Value, definitions: &Value) -> String {
    let of = resolved(property, definitions);
    let words = of["oneOf"].as_array().into_iter().flatten().map(|word| {
        let meaning = sentence(word);
        format!("`{}`: {}", text(word, "const"), meaning.trim_end_matches('.'))
    });
    let words: Vec<String> = words.collect();
    if !words.is_empty() {
        return words.join("; ");
    }
    let kind = match &of["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    };
    match kind.unwrap_or_default() {
        "boolean" => "`true`, `false`",
        "integer" | "number" => "number",
        "array" => "list",
        _text => "text",
    }
    .to_owned()
}

fn properties(of: &Value) -> Map<String, Value> {
    of["properties"].as_object().cloned().unwrap_or_default()
}

fn page() -> String {
    let schema = serde_json::to_value(schemars::schema_for!(Config)).unwrap();
    let defaults = serde_json::to_value(Config::default()).unwrap();
    let definitions = &schema["$defs"];
    let mut page = HEAD.to_owned();
    for (section, property) in properties(&schema) {
        let of = resolved(&property, definitions);
        let about = sentence(&property);
        write!(
            page,
            "\n## `[{section}]`\n\n{about}\n\n| key | default | values | meaning |\n|---|---|---|---|\n"
        )
        .unwrap();
        for (key, property) in properties(of) {
            let default = match &defaults[&section][&key] {
                Value::Null => "none".to_owned(),
                default => format!("`{default}`"),
            };
            let values = values(&property, definitions);
            writeln!(page, "| `{key}` | {default} | {values} | {} |", sentence(&property)).unwrap();
        }
    }
    page
}

#[test]
fn the_page_says_what_the_code_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    let page = page();
    if std::env::var_os("LOKET_WRITE_DOCS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/configuration.md is not what the settings are; write it with LOKET_WRITE_DOCS=1"
    );
    for word in ["`[gateway]`", "`provider`", "`onekyc`: In steps", "`idle_s`", "`allowed_origins`"] {
        assert!(page.contains(word), "{word}");
    }
}
