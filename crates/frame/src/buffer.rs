//! Owned pixel buffers: [`Frame`] (RGB, 8 bits) and [`Gray`] (luma, 8 bits).
//!
//! Invariant: both sides are at least one pixel and the byte count matches them; constructors refuse anything
//! else, so no other code checks again. Deliberately lacks strides, alpha and views: copies are cheap at our sizes.

use std::fmt;

/// The bytes given do not make a picture of the stated size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes do not make a picture of {width}×{height} pixels with {channels} channels")]
pub struct BufferSizeError {
    width: u32,
    height: u32,
    channels: usize,
    bytes: usize,
}

fn checked(width: u32, height: u32, channels: usize, data: Vec<u8>) -> Result<Vec<u8>, BufferSizeError> {
    let wanted = (width as usize).checked_mul(height as usize).and_then(|n| n.checked_mul(channels));
    if width > 0 && height > 0 && wanted == Some(data.len()) {
        return Ok(data);
    }
    Err(BufferSizeError { width, height, channels, bytes: data.len() })
}

/// An RGB picture, 8 bits a channel, rows top to bottom.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    width: u32,
    height: u32,
    data: Vec<u8>,
}

/// A grey picture (BT.601 luma), 8 bits, rows top to bottom.
#[derive(Clone, PartialEq, Eq)]
pub struct Gray {
    width: u32,
    height: u32,
    data: Vec<u8>,
}

impl Frame {
    /// Takes `width × height × 3` bytes in R, G, B order.
    pub fn new(width: u32, height: u32, data: Vec<u8>) -> Result<Self, BufferSizeError> {
        Ok(Self { width, height, data: checked(width, height, 3, data)? })
    }

    /// A picture of one colour.
    ///
    /// # Panics
    /// If a side is zero.
    #[must_use]
    pub fn filled(width: u32, height: u32, rgb: [u8; 3]) -> Self {
        assert!(width > 0 && height > 0, "a picture has at least one pixel");
        let data = rgb.repeat(width as usize * height as usize);
        Self { width, height, data }
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes, R, G, B per pixel.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The bytes, taken out.
    #[must_use]
    pub fn into_data(self) -> Vec<u8> {
        self.data
    }

    /// One pixel; coordinates outside the picture answer with the nearest pixel inside.
    #[must_use]
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y.min(self.height - 1) as usize * self.width as usize + x.min(self.width - 1) as usize) * 3;
        [self.data[at], self.data[at + 1], self.data[at + 2]]
    }

    /// BT.601 luma.
    #[must_use]
    pub fn to_gray(&self) -> Gray {
        let luma = |p: &[u8]| {
            // 0.299, 0.587, 0.114 in 1/16384 parts, rounded: the conversion the nets were trained with.
            let sum = 4899 * u32::from(p[0]) + 9617 * u32::from(p[1]) + 1868 * u32::from(p[2]);
            ((sum + 8192) >> 14) as u8
        };
        Gray { width: self.width, height: self.height, data: self.data.chunks_exact(3).map(luma).collect() }
    }

    /// The picture turned counter-clockwise by `quarters × 90°`.
    #[must_use]
    pub fn rotated_ccw(&self, quarters: u8) -> Self {
        let (width, height, data) = rotate::<3>(self.width, self.height, &self.data, quarters % 4);
        Self { width, height, data }
    }
}

impl Gray {
    /// Takes `width × height` bytes.
    pub fn new(width: u32, height: u32, data: Vec<u8>) -> Result<Self, BufferSizeError> {
        Ok(Self { width, height, data: checked(width, height, 1, data)? })
    }

    /// Width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The bytes, one per pixel.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// One row of pixels.
    ///
    /// # Panics
    /// If `y` is outside the picture.
    #[must_use]
    pub fn row(&self, y: u32) -> &[u8] {
        let start = y as usize * self.width as usize;
        &self.data[start..start + self.width as usize]
    }

    /// The same picture as RGB.
    #[must_use]
    pub fn to_frame(&self) -> Frame {
        Frame {
            width: self.width,
            height: self.height,
            data: self.data.iter().flat_map(|&v| [v, v, v]).collect(),
        }
    }

    /// The picture turned counter-clockwise by `quarters × 90°`.
    #[must_use]
    pub fn rotated_ccw(&self, quarters: u8) -> Self {
        let (width, height, data) = rotate::<1>(self.width, self.height, &self.data, quarters % 4);
        Self { width, height, data }
    }
}

fn rotate<const C: usize>(width: u32, height: u32, data: &[u8], quarters: u8) -> (u32, u32, Vec<u8>) {
    let (w, h) = (width as usize, height as usize);
    let (ow, oh) = if quarters.is_multiple_of(2) { (w, h) } else { (h, w) };
    let mut out = Vec::with_capacity(data.len());
    for y in 0..oh {
        for x in 0..ow {
            let (sx, sy) = match quarters {
                0 => (x, y),
                1 => (w - 1 - y, x),
                2 => (w - 1 - x, h - 1 - y),
                _three => (y, h - 1 - x),
            };
            let at = (sy * w + sx) * C;
            out.extend_from_slice(&data[at..at + C]);
        }
    }
    (ow as u32, oh as u32, out)
}

// Pixels of an identity card are personal data: never in Debug output.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frame({}×{})", self.width, self.height)
    }
}

impl fmt::Debug for Gray {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gray({}×{})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_checked() {
        for (w, h, bytes, good) in
            [(2, 1, 6, true), (2, 1, 5, false), (0, 1, 0, false), (u32::MAX, u32::MAX, 3, false)]
        {
            assert_eq!(Frame::new(w, h, vec![0; bytes]).is_ok(), good, "{w}×{h}");
        }
    }

    #[test]
    fn four_quarter_turns_are_none() {
        let gray = Gray::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let turned = gray.rotated_ccw(1);
        assert_eq!((turned.width(), turned.height()), (2, 3));
        assert_eq!(turned.data(), [3, 6, 2, 5, 1, 4]);
        assert_eq!(turned.rotated_ccw(3), gray);
        assert_eq!(gray.rotated_ccw(2).data(), [6, 5, 4, 3, 2, 1]);
    }

    #[test]
    fn luma_weighs_green_most() {
        let frame = Frame::new(3, 1, vec![255, 0, 0, 0, 255, 0, 0, 0, 255]).unwrap();
        assert_eq!(frame.to_gray().data(), [76, 150, 29]);
        assert_eq!(frame.pixel(9, 9), [0, 0, 255]);
    }

    #[test]
    fn debug_hides_pixels() {
        assert_eq!(format!("{:?}", Frame::filled(2, 2, [7; 3])), "Frame(2×2)");
    }
}
