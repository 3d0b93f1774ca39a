//! The outline of each connected region of a [`CardMap`], in frame pixels.
//!
//! Each outline walks around its region along the cells' edges, with its corners cut so that it looks drawn by hand.
//! Invariant: every outline has at least four points. Deliberately lacks holes: what is inside a washed-out ring is
//! as lost as the ring.

use std::collections::BTreeSet;

use frame::{Homography, Point, Quad};

use super::CardMap;

type Cell = (i32, i32);

pub(super) fn outlines(map: &CardMap, card: &Quad) -> Vec<Vec<Point>> {
    let grid = Quad::rect(0.0, 0.0, CardMap::COLS as f32, CardMap::ROWS as f32);
    let Some(to_frame) = Homography::between(&grid, card) else { return Vec::new() };
    let mut regions = regions(map);
    regions.sort_by_key(|region| std::cmp::Reverse(region.len()));
    regions
        .iter()
        .map(|region| cut_corners(&walk_around(region)).into_iter().map(|p| to_frame.apply(p)).collect())
        .collect()
}

/// Four-connected regions of the cells that count.
fn regions(map: &CardMap) -> Vec<BTreeSet<Cell>> {
    let mut left: BTreeSet<Cell> = (0..CardMap::ROWS)
        .flat_map(|row| (0..CardMap::COLS).map(move |col| (col, row)))
        .filter(|&(col, row)| map.counts(col, row))
        .map(|(col, row)| (col as i32, row as i32))
        .collect();
    let mut out = Vec::new();
    while let Some(first) = left.pop_first() {
        let mut region = BTreeSet::from([first]);
        let mut next = vec![first];
        while let Some((col, row)) = next.pop() {
            for near in [(col + 1, row), (col - 1, row), (col, row + 1), (col, row - 1)] {
                if left.remove(&near) {
                    region.insert(near);
                    next.push(near);
                }
            }
        }
        out.push(region);
    }
    out
}

/// The outer border of a region, clockwise, one point per turn: keeps the region on the right hand.
fn walk_around(region: &BTreeSet<Cell>) -> Vec<Point> {
    // The topmost of the leftmost cells: its left edge is on the outer border.
    let Some(&start) = region.first() else { return Vec::new() };
    let (mut at, mut heading) = (start, (0, -1));
    at.1 += 1;
    let begin = (at, heading);
    let mut points = Vec::new();
    loop {
        at = (at.0 + heading.0, at.1 + heading.1);
        let (ahead_left, ahead_right) = cells_ahead(at, heading);
        let turned = match (region.contains(&ahead_left), region.contains(&ahead_right)) {
            (_, false) => (-heading.1, heading.0),
            (true, true) => (heading.1, -heading.0),
            (false, true) => heading,
        };
        if turned != heading {
            points.push(Point::new(at.0 as f32, at.1 as f32));
            heading = turned;
        }
        // A border has at most four edges per cell; the bound only guards against an endless walk.
        if (at, heading) == begin || points.len() > 4 * region.len() + 4 {
            return points;
        }
    }
}

/// The cells left and right of the edge that leads on from a grid point.
fn cells_ahead((x, y): Cell, heading: Cell) -> (Cell, Cell) {
    match heading {
        (0, -1) => ((x - 1, y - 1), (x, y - 1)),
        (1, 0) => ((x, y - 1), (x, y)),
        (0, 1) => ((x, y), (x - 1, y)),
        _west => ((x - 1, y), (x - 1, y - 1)),
    }
}

/// Chaikin's corner cutting, once.
fn cut_corners(points: &[Point]) -> Vec<Point> {
    let blend = |a: Point, b: Point, t: f32| Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
    (0..points.len())
        .flat_map(|i| {
            let (a, b) = (points[i], points[(i + 1) % points.len()]);
            [blend(a, b, 0.25), blend(a, b, 0.75)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn card() -> Quad {
        Quad::rect(100.0, 50.0, 100.0 + 320.0, 50.0 + 200.0)
    }

    #[test]
    fn a_block_is_outlined_where_it_is() {
        let map = CardMap::from_fn(|c, r| f32::from(u8::from((4..8).contains(&c) && (5..7).contains(&r))));
        let found = map.outlines(&card());
        assert_eq!(found.len(), 1);
        let xs: Vec<f32> = found[0].iter().map(|p| p.x).collect();
        let ys: Vec<f32> = found[0].iter().map(|p| p.y).collect();
        let ends =
            |v: &[f32]| (v.iter().copied().fold(f32::MAX, f32::min), v.iter().copied().fold(0.0, f32::max));
        assert_eq!((ends(&xs), ends(&ys)), ((140.0, 180.0), (100.0, 120.0)));
    }

    #[test]
    fn regions_that_touch_at_a_corner_are_two_largest_first() {
        let map = CardMap::from_fn(|c, r| {
            f32::from(u8::from((c, r) == (0, 0) || (c, r) == (1, 1) || (c, r) == (1, 2)))
        });
        let found = map.outlines(&card());
        assert_eq!(found.len(), 2);
        assert!(found[0].iter().all(|p| p.y >= 60.0));
        assert!(CardMap::empty().outlines(&card()).is_empty());
    }

    proptest! {
        #[test]
        fn any_map_has_closed_outlines(bits in prop::collection::vec(any::<bool>(), 640)) {
            let map = CardMap::from_fn(|c, r| f32::from(u8::from(bits[r * 32 + c])));
            for outline in map.outlines(&card()) {
                prop_assert!(outline.len() >= 4);
                prop_assert!(outline.iter().all(|p| (100.0..=420.0).contains(&p.x) && (50.0..=250.0).contains(&p.y)));
            }
        }
    }
}
