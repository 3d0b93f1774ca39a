//! Light on its way into the camera: linear, per pixel, before any sensor.
//!
//! Invariant: as many pixels as width × height; 1 is what the sensor can just hold.

use frame::Frame;

use crate::scene::light::{from_linear, to_linear};

/// A picture in linear light.
#[derive(Clone, Debug)]
pub struct Canvas {
    width: usize,
    height: usize,
    /// Red, green, blue, row by row.
    pub pixels: Vec<[f32; 3]>,
}

impl Canvas {
    /// A dark one.
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![[0.0; 3]; width * height] }
    }

    /// What a displayed frame stands for.
    pub fn of(frame: &Frame) -> Self {
        let table: [f32; 256] = std::array::from_fn(|code| to_linear(u8::try_from(code).unwrap_or(u8::MAX)));
        let pixels =
            frame.data().chunks_exact(3).map(|p| [p[0], p[1], p[2]].map(|code| table[usize::from(code)]));
        Self { width: frame.width() as usize, height: frame.height() as usize, pixels: pixels.collect() }
    }

    /// The frame a perfect camera takes: no noise, no processing.
    pub fn to_frame(&self) -> Frame {
        let bytes = self.pixels.iter().flat_map(|pixel| pixel.map(from_linear)).collect();
        Frame::new(self.width as u32, self.height as u32, bytes).expect("three bytes for every pixel")
    }

    /// Pixels from left to right.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels from top to bottom.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The light at a place between pixel centres; the edge is continued outwards.
    pub fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let (x, y) = (x.clamp(0.0, (self.width - 1) as f32), y.clamp(0.0, (self.height - 1) as f32));
        let (left, top) = (x as usize, y as usize);
        let (right, low) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let [a, b, c, d] = [(left, top), (right, top), (left, low), (right, low)]
            .map(|(x, y)| self.pixels[y * self.width + x]);
        std::array::from_fn(|i| {
            let (above, below) = (a[i] + (b[i] - a[i]) * fx, c[i] + (d[i] - c[i]) * fx);
            above + (below - above) * fy
        })
    }
}
