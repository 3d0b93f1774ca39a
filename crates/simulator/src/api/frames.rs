//! Frames as sent: strict base64, JPEG or PNG by content, sizes within limits, decodable.
//! Invariant: no more memory is taken for a picture than its stated size allows.
//! Deliberately lacks repair of damaged pictures.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, ImageReader, Limits, RgbImage};

use std::io::Cursor;

use crate::api::error::{ApiError, FieldErrors};
use crate::api::form::Form;

/// Contract B.5: each frame after base64.
const MAX_FRAME_BASE64_BYTES: usize = 12_000_000;
/// Contract R7: the number our side settled on; the vendor names none.
const MAX_FRAMES: usize = 5;
/// No camera of a counter has more pixels on a side.
const MAX_SIDE_PX: u32 = 8192;
/// Memory one decoded frame may take.
const MAX_DECODED_BYTES: u64 = 256 * 1024 * 1024;

/// The frames' bytes; an empty list after complaints.
pub fn read(form: &mut Form<'_, '_>) -> Result<Vec<Vec<u8>>, ApiError> {
    let values = form.optional_list("frames").unwrap_or_default();
    if values.is_empty() || values.len() > MAX_FRAMES {
        form.complain("frames", "must hold 1 to 5 frames");
        return Ok(Vec::new());
    }
    let mut frames = Vec::new();
    for value in values {
        let text = value.as_str().unwrap_or_default();
        if text.len() > MAX_FRAME_BASE64_BYTES {
            return Err(ApiError::TooLarge);
        }
        match STANDARD.decode(text) {
            Ok(bytes) if format_of(&bytes).is_some() => frames.push(bytes),
            Ok(_) | Err(_) => form.complain("frames", "must be base64 of a JPEG or PNG"),
        }
    }
    Ok(frames)
}

fn format_of(bytes: &[u8]) -> Option<ImageFormat> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png)) => Some(format),
        Ok(_) | Err(_) => None,
    }
}

/// Decodes every frame.
pub fn decode(frames: &[Vec<u8>]) -> Result<Vec<RgbImage>, FieldErrors> {
    frames
        .iter()
        .map(|bytes| {
            let mut limits = Limits::default();
            limits.max_image_width = Some(MAX_SIDE_PX);
            limits.max_image_height = Some(MAX_SIDE_PX);
            limits.max_alloc = Some(MAX_DECODED_BYTES);
            let mut reader = ImageReader::new(Cursor::new(bytes));
            reader.set_format(format_of(bytes).unwrap_or(ImageFormat::Jpeg));
            reader.limits(limits);
            let picture = reader.decode().map_err(|_undecodable| {
                FieldErrors::one("bundle.frames", "not a decodable JPEG or PNG of at most 8192 px a side")
            })?;
            Ok(picture.to_rgb8())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn complaints(frames: Value) -> bool {
        let object = json!({"frames": frames}).as_object().cloned().unwrap();
        let mut errors = FieldErrors::default();
        let mut form = Form::new(&object, "bundle", &["frames"], &mut errors);
        read(&mut form).unwrap();
        !errors.is_empty()
    }

    #[test]
    fn only_base64_of_pictures() {
        assert!(complaints(json!([])));
        assert!(complaints(json!(["%%%"])));
        assert!(complaints(json!([7])));
        assert!(complaints(json!([STANDARD.encode("plain text")])));
        assert!(complaints(json!(["/9j/4AAQ", "/9j/4AAQ", "/9j/4AAQ", "/9j/4AAQ", "/9j/4AAQ", "/9j/4AAQ"])));
        assert!(!complaints(json!(["/9j/4AAQ"])));
    }

    #[test]
    fn a_giant_header_is_refused_before_memory_is_taken() {
        let mut png = Vec::new();
        RgbImage::new(1, 1).write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        assert!(decode(&[png.clone()]).is_ok());
        png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        assert!(decode(&[png]).is_err());
    }
}
