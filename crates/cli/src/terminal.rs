//! Where a command writes: results, words for people, progress.
//!
//! Invariant: standard output carries nothing but results; with `--json` it carries JSON alone. A reader that
//! went away (`| head`) is no error. Progress shows on a terminal only.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::exit::Exit;
use crate::explain::explain;
use crate::lang::Lang;

/// Standard output and error of this run.
pub struct Terminal {
    /// Whether results are JSON.
    pub json: bool,
    /// The language for people.
    pub lang: Lang,
}

impl Terminal {
    /// Writes for scripts (`json`) or for people.
    pub fn new(json: bool, lang: Lang) -> Self {
        Self { json, lang }
    }

    /// A line of results for people; silent with `--json`.
    pub fn say(&self, line: impl AsRef<str>) {
        if !self.json {
            write_out(line.as_ref());
        }
    }

    /// A line of results in one of two languages; silent with `--json`.
    pub fn tell(&self, indonesian: impl AsRef<str>, english: impl AsRef<str>) {
        self.say(self.lang.pick(indonesian.as_ref(), english.as_ref()));
    }

    /// A result for scripts; silent without `--json`.
    pub fn emit(&self, value: &impl Serialize) -> anyhow::Result<()> {
        if self.json {
            write_out(&serde_json::to_string(value)?);
        }
        Ok(())
    }

    /// Text that is a result whatever the format (completions, exports).
    pub fn raw(&self, text: &str) {
        write_out(text.trim_end_matches('\n'));
    }

    /// A remark beside the results, on standard error.
    pub fn note(&self, indonesian: impl AsRef<str>, english: impl AsRef<str>) {
        write_err(self.lang.pick(indonesian.as_ref(), english.as_ref()));
    }

    /// Puts an error into words and says how the command ended.
    pub fn explain(&self, error: &anyhow::Error) -> Exit {
        let explained = explain(error, self.lang);
        if self.json {
            let value = serde_json::json!({"error": {"code": explained.code, "detail": explained.text}});
            write_out(&value.to_string());
        } else {
            write_err(&format!("{}: {}", self.lang.pick("galat", "error"), explained.text));
        }
        explained.exit
    }

    /// A bar for work of a known length, on standard error, if somebody watches.
    pub fn progress(&self, length: usize) -> ProgressBar {
        let target = if std::io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {eta}")
            .expect("the template is a constant that parses");
        ProgressBar::with_draw_target(Some(length as u64), target).with_style(style)
    }
}

fn write_out(line: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever read this has seen enough.
    writeln!(out, "{line}").and_then(|()| out.flush()).ok();
}

fn write_err(line: &str) {
    writeln!(std::io::stderr().lock(), "{line}").ok();
}
