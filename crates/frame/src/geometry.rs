//! Points, quads and the projective maps between them.
//!
//! Invariant: a [`Homography`] is invertible and finite; degenerate input gives `None`, never NaN coordinates.
//! Coordinates are pixels, x right, y down; whole numbers are pixel centres. Deliberately lacks lens distortion.

/// A position in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Pixels from the left.
    pub x: f32,
    /// Pixels from the top.
    pub y: f32,
}

impl Point {
    /// A point from its coordinates.
    #[must_use]
    pub const fn new(x: f32, y: f32) -> Self {
        Self { x, y }
    }

    /// Distance to another point.
    #[must_use]
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// Four corners in the *object's* order: top left, top right, bottom right, bottom left of the upright card,
/// wherever they lie in the picture. The order thus also says how the card is turned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quad(pub [Point; 4]);

impl Quad {
    /// The corners of an upright rectangle.
    #[must_use]
    pub fn rect(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self([
            Point::new(left, top),
            Point::new(right, top),
            Point::new(right, bottom),
            Point::new(left, bottom),
        ])
    }

    /// Side lengths: top, right, bottom, left.
    #[must_use]
    pub fn sides(&self) -> [f32; 4] {
        std::array::from_fn(|i| self.0[i].distance(self.0[(i + 1) % 4]))
    }

    /// Mean of the top and bottom sides.
    #[must_use]
    pub fn width(&self) -> f32 {
        let s = self.sides();
        (s[0] + s[2]) / 2.0
    }

    /// Mean of the left and right sides.
    #[must_use]
    pub fn height(&self) -> f32 {
        let s = self.sides();
        (s[1] + s[3]) / 2.0
    }

    /// Signed area; positive when the corners run clockwise on screen, as an unmirrored card's do.
    #[must_use]
    pub fn area(&self) -> f32 {
        (0..4)
            .map(|i| {
                let (a, b) = (self.0[i], self.0[(i + 1) % 4]);
                a.x * b.y - b.x * a.y
            })
            .sum::<f32>()
            / 2.0
    }

    /// Angle of the top side against the picture's x axis, in degrees, clockwise positive.
    #[must_use]
    pub fn tilt_degrees(&self) -> f32 {
        let (a, b) = (self.0[0], self.0[1]);
        (b.y - a.y).atan2(b.x - a.x).to_degrees()
    }

    /// The quad of the same card held upside down.
    #[must_use]
    pub fn turned_half(&self) -> Self {
        let [a, b, c, d] = self.0;
        Self([c, d, a, b])
    }

    /// The quad as its mirror image would be read (left and right exchanged).
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let [a, b, c, d] = self.0;
        Self([b, a, d, c])
    }

    /// Each corner this share of the way to the other quad's, 0–1.
    #[must_use]
    pub fn towards(&self, other: &Self, share: f32) -> Self {
        let between = |a: f32, b: f32| a + (b - a) * share;
        Self(std::array::from_fn(|i| {
            let (a, b) = (self.0[i], other.0[i]);
            Point::new(between(a.x, b.x), between(a.y, b.y))
        }))
    }

    /// Every corner through `f`.
    #[must_use]
    pub fn map(&self, f: impl FnMut(Point) -> Point) -> Self {
        Self(self.0.map(f))
    }
}

/// A projective map of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Homography([f64; 9]);

impl Homography {
    /// The map that takes the corners of `from` to the corners of `to`; `None` if either is degenerate.
    #[must_use]
    pub fn between(from: &Quad, to: &Quad) -> Option<Self> {
        let source = Self::from_unit_square(from)?.inverse()?;
        Self::from_unit_square(to)?.after(&source).checked()
    }

    /// An affine map from its matrix rows `[[a, b, c], [d, e, f]]`: x' = ax + by + c, y' = dx + ey + f.
    #[must_use]
    pub fn affine(rows: [[f64; 3]; 2]) -> Self {
        let [[a, b, c], [d, e, f]] = rows;
        Self([a, b, c, d, e, f, 0.0, 0.0, 1.0])
    }

    /// The inverse map; `None` if there is none.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let m = &self.0;
        let adjugate = [
            m[4] * m[8] - m[5] * m[7],
            m[2] * m[7] - m[1] * m[8],
            m[1] * m[5] - m[2] * m[4],
            m[5] * m[6] - m[3] * m[8],
            m[0] * m[8] - m[2] * m[6],
            m[2] * m[3] - m[0] * m[5],
            m[3] * m[7] - m[4] * m[6],
            m[1] * m[6] - m[0] * m[7],
            m[0] * m[4] - m[1] * m[3],
        ];
        let det = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
        if !det.is_finite() || det.abs() < 1e-12 {
            return None;
        }
        Self(adjugate.map(|v| v / det)).checked()
    }

    /// Where a point goes.
    #[must_use]
    pub fn apply(&self, p: Point) -> Point {
        let (x, y) = self.apply_f64(f64::from(p.x), f64::from(p.y));
        Point::new(x as f32, y as f32)
    }

    pub(crate) fn apply_f64(&self, x: f64, y: f64) -> (f64, f64) {
        let m = &self.0;
        let w = away_from_zero(m[6] * x + m[7] * y + m[8]);
        ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
    }

    /// Where (0, y), (1, y), (2, y) … go: what is the same along a row is computed once, and a map without perspective
    /// divides nothing.
    pub(crate) fn along_row(&self, y: f64) -> impl Iterator<Item = (f64, f64)> {
        let m = self.0;
        let (x0, y0, w0) = (m[1] * y + m[2], m[4] * y + m[5], m[7] * y + m[8]);
        let whole = if m[6] == 0.0 { Some(1.0 / away_from_zero(w0)) } else { None };
        (0u32..).map(move |x| {
            let x = f64::from(x);
            let scale = whole.unwrap_or_else(|| 1.0 / away_from_zero(m[6] * x + w0));
            ((m[0] * x + x0) * scale, (m[3] * x + y0) * scale)
        })
    }

    /// This map applied after `first`.
    #[must_use]
    pub fn after(&self, first: &Self) -> Self {
        let (a, b) = (&self.0, &first.0);
        let mut out = [0.0; 9];
        for (i, cell) in out.iter_mut().enumerate() {
            let (r, c) = (i / 3, i % 3);
            *cell = (0..3).map(|k| a[r * 3 + k] * b[k * 3 + c]).sum();
        }
        Self(out)
    }

    /// Heckbert's closed form for (0,0), (1,0), (1,1), (0,1) → quad.
    fn from_unit_square(quad: &Quad) -> Option<Self> {
        let p = quad.0.map(|p| (f64::from(p.x), f64::from(p.y)));
        let (dx1, dy1) = (p[1].0 - p[2].0, p[1].1 - p[2].1);
        let (dx2, dy2) = (p[3].0 - p[2].0, p[3].1 - p[2].1);
        let (sx, sy) = (p[0].0 - p[1].0 + p[2].0 - p[3].0, p[0].1 - p[1].1 + p[2].1 - p[3].1);
        let det = dx1 * dy2 - dx2 * dy1;
        if !det.is_finite() || det.abs() < 1e-9 {
            return None;
        }
        let g = (sx * dy2 - dx2 * sy) / det;
        let h = (dx1 * sy - sx * dy1) / det;
        Self([
            p[1].0 - p[0].0 + g * p[1].0,
            p[3].0 - p[0].0 + h * p[3].0,
            p[0].0,
            p[1].1 - p[0].1 + g * p[1].1,
            p[3].1 - p[0].1 + h * p[3].1,
            p[0].1,
            g,
            h,
            1.0,
        ])
        .checked()
    }

    fn checked(self) -> Option<Self> {
        self.0.iter().all(|v| v.is_finite()).then_some(self)
    }
}

fn away_from_zero(w: f64) -> f64 {
    if w.abs() < 1e-12 { 1e-12 } else { w }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quad(c: [f32; 8]) -> Quad {
        Quad([Point::new(c[0], c[1]), Point::new(c[2], c[3]), Point::new(c[4], c[5]), Point::new(c[6], c[7])])
    }

    #[test]
    fn corners_map_to_corners() {
        let from = quad([10.0, 20.0, 110.0, 25.0, 105.0, 90.0, 5.0, 80.0]);
        let to = Quad::rect(0.0, 0.0, 640.0, 400.0);
        let map = Homography::between(&from, &to).unwrap();
        for (a, b) in from.0.iter().zip(to.0) {
            assert!(map.apply(*a).distance(b) < 1e-2);
            assert!(map.inverse().unwrap().apply(b).distance(*a) < 1e-2);
        }
    }

    #[test]
    fn degenerate_quads_have_no_map() {
        let flat = quad([0.0, 0.0, 1.0, 0.0, 2.0, 0.0, 3.0, 0.0]);
        assert_eq!(Homography::between(&flat, &Quad::rect(0.0, 0.0, 1.0, 1.0)), None);
        let nan = quad([f32::NAN; 8]);
        assert_eq!(Homography::between(&nan, &Quad::rect(0.0, 0.0, 1.0, 1.0)), None);
    }

    #[test]
    fn orientation_and_size() {
        let q = Quad::rect(0.0, 0.0, 158.0, 100.0);
        assert_eq!((q.width(), q.height()), (158.0, 100.0));
        assert!(q.area() > 0.0 && q.mirrored().area() < 0.0);
        assert_eq!(q.tilt_degrees(), 0.0);
        assert_eq!(q.turned_half().tilt_degrees().abs(), 180.0);
    }

    proptest! {
        #[test]
        fn any_corners_never_give_nan(c in prop::array::uniform8(-5e3f32..5e3)) {
            if let Some(map) = Homography::between(&quad(c), &Quad::rect(0.0, 0.0, 640.0, 400.0)) {
                let p = map.apply(Point::new(3.0, 4.0));
                prop_assert!(p.x.is_finite() && p.y.is_finite());
            }
        }
    }
}
