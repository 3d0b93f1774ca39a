//! Resampling: area-averaging resize and projective warps.
//!
//! Invariant: results depend on the pixels alone (no threads, no randomness). Shrinking averages areas, so thin
//! strokes fade instead of breaking; warps sample points and expect their source to be shrunk first when the map
//! shrinks by more than about 1.5. Deliberately lacks filters nobody here uses.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::{Frame, Gray, Homography};

/// How a warp reads between pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    /// Two by two pixels: for maps that keep or shrink the size.
    Bilinear,
    /// Four by four pixels (Catmull-Rom-like, a = −0.75): for maps that enlarge.
    Bicubic,
}

/// What a warp sees outside its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Border {
    /// The nearest pixel of the edge.
    Replicate,
    /// One value in all channels.
    Constant(u8),
}

impl Frame {
    /// The picture at another size (area average when shrinking, linear when enlarging).
    ///
    /// # Panics
    /// If a side is zero.
    #[must_use]
    pub fn resized(&self, width: u32, height: u32) -> Self {
        let data = resize(self.data(), (self.width(), self.height()), (width, height), PixelType::U8x3);
        Self::new(width, height, data).expect("resize fills the whole target")
    }

    /// `width × height` pixels, each read where `to_source` sends its position.
    ///
    /// # Panics
    /// If a side is zero.
    #[must_use]
    pub fn warped(
        &self,
        to_source: &Homography,
        (width, height): (u32, u32),
        sampling: Sampling,
        border: Border,
    ) -> Self {
        let source = Source::<3>::of(self.data(), self.width(), self.height(), border);
        let data = source.warp::<6, 12>(to_source, width, height, sampling);
        Self::new(width, height, data).expect("warp fills the whole target")
    }
}

impl Gray {
    /// The picture at another size (area average when shrinking, linear when enlarging).
    ///
    /// # Panics
    /// If a side is zero.
    #[must_use]
    pub fn resized(&self, width: u32, height: u32) -> Self {
        let data = resize(self.data(), (self.width(), self.height()), (width, height), PixelType::U8);
        Self::new(width, height, data).expect("resize fills the whole target")
    }

    /// `width × height` pixels, each read where `to_source` sends its position.
    ///
    /// # Panics
    /// If a side is zero.
    #[must_use]
    pub fn warped(
        &self,
        to_source: &Homography,
        (width, height): (u32, u32),
        sampling: Sampling,
        border: Border,
    ) -> Self {
        let source = Source::<1>::of(self.data(), self.width(), self.height(), border);
        let data = source.warp::<2, 4>(to_source, width, height, sampling);
        Self::new(width, height, data).expect("warp fills the whole target")
    }
}

fn resize(data: &[u8], from: (u32, u32), to: (u32, u32), pixel: PixelType) -> Vec<u8> {
    assert!(to.0 > 0 && to.1 > 0, "a picture has at least one pixel");
    if from == to {
        return data.to_vec();
    }
    let source = ImageRef::new(from.0, from.1, data, pixel).expect("buffers match their size by invariant");
    let mut target = Image::new(to.0, to.1, pixel);
    let shrinking = to.0 < from.0 || to.1 < from.1;
    let filter = if shrinking { FilterType::Box } else { FilterType::Bilinear };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter)).use_alpha(false);
    Resizer::new()
        .resize(&source, &mut target, &options)
        .expect("source and target share one pixel type and are not empty");
    target.into_vec()
}

/// Parts of a pixel that positions are told apart by: finer than noise, and weights of two of them are exact.
const STEPS: u32 = 256;
/// Beyond this, in pixels, everything is border.
const FAR_PX: f64 = (1 << 22) as f64;
/// Added to a number, it leaves its nearest whole number in the last bits: several at once, where a cast is one by one.
const WHOLE: f64 = 6_755_399_441_055_744.0;

/// A position in the source, in steps; not a number is taken for zero.
#[derive(Clone, Copy, Default)]
struct Position {
    x: i32,
    y: i32,
}

impl Position {
    /// The pixel to the left and above, and how many steps to the right and below it.
    #[inline]
    fn split(self) -> [(i32, u32); 2] {
        [self.x, self.y].map(|v| (v.div_euclid(STEPS as i32), v.rem_euclid(STEPS as i32) as u32))
    }
}

#[inline]
fn steps(px: f64) -> i32 {
    (px.clamp(-FAR_PX, FAR_PX) * f64::from(STEPS) + WHOLE).to_bits() as i32
}

struct Source<'a, const C: usize> {
    data: &'a [u8],
    width: i64,
    height: i64,
    border: Border,
}

impl<'a, const C: usize> Source<'a, C> {
    fn of(data: &'a [u8], width: u32, height: u32, border: Border) -> Self {
        Self { data, width: i64::from(width), height: i64::from(height), border }
    }

    /// `TWO` and `FOUR` are the samples of two and of four pixels.
    fn warp<const TWO: usize, const FOUR: usize>(
        &self,
        to_source: &Homography,
        width: u32,
        height: u32,
        sampling: Sampling,
    ) -> Vec<u8> {
        match sampling {
            Sampling::Bilinear => self.warp_by(to_source, width, height, |at| {
                self.between_four::<TWO>(at).unwrap_or_else(|| self.sample::<2>(at, linear_weights))
            }),
            Sampling::Bicubic => {
                let weights = cubic_table();
                self.warp_by(to_source, width, height, |at| {
                    self.among_sixteen::<FOUR>(at, &weights)
                        .unwrap_or_else(|| self.sample::<4>(at, cubic_weights))
                })
            }
        }
    }

    fn warp_by(
        &self,
        to_source: &Homography,
        width: u32,
        height: u32,
        pixel: impl Fn(Position) -> [u8; C],
    ) -> Vec<u8> {
        let mut out = vec![0; width as usize * height as usize * C];
        let mut positions = vec![Position::default(); width as usize];
        for (y, row) in out.chunks_exact_mut((width as usize * C).max(1)).enumerate() {
            // By themselves: several are computed in one instruction.
            for (position, (sx, sy)) in positions.iter_mut().zip(to_source.along_row(y as f64)) {
                *position = Position { x: steps(sx), y: steps(sy) };
            }
            for (target, at) in row.chunks_exact_mut(C).zip(&positions) {
                target.copy_from_slice(&pixel(*at));
            }
        }
        out
    }

    /// The same as [`Self::sample`] with [`linear_weights`], bit for bit, for the many positions between four pixels of
    /// the picture: live analysis spends most of its time here.
    #[inline]
    fn between_four<const TWO: usize>(&self, at: Position) -> Option<[u8; C]> {
        let [(x0, right), (y0, below)] = at.split();
        if !(0..self.width - 1).contains(&i64::from(x0)) || !(0..self.height - 1).contains(&i64::from(y0)) {
            return None;
        }
        let row = self.width as usize * C;
        let at = y0 as usize * row + x0 as usize * C;
        let upper = self.data.get(at..)?.first_chunk::<TWO>()?;
        let lower = self.data.get(at + row..)?.first_chunk::<TWO>()?;
        let (left, above) = (STEPS - right, STEPS - below);
        let mut pixel = [0; C];
        for (i, level) in pixel.iter_mut().enumerate() {
            let across = |line: &[u8; TWO]| left * u32::from(line[i]) + right * u32::from(line[C + i]);
            let sum = above * across(upper) + below * across(lower);
            *level = ((sum + STEPS * STEPS / 2) / (STEPS * STEPS)) as u8;
        }
        Some(pixel)
    }

    /// The same as [`Self::sample`] with [`cubic_weights`], of which `weights` holds those of every step, but for
    /// rounding, for positions well inside the picture: row by row, as straightening a card asks for a million of them.
    #[inline]
    fn among_sixteen<const FOUR: usize>(&self, at: Position, weights: &[[f32; 4]]) -> Option<[u8; C]> {
        let [(x0, right), (y0, below)] = at.split();
        if !(1..self.width - 2).contains(&i64::from(x0)) || !(1..self.height - 2).contains(&i64::from(y0)) {
            return None;
        }
        let (wx, wy) = (weights.get(right as usize)?, weights.get(below as usize)?);
        let row = self.width as usize * C;
        let at = (y0 as usize - 1) * row + (x0 as usize - 1) * C;
        // Columns first: neighbours in memory are weighed alike, several in one instruction.
        let mut columns = [0f32; FOUR];
        for (j, weight) in wy.iter().enumerate() {
            let taps = self.data.get(at + j * row..)?.first_chunk::<FOUR>()?;
            columns.iter_mut().zip(taps).for_each(|(sum, &level)| *sum += weight * f32::from(level));
        }
        let mut pixel = [0; C];
        for (i, level) in pixel.iter_mut().enumerate() {
            let sum = wx[0] * columns[i]
                + wx[1] * columns[C + i]
                + wx[2] * columns[2 * C + i]
                + wx[3] * columns[3 * C + i];
            *level = (sum + 0.5).clamp(0.0, 255.0) as u8;
        }
        Some(pixel)
    }

    /// Weighted mean of the `N × N` pixels around a position.
    fn sample<const N: usize>(&self, at: Position, weights: fn(f32) -> [f32; N]) -> [u8; C] {
        let [(fx, right), (fy, below)] = at.split();
        let (wx, wy) = (weights(right as f32 / STEPS as f32), weights(below as f32 / STEPS as f32));
        let first = 1 - N as i64 / 2;
        let (x0, y0) = (i64::from(fx) + first, i64::from(fy) + first);
        let n = N as i64;
        let inside = x0 >= 0 && y0 >= 0 && x0 + n <= self.width && y0 + n <= self.height;
        let mut sum = [0f32; C];
        for (j, wy) in wy.iter().enumerate() {
            for (i, wx) in wx.iter().enumerate() {
                let (px, py) = (x0 + i as i64, y0 + j as i64);
                let w = wx * wy;
                if inside {
                    self.add(&mut sum, px, py, w);
                } else {
                    self.add_bordered(&mut sum, px, py, w);
                }
            }
        }
        sum.map(|v| (v + 0.5).clamp(0.0, 255.0) as u8)
    }

    fn add(&self, sum: &mut [f32; C], x: i64, y: i64, weight: f32) {
        let at = (y * self.width + x) as usize * C;
        for (s, &v) in sum.iter_mut().zip(&self.data[at..at + C]) {
            *s += weight * f32::from(v);
        }
    }

    fn add_bordered(&self, sum: &mut [f32; C], x: i64, y: i64, weight: f32) {
        let (cx, cy) = (x.clamp(0, self.width - 1), y.clamp(0, self.height - 1));
        match self.border {
            Border::Constant(v) if (cx, cy) != (x, y) => {
                sum.iter_mut().for_each(|s| *s += weight * f32::from(v));
            }
            Border::Constant(_) | Border::Replicate => self.add(sum, cx, cy, weight),
        }
    }
}

fn linear_weights(t: f32) -> [f32; 2] {
    [1.0 - t, t]
}

/// Keys' cubic with a = −0.75, the kernel the nets' training pictures were made with.
fn cubic_weights(t: f32) -> [f32; 4] {
    const A: f32 = -0.75;
    let near = |d: f32| ((A + 2.0) * d - (A + 3.0)) * d * d + 1.0;
    let far = |d: f32| ((A * d - 5.0 * A) * d + 8.0 * A) * d - 4.0 * A;
    [far(1.0 + t), near(t), near(1.0 - t), far(2.0 - t)]
}

/// Those of every step.
fn cubic_table() -> Vec<[f32; 4]> {
    (0..STEPS).map(|steps| cubic_weights(steps as f32 / STEPS as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quad;

    fn ramp() -> Gray {
        let data = (0..40 * 30).map(|i| ((i % 40) * 6) as u8).collect();
        Gray::new(40, 30, data).unwrap()
    }

    #[test]
    fn the_short_way_between_four_pixels_gives_the_same() {
        let data: Vec<u8> = (0..19 * 11 * 3).map(|i| (i * 37 % 256) as u8).collect();
        let source = Source::<3>::of(&data, 19, 11, Border::Replicate);
        let mut short = 0;
        for i in 0..4_000 {
            let (x, y) = (f64::from(i % 83) * 0.2713 - 2.0, f64::from(i % 71) * 0.1871 - 1.0);
            let at = Position { x: steps(x), y: steps(y) };
            if let Some(pixel) = source.between_four::<6>(at) {
                assert_eq!(pixel, source.sample::<2>(at, linear_weights), "({x}, {y})");
                short += 1;
            }
        }
        assert!(short > 2_000, "{short}");
    }

    #[test]
    fn the_short_way_among_sixteen_pixels_differs_by_rounding_alone() {
        let data: Vec<u8> = (0..19 * 11 * 3).map(|i| (i * 37 % 256) as u8).collect();
        let source = Source::<3>::of(&data, 19, 11, Border::Replicate);
        let mut short = 0;
        for i in 0..4_000 {
            let (x, y) = (f64::from(i % 83) * 0.2713 - 2.0, f64::from(i % 71) * 0.1871 - 1.0);
            let at = Position { x: steps(x), y: steps(y) };
            if let Some(pixel) = source.among_sixteen::<12>(at, &cubic_table()) {
                let long = source.sample::<4>(at, cubic_weights);
                assert!(pixel.iter().zip(long).all(|(a, b)| a.abs_diff(b) <= 1), "({x}, {y})");
                short += 1;
            }
        }
        assert!(short > 1_500, "{short}");
    }

    #[test]
    fn positions_are_whole_steps_down_to_the_pixel_and_never_out_of_range() {
        let check = |px: f64, expected: (i32, u32)| {
            assert_eq!(Position { x: steps(px), y: 0 }.split()[0], expected, "{px}")
        };
        check(7.0, (7, 0));
        check(7.25, (7, 64));
        check(-0.25, (-1, 192));
        check(-7.0, (-7, 0));
        check(f64::NAN, (0, 0));
        check(f64::INFINITY, (1 << 22, 0));
        check(-1e300, (-(1 << 22), 0));
    }

    #[test]
    fn identity_warps_change_nothing() {
        let identity = Homography::affine([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]);
        for sampling in [Sampling::Bilinear, Sampling::Bicubic] {
            let out = ramp().warped(&identity, (40, 30), sampling, Border::Replicate);
            assert_eq!(out, ramp());
        }
    }

    #[test]
    fn half_pixel_shift_averages_neighbours() {
        let shift = Homography::affine([[1.0, 0.0, 0.5], [0.0, 1.0, 0.0]]);
        let out = ramp().warped(&shift, (10, 1), Sampling::Bilinear, Border::Replicate);
        assert_eq!(out.data()[4], 27);
    }

    #[test]
    fn outside_is_border() {
        let away = Homography::affine([[1.0, 0.0, -1e6], [0.0, 1.0, 0.0]]);
        let out = ramp().warped(&away, (2, 2), Sampling::Bilinear, Border::Constant(114));
        assert_eq!(out.data(), [114; 4]);
        let out = ramp().warped(&away, (2, 2), Sampling::Bicubic, Border::Replicate);
        assert_eq!(out.data(), [0; 4]);
    }

    #[test]
    fn shrinking_averages_areas() {
        let stripes: Vec<u8> = (0..64 * 4).map(|i| if i % 2 == 0 { 0 } else { 200 }).collect();
        let small = Gray::new(64, 4, stripes).unwrap().resized(16, 1);
        assert!(small.data().iter().all(|&v| (99..=101).contains(&v)), "{:?}", small.data());
    }

    #[test]
    fn perspective_crop_finds_its_rectangle() {
        let mut data = vec![10u8; 100 * 80 * 3];
        for y in 20..60 {
            for x in 30..90 {
                data[(y * 100 + x) * 3] = 240;
            }
        }
        let frame = Frame::new(100, 80, data).unwrap();
        let map = Homography::between(&Quad::rect(0.0, 0.0, 19.0, 19.0), &Quad::rect(30.0, 20.0, 89.0, 59.0))
            .unwrap();
        let crop = frame.warped(&map, (20, 20), Sampling::Bilinear, Border::Constant(0));
        assert!(crop.data().chunks(3).all(|p| p == [240, 10, 10]));
    }
}
