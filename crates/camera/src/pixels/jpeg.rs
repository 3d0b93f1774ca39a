//! Motion JPEG: one camera frame → pixels, and a JPEG that any viewer shows.
//!
//! Webcams leave out what every decoder is meant to know (the Huffman tables of the standard) and pad or clip the end;
//! both are mended here. Damage inside the picture is not: the decoder runs in its strict mode, and without the end
//! marker, at which it would make up the rows that are missing; so it runs out of bytes instead and says so.

use std::sync::{Arc, LazyLock};

use frame::Frame;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::Damaged;

/// The longest side decoded: above 8K video.
const MAX_SIDE_PX: usize = 8192;

/// The end-of-image marker.
const END: [u8; 2] = [0xFF, 0xD9];

/// Decodes a camera's frame; also gives it as a complete JPEG.
pub(crate) fn to_frame(bytes: &[u8]) -> Result<(Frame, Arc<[u8]>), Damaged> {
    let mut jpeg = complete(bytes).ok_or(Damaged)?;
    let options = DecoderOptions::default()
        .set_strict_mode(true)
        .set_max_width(MAX_SIDE_PX)
        .set_max_height(MAX_SIDE_PX)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&jpeg[..]), options);
    let pixels = decoder.decode().map_err(|_| Damaged)?;
    let (width, height) = decoder.info().map(|info| (info.width, info.height)).ok_or(Damaged)?;
    let frame = Frame::new(u32::from(width), u32::from(height), pixels).map_err(|_| Damaged)?;
    jpeg.extend_from_slice(&END);
    Ok((frame, jpeg.into()))
}

/// The JPEG inside these bytes, with tables but without its end marker.
fn complete(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = bytes.windows(3).position(|three| three == [0xFF, 0xD8, 0xFF])?;
    let header = Header::read(&bytes[start..])?;
    let (head, scan) = bytes[start..].split_at(header.scan);
    let mut jpeg = Vec::with_capacity(head.len() + scan.len() + TABLES.len() + 2);
    jpeg.extend_from_slice(head);
    if !header.has_tables {
        jpeg.extend_from_slice(&TABLES);
    }
    jpeg.extend_from_slice(&scan[..used(scan)]);
    Some(jpeg)
}

/// How much of the scan is picture: up to the end marker, which cannot occur inside, else without the zeros that
/// buffers are padded with.
fn used(scan: &[u8]) -> usize {
    let end = scan.windows(2).position(|pair| pair == END);
    end.unwrap_or_else(|| scan.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1))
}

/// What stands before the picture's data.
struct Header {
    /// Where the start-of-scan segment begins.
    scan: usize,
    has_tables: bool,
}

impl Header {
    fn read(jpeg: &[u8]) -> Option<Self> {
        let mut has_tables = false;
        for (marker, at, _) in segments(jpeg) {
            match marker {
                0xC4 => has_tables = true,
                0xDA => return Some(Self { scan: at, has_tables }),
                _other => {}
            }
        }
        None
    }
}

/// The segments of a JPEG up to its first scan: marker, place, length with the marker.
fn segments(jpeg: &[u8]) -> impl Iterator<Item = (u8, usize, usize)> {
    let mut at = 2;
    std::iter::from_fn(move || {
        while jpeg.get(at..at + 2)? == [0xFF, 0xFF] {
            at += 1; // fill byte
        }
        let &[0xFF, marker, high, low] = jpeg.get(at..at + 4)? else { return None };
        let (place, length) = (at, 2 + usize::from(u16::from_be_bytes([high, low])));
        at += length;
        Some((marker, place, length))
    })
}

/// The Huffman tables of the standard (ITU-T T.81, annex K.3), as our own encoder writes them.
static TABLES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let sample = frame::encode_jpeg(&Frame::filled(8, 8, [0; 3]), 80);
    let tables = segments(&sample).filter(|(marker, _, _)| *marker == 0xC4);
    tables.flat_map(|(_, at, length)| sample[at..at + length].to_vec()).collect()
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn picture() -> Frame {
        let data = (0..64 * 48 * 3).map(|i| (i * 7 % 251) as u8).collect();
        Frame::new(64, 48, data).unwrap()
    }

    fn jpeg() -> Vec<u8> {
        frame::encode_jpeg(&picture(), 90)
    }

    fn without_tables(jpeg: &[u8]) -> Vec<u8> {
        let mut kept = jpeg[..2].to_vec();
        for (marker, at, length) in segments(jpeg) {
            match marker {
                0xC4 => {}
                0xDA => kept.extend_from_slice(&jpeg[at..]),
                _ => kept.extend_from_slice(&jpeg[at..at + length]),
            }
        }
        kept
    }

    fn reference() -> Frame {
        frame::decode(&jpeg(), &frame::DecodeLimits::default()).unwrap()
    }

    #[test]
    fn what_webcams_leave_out_is_mended() {
        #[track_caller]
        fn check(bytes: &[u8]) {
            let (frame, preview) = to_frame(bytes).unwrap();
            assert!(frame == reference());
            let shown = frame::decode(&preview, &frame::DecodeLimits::default()).unwrap();
            assert!(shown == frame);
        }
        check(&jpeg());
        check(&without_tables(&jpeg()));
        check(&jpeg()[..jpeg().len() - 2]);
        check(&[jpeg(), vec![0; 700]].concat());
        check(&[b"junk".to_vec(), jpeg()].concat());
        check(&[jpeg(), b"\x01\x02trailer".to_vec()].concat());
        assert!(without_tables(&jpeg()).len() < jpeg().len() - 400);
    }

    #[test]
    fn damage_is_noticed() {
        #[track_caller]
        fn check(bytes: &[u8]) {
            assert!(to_frame(bytes).is_err());
        }
        let whole = jpeg();
        check(&[]);
        check(&[0; 4096]);
        check(b"\xFF\xD8\xFF");
        for share in 1..10 {
            let cut = &whole[..whole.len() * share / 10];
            check(cut);
            check(&[cut, &END].concat());
        }
        // A packet lost on the way.
        check(&[&whole[..whole.len() / 2], &whole[whole.len() / 2 + 300..]].concat());
        let mut overwritten = whole.clone();
        let third = whole.len() / 3;
        overwritten[third..2 * third].fill(0xFF);
        check(&overwritten);
        let mut zeroed = whole.clone();
        zeroed[third..].fill(0);
        check(&zeroed);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn damaged_frames_never_panic(
            changes in prop::collection::vec((0usize..4000, any::<u8>()), 1..20), cut in 0usize..4000,
        ) {
            let mut bytes = jpeg();
            for (at, value) in changes {
                let at = at % bytes.len();
                bytes[at] = value;
            }
            bytes.truncate(bytes.len() - cut % bytes.len());
            to_frame(&bytes).ok();
        }

        #[test]
        fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            to_frame(&[&[0xFF, 0xD8, 0xFF, 0xDA][..], &bytes].concat()).ok();
        }
    }
}
