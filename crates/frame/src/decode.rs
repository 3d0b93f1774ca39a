//! Untrusted bytes → [`Frame`].
//!
//! Invariant: dimensions and memory are checked before pixels are allocated; every failure is a typed
//! [`DecodeError`]; file names are never trusted, only content. EXIF orientation is applied, transparency is laid
//! over white, 16-bit and CMYK are brought to 8-bit RGB, animations give their first picture. Deliberately lacks
//! HEIC, RAW and tolerance for half-received files: a cut JPEG is an error, not a grey lower half.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::Frame;

/// What a picture may cost.
#[derive(Debug, Clone, Copy)]
pub struct DecodeLimits {
    /// Longest file accepted.
    pub max_file_bytes: usize,
    /// Longest side.
    pub max_side_px: u32,
    /// Most pixels.
    pub max_pixels: u64,
    /// Most memory for the decoded picture in its own depth.
    pub max_alloc_bytes: u64,
}

impl Default for DecodeLimits {
    /// 50 megapixels is the largest common phone camera; its RGB bytes are 150 MB.
    fn default() -> Self {
        Self {
            max_file_bytes: 64 << 20,
            max_side_px: 16_384,
            max_pixels: 50_000_000,
            max_alloc_bytes: 256 << 20,
        }
    }
}

/// Why bytes did not become a picture.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Nothing there.
    #[error("the file is empty")]
    Empty,
    /// Not JPEG, PNG, WebP or BMP by content.
    #[error("not a JPEG, PNG, WebP or BMP picture")]
    UnknownFormat,
    /// The picture would cost more than allowed.
    #[error("the picture is too large: {0}")]
    TooLarge(String),
    /// The file ends before the picture does.
    #[error("the picture is cut off: the file ends too early")]
    Truncated,
    /// The bytes contradict their format.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// Decodes a JPEG, PNG, WebP or BMP.
pub fn decode(bytes: &[u8], limits: &DecodeLimits) -> Result<Frame, DecodeError> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty);
    }
    if bytes.len() > limits.max_file_bytes {
        let size = format!("{} bytes of at most {}", bytes.len(), limits.max_file_bytes);
        return Err(DecodeError::TooLarge(size));
    }
    let format = accepted_format(bytes)?;
    if format == ImageFormat::Jpeg && !jpeg_is_complete(bytes) {
        return Err(DecodeError::Truncated);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut decoder_limits = Limits::default();
    decoder_limits.max_image_width = Some(limits.max_side_px);
    decoder_limits.max_image_height = Some(limits.max_side_px);
    decoder_limits.max_alloc = Some(limits.max_alloc_bytes);
    reader.limits(decoder_limits);
    let mut decoder = reader.into_decoder().map_err(from_image)?;
    check_cost(decoder.dimensions(), decoder.total_bytes(), limits)?;
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(from_image)?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    into_frame(picture)
}

fn accepted_format(bytes: &[u8]) -> Result<ImageFormat, DecodeError> {
    let format = image::guess_format(bytes).map_err(|_| DecodeError::UnknownFormat)?;
    let accepted = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Bmp];
    if accepted.contains(&format) { Ok(format) } else { Err(DecodeError::UnknownFormat) }
}

fn check_cost(
    (width, height): (u32, u32),
    total_bytes: u64,
    limits: &DecodeLimits,
) -> Result<(), DecodeError> {
    let pixels = u64::from(width) * u64::from(height);
    if width.max(height) > limits.max_side_px
        || pixels > limits.max_pixels
        || total_bytes > limits.max_alloc_bytes
    {
        return Err(DecodeError::TooLarge(format!("{width}×{height} pixels")));
    }
    Ok(())
}

fn into_frame(picture: DynamicImage) -> Result<Frame, DecodeError> {
    let (width, height) = (picture.width(), picture.height());
    let data = if picture.color().has_alpha() {
        over_white(picture.into_rgba8().into_raw())
    } else {
        picture.into_rgb8().into_raw()
    };
    Frame::new(width, height, data).map_err(|e| DecodeError::Damaged(e.to_string()))
}

fn over_white(rgba: Vec<u8>) -> Vec<u8> {
    let blend = |v: u8, alpha: u8| {
        let (v, a) = (u32::from(v), u32::from(alpha));
        ((v * a + 255 * (255 - a) + 127) / 255) as u8
    };
    rgba.chunks_exact(4).flat_map(|p| [blend(p[0], p[3]), blend(p[1], p[3]), blend(p[2], p[3])]).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "whatever else is wrong, the picture is damaged")]
fn from_image(error: ImageError) -> DecodeError {
    match error {
        ImageError::Limits(limit) => DecodeError::TooLarge(limit.to_string()),
        ImageError::IoError(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => DecodeError::Truncated,
        other => DecodeError::Damaged(other.to_string()),
    }
}

/// Whether the main picture's entropy data is closed by an end-of-image marker. Decoders fill what is missing
/// with grey, which would read as an empty card; bytes after the marker (phone trailers) are fine.
fn jpeg_is_complete(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[0xFF, marker]) = bytes.get(at..at + 2) {
        match marker {
            0xFF => at += 1, // fill byte
            0xD9 => return true,
            0xDA => {
                let Some(data) = skip_segment(bytes, at) else {
                    return false;
                };
                match next_marker(bytes, data) {
                    Some(next) => at = next,
                    None => return false,
                }
            }
            _segment => match skip_segment(bytes, at) {
                Some(next) => at = next,
                None => return false,
            },
        }
    }
    false
}

fn skip_segment(bytes: &[u8], at: usize) -> Option<usize> {
    let length = bytes.get(at + 2..at + 4)?;
    let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
    (length >= 2).then_some(at + 2 + length)
}

/// The next marker in entropy data: neither a stuffed byte nor a restart.
fn next_marker(bytes: &[u8], from: usize) -> Option<usize> {
    let data = bytes.get(from..)?;
    let found = data.windows(2).position(|w| w[0] == 0xFF && !matches!(w[1], 0x00 | 0xFF | 0xD0..=0xD7))?;
    Some(from + found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode_jpeg;
    use image::{ImageBuffer, Luma, Rgba};
    use proptest::prelude::*;

    fn png(picture: impl Into<DynamicImage>) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.into().write_to(&mut out, ImageFormat::Png).unwrap();
        out.into_inner()
    }

    fn jpeg() -> Vec<u8> {
        let data = (0..64 * 48 * 3).map(|i| (i * 7 % 251) as u8).collect();
        encode_jpeg(&Frame::new(64, 48, data).unwrap(), 85)
    }

    /// A PNG whose header states a size its (absent) data never reaches.
    fn png_header(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png(ImageBuffer::from_pixel(1, 1, Luma([0u8])));
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        bytes
    }

    fn crc32(data: &[u8]) -> u32 {
        !data.iter().fold(!0u32, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |c, _| (c >> 1) ^ (0xEDB8_8320 & (c & 1).wrapping_neg()))
        })
    }

    #[test]
    fn hostile_files_give_typed_errors() {
        let cut = jpeg()[..jpeg().len() / 2].to_vec();
        let mut no_end = jpeg();
        no_end.truncate(no_end.len() - 2);
        let check = |name: &str, bytes: &[u8], wanted: fn(&DecodeError) -> bool| {
            let error = decode(bytes, &DecodeLimits::default()).expect_err(name);
            assert!(wanted(&error), "{name}: {error:?}");
        };
        check("empty", b"", |e| matches!(e, DecodeError::Empty));
        check("text", b"NIK : 3171", |e| matches!(e, DecodeError::UnknownFormat));
        check("gif", b"GIF89a\x01\x00\x01\x00", |e| matches!(e, DecodeError::UnknownFormat));
        check("cut jpeg", &cut, |e| matches!(e, DecodeError::Truncated));
        check("jpeg without end", &no_end, |e| matches!(e, DecodeError::Truncated));
        check("jpeg magic only", b"\xFF\xD8\xFF", |e| matches!(e, DecodeError::Truncated));
        check("wide header", &png_header(30_000, 30_000), |e| matches!(e, DecodeError::TooLarge(_)));
        check("many pixels", &png_header(16_000, 16_000), |e| matches!(e, DecodeError::TooLarge(_)));
        check("cut png", &png_header(100, 100), |e| {
            matches!(e, DecodeError::Truncated | DecodeError::Damaged(_))
        });
        check("riff only", b"RIFF\x10\x00\x00\x00WEBPVP8 ", |e| {
            matches!(e, DecodeError::Truncated | DecodeError::Damaged(_))
        });
    }

    #[test]
    fn file_size_is_bounded() {
        let limits = DecodeLimits { max_file_bytes: 10, ..DecodeLimits::default() };
        assert!(matches!(decode(&jpeg(), &limits), Err(DecodeError::TooLarge(_))));
    }

    #[test]
    fn unusual_pictures_become_rgb() {
        let gray16 = png(ImageBuffer::from_pixel(2, 1, Luma([0x8000u16])));
        assert_eq!(decode(&gray16, &DecodeLimits::default()).unwrap().pixel(0, 0), [128; 3]);
        let clear = png(ImageBuffer::from_pixel(2, 2, Rgba([0u8, 0, 0, 0])));
        assert_eq!(decode(&clear, &DecodeLimits::default()).unwrap().pixel(1, 1), [255; 3]);
        let mut cmyk = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut cmyk, 95);
        encoder.encode(&[0; 16 * 16 * 4], 16, 16, jpeg_encoder::ColorType::Cmyk).unwrap();
        let frame = decode(&cmyk, &DecodeLimits::default()).unwrap();
        assert_eq!((frame.width(), frame.height()), (16, 16));
        let mut trailing = jpeg();
        trailing.extend_from_slice(b"maker trailer");
        assert!(decode(&trailing, &DecodeLimits::default()).is_ok());
    }

    #[test]
    fn exif_orientation_is_applied() {
        let upright = jpeg();
        // Orientation 6: the camera was held turned, the picture must be rotated by 90° to be upright.
        let tiff = b"MM\x00\x2A\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00";
        let mut turned = vec![0xFF, 0xD8, 0xFF, 0xE1];
        turned.extend_from_slice(&(2 + 6 + tiff.len() as u16).to_be_bytes());
        turned.extend_from_slice(b"Exif\0\0");
        turned.extend_from_slice(tiff);
        turned.extend_from_slice(&upright[2..]);
        let frame = decode(&turned, &DecodeLimits::default()).unwrap();
        assert_eq!((frame.width(), frame.height()), (48, 64));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes, &DecodeLimits::default());
        }

        #[test]
        fn damaged_pictures_never_panic(at in 2usize..600, value: u8, format in 0..2) {
            let mut bytes = if format == 0 {
                jpeg()
            } else {
                png(ImageBuffer::from_fn(40, 30, |x, y| Luma([(x * y) as u8])))
            };
            let at = at % bytes.len();
            bytes[at] = value;
            let limits = DecodeLimits { max_alloc_bytes: 8 << 20, ..DecodeLimits::default() };
            let _ = decode(&bytes, &limits);
        }
    }
}
