//! Ribbon maps → straight lines: connected components, weighted fits, merging of fragments.
//!
//! Invariant: every line has a finite slope and a positive height. Deliberately lacks curved lines: rectified cards
//! have none.

use inference::Tensor;

use super::{Ribbon, TextLine, canvas_x, canvas_y};
use crate::logits::sigmoid;
use crate::params::LineParams;

const CELL_WIDTH_PX: f32 = 8.0;
const CELL_HEIGHT_PX: f32 = 4.0;
/// The net states heights as ln(h / 12 px) and offsets in units of 8 px.
const HEIGHT_UNIT_PX: f32 = 12.0;
const OFFSET_UNIT_PX: f32 = 8.0;
/// Pulls the slope of short lines towards level, in squared pixels. Trial.
const LEVEL_PULL: f32 = 64.0;

/// The lines in a `[1, 4, rows, cols]` tensor of label ribbon, value ribbon, log height, offset.
pub(super) fn lines(maps: &Tensor, params: &LineParams) -> Option<Vec<TextLine>> {
    let &[1, 4, rows, cols] = maps.shape() else { return None };
    let cells = rows * cols;
    let values = maps.values();
    let (heights, offsets) = (&values[2 * cells..3 * cells], &values[3 * cells..]);
    let mut out = Vec::new();
    for (map, ribbon) in [(0, Ribbon::Label), (1, Ribbon::Value)] {
        let probability: Vec<f32> =
            values[map * cells..(map + 1) * cells].iter().map(|&v| sigmoid(v)).collect();
        let found = components(&probability, rows, cols, params.ribbon);
        let fitted = found
            .iter()
            .filter(|component| component.len() >= params.min_cells)
            .map(|component| fit(component, cols, &probability, heights, offsets, ribbon))
            .collect();
        out.extend(merged(fitted, params));
    }
    Some(out)
}

/// Eight-connected components of the cells above a threshold.
fn components(probability: &[f32], rows: usize, cols: usize, threshold: f32) -> Vec<Vec<usize>> {
    let mut seen = vec![false; probability.len()];
    let mut out = Vec::new();
    for start in 0..probability.len() {
        if seen[start] || probability[start] <= threshold {
            continue;
        }
        seen[start] = true;
        let mut component = vec![start];
        let mut next = 0;
        while next < component.len() {
            let (row, col) = (component[next] / cols, component[next] % cols);
            for r in row.saturating_sub(1)..=(row + 1).min(rows - 1) {
                for c in col.saturating_sub(1)..=(col + 1).min(cols - 1) {
                    let cell = r * cols + c;
                    if !seen[cell] && probability[cell] > threshold {
                        seen[cell] = true;
                        component.push(cell);
                    }
                }
            }
            next += 1;
        }
        out.push(component);
    }
    out
}

fn fit(
    component: &[usize],
    cols: usize,
    probability: &[f32],
    heights: &[f32],
    offsets: &[f32],
    ribbon: Ribbon,
) -> TextLine {
    let at = |cell: usize| {
        let x = ((cell % cols) as f32 + 0.5) * CELL_WIDTH_PX;
        let y = ((cell / cols) as f32 + 0.5) * CELL_HEIGHT_PX + offsets[cell] * OFFSET_UNIT_PX;
        (x, y, probability[cell])
    };
    let weight: f32 = component.iter().map(|&c| probability[c]).sum();
    let mean =
        |f: &dyn Fn(usize) -> f32| component.iter().map(|&c| f(c) * probability[c]).sum::<f32>() / weight;
    let (mx, my) = (mean(&|c| at(c).0), mean(&|c| at(c).1));
    let log_height = mean(&|c| heights[c]).clamp(-2.0, 2.0);
    let variance = mean(&|c| (at(c).0 - mx).powi(2)) * weight;
    let covariance = mean(&|c| (at(c).0 - mx) * (at(c).1 - my)) * weight;
    let slope = covariance / (variance + LEVEL_PULL * weight);
    let columns = component.iter().map(|c| c % cols);
    let (first, last) = columns.fold((cols, 0), |(a, b), c| (a.min(c), b.max(c)));
    TextLine {
        left: first as f32 * CELL_WIDTH_PX,
        right: (last + 1) as f32 * CELL_WIDTH_PX,
        offset: my - slope * mx,
        slope,
        height: HEIGHT_UNIT_PX * log_height.exp(),
        ribbon,
        weight,
    }
}

/// Joins fragments of one row until nothing changes.
fn merged(mut lines: Vec<TextLine>, params: &LineParams) -> Vec<TextLine> {
    lines.sort_by(|a, b| a.left.total_cmp(&b.left));
    while let Some((i, j)) = mergeable(&lines, params) {
        lines[i] = joined(&lines[i], &lines[j], params.max_slope);
        lines.remove(j);
    }
    lines
}

fn mergeable(lines: &[TextLine], params: &LineParams) -> Option<(usize, usize)> {
    let pairs = (0..lines.len()).flat_map(|i| (0..lines.len()).map(move |j| (i, j)));
    pairs.filter(|(i, j)| i != j).find(|&(i, j)| {
        let (a, b) = (&lines[i], &lines[j]);
        let gap = b.left - a.right;
        let middle = (a.right + b.left) / 2.0;
        let ratio = a.height / b.height;
        (-10.0..params.merge_gap * a.height.max(b.height)).contains(&gap)
            && (a.y_at(middle) - b.y_at(middle)).abs() < params.merge_offset * a.height.min(b.height)
            && ratio < params.merge_height
            && 1.0 / ratio < params.merge_height
            && b.right > a.right
            && !crosses_into_issue_block(a, b)
    })
}

/// A long value beside the place of issue, which stands under the photograph: two texts, however near.
fn crosses_into_issue_block(a: &TextLine, b: &TextLine) -> bool {
    a.left < canvas_x(0.6) && b.left > canvas_x(0.685) && b.centre_y() > canvas_y(0.6)
}

fn joined(a: &TextLine, b: &TextLine, max_slope: f32) -> TextLine {
    let (xa, xb) = (a.centre_x(), b.centre_x());
    let (ya, yb) = (a.y_at(xa), b.y_at(xb));
    let slope = ((yb - ya) / (xb - xa).max(8.0)).clamp(-max_slope, max_slope);
    let weight = a.weight + b.weight;
    let mean = |va: f32, vb: f32| (va * a.weight + vb * b.weight) / weight;
    TextLine {
        left: a.left,
        right: b.right,
        offset: mean(ya, yb) - slope * mean(xa, xb),
        slope,
        height: mean(a.height, b.height),
        ribbon: a.ribbon,
        weight,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROWS: usize = 100;
    const COLS: usize = 80;

    /// Maps with value ribbons over the given cells (row, first column, last column).
    fn maps(ribbons: &[(usize, usize, usize)]) -> Tensor {
        let mut values = vec![-9.0; 2 * ROWS * COLS];
        values.resize(4 * ROWS * COLS, 0.0);
        for &(row, first, last) in ribbons {
            for col in first..=last {
                values[ROWS * COLS + row * COLS + col] = 9.0;
            }
        }
        Tensor::new(&[1, 4, ROWS, COLS], values).unwrap()
    }

    #[test]
    fn ribbons_become_lines() {
        let found = lines(&maps(&[(20, 10, 30), (40, 5, 8)]), &LineParams::default()).unwrap();
        assert_eq!(found.len(), 2);
        let line = found.iter().find(|l| l.left == 80.0).unwrap();
        assert_eq!((line.right, line.ribbon, line.height), (248.0, Ribbon::Value, 12.0));
        assert!((line.centre_y() - 82.0).abs() < 1e-3 && line.slope.abs() < 1e-6);
    }

    #[test]
    fn near_fragments_merge_and_far_ones_do_not() {
        let near = lines(&maps(&[(20, 10, 20), (20, 23, 30)]), &LineParams::default()).unwrap();
        assert_eq!(near.len(), 1);
        let far = lines(&maps(&[(20, 10, 20), (20, 26, 30)]), &LineParams::default()).unwrap();
        assert_eq!(far.len(), 2);
        let other_row = lines(&maps(&[(20, 10, 20), (24, 22, 30)]), &LineParams::default()).unwrap();
        assert_eq!(other_row.len(), 2);
    }

    #[test]
    fn foreign_shapes_are_refused() {
        assert!(lines(&Tensor::new(&[1, 4], vec![0.0; 4]).unwrap(), &LineParams::default()).is_none());
    }
}
