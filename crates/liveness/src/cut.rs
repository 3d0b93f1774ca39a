//! Squares cut out of pictures for the nets.
//!
//! Invariant: what lies beyond the picture is grey 114, as in training.

use frame::{Frame, Point};
use inference::Tensor;

/// Grey around pictures.
const PADDING: u8 = 114;

/// A square part of a picture at a net's size, and the way back.
pub(crate) struct Cut {
    pub picture: Frame,
    left: f32,
    top: f32,
    /// Pixels of the source per pixel of the cut.
    scale: f32,
}

impl Cut {
    /// The square of side `side` around `centre`, at `size_px`.
    pub(crate) fn around(frame: &Frame, centre: Point, side: f32, size_px: u32) -> Self {
        // No face is larger than a picture; what a net claims may be.
        let longest = frame.width().max(frame.height()) as f32;
        let side_px = side.min(2.0 * longest).max(8.0).round() as i64;
        let left = (f64::from(centre.x).clamp(-1e6, 1e6) - side_px as f64 / 2.0).round() as i64;
        let top = (f64::from(centre.y).clamp(-1e6, 1e6) - side_px as f64 / 2.0).round() as i64;
        let square = part(frame, left, top, side_px as usize);
        Self {
            picture: square.resized(size_px, size_px),
            left: left as f32,
            top: top as f32,
            scale: side_px as f32 / size_px as f32,
        }
    }

    /// A position of the cut, in pixels of its own, as one of the source.
    pub(crate) fn to_source(&self, x: f32, y: f32) -> Point {
        Point::new(self.left + x * self.scale, self.top + y * self.scale)
    }
}

fn part(frame: &Frame, left: i64, top: i64, side: usize) -> Frame {
    let mut data = vec![PADDING; side * side * 3];
    let (width, height) = (i64::from(frame.width()), i64::from(frame.height()));
    let (from, to) = (left.clamp(0, width), (left + side as i64).clamp(0, width));
    for row in 0..side as i64 {
        let y = top + row;
        if !(0..height).contains(&y) || from >= to {
            continue;
        }
        let source = ((y * width + from) * 3) as usize..((y * width + to) * 3) as usize;
        let start = (row as usize * side + (from - left) as usize) * 3;
        data[start..start + source.len()].copy_from_slice(&frame.data()[source]);
    }
    let side = u32::try_from(side).expect("a picture's side, doubled at most");
    Frame::new(side, side, data).expect("filled row by row")
}

/// RGB planes of a square picture, −1 to 1; mirrored if asked.
pub(crate) fn tensor(square: &Frame, mirrored: bool) -> Tensor {
    let side = square.width() as usize;
    let mut values = vec![0.0; 3 * side * side];
    for (at, pixel) in square.data().chunks_exact(3).enumerate() {
        let (row, column) = (at / side, at % side);
        let place = row * side + if mirrored { side - 1 - column } else { column };
        for (channel, value) in pixel.iter().enumerate() {
            values[channel * side * side + place] = f32::from(*value) / 127.5 - 1.0;
        }
    }
    Tensor::new(&[1, 3, side, side], values).expect("three planes of a square")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_leads_back_to_its_source_and_is_grey_beyond_it() {
        let mut data = vec![0; 40 * 30 * 3];
        data[(10 * 40 + 20) * 3] = 255;
        let frame = Frame::new(40, 30, data).unwrap();
        let cut = Cut::around(&frame, Point::new(20.0, 10.0), 16.0, 16);
        assert_eq!(cut.picture.pixel(8, 8), [255, 0, 0]);
        assert_eq!(cut.to_source(8.0, 8.0), Point::new(20.0, 10.0));
        let edge = Cut::around(&frame, Point::new(0.0, 0.0), 20.0, 20);
        assert_eq!((edge.picture.pixel(0, 0), edge.picture.pixel(15, 15)), ([114; 3], [0; 3]));
        for centre in [Point::new(f32::NAN, 1.0), Point::new(9e30, -9e30)] {
            Cut::around(&frame, centre, 1e30, 8);
        }
    }

    #[test]
    fn tensors_are_planes_and_mirror() {
        let frame = Frame::new(2, 2, vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0]).unwrap();
        assert_eq!(tensor(&frame, false).values()[..4], [1.0, -1.0, -1.0, -1.0]);
        assert_eq!(tensor(&frame, true).values()[..4], [-1.0, 1.0, -1.0, -1.0]);
    }
}
