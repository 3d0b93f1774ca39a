//! The frame while it is painted: reflectance per pixel, and the blur of things that move.
//!
//! Invariant: 1280×720 pixels of red, green and blue in [`ONE`](super::light::ONE)ths.

use super::pose::{HEIGHT_PX, WIDTH_PX};

pub(super) type Pixel = [u16; 3];

/// A rectangle of pixels: from (included) and to (excluded).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub left: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
}

impl Area {
    /// The pixels around these points, `margin_px` wider; `None` if none lie in the frame.
    pub(super) fn around(points: &[frame::Point], margin_px: f32) -> Option<Self> {
        let clamped = |v: f32, most: u32| v.clamp(0.0, most as f32) as u32;
        let low =
            |of: fn(&frame::Point) -> f32| points.iter().map(of).fold(f32::INFINITY, f32::min) - margin_px;
        let high = |of: fn(&frame::Point) -> f32| {
            points.iter().map(of).fold(f32::NEG_INFINITY, f32::max) + margin_px
        };
        let area = Self {
            left: clamped(low(|p| p.x).floor(), WIDTH_PX),
            top: clamped(low(|p| p.y).floor(), HEIGHT_PX),
            right: clamped(high(|p| p.x).ceil() + 1.0, WIDTH_PX),
            bottom: clamped(high(|p| p.y).ceil() + 1.0, HEIGHT_PX),
        };
        (area.left < area.right && area.top < area.bottom).then_some(area)
    }
}

#[derive(Clone, PartialEq)]
pub(super) struct Canvas {
    pixels: Vec<Pixel>,
}

impl Canvas {
    pub(super) fn new() -> Self {
        Self { pixels: vec![[0; 3]; (WIDTH_PX * HEIGHT_PX) as usize] }
    }

    /// Becomes a copy of another.
    pub(super) fn copy(&mut self, other: &Self) {
        self.pixels.copy_from_slice(&other.pixels);
    }

    pub(super) fn row(&self, y: u32) -> &[Pixel] {
        &self.pixels[(y * WIDTH_PX) as usize..][..WIDTH_PX as usize]
    }

    pub(super) fn row_mut(&mut self, y: u32) -> &mut [Pixel] {
        &mut self.pixels[(y * WIDTH_PX) as usize..][..WIDTH_PX as usize]
    }

    /// Averages each pixel of the area with its neighbours to both sides: what a move of `2 × reach` pixels leaves.
    pub(super) fn blur_across(&mut self, area: Area, reach: usize) {
        let columns = area.left as usize..area.right as usize;
        let mut copy = Vec::with_capacity(columns.len());
        for y in area.top..area.bottom {
            let row = &mut self.row_mut(y)[columns.clone()];
            copy.clear();
            copy.extend_from_slice(row);
            slide(&copy, reach, |x, mean| row[x] = mean);
        }
    }

    /// The same with the neighbours above and below.
    pub(super) fn blur_down(&mut self, area: Area, reach: usize) {
        let (first, columns) = (area.top as usize, area.left as usize..area.right as usize);
        let rows = (area.bottom - area.top) as usize;
        let wide = columns.len();
        let mut copy = Vec::with_capacity(rows * wide);
        (area.top..area.bottom).for_each(|y| copy.extend_from_slice(&self.row(y)[columns.clone()]));
        let clamped = |y: isize| &copy[y.clamp(0, rows as isize - 1) as usize * wide..][..wide];
        let share = 1.0 / (2 * reach + 1) as f32;
        let mut sums = vec![[0u32; 3]; wide];
        (-(reach as isize)..=reach as isize).for_each(|y| add(&mut sums, clamped(y)));
        for y in 0..rows {
            let target = &mut self.row_mut((first + y) as u32)[columns.clone()];
            for (pixel, sum) in target.iter_mut().zip(&sums) {
                *pixel = sum.map(|value| (value as f32 * share) as u16);
            }
            subtract(&mut sums, clamped(y as isize - reach as isize));
            add(&mut sums, clamped(y as isize + reach as isize + 1));
        }
    }
}

fn add(sums: &mut [[u32; 3]], row: &[Pixel]) {
    for (sum, pixel) in sums.iter_mut().zip(row) {
        (0..3).for_each(|i| sum[i] += u32::from(pixel[i]));
    }
}

fn subtract(sums: &mut [[u32; 3]], row: &[Pixel]) {
    for (sum, pixel) in sums.iter_mut().zip(row) {
        (0..3).for_each(|i| sum[i] -= u32::from(pixel[i]));
    }
}

/// Calls `set` with the mean around each place of a row; the ends are repeated outwards.
fn slide(row: &[Pixel], reach: usize, mut set: impl FnMut(usize, Pixel)) {
    let last = row.len() - 1;
    let share = 1.0 / (2 * reach + 1) as f32;
    let mut sums = [row[0].map(|value| u32::from(value) * (reach as u32 + 1))];
    (1..=reach).for_each(|x| add(&mut sums, &row[x.min(last)..=x.min(last)]));
    for x in 0..row.len() {
        set(x, sums[0].map(|value| (value as f32 * share) as u16));
        let (gone, come) = (x.saturating_sub(reach), (x + reach + 1).min(last));
        subtract(&mut sums, &row[gone..=gone]);
        add(&mut sums, &row[come..=come]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area { left: 10, top: 10, right: 60, bottom: 50 };

    fn with_a_dot() -> Canvas {
        let mut canvas = Canvas::new();
        canvas.row_mut(30)[30] = [700, 1400, 2100];
        canvas
    }

    #[test]
    fn a_dot_becomes_a_line_of_the_same_light() {
        let mut across = with_a_dot();
        across.blur_across(AREA, 3);
        assert_eq!(
            across.row(30)[26..35],
            [
                [0; 3],
                [100, 200, 300],
                [100, 200, 300],
                [100, 200, 300],
                [100, 200, 300],
                [100, 200, 300],
                [100, 200, 300],
                [100, 200, 300],
                [0; 3]
            ]
        );
        let mut down = with_a_dot();
        down.blur_down(AREA, 3);
        let column: Vec<u16> = (26..35).map(|y| down.row(y)[30][0]).collect();
        assert_eq!(column, [0, 100, 100, 100, 100, 100, 100, 100, 0]);
    }

    #[test]
    fn evenness_is_kept_to_the_edge() {
        let mut canvas = Canvas::new();
        (0..HEIGHT_PX).for_each(|y| canvas.row_mut(y).fill([9_000; 3]));
        let before = canvas.clone();
        canvas.blur_across(AREA, 7);
        canvas.blur_down(AREA, 7);
        let most = (0..HEIGHT_PX)
            .flat_map(|y| canvas.row(y).iter().zip(before.row(y)).map(|(a, b)| a[0].abs_diff(b[0])));
        assert!(most.max().unwrap() <= 1);
    }
}
