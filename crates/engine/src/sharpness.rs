//! How sharp a frame is, cheaply: enough to choose which frames of a sequence are worth reading.
//!
//! Invariant: a relative measure; only frames of one sequence may be compared. Deliberately absent: any
//! notion of a card, which is the reader's.

use frame::Frame;

use crate::picture;

/// Measured on a small copy: fine noise and JPEG blocks vanish there, motion and missed focus do not.
const EDGE_PX: u32 = 640;

/// Mean squared response of the four-neighbour Laplacian.
pub fn sharpness(frame: &Frame) -> f64 {
    let gray = picture::shrink(frame.clone(), EDGE_PX).to_gray();
    let (width, height) = (gray.width() as usize, gray.height() as usize);
    if width < 3 || height < 3 {
        return 0.0;
    }
    let pixels = gray.data();
    let mut sum = 0.0;
    for y in 1..height - 1 {
        for x in 1..width - 1 {
            let at = y * width + x;
            let around = [at - 1, at + 1, at - width, at + width].map(|place| i32::from(pixels[place]));
            let response = 4 * i32::from(pixels[at]) - around.iter().sum::<i32>();
            sum += f64::from(response * response);
        }
    }
    sum / ((width - 2) * (height - 2)) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blur_lowers_it_and_tiny_frames_have_none() {
        let stripes = (0..200u32 * 100).flat_map(|i| [if i % 8 < 4 { 30u8 } else { 220 }; 3]).collect();
        let sharp = Frame::new(200, 100, stripes).unwrap();
        let blurred = sharp.resized(50, 25).resized(200, 100);
        assert!(sharpness(&sharp) > 4.0 * sharpness(&blurred));
        assert_eq!(sharpness(&Frame::filled(2, 2, [9; 3])), 0.0);
    }
}
