//! Picture files: opened within bounds, shrunk, written fresh.
//!
//! Invariant: a file's size is known before it is read, its pixels before they are allocated. Deliberately
//! absent: what the picture shows.

use std::path::{Path, PathBuf};

use frame::{DecodeError, DecodeLimits, Frame};

/// Why a file gave no picture. A bad picture is told from a file that cannot be reached.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is no regular file.
    #[error("{} is not a file", .0.display())]
    NotAFile(PathBuf),
    /// The file is no usable picture.
    #[error("{}: {source}", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: DecodeError,
    },
}

/// Opens a picture file.
pub fn open(path: &Path) -> Result<Frame, PictureError> {
    let limits = DecodeLimits::default();
    let io = |source| PictureError::Io { path: path.to_owned(), source };
    let metadata = std::fs::metadata(path).map_err(io)?;
    if !metadata.is_file() {
        return Err(PictureError::NotAFile(path.to_owned()));
    }
    let decode = |source| PictureError::Decode { path: path.to_owned(), source };
    if metadata.len() > limits.max_file_bytes as u64 {
        let size = format!("{} bytes of at most {}", metadata.len(), limits.max_file_bytes);
        return Err(decode(DecodeError::TooLarge(size)));
    }
    let bytes = std::fs::read(path).map_err(io)?;
    frame::decode(&bytes, &limits).map_err(decode)
}

/// The picture with its longer side at most `edge_px`, keeping its shape.
pub fn shrink(picture: Frame, edge_px: u32) -> Frame {
    let longer = picture.width().max(picture.height());
    if longer <= edge_px {
        return picture;
    }
    let side = |px: u32| {
        let scaled = u64::from(px) * u64::from(edge_px) / u64::from(longer);
        u32::try_from(scaled).unwrap_or(edge_px).max(1)
    };
    picture.resized(side(picture.width()), side(picture.height()))
}

/// A fresh JPEG of at most `max_bytes`: quality gives way first, then size.
pub fn jpeg_within(picture: &Frame, quality: u8, max_bytes: usize) -> Vec<u8> {
    /// Below this, text suffers more from coding than from fewer pixels.
    const LEAST_QUALITY: u8 = 60;
    let mut quality = quality;
    let mut picture = picture.clone();
    loop {
        let jpeg = frame::encode_jpeg(&picture, quality);
        let longer = picture.width().max(picture.height());
        if jpeg.len() <= max_bytes || longer <= 1 {
            return jpeg;
        }
        if quality > LEAST_QUALITY {
            quality = quality.saturating_sub(10).max(LEAST_QUALITY);
        } else {
            picture = shrink(picture, (longer * 3 / 4).max(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_keeps_the_shape_and_never_enlarges() {
        fn check(from: (u32, u32), edge_px: u32, to: (u32, u32)) {
            let small = shrink(Frame::filled(from.0, from.1, [9; 3]), edge_px);
            assert_eq!((small.width(), small.height()), to, "{from:?} within {edge_px}");
        }
        check((4000, 3000), 1920, (1920, 1440));
        check((300, 400), 200, (150, 200));
        check((640, 480), 1920, (640, 480));
        check((5000, 1), 100, (100, 1));
    }

    #[test]
    fn a_jpeg_is_made_to_fit() {
        let noise = (0..600u32 * 400 * 3).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let picture = Frame::new(600, 400, noise).unwrap();
        let free = jpeg_within(&picture, 90, usize::MAX);
        let tight = jpeg_within(&picture, 90, free.len() / 6);
        assert!(tight.len() <= free.len() / 6);
        let back = frame::decode(&tight, &DecodeLimits::default()).unwrap();
        assert!(back.width() < 600, "size gives way once quality cannot");
    }

    #[test]
    fn folders_and_absent_files_are_told_apart() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(open(dir.path()), Err(PictureError::NotAFile(_))));
        assert!(matches!(open(&dir.path().join("none.jpg")), Err(PictureError::Io { .. })));
        let empty = dir.path().join("empty.jpg");
        std::fs::write(&empty, "").unwrap();
        let error = open(&empty).unwrap_err();
        assert!(matches!(error, PictureError::Decode { source: DecodeError::Empty, .. }), "{error}");
    }
}
