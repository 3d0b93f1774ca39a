//! YUYV 4:2:2 (BT.601, limited range, what UVC prescribes when a camera does not say otherwise) → RGB.

use frame::Frame;

use super::Damaged;

/// Converts `height` rows of `stride_bytes` each; `bytes` may be longer, never shorter.
pub(crate) fn to_frame(bytes: &[u8], width: u32, height: u32, stride_bytes: u32) -> Result<Frame, Damaged> {
    let (row_bytes, rows) = (width as usize * 2, height as usize);
    let stride = (stride_bytes as usize).max(row_bytes);
    // The last row need not be padded.
    let needed = rows.checked_sub(1).and_then(|above| above.checked_mul(stride)?.checked_add(row_bytes));
    if width == 0 || !width.is_multiple_of(2) || needed.is_none_or(|needed| bytes.len() < needed) {
        return Err(Damaged);
    }
    let mut data = Vec::with_capacity(width as usize * rows * 3);
    for row in bytes.chunks(stride).take(rows) {
        for pair in row[..row_bytes].chunks_exact(4) {
            let (u, v) = (i32::from(pair[1]) - 128, i32::from(pair[3]) - 128);
            data.extend_from_slice(&rgb(pair[0], u, v));
            data.extend_from_slice(&rgb(pair[2], u, v));
        }
    }
    Frame::new(width, height, data).map_err(|_| Damaged)
}

/// In 1/256 parts, rounded.
fn rgb(luma: u8, u: i32, v: i32) -> [u8; 3] {
    let y = 298 * (i32::from(luma) - 16) + 128;
    [y + 409 * v, y - 100 * u - 208 * v, y + 516 * u].map(|value| (value >> 8).clamp(0, 255) as u8)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_corners_of_the_colour_cube_come_back() {
        fn check([y, u, v]: [u8; 3], expected: [u8; 3]) {
            let frame = to_frame(&[y, u, y, v], 2, 1, 4).unwrap();
            let near = frame.data().iter().zip(expected.repeat(2)).all(|(a, b)| a.abs_diff(b) <= 2);
            assert!(near, "{:?} for {expected:?}", frame.data());
        }
        check([16, 128, 128], [0; 3]);
        check([235, 128, 128], [255; 3]);
        check([126, 128, 128], [128; 3]);
        check([82, 90, 240], [255, 0, 0]);
        check([145, 54, 34], [0, 255, 0]);
        check([41, 240, 110], [0, 0, 255]);
    }

    #[test]
    fn rows_may_be_padded() {
        let bytes = [235, 128, 235, 128, 9, 9, 16, 128, 16, 128];
        assert_eq!(to_frame(&bytes, 2, 2, 6).unwrap().data(), [[255; 6], [0; 6]].concat());
    }

    proptest! {
        #[test]
        fn short_frames_are_damaged_and_others_have_the_size(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            width in 0u32..12, height in 0u32..12, stride in 0u32..40,
        ) {
            match to_frame(&bytes, width, height, stride) {
                Ok(frame) => prop_assert_eq!((frame.width(), frame.height()), (width, height)),
                Err(Damaged) => {
                    let enough = width > 0 && height > 0 && width % 2 == 0
                        && bytes.len() >= (stride.max(width * 2) * height) as usize;
                    prop_assert!(!enough);
                }
            }
        }
    }
}
