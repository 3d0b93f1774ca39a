//! A card-shaped rectangle in a picture, whatever is printed on it.
//!
//! The localiser knows the front of a KTP alone. This finds what else may be held up: straight edges vote for lines
//! (Hough), and of the rectangles that lines enclose the best supported one with a card's aspect is taken. Invariant:
//! corners lie in or just outside the picture. Deliberately lacks any idea of what the card is.

use frame::{Frame, Point, Quad};

/// A step of at least this in any channel is an edge; cameras' noise stays below.
const LEAST_STEP: i32 = 14;
/// Directions of lines, over half a turn.
const ANGLES: usize = 90;
/// Pixels between two lines that are told apart.
const BIN_PX: f32 = 2.0;
/// The strongest lines looked at.
const LINES: usize = 20;
/// A line needs edges over this share of the picture's height.
const LEAST_VOTES: f32 = 0.14;
/// Opposite sides converge by at most this, in bins of angle: a card tilted by 30°.
const CONVERGE: usize = 6;
/// Width over height of a card, seen at up to 30°; a sheet of paper (1.41) passes too.
const ASPECT: std::ops::Range<f32> = 1.32..1.9;
/// Narrowest and widest rectangle, as shares of the picture's width.
const WIDTH: std::ops::Range<f32> = 0.22..1.0;
/// Of each side, and of all sides together, this share must be edge. A thumb hides a quarter of one.
const SUPPORT: (f32, f32) = (0.45, 0.72);
/// Points looked at along a side.
const SAMPLES: usize = 24;

/// The best supported card-shaped rectangle of a small picture, its long sides top and bottom.
pub(super) fn find(picture: &Frame) -> Option<Quad> {
    let edges = Edges::of(picture);
    let lines = edges.lines();
    let mut best: Option<(f32, Quad)> = None;
    for (top, bottom) in parallels(&lines) {
        for (left, right) in parallels(&lines).filter(|(left, _)| across(top, left)) {
            let Some(quad) = enclosed([top, right, bottom, left]) else { continue };
            let Some(quad) = edges.plausible(quad) else { continue };
            // Of two that are edged alike the outer one is the card, the inner one something printed on it.
            let outer = 0.5 * quad.width() / edges.width as f32;
            if best.is_some_and(|(most, _)| 1.0 + outer <= most) {
                continue;
            }
            let Some(support) = edges.support(&quad) else { continue };
            if best.is_none_or(|(most, _)| support + outer > most) {
                best = Some((support + outer, quad));
            }
        }
    }
    best.map(|(_, quad)| quad)
}

/// A straight line: all points whose distance along the normal is `offset`.
#[derive(Debug, Clone, Copy)]
struct Line {
    angle: usize,
    offset: f32,
}

impl Line {
    fn normal(self) -> (f32, f32) {
        let radians = self.angle as f32 * std::f32::consts::PI / ANGLES as f32;
        (radians.cos(), radians.sin())
    }

    fn meets(self, other: Self) -> Option<Point> {
        let ((a, b), (c, d)) = (self.normal(), other.normal());
        let det = a * d - b * c;
        (det.abs() > 0.3).then(|| {
            Point::new((self.offset * d - b * other.offset) / det, (a * other.offset - self.offset * c) / det)
        })
    }
}

fn apart(a: &Line, b: &Line) -> usize {
    let apart = a.angle.abs_diff(b.angle);
    apart.min(ANGLES - apart)
}

/// Pairs of lines that may be opposite sides.
fn parallels(lines: &[Line]) -> impl Iterator<Item = (&Line, &Line)> {
    let pairs = lines.iter().enumerate().flat_map(|(i, a)| lines[i + 1..].iter().map(move |b| (a, b)));
    pairs.filter(|(a, b)| apart(a, b) <= CONVERGE)
}

fn across(a: &Line, b: &Line) -> bool {
    apart(a, b) + CONVERGE >= ANGLES / 2
}

/// The corners between four lines in the order of the sides; all in a circle.
fn enclosed([top, right, bottom, left]: [&Line; 4]) -> Option<Quad> {
    let corners = [top.meets(*left)?, top.meets(*right)?, bottom.meets(*right)?, bottom.meets(*left)?];
    Some(Quad(corners))
}

/// The edges of a picture: per pixel the direction across it, if it is one.
struct Edges {
    width: usize,
    height: usize,
    /// Bin of the normal's angle, or `NONE`.
    angles: Vec<u8>,
}

const NONE: u8 = u8::MAX;

impl Edges {
    fn of(picture: &Frame) -> Self {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut angles = vec![NONE; width * height];
        let data = picture.data();
        for y in 1..height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let at = (y * width + x) * 3;
                let step = |channel: usize| {
                    let level = |i: usize| i32::from(data[i + channel]);
                    (level(at + 3) - level(at - 3), level(at + width * 3) - level(at - width * 3))
                };
                let (dx, dy) = (0..3).map(step).max_by_key(|(dx, dy)| dx * dx + dy * dy).unwrap_or((0, 0));
                if dx * dx + dy * dy >= LEAST_STEP * LEAST_STEP {
                    angles[y * width + x] = bin(dx as f32, dy as f32);
                }
            }
        }
        Self { width, height, angles }
    }

    /// The lines with most edges on them, strongest first.
    fn lines(&self) -> Vec<Line> {
        let reach = (self.width as f32).hypot(self.height as f32);
        let bins = (2.0 * reach / BIN_PX) as usize + 2;
        let normals: Vec<_> = (0..ANGLES).map(|angle| Line { angle, offset: 0.0 }.normal()).collect();
        let mut votes = vec![0u16; ANGLES * bins];
        let at = |angle: usize, x: usize, y: usize| {
            let (a, b) = normals[angle];
            angle * bins + ((a * x as f32 + b * y as f32 + reach) / BIN_PX) as usize
        };
        for (index, &angle) in self.angles.iter().enumerate().filter(|(_, angle)| **angle != NONE) {
            let (x, y) = (index % self.width, index / self.width);
            for near in 0..5 {
                let angle = (usize::from(angle) + ANGLES + near - 2) % ANGLES;
                votes[at(angle, x, y)] += 1;
            }
        }
        let least = (LEAST_VOTES * self.height as f32) as u16;
        let mut lines = Vec::new();
        while lines.len() < LINES {
            let Some((place, &most)) = votes.iter().enumerate().max_by_key(|(_, votes)| **votes) else {
                break;
            };
            if most < least.max(1) {
                break;
            }
            let (angle, bin) = (place / bins, place % bins);
            lines.push(Line { angle, offset: (bin as f32 + 0.5) * BIN_PX - reach });
            quieten(&mut votes, bins, angle, bin);
        }
        lines
    }

    /// The corners as a card's, clockwise from the left end of an upper long side; `None` for other shapes.
    fn plausible(&self, quad: Quad) -> Option<Quad> {
        let (w, h) = (self.width as f32, self.height as f32);
        let margin = 0.06 * w;
        let near = |p: &Point| (-margin..w + margin).contains(&p.x) && (-margin..h + margin).contains(&p.y);
        if !quad.0.iter().all(near) {
            return None;
        }
        let mut corners = if quad.area() < 0.0 { [3, 2, 1, 0].map(|i| quad.0[i]) } else { quad.0 };
        let [top, right, bottom, left] = Quad(corners).sides();
        if left + right > top + bottom {
            corners.rotate_left(1);
        }
        // The upper of the long sides comes first.
        if corners[0].y + corners[1].y > corners[2].y + corners[3].y {
            corners.rotate_left(2);
        }
        let quad = Quad(corners);
        let [top, right, bottom, left] = quad.sides();
        let aspect = (top + bottom) / (left + right).max(1.0);
        let converge = |a: f32, b: f32| a.min(b) / a.max(b).max(1.0) > 0.65;
        let fits = ASPECT.contains(&aspect)
            && WIDTH.contains(&(quad.width() / w))
            && converge(top, bottom)
            && converge(left, right);
        fits.then_some(quad)
    }

    /// Share of the sides that is edge; `None` if that is too little.
    fn support(&self, quad: &Quad) -> Option<f32> {
        let mut all = 0.0;
        for i in 0..4 {
            let side = self.along(quad.0[i], quad.0[(i + 1) % 4]);
            if side < SUPPORT.0 {
                return None;
            }
            all += side / 4.0;
        }
        (all >= SUPPORT.1).then_some(all)
    }

    /// Share of the points between two corners at which an edge runs along.
    fn along(&self, from: Point, to: Point) -> f32 {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let length = dx.hypot(dy).max(1.0);
        let (nx, ny) = (-dy / length, dx / length);
        let wanted = usize::from(bin(nx, ny));
        let is_edge = |x: f32, y: f32| {
            let inside = x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height;
            inside && {
                let angle = self.angles[y as usize * self.width + x as usize];
                let apart = usize::from(angle).abs_diff(wanted);
                angle != NONE && apart.min(ANGLES - apart) <= 6
            }
        };
        // Corners are round.
        let hits = (0..SAMPLES).filter(|i| {
            let share = 0.06 + 0.88 * *i as f32 / (SAMPLES - 1) as f32;
            let (x, y) = (from.x + dx * share, from.y + dy * share);
            [0.0, 1.0, -1.0, 2.0, -2.0].into_iter().any(|off| is_edge(x + nx * off, y + ny * off))
        });
        hits.count() as f32 / SAMPLES as f32
    }
}

/// The bin of a direction and its opposite.
fn bin(dx: f32, dy: f32) -> u8 {
    let turn = dy.atan2(dx) / std::f32::consts::PI;
    ((turn.rem_euclid(1.0) * ANGLES as f32).round() as usize % ANGLES) as u8
}

/// Forgets the votes of the lines that are nearly the one just taken.
fn quieten(votes: &mut [u16], bins: usize, angle: usize, bin: usize) {
    for near in 0..9 {
        let turned = angle + ANGLES + near - 4;
        // Half a turn further on, offsets count from the other end.
        let row = turned % ANGLES;
        let centre = if (ANGLES..2 * ANGLES).contains(&turned) { bin } else { bins.saturating_sub(bin + 1) };
        let (from, to) = (centre.saturating_sub(2), (centre + 3).min(bins));
        votes[row * bins + from..row * bins + to].fill(0);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn painted(quad: &Quad, colour: [u8; 3]) -> Frame {
        let inside = |x: f32, y: f32| {
            (0..4).all(|i| {
                let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
                (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x) >= 0.0
            })
        };
        let data = (0..320 * 180)
            .flat_map(|i| if inside((i % 320) as f32, (i / 320) as f32) { colour } else { [90, 80, 70] })
            .collect();
        Frame::new(320, 180, data).unwrap()
    }

    #[test]
    fn cards_are_found_where_they_are() {
        #[track_caller]
        fn check(corners: [(f32, f32); 4], is_card: bool) {
            let quad = Quad(corners.map(|(x, y)| Point::new(x, y)));
            let found = find(&painted(&quad, [200, 190, 90]));
            let worst = found.map(|f| (0..4).map(|i| f.0[i].distance(quad.0[i])).fold(0.0, f32::max));
            assert_eq!(worst.is_some_and(|px| px < 5.0), is_card, "{found:?}");
        }
        check([(80.0, 40.0), (240.0, 40.0), (240.0, 141.0), (80.0, 141.0)], true);
        check([(70.0, 35.0), (232.0, 49.0), (224.0, 150.0), (61.0, 136.0)], true);
        check([(80.0, 40.0), (240.0, 48.0), (240.0, 133.0), (80.0, 145.0)], true);
        // A square, a strip, a speck.
        check([(80.0, 40.0), (180.0, 40.0), (180.0, 140.0), (80.0, 140.0)], false);
        check([(20.0, 60.0), (300.0, 60.0), (300.0, 110.0), (20.0, 110.0)], false);
        check([(80.0, 40.0), (120.0, 40.0), (120.0, 65.0), (80.0, 65.0)], false);
        assert!(find(&Frame::filled(320, 180, [90, 80, 70])).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn any_picture_is_searched(w in 1u32..90, h in 1u32..90, seed in any::<u64>()) {
            let mut state = seed | 1;
            let data = (0..w * h * 3).map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 32) as u8
            }).collect();
            if let Some(quad) = find(&Frame::new(w, h, data).unwrap()) {
                prop_assert!(quad.0.iter().all(|p| p.x.is_finite() && p.y.is_finite()));
            }
        }
    }
}
