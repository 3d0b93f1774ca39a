//! Frames that may leave the device.
//!
//! Invariant: a [`JpegFrame`] is structurally a whole JPEG with nothing in it but the picture: no EXIF, XMP, ICC, maker
//! notes, thumbnails, comments or trailing bytes, so no place, time or device of the camera. Its bytes are wiped from
//! memory when dropped. Deliberately lacking: decoding; that the picture itself is sound is the encoder's business.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::zeroize::Zeroizing;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::JpegError;

/// A JPEG without metadata.
#[derive(Clone, PartialEq, Eq)]
pub struct JpegFrame(Zeroizing<Vec<u8>>);

impl JpegFrame {
    /// The file's bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Its size once in base64.
    pub fn base64_bytes(&self) -> usize {
        self.0.len().div_ceil(3) * 4
    }
}

impl TryFrom<Vec<u8>> for JpegFrame {
    type Error = JpegError;

    fn try_from(bytes: Vec<u8>) -> Result<JpegFrame, JpegError> {
        let bytes = Zeroizing::new(bytes);
        walk(&bytes)?;
        Ok(JpegFrame(bytes))
    }
}

/// Base64 at rest and on the wire.
impl Serialize for JpegFrame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Zeroizing::new(STANDARD.encode(self.as_bytes())))
    }
}

impl<'de> Deserialize<'de> for JpegFrame {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(deserializer)?);
        let bytes = STANDARD.decode(text.as_bytes()).map_err(|_| D::Error::custom("not base64"))?;
        Self::try_from(bytes).map_err(D::Error::custom)
    }
}

impl TryFrom<&[u8]> for JpegFrame {
    type Error = JpegError;

    fn try_from(bytes: &[u8]) -> Result<JpegFrame, JpegError> {
        JpegFrame::try_from(bytes.to_vec())
    }
}

impl fmt::Debug for JpegFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JpegFrame({} bytes)", self.0.len())
    }
}

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
const RESTART: std::ops::RangeInclusive<u8> = 0xD0..=0xD7;
const COMMENT: u8 = 0xFE;
const APPLICATION: std::ops::RangeInclusive<u8> = 0xE0..=0xEF;
const FRAME_HEADER: std::ops::RangeInclusive<u8> = 0xC0..=0xCF;

/// Walk the marker structure of ITU T.81 from start to end of image.
fn walk(bytes: &[u8]) -> Result<(), JpegError> {
    let mut rest = bytes.strip_prefix(&[0xFF, START_OF_IMAGE]).ok_or(JpegError::NotJpeg)?;
    let (mut headers, mut scans) = (0, 0);
    loop {
        let marker;
        (marker, rest) = next_marker(rest)?;
        if marker == END_OF_IMAGE {
            return match (headers, scans, rest.len()) {
                (0, _, _) | (_, 0, _) => Err(JpegError::NotJpeg),
                (_, _, 0) => Ok(()),
                _ => Err(JpegError::TrailingBytes),
            };
        }
        let body;
        (body, rest) = segment(marker, rest)?;
        // Define-Huffman-tables, the reserved JPG and define-arithmetic share the frame headers' range.
        headers += usize::from(FRAME_HEADER.contains(&marker) && !matches!(marker, 0xC4 | 0xC8 | 0xCC));
        if is_metadata(marker, body) {
            return Err(JpegError::Metadata { marker });
        }
        if marker == START_OF_SCAN {
            scans += 1;
            rest = skip_entropy_coded(rest)?;
        }
    }
}

/// The next marker and what follows it; fill bytes (FF) before it are allowed.
fn next_marker(bytes: &[u8]) -> Result<(u8, &[u8]), JpegError> {
    let at = bytes.iter().position(|byte| *byte != 0xFF).ok_or(JpegError::Truncated)?;
    let marker = bytes[at];
    if at == 0 || marker == 0 || marker == START_OF_IMAGE || RESTART.contains(&marker) {
        return Err(JpegError::NotJpeg);
    }
    Ok((marker, &bytes[at + 1..]))
}

/// A segment's body and what follows it.
fn segment(marker: u8, bytes: &[u8]) -> Result<(&[u8], &[u8]), JpegError> {
    if marker < 0xC0 {
        return Err(JpegError::NotJpeg);
    }
    let (length, _) = bytes.split_first_chunk::<2>().ok_or(JpegError::Truncated)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length < 2 {
        return Err(JpegError::NotJpeg);
    }
    let body = bytes.get(2..length).ok_or(JpegError::Truncated)?;
    Ok((body, &bytes[length..]))
}

/// JFIF without its thumbnail and Adobe's colour transform are needed to show the picture; all else is metadata.
fn is_metadata(marker: u8, body: &[u8]) -> bool {
    match marker {
        COMMENT => true,
        0xE0 => !(body.starts_with(b"JFIF\0") && body.len() == 14),
        0xEE => !(body.starts_with(b"Adobe") && body.len() == 12),
        other => APPLICATION.contains(&other),
    }
}

/// What follows a scan's coded data: the next marker that is neither a stuffed zero nor a restart.
fn skip_entropy_coded(bytes: &[u8]) -> Result<&[u8], JpegError> {
    let ends =
        |pair: &[u8]| pair[0] == 0xFF && pair[1] != 0 && pair[1] != 0xFF && !RESTART.contains(&pair[1]);
    let at = bytes.windows(2).position(ends).ok_or(JpegError::Truncated)?;
    Ok(&bytes[at..])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A marker structure of a JPEG: header, one segment as given, a scan with stuffing and a restart.
    pub(crate) fn jpeg_with(segment: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
        bytes.extend(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
        bytes.extend(segment);
        bytes.extend([0xFF, 0xC0, 0, 11, 8, 0, 1, 0, 1, 1, 1, 0x11, 0]);
        bytes
            .extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x12, 0xFF, 0, 0x34, 0xFF, 0xD0, 0x56, 0xFF, 0xD9]);
        bytes
    }

    fn check(bytes: Vec<u8>, expected: Result<(), JpegError>) {
        assert_eq!(JpegFrame::try_from(bytes).map(|_| ()), expected);
    }

    #[test]
    fn takes_a_bare_picture_only() {
        check(jpeg_with(&[]), Ok(()));
        check(jpeg_with(b"\xFF\xE1\0\x08Exif\0\0"), Err(JpegError::Metadata { marker: 0xE1 }));
        check(jpeg_with(b"\xFF\xE2\0\x06ICC_"), Err(JpegError::Metadata { marker: 0xE2 }));
        check(jpeg_with(b"\xFF\xE0\0\x06JFXX"), Err(JpegError::Metadata { marker: 0xE0 }));
        check(jpeg_with(b"\xFF\xFE\0\x04hi"), Err(JpegError::Metadata { marker: 0xFE }));
        check(jpeg_with(b"\xFF\xEE\0\x0EAdobe\0\x64\0\0\0\0\0"), Ok(()));
    }

    #[test]
    fn refuses_what_is_not_whole() {
        let whole = jpeg_with(&[]);
        check(vec![], Err(JpegError::NotJpeg));
        check(b"\x89PNG\r\n\x1a\n".to_vec(), Err(JpegError::NotJpeg));
        check(vec![0xFF, 0xD8, 0xFF, 0xD9], Err(JpegError::NotJpeg));
        check([&whole[..], b"more"].concat(), Err(JpegError::TrailingBytes));
        for end in 2..whole.len() {
            assert!(JpegFrame::try_from(&whole[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn debug_shows_only_the_size() {
        let frame = JpegFrame::try_from(jpeg_with(&[])).expect("clean");
        assert_eq!(format!("{frame:?}"), format!("JpegFrame({} bytes)", frame.as_bytes().len()));
    }
}
