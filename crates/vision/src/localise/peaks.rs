//! Corner heat maps → the likeliest card quad.
//!
//! Each map gives its three best peaks; of the 81 combinations the one wins whose peaks and whose shape are
//! likeliest together. Invariant: corners keep their semantic order. Deliberately lacks sub-pixel fitting beyond the
//! local centre of mass.

use frame::{Point, Quad};
use inference::Tensor;

use super::Candidate;
use crate::logits::exp;

/// Input pixels per map cell.
const STRIDE: f32 = 8.0;
const PEAKS: usize = 3;
/// Half width of the window a peak is gathered from, in cells.
const REACH: usize = 2;
/// ID-1 width over height.
const CARD_ASPECT: f32 = 85.60 / 53.98;

#[derive(Debug, Clone, Copy)]
struct Peak {
    at: Point,
    log_mass: f32,
}

/// The best quad of the first four maps of a `[1, ≥4, n, n]` tensor; `None` for any other shape.
pub(super) fn best_quad(maps: &Tensor) -> Option<Candidate> {
    let &[1, channels, rows, cols] = maps.shape() else { return None };
    if channels < 4 || rows != cols || rows < 2 * REACH + 1 {
        return None;
    }
    let corners: Vec<[Peak; PEAKS]> =
        maps.values().chunks_exact(rows * cols).take(4).map(|map| peaks(map, cols)).collect();
    (0..PEAKS.pow(4))
        .map(|i| {
            let pick = |corner: usize| corners[corner][i / PEAKS.pow(corner as u32) % PEAKS];
            let chosen = [pick(0), pick(1), pick(2), pick(3)];
            let quad = Quad(chosen.map(|peak| peak.at));
            let mass: f32 = chosen.iter().map(|peak| peak.log_mass).sum();
            Candidate { quad, score: mass - shape_cost(&quad) }
        })
        .max_by(|a, b| a.score.total_cmp(&b.score))
}

fn peaks(logits: &[f32], cols: usize) -> [Peak; PEAKS] {
    let max = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut mass: Vec<f32> = logits.iter().map(|v| exp(v - max)).collect();
    let sum: f32 = mass.iter().sum();
    mass.iter_mut().for_each(|m| *m /= sum);
    let mut left = mass.clone();
    std::array::from_fn(|_| {
        let top = left.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(i, _)| i);
        let (row, col) = (top / cols, top % cols);
        let span = |v: usize| v.saturating_sub(REACH)..(v + REACH + 1).min(cols);
        let (mut total, mut x, mut y) = (0.0, 0.0, 0.0);
        for r in span(row) {
            for c in span(col) {
                let m = mass[r * cols + c];
                total += m;
                x += m * (c as f32 + 0.5) * STRIDE;
                y += m * (r as f32 + 0.5) * STRIDE;
                left[r * cols + c] = 0.0;
            }
        }
        let total = total.max(f32::MIN_POSITIVE);
        Peak { at: Point::new(x / total, y / total), log_mass: (total + 1e-6).ln() }
    })
}

/// How unlike a card the quad is: not convex, unequal opposite sides, wrong aspect. The weights come from the first
/// trial on real photographs.
fn shape_cost(quad: &Quad) -> f32 {
    let [top, right, bottom, left] = quad.sides().map(|side| side + 1e-3);
    let skew = 3.0 * (top / bottom).ln().abs() + 3.0 * (right / left).ln().abs();
    let aspect = ((top + bottom) / (right + left) / CARD_ASPECT).ln().abs();
    let folded = if is_convex(quad) { 0.0 } else { 20.0 };
    skew + 3.0 * (aspect - 0.25).max(0.0) + folded
}

fn is_convex(quad: &Quad) -> bool {
    (0..4).all(|i| {
        let [a, b, c] = [0, 1, 2].map(|k| quad.0[(i + k) % 4]);
        (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 20.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Five 32×32 maps with a peak at each given cell and a stronger decoy in the first map.
    fn maps(cells: [(usize, usize); 4], decoy: Option<(usize, usize)>) -> Tensor {
        let mut values = vec![0.0; 5 * 32 * 32];
        for (map, (col, row)) in cells.into_iter().enumerate() {
            values[map * 1024 + row * 32 + col] = 12.0;
        }
        if let Some((col, row)) = decoy {
            values[row * 32 + col] = 12.5;
        }
        Tensor::new(&[1, 5, 32, 32], values).unwrap()
    }

    #[test]
    fn a_card_is_found_with_its_orientation() {
        let cells = [(4, 8), (27, 8), (27, 22), (4, 22)];
        let found = best_quad(&maps(cells, None)).unwrap();
        for (corner, (col, row)) in found.quad.0.iter().zip(cells) {
            let centre = Point::new((col as f32 + 0.5) * 8.0, (row as f32 + 0.5) * 8.0);
            assert!(corner.distance(centre) < 2.0);
        }
        assert!(found.score > -1.0, "{}", found.score);
    }

    #[test]
    fn the_shape_outvotes_a_stray_peak() {
        let found = best_quad(&maps([(4, 8), (27, 8), (27, 22), (4, 22)], Some((26, 21)))).unwrap();
        assert!(found.quad.0[0].x < 50.0);
    }

    #[test]
    fn foreign_shapes_are_refused() {
        assert!(best_quad(&Tensor::new(&[1, 3, 8, 8], vec![0.0; 192]).unwrap()).is_none());
        assert!(best_quad(&Tensor::new(&[2], vec![0.0; 2]).unwrap()).is_none());
    }
}
