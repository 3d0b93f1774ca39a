//! Other readers: programs that take file names and give lines of text.
//!
//! Invariant: a peer is loaded before the first picture is timed, reads one picture at a time with one thread, and has read
//! nothing where it failed. Deliberately absent: what the lines mean, which is [`super::label_rule`]'s.

use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, bail};
use python_env::Packages;
use serde::Deserialize;

use super::set::TRAINING;

/// Which reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerKind {
    /// RapidOCR.
    Rapidocr,
    /// Tesseract 5.
    Tesseract,
}

impl PeerKind {
    /// Its key in results.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Rapidocr => "rapidocr",
            Self::Tesseract => "tesseract",
        }
    }

    const fn script(self) -> &'static str {
        match self {
            Self::Rapidocr => "rapidocr_peer.py",
            Self::Tesseract => "tesseract_peer.py",
        }
    }
}

/// The peers' packages, all of them; Tesseract itself is the system's.
pub const PACKAGES: Packages<'static> = Packages {
    requirements: include_str!("../../../../models/training/peers/requirements.txt"),
    are_complete: true,
};

/// A line of text in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What was read.
    pub text: String,
    /// Left, top, right, bottom in pixels.
    pub bounds: [f32; 4],
    /// The peer's own confidence, 0–1.
    pub score: f64,
}

/// A picture as a peer read it.
#[derive(Clone, Debug, PartialEq)]
pub struct PeerReading {
    /// From the file to the text.
    pub ms: f64,
    /// What was read, in the peer's order.
    pub lines: Vec<Line>,
}

#[derive(Deserialize)]
struct HelloWire {
    peer: String,
}

#[derive(Deserialize)]
struct ReadingWire {
    file: String,
    ms: f64,
    lines: Vec<LineWire>,
}

#[derive(Deserialize)]
struct LineWire {
    text: String,
    #[serde(rename = "box")]
    bounds: [f32; 4],
    score: f64,
}

/// A running peer.
pub struct Peer {
    /// Which.
    pub kind: PeerKind,
    /// Its name and version.
    pub name: String,
    child: Child,
    asked: Option<ChildStdin>,
    said: Lines<BufReader<ChildStdout>>,
}

impl Peer {
    /// Starts a peer and waits until it is loaded.
    pub fn start(kind: PeerKind, python: &Path) -> anyhow::Result<Self> {
        let mut child = Command::new(python)
            .arg(Path::new(TRAINING).join("peers").join(kind.script()))
            .envs([("OMP_NUM_THREADS", "1"), ("OMP_THREAD_LIMIT", "1"), ("OPENBLAS_NUM_THREADS", "1")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", kind.script()))?;
        let asked = child.stdin.take();
        let mut said = BufReader::new(child.stdout.take().expect("standard output is piped above")).lines();
        let Some(hello) = said.next().transpose()? else {
            bail!("{} did not start; what it lacks stands above", kind.script());
        };
        let name = hello_of(&hello).with_context(|| format!("{} says nonsense", kind.script()))?;
        Ok(Self { kind, name, child, asked, said })
    }

    /// Reads one picture.
    pub fn read(&mut self, picture: &Path) -> anyhow::Result<PeerReading> {
        let file = picture.display().to_string();
        let asked = self.asked.as_mut().expect("only dropping takes it");
        writeln!(asked, "{file}").and_then(|()| asked.flush()).with_context(|| self.ended())?;
        let Some(line) = self.said.next().transpose()? else { bail!(self.ended()) };
        reading_of(&line, &file).with_context(|| format!("{} says nonsense", self.kind.script()))
    }

    fn ended(&self) -> String {
        format!("{} ended before its work was done", self.kind.script())
    }
}

impl Drop for Peer {
    /// A peer ends when nothing more can be asked.
    fn drop(&mut self) {
        self.asked = None;
        self.child.wait().ok();
    }
}

fn hello_of(line: &str) -> serde_json::Result<String> {
    Ok(serde_json::from_str::<HelloWire>(line)?.peer)
}

fn reading_of(line: &str, asked: &str) -> anyhow::Result<PeerReading> {
    let ReadingWire { file, ms, lines } = serde_json::from_str(line)?;
    if file != asked {
        bail!("it answered for another picture");
    }
    let lines =
        lines.into_iter().map(|LineWire { text, bounds, score }| Line { text, bounds, score }).collect();
    Ok(PeerReading { ms, lines })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_peers_say_is_understood() {
        assert_eq!(hello_of(r#"{"peer": "Some 1.0"}"#).unwrap(), "Some 1.0");
        let line = r#"{"file": "a.jpg", "ms": 12.5, "lines": [{"text": "NIK", "box": [1, 2, 3.5, 4], "score": 0.5}]}"#;
        let line_read = Line { text: "NIK".into(), bounds: [1.0, 2.0, 3.5, 4.0], score: 0.5 };
        assert_eq!(reading_of(line, "a.jpg").unwrap(), PeerReading { ms: 12.5, lines: vec![line_read] });
        let nothing = r#"{"file": "a.jpg", "ms": 1.0, "lines": []}"#;
        assert!(reading_of(nothing, "a.jpg").unwrap().lines.is_empty());
    }

    #[test]
    fn an_answer_for_another_picture_is_refused() {
        assert!(reading_of(r#"{"file": "b.jpg", "ms": 1.0, "lines": []}"#, "a.jpg").is_err());
        assert!(reading_of("Loading nets", "a.jpg").is_err());
    }

    #[test]
    fn every_package_of_the_peers_is_pinned() {
        assert!(PACKAGES.requirements.lines().all(|line| line.contains("==")));
        assert!(PACKAGES.requirements.contains("rapidocr==3.10.0"));
    }
}
