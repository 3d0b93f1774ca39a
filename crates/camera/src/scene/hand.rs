//! Fingers and the hand that holds the card: rounded strokes of skin, shaded as cylinders.
//!
//! Invariant: a stroke's outline is exact, so that what it covers can be told without looking at pixels. Deliberately
//! absent: faces and arms of any person.

use frame::Point;

use super::canvas::{Area, Canvas};
use super::light::ONE;

/// A rounded stroke in the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    /// Centre of its round end.
    pub tip: Point,
    /// Centre of its other end.
    pub root: Point,
    pub radius_px: f32,
}

impl Stroke {
    /// How far a point is from its middle line, squared.
    #[inline]
    fn distance_squared(&self, at: Point) -> f32 {
        let (dx, dy) = (self.root.x - self.tip.x, self.root.y - self.tip.y);
        let along = ((at.x - self.tip.x) * dx + (at.y - self.tip.y) * dy) / (dx * dx + dy * dy).max(1e-3);
        let along = along.clamp(0.0, 1.0);
        (at.x - self.tip.x - along * dx).powi(2) + (at.y - self.tip.y - along * dy).powi(2)
    }

    /// Whether it covers a point.
    pub(super) fn covers(&self, at: Point) -> bool {
        self.distance_squared(at) < self.radius_px * self.radius_px
    }

    /// Paints it over the canvas, with the shadow it throws around itself.
    pub(super) fn paint(&self, canvas: &mut Canvas, skin: [f32; 3]) {
        /// How far the shadow reaches beyond the stroke, and how dark it is at the stroke, as shares.
        const SHADOW: (f32, f32) = (0.35, 0.45);
        let reach = self.radius_px * (1.0 + SHADOW.0);
        let Some(area) = Area::around(&[self.tip, self.root], reach) else { return };
        for y in area.top..area.bottom {
            let row = canvas.row_mut(y);
            for x in area.left..area.right {
                let squared = self.distance_squared(Point::new(x as f32, y as f32));
                if squared >= reach * reach {
                    continue;
                }
                let distance = squared.sqrt();
                let cover = (self.radius_px - distance + 0.5).clamp(0.0, 1.0);
                let off = (distance / self.radius_px).min(1.0);
                let shade = 0.4 + 0.6 * (1.0 - 0.92 * off * off).sqrt();
                let dark = 1.0 - SHADOW.1 * ((reach - distance) / (reach - self.radius_px)).min(1.0);
                let pixel = &mut row[x as usize];
                *pixel = std::array::from_fn(|i| {
                    let behind = f32::from(pixel[i]) * dark;
                    (behind + (skin[i] * shade * ONE - behind) * cover) as u16
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_covers_is_what_it_paints() {
        let stroke =
            Stroke { tip: Point::new(300.0, 200.0), root: Point::new(420.0, 300.0), radius_px: 40.0 };
        let mut canvas = Canvas::new();
        stroke.paint(&mut canvas, [0.5, 0.3, 0.2]);
        for (x, y, expected) in
            [(300, 200, true), (360, 250, true), (255, 200, false), (300, 165, true), (500, 300, false)]
        {
            assert_eq!(stroke.covers(Point::new(x as f32, y as f32)), expected, "{x} {y}");
            assert_eq!(canvas.row(y)[x as usize][0] > 0, expected, "{x} {y}");
        }
    }
}
