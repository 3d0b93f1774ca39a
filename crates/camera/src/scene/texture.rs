//! A picture of a card as reflectance, in halving sizes, read between its pixels.
//!
//! Invariant: corners are rounded and everything outside is transparent; colours are premultiplied by coverage, so that
//! shrinking and blurring need no special edges.

use frame::Frame;

use super::light::{ONE, to_linear};
use super::pose::ASPECT;

/// Red, green, blue (reflectance in `ONE`ths) and coverage (0–1).
pub(super) type Texel = [f32; 4];

/// Radius of the card's corners in card widths: 3.2 of 85.6 mm.
const CORNER: f32 = 0.037;
/// Sizes kept; the smallest is a thirty-second of the first.
const LEVELS: usize = 6;

struct Level {
    /// Including a transparent border of one texel on each side.
    width: usize,
    height: usize,
    texels: Vec<Texel>,
}

/// A picture in halving sizes.
pub(super) struct Texture {
    levels: Vec<Level>,
}

impl Texture {
    pub(super) fn of(picture: &Frame) -> Self {
        let mut levels = vec![Level::of(picture)];
        while levels.len() < LEVELS {
            let halved = levels[levels.len() - 1].halved();
            levels.push(halved);
        }
        Self { levels }
    }

    /// Texels per card width at full size.
    pub(super) fn width(&self) -> f32 {
        (self.levels[0].width - 2) as f32
    }

    /// How to read it where `shrink` texels of the full size make one pixel.
    pub(super) fn at_size(&self, shrink: f32) -> Sampler<'_> {
        let size = shrink.max(1.0).log2().min((LEVELS - 1) as f32);
        // Between two sizes the finer one is good enough until it would visibly alias.
        let fine = (size + 0.25) as usize;
        Sampler { level: &self.levels[fine.min(LEVELS - 1)] }
    }
}

/// Reads one size.
#[derive(Clone, Copy)]
pub(super) struct Sampler<'a> {
    level: &'a Level,
}

impl Sampler<'_> {
    /// The texel at these shares of the card's width and height; transparent outside.
    #[inline]
    pub(super) fn read(&self, u: f32, v: f32) -> Texel {
        let (width, height) = (self.level.width, self.level.height);
        let x = (u * (width - 2) as f32 + 0.5).clamp(0.0, (width - 1) as f32);
        let y = (v * (height - 2) as f32 + 0.5).clamp(0.0, (height - 1) as f32);
        let (left, top) = ((x as usize).min(width - 2), (y as usize).min(height - 2));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let at = top * width + left;
        let upper = &self.level.texels[at..at + 2];
        let lower = &self.level.texels[at + width..at + width + 2];
        let mut out = [0.0; 4];
        for i in 0..4 {
            let above = upper[0][i] + (upper[1][i] - upper[0][i]) * fx;
            let below = lower[0][i] + (lower[1][i] - lower[0][i]) * fx;
            out[i] = above + (below - above) * fy;
        }
        out
    }
}

impl Level {
    fn of(picture: &Frame) -> Self {
        let linear: [f32; 256] =
            std::array::from_fn(|code| to_linear(u8::try_from(code).unwrap_or(u8::MAX)) * ONE);
        let (inner_width, inner_height) = (picture.width() as usize, picture.height() as usize);
        let (width, height) = (inner_width + 2, inner_height + 2);
        let mut texels = vec![[0.0; 4]; width * height];
        for y in 0..inner_height {
            for x in 0..inner_width {
                let cover =
                    coverage((x as f32 + 0.5) / inner_width as f32, (y as f32 + 0.5) / inner_height as f32);
                let code = (y * inner_width + x) * 3;
                let [r, g, b] =
                    std::array::from_fn(|i| linear[usize::from(picture.data()[code + i])] * cover);
                texels[(y + 1) * width + x + 1] = [r, g, b, cover];
            }
        }
        Self { width, height, texels }
    }

    fn halved(&self) -> Self {
        let (inner_width, inner_height) = ((self.width - 2) / 2, (self.height - 2) / 2);
        let (width, height) = (inner_width + 2, inner_height + 2);
        let mut texels = vec![[0.0; 4]; width * height];
        for y in 0..inner_height {
            for x in 0..inner_width {
                let at = (2 * y + 1) * self.width + 2 * x + 1;
                let four = [at, at + 1, at + self.width, at + self.width + 1].map(|at| self.texels[at]);
                texels[(y + 1) * width + x + 1] =
                    std::array::from_fn(|i| four.iter().map(|texel| texel[i]).sum::<f32>() / 4.0);
            }
        }
        Self { width, height, texels }
    }
}

/// How much of a texel the rounded card covers.
fn coverage(u: f32, v: f32) -> f32 {
    let (x, y) = (u.min(1.0 - u), v.min(1.0 - v) / ASPECT);
    if x >= CORNER || y >= CORNER {
        return 1.0;
    }
    let distance = (CORNER - x).hypot(CORNER - y);
    // One texel of a full-size picture from covered to bare.
    ((CORNER - distance) * 1280.0 + 0.5).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_the_picture_and_the_outside_is_nothing() {
        let texture = Texture::of(&Frame::filled(640, 404, [255, 128, 0]));
        for shrink in [1.0, 2.0, 5.0, 40.0] {
            let sampler = texture.at_size(shrink);
            let [r, g, b, cover] = sampler.read(0.5, 0.5);
            assert!(
                (r - ONE).abs() < 1.0 && (g / ONE - to_linear(128)).abs() < 1e-3 && b == 0.0,
                "{r} {g} {b}"
            );
            assert!((cover - 1.0).abs() < 1e-4);
            assert_eq!(sampler.read(-0.2, 0.5), [0.0; 4]);
            assert_eq!(sampler.read(0.5, 1.4), [0.0; 4]);
        }
        assert_eq!(texture.at_size(1.0).read(0.001, 0.001)[3], 0.0, "corners are rounded");
    }
}
