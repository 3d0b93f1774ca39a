//! Running `loketctl`, and the pictures that come with the repository.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// One installation and the command line for it.
pub struct Ctl {
    /// Holds data folder and key.
    pub home: TempDir,
    variables: Vec<(String, String)>,
}

/// How a run ended.
pub struct Run {
    /// Its exit code.
    pub code: i32,
    /// What it printed.
    pub out: String,
    /// What it remarked.
    pub err: String,
}

impl Ctl {
    /// An installation with a key file of its own.
    pub fn new() -> Self {
        let ctl = Self::without_key();
        let key = ctl.path("key");
        let made = ctl.run(["key", "create", key.to_str().unwrap()]);
        assert_eq!(made.code, 0, "{}", made.err);
        ctl.with("LOKET_KEY_FILE", key.to_str().unwrap())
    }

    /// An installation on a machine without a keyring or key.
    pub fn without_key() -> Self {
        let home = tempfile::tempdir().unwrap();
        Self { home, variables: Vec::new() }
    }

    /// The same with an environment variable set.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path in its home.
    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A command with nothing of the caller's environment but the search path.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loketctl"));
        command.args(args).env_clear().current_dir(self.home.path());
        for kept in ["PATH", "SYSTEMROOT", "TMPDIR", "TEMP"] {
            command.envs(std::env::var_os(kept).map(|value| (kept, value)));
        }
        command.env("LOKET_DATA_DIR", self.path("data")).env("HOME", self.home.path()).env("LANG", "C.UTF-8");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs to the end.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        let Output { status, stdout, stderr } = self.command(args).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let run = Run { code: status.code().expect("not killed"), out: text(stdout), err: text(stderr) };
        assert!(!run.err.contains("panicked"), "{}", run.err);
        run
    }

    /// Runs with `--json` and parses the last line.
    pub fn json<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> (i32, Value) {
        let args: Vec<_> = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
        let run = self.run(args.into_iter().chain(["--json".into()]));
        let last = run.out.lines().last().unwrap_or_default();
        let value = serde_json::from_str(last).unwrap_or_else(|e| panic!("{e}: {} {}", run.out, run.err));
        (run.code, value)
    }
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// The recorded capture that comes with the software.
pub fn demo_capture() -> PathBuf {
    repository("assets/demo-capture")
}

/// What is printed on the card of [`demo_capture`].
pub fn demo_truth() -> Value {
    let text = std::fs::read_to_string(demo_capture().join("truth.json")).unwrap();
    let mut value: Value = serde_json::from_str(&text).unwrap();
    value["cards"][0]["truth"].take()
}
