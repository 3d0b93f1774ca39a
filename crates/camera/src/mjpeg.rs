//! A film: JPEGs one after the other in a file, as `ffmpeg -f mjpeg` and most webcam tools write them.
//!
//! Invariant: at most one JPEG of at most `max_frame_bytes` is in memory, however long the film; damaged frames and
//! stray bytes are skipped but keep their time. Deliberately absent: containers (AVI, MOV) and sound.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use frame::{DecodeError, DecodeLimits};

use crate::split::{Next, Splitter};
use crate::{Colour, FrameSource, RecordingError, SourceError, TimedFrame};

/// What a film may hold.
#[derive(Clone, Debug)]
pub struct MjpegParams {
    /// Spacing of frames, which a film does not tell: 30 a second, what webcams record.
    pub spacing_ms: u64,
    /// The longest JPEG: above a webcam's largest.
    pub max_frame_bytes: usize,
    /// What the decoder accepts.
    pub decode: DecodeLimits,
}

impl Default for MjpegParams {
    fn default() -> Self {
        Self { spacing_ms: 33, max_frame_bytes: 16 << 20, decode: DecodeLimits::default() }
    }
}

/// A film, replayed once from its first frame to its last.
#[derive(Debug)]
pub struct MjpegFile {
    path: PathBuf,
    file: File,
    splitter: Splitter,
    params: MjpegParams,
    /// The next frame's place in the film.
    place: u64,
    has_shown: bool,
    damage: Option<DecodeError>,
}

impl MjpegFile {
    /// Opens a film.
    pub fn open(path: &Path, params: MjpegParams) -> Result<Self, RecordingError> {
        let file = File::open(path).map_err(|source| RecordingError::Io { path: path.to_owned(), source })?;
        let splitter = Splitter::new(params.max_frame_bytes);
        Ok(Self { path: path.to_owned(), file, splitter, params, place: 0, has_shown: false, damage: None })
    }

    /// The next JPEG, damaged or not; `None` at the end.
    fn next_jpeg(&mut self) -> Result<Option<Vec<u8>>, RecordingError> {
        let mut chunk = [0; 64 << 10];
        loop {
            match self.splitter.take() {
                Next::Jpeg(bytes) => return Ok(Some(bytes)),
                Next::TooLong => {
                    let limit_bytes = self.params.max_frame_bytes as u64;
                    return Err(RecordingError::TooLarge { path: self.path.clone(), limit_bytes });
                }
                Next::NeedsMore => {
                    let read = self
                        .file
                        .read(&mut chunk)
                        .map_err(|source| RecordingError::Io { path: self.path.clone(), source })?;
                    if read == 0 {
                        return Ok(None);
                    }
                    self.splitter.push(&chunk[..read]);
                }
            }
        }
    }

    fn ended(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        if self.has_shown {
            return Ok(None);
        }
        let path = self.path.clone();
        Err(match self.damage.take() {
            Some(source) => RecordingError::Decode { path, source }.into(),
            None => RecordingError::Empty { path }.into(),
        })
    }
}

impl FrameSource for MjpegFile {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        while let Some(bytes) = self.next_jpeg()? {
            let at_ms = self.place * self.params.spacing_ms;
            self.place += 1;
            match frame::decode(&bytes, &self.params.decode) {
                Ok(frame) => {
                    self.has_shown = true;
                    return Ok(Some(TimedFrame { frame, at_ms }));
                }
                Err(error) => self.damage = Some(error),
            }
        }
        self.ended()
    }

    fn show(&mut self, _colour: Option<Colour>) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use frame::Frame;

    use super::*;

    fn film(parts: &[&[u8]]) -> (tempfile::TempDir, MjpegFile) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("film.mjpeg");
        std::fs::write(&path, parts.concat()).unwrap();
        let film = MjpegFile::open(&path, MjpegParams::default()).unwrap();
        (dir, film)
    }

    fn jpeg(value: u8) -> Vec<u8> {
        frame::encode_jpeg(&Frame::filled(640, 480, [value; 3]), 95)
    }

    #[test]
    fn frames_come_in_order_and_damaged_ones_keep_their_time() {
        let mut damaged = jpeg(90);
        let sof = damaged.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
        damaged[sof + 5..sof + 9].fill(0); // no height, no width
        let (_dir, mut film) =
            film(&[b"noise", &jpeg(40), &damaged, &[0; 999], &jpeg(200), b"\xFF\xD8\xFFcut"]);
        let mut seen = Vec::new();
        while let Some(timed) = film.next_frame().unwrap() {
            seen.push((timed.at_ms, timed.frame.width(), timed.frame.data()[0] / 40));
        }
        assert_eq!(seen, [(0, 640, 1), (66, 640, 5)]);
    }

    #[test]
    fn a_film_without_frames_is_an_error() {
        for (bytes, says) in [(&b""[..], "holds no pictures"), (b"text", "holds no pictures")] {
            let (_dir, mut film) = film(&[bytes]);
            let error = film.next_frame().err().unwrap().to_string();
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_frame_without_end_does_not_fill_memory() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("endless.mjpg");
        let mut bytes = jpeg(40);
        bytes.truncate(bytes.len() - 2);
        bytes.resize(1 << 20, 0x55);
        std::fs::write(&path, bytes).unwrap();
        let params = MjpegParams { max_frame_bytes: 256 << 10, ..MjpegParams::default() };
        let error = MjpegFile::open(&path, params).unwrap().next_frame().err().unwrap();
        assert!(matches!(error, SourceError::Recording(RecordingError::TooLarge { .. })), "{error}");
    }
}
