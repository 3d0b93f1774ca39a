//! The card cut into the cells of a [`CardMap`], with a few numbers of each.
//!
//! Invariant: as many cells as a map has, all numbers finite. Deliberately lacks what they mean.

use frame::{Border, Frame, Homography, Point, Quad, Sampling};

use super::CardMap;
use crate::localise::Pyramid;

/// Pixels of a cell's side in the small upright picture.
const CELL_PX: usize = 10;
const WIDTH_PX: usize = CardMap::COLS * CELL_PX;
const HEIGHT_PX: usize = CardMap::ROWS * CELL_PX;

/// What one cell shows. Levels are 0–255.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Cell {
    /// Mean of R, G and B.
    pub rgb: [f32; 3],
    /// Mean luma of its brighter half.
    pub paper: f32,
    /// Mean step between neighbouring pixels along a row.
    pub texture: f32,
}

impl Cell {
    /// BT.601 luma of the mean.
    pub fn luma(&self) -> f32 {
        0.299 * self.rgb[0] + 0.587 * self.rgb[1] + 0.114 * self.rgb[2]
    }
}

/// All cells, row by row.
pub(super) struct Cells(Vec<Cell>);

impl Cells {
    /// Looks at the card with these corners; `None` if they enclose nothing.
    pub fn of(pyramid: &Pyramid<'_>, quad: &Quad) -> Option<Self> {
        let (level, sx, sy) = pyramid.level(quad.width() / WIDTH_PX as f32);
        let card = Quad::rect(-0.5, -0.5, WIDTH_PX as f32 - 0.5, HEIGHT_PX as f32 - 0.5);
        let there = quad.map(|p| Point::new(p.x * sx, p.y * sy));
        let map = Homography::between(&card, &there)?;
        let size = (WIDTH_PX as u32, HEIGHT_PX as u32);
        Some(Self::of_upright(&level.warped(&map, size, Sampling::Bilinear, Border::Replicate)))
    }

    fn of_upright(picture: &Frame) -> Self {
        let count = CardMap::COLS * CardMap::ROWS;
        Self((0..count).map(|i| cell(picture.data(), i % CardMap::COLS, i / CardMap::COLS)).collect())
    }

    /// Row by row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Cell> {
        self.0.iter()
    }

    /// The paper level of the middle cell by brightness, 0–255.
    pub fn median_paper(&self) -> f32 {
        let mut levels: Vec<f32> = self.0.iter().map(|cell| cell.paper).collect();
        levels.sort_by(f32::total_cmp);
        levels[levels.len() / 2]
    }

    /// By index, row by row.
    #[cfg(test)]
    pub fn get(&self, index: usize) -> Cell {
        self.0[index]
    }
}

fn cell(data: &[u8], col: usize, row: usize) -> Cell {
    let mut sum = [0u32; 3];
    let mut steps = 0u32;
    let mut lumas = [0u8; CELL_PX * CELL_PX];
    for y in 0..CELL_PX {
        let start = ((row * CELL_PX + y) * WIDTH_PX + col * CELL_PX) * 3;
        let mut before = None;
        for (x, p) in data[start..start + CELL_PX * 3].chunks_exact(3).enumerate() {
            for (total, &v) in sum.iter_mut().zip(p) {
                *total += u32::from(v);
            }
            let luma = ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2])) >> 8) as u8;
            steps += before.map_or(0, |b: u8| u32::from(b.abs_diff(luma)));
            before = Some(luma);
            lumas[y * CELL_PX + x] = luma;
        }
    }
    let n = (CELL_PX * CELL_PX) as f32;
    let middle = lumas.len() / 2;
    let (_, _, bright) = lumas.select_nth_unstable(middle);
    let paper = bright.iter().map(|&v| f32::from(v)).sum::<f32>() / bright.len() as f32;
    Cell { rgb: sum.map(|v| v as f32 / n), paper, texture: steps as f32 / (n - CELL_PX as f32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_where_the_map_says() {
        let mut data = vec![200u8; WIDTH_PX * HEIGHT_PX * 3];
        for y in 30..40 {
            for x in 50..60 {
                data[(y * WIDTH_PX + x) * 3..][..3].copy_from_slice(if x % 2 == 0 {
                    &[0; 3]
                } else {
                    &[255; 3]
                });
            }
        }
        let frame = Frame::new(WIDTH_PX as u32, HEIGHT_PX as u32, data).unwrap();
        let quad = Quad::rect(-0.5, -0.5, WIDTH_PX as f32 - 0.5, HEIGHT_PX as f32 - 0.5);
        let cells = Cells::of(&Pyramid::of(&frame), &quad).unwrap();
        let odd = cells.get(3 * CardMap::COLS + 5);
        assert_eq!(odd.texture, 255.0);
        assert!((odd.luma() - 127.5).abs() < 1.0 && odd.paper > 250.0);
        let plain = cells.get(0);
        assert_eq!((plain.rgb, plain.paper, plain.texture), ([200.0; 3], 200.0, 0.0));
        assert_eq!(cells.iter().filter(|cell| **cell != plain).count(), 1);
    }
}
