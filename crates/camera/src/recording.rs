//! A recording: a folder of pictures with `capture.json` naming them and when each was taken.
//!
//! Invariant: only files inside the folder are opened, and one frame is in memory at a time. A folder
//! without the manifest is replayed in order of file names, as evenly spaced frames.

use std::path::{Component, Path, PathBuf};

use frame::{DecodeError, DecodeLimits, Frame};
use serde::Deserialize;

use crate::{Colour, FrameSource, SourceError, TimedFrame};

/// The manifest's name.
pub const MANIFEST_NAME: &str = "capture.json";

/// What a replay accepts.
#[derive(Clone, Debug)]
pub struct RecordingParams {
    /// Spacing where no manifest gives times: 10 frames a second, what a slow webcam gives.
    pub spacing_ms: u64,
    /// The largest file opened: above any camera's JPEG.
    pub max_file_bytes: u64,
    /// The most frames replayed: two minutes of 30 frames a second.
    pub max_frames: usize,
    /// What the decoder accepts.
    pub decode: DecodeLimits,
}

impl Default for RecordingParams {
    fn default() -> Self {
        Self {
            spacing_ms: 100,
            max_file_bytes: 64 * 1024 * 1024,
            max_frames: 3600,
            decode: DecodeLimits::default(),
        }
    }
}

/// Why a recording could not be replayed.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The folder or a file in it could not be read.
    #[error("cannot read {path}: {source}")]
    Io {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The manifest is not what it should be.
    #[error("{path} is no capture manifest: {reason}")]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder holds no pictures.
    #[error("{path} holds no pictures")]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// A frame's file is larger than any picture should be.
    #[error("{path} is larger than {limit_bytes} bytes")]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit it exceeds.
        limit_bytes: u64,
    },
    /// A frame is not a readable picture.
    #[error("cannot decode {path}: {source}")]
    Decode {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        source: DecodeError,
    },
}

#[derive(Deserialize)]
struct Manifest {
    frames: Vec<ManifestFrame>,
}

#[derive(Deserialize)]
struct ManifestFrame {
    file: String,
    #[serde(rename = "ms")]
    at_ms: u64,
}

/// A recorded folder, replayed once from its first frame to its last.
#[derive(Debug)]
pub struct Recording {
    frames: Vec<(PathBuf, u64)>,
    next: usize,
    params: RecordingParams,
}

impl Recording {
    /// Opens a recorded folder, or a single picture as a recording of one frame.
    pub fn open(path: &Path, params: RecordingParams) -> Result<Self, RecordingError> {
        let mut frames =
            if path.is_dir() { in_folder(path, params.spacing_ms)? } else { vec![(path.to_owned(), 0)] };
        frames.truncate(params.max_frames);
        if frames.is_empty() {
            return Err(RecordingError::Empty { path: path.to_owned() });
        }
        Ok(Self { frames, next: 0, params })
    }

    /// How many frames it holds.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Never true: an empty folder is refused on opening.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// When the frame at a place was taken; 0 beyond the end.
    pub fn at_ms(&self, place: usize) -> u64 {
        self.frames.get(place).map_or(0, |(_, at_ms)| *at_ms)
    }

    /// Decodes the frame at a place in the recording; `None` beyond its end.
    pub fn frame(&self, place: usize) -> Result<Option<TimedFrame>, RecordingError> {
        let Some((path, at_ms)) = self.frames.get(place) else { return Ok(None) };
        let frame = decode(path, &self.params)?;
        Ok(Some(TimedFrame { frame, at_ms: *at_ms }))
    }
}

impl FrameSource for Recording {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        let frame = self.frame(self.next)?;
        self.next += 1;
        Ok(frame)
    }

    fn show(&mut self, _colour: Option<Colour>) -> bool {
        false
    }
}

fn in_folder(dir: &Path, spacing_ms: u64) -> Result<Vec<(PathBuf, u64)>, RecordingError> {
    let manifest = dir.join(MANIFEST_NAME);
    if manifest.is_file() { listed(dir, &manifest) } else { found(dir, spacing_ms) }
}

fn decode(path: &Path, params: &RecordingParams) -> Result<Frame, RecordingError> {
    let io = |source| RecordingError::Io { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(io)?.len() > params.max_file_bytes {
        return Err(RecordingError::TooLarge { path: path.to_owned(), limit_bytes: params.max_file_bytes });
    }
    let bytes = std::fs::read(path).map_err(io)?;
    frame::decode(&bytes, &params.decode)
        .map_err(|source| RecordingError::Decode { path: path.to_owned(), source })
}

fn listed(dir: &Path, manifest: &Path) -> Result<Vec<(PathBuf, u64)>, RecordingError> {
    let wrong = |reason: String| RecordingError::Manifest { path: manifest.to_owned(), reason };
    let text = std::fs::read_to_string(manifest)
        .map_err(|source| RecordingError::Io { path: manifest.to_owned(), source })?;
    let parsed: Manifest = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let mut frames = Vec::with_capacity(parsed.frames.len());
    let mut before_ms = 0;
    for ManifestFrame { file, at_ms } in parsed.frames {
        let inside = Path::new(&file).components().all(|part| matches!(part, Component::Normal(_)));
        if !inside || file.is_empty() {
            return Err(wrong(format!("{file:?} is not a file inside the folder")));
        }
        if at_ms < before_ms {
            return Err(wrong(format!("{file:?} is dated before the frame ahead of it")));
        }
        before_ms = at_ms;
        frames.push((dir.join(file), at_ms));
    }
    Ok(frames)
}

fn found(dir: &Path, spacing_ms: u64) -> Result<Vec<(PathBuf, u64)>, RecordingError> {
    let io = |source| RecordingError::Io { path: dir.to_owned(), source };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.is_file() && is_picture(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths.into_iter().zip((0..).step_by(spacing_ms.max(1) as usize)).collect())
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    ["jpg", "jpeg", "png", "webp", "bmp"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write_frame(dir: &Path, name: &str, value: u8) {
        let jpeg = frame::encode_jpeg(&Frame::filled(16, 16, [value; 3]), 95);
        std::fs::write(dir.join(name), jpeg).unwrap();
    }

    #[test]
    fn the_manifest_gives_order_and_times() {
        let dir = tempfile::tempdir().unwrap();
        write_frame(dir.path(), "late.jpg", 200);
        write_frame(dir.path(), "early.jpg", 50);
        let manifest = r#"{"frames":[{"file":"early.jpg","ms":40},{"file":"late.jpg","ms":90}]}"#;
        std::fs::write(dir.path().join(MANIFEST_NAME), manifest).unwrap();
        let mut recording = Recording::open(dir.path(), RecordingParams::default()).unwrap();
        assert!(!recording.show(Some(Colour { r: 255, g: 0, b: 0 })));
        let mut seen = Vec::new();
        while let Some(frame) = recording.next_frame().unwrap() {
            seen.push((frame.at_ms, frame.frame.data()[0] > 100));
        }
        assert_eq!(seen, [(40, false), (90, true)]);
    }

    #[test]
    fn a_bare_folder_is_replayed_by_name() {
        let dir = tempfile::tempdir().unwrap();
        write_frame(dir.path(), "b.JPG", 200);
        write_frame(dir.path(), "a.jpg", 50);
        std::fs::write(dir.path().join("notes.txt"), "not a picture").unwrap();
        let recording = Recording::open(dir.path(), RecordingParams::default()).unwrap();
        assert_eq!((recording.len(), recording.at_ms(0), recording.at_ms(1)), (2, 0, 100));
        assert!(recording.frame(0).unwrap().unwrap().frame.data()[0] < 100);
        assert!(recording.frame(2).unwrap().is_none());
    }

    #[test]
    fn a_single_picture_is_a_recording_of_one_frame() {
        let dir = tempfile::tempdir().unwrap();
        write_frame(dir.path(), "only.jpg", 120);
        let mut recording =
            Recording::open(&dir.path().join("only.jpg"), RecordingParams::default()).unwrap();
        assert!(recording.next_frame().unwrap().is_some());
        assert!(recording.next_frame().unwrap().is_none());
        let absent =
            Recording::open(&dir.path().join("absent.jpg"), RecordingParams::default()).unwrap().next_frame();
        assert!(matches!(absent, Err(SourceError::Recording(RecordingError::Io { .. }))));
    }

    #[test]
    fn recordings_that_mislead_are_refused() {
        fn check(manifest: Option<&str>, says: &str) {
            let dir = tempfile::tempdir().unwrap();
            if let Some(text) = manifest {
                std::fs::write(dir.path().join(MANIFEST_NAME), text).unwrap();
            }
            let error = Recording::open(dir.path(), RecordingParams::default()).unwrap_err().to_string();
            assert!(error.contains(says), "{manifest:?}: {error}");
        }
        check(None, "holds no pictures");
        check(Some(r#"{"frames":[]}"#), "holds no pictures");
        check(Some("{"), "no capture manifest");
        check(Some(r#"{"frames":[{"file":"../a.jpg","ms":0}]}"#), "inside the folder");
        check(Some(r#"{"frames":[{"file":"/etc/hosts","ms":0}]}"#), "inside the folder");
        check(Some(r#"{"frames":[{"file":"a","ms":5},{"file":"b","ms":4}]}"#), "dated before");
    }

    #[test]
    fn a_frame_that_is_no_picture_is_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.jpg"), "text").unwrap();
        let mut recording = Recording::open(dir.path(), RecordingParams::default()).unwrap();
        let error = recording.next_frame().err().unwrap().to_string();
        assert!(error.contains("a.jpg"), "{error}");
    }
}
