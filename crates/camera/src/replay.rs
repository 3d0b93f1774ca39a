//! Opens what can be replayed: a folder, a picture, or a file of concatenated JPEGs.

use std::path::Path;

use crate::{FrameSource, MjpegFile, MjpegParams, Recording, RecordingParams, SourceError};

/// Opens a recording by what it is: `.mjpeg` and `.mjpg` name films, everything else is a folder or a picture.
pub(crate) fn open(path: &Path) -> Result<Box<dyn FrameSource + Send>, SourceError> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_film = ["mjpeg", "mjpg"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    if is_film && path.is_file() {
        return Ok(Box::new(MjpegFile::open(path, MjpegParams::default())?));
    }
    Ok(Box::new(Recording::open(path, RecordingParams::default())?))
}
