//! How the card is held, from its corners alone.
//!
//! Invariant: finite numbers for any corners. Deliberately lacks a calibrated camera: one focal length stands for all
//! webcams, which is right to about a fifth of the angle.

use std::collections::VecDeque;

use frame::{Homography, Point, Quad};

use super::Side;
use super::params::PoseParams;

/// ID-1 in millimetres.
const CARD_MM: (f32, f32) = (85.60, 53.98);

/// Angle between the card and the picture's plane, in degrees.
///
/// It comes from how far opposite sides converge, not from the aspect: near zero, where it matters, the aspect
/// hardly changes with the angle.
pub(super) fn perspective_degrees(quad: &Quad, frame: (u32, u32), params: &PoseParams) -> f32 {
    let focal_px = params.focal_share * frame.0.max(frame.1) as f32;
    let (half_w, half_h) = (CARD_MM.0 / 2.0, CARD_MM.1 / 2.0);
    let card = Quad::rect(-half_w, -half_h, half_w, half_h);
    let Some(map) = Homography::between(&card, quad) else { return 0.0 };
    let [gx, gy] = convergence(&map);
    let scale = (quad.area().abs() / (CARD_MM.0 * CARD_MM.1)).sqrt();
    // The mean magnification is f / distance · √cos(angle); two rounds settle the cosine.
    let mut cosine = 1.0_f32;
    let mut sine = 0.0_f32;
    for _ in 0..2 {
        let distance_mm = focal_px * cosine.sqrt() / scale.max(1e-3);
        sine = (gx.hypot(gy) * distance_mm).min(1.0);
        cosine = (1.0 - sine * sine).sqrt().max(0.2);
    }
    let degrees = sine.asin().to_degrees();
    if degrees.is_finite() { degrees } else { 0.0 }
}

/// Relative change of depth per millimetre along the card's two axes, at its centre.
fn convergence(map: &Homography) -> [f32; 2] {
    // The magnification of a projective map falls with the cube of depth along any line through a point, seen in
    // areas; measured from four small steps it needs nothing of the matrix.
    let depth = |x: f32, y: f32| {
        let step = 4.0;
        let at = |dx: f32, dy: f32| map.apply(Point::new(x + dx, y + dy));
        let (a, b, c, d) = (at(-step, -step), at(step, -step), at(step, step), at(-step, step));
        Quad([a, b, c, d]).area().abs().max(1e-6).powf(-1.0 / 3.0)
    };
    let here = depth(0.0, 0.0);
    let reach = 12.0;
    let slope = |plus: f32, minus: f32| (plus - minus) / (2.0 * reach * here);
    [slope(depth(reach, 0.0), depth(-reach, 0.0)), slope(depth(0.0, reach), depth(0.0, -reach))]
}

/// Turn of the card in the picture, −180 to 180 degrees, clockwise positive: the mean of its top and bottom sides.
pub(super) fn rotation_degrees(quad: &Quad) -> f32 {
    let [a, b, c, d] = quad.0;
    let (dx, dy) = ((b.x - a.x) + (c.x - d.x), (b.y - a.y) + (c.y - d.y));
    let degrees = dy.atan2(dx).to_degrees();
    if degrees.is_finite() { degrees } else { 0.0 }
}

/// The card's long side over the side of the frame it runs along.
pub(super) fn width_share(quad: &Quad, frame: (u32, u32)) -> f32 {
    let turned = rotation_degrees(quad).abs();
    let along = if (45.0..135.0).contains(&turned) { frame.1 } else { frame.0 };
    let share = quad.width() / along.max(1) as f32;
    if share.is_finite() { share } else { 0.0 }
}

/// Sides of the frame with a corner on them or beyond.
pub(super) fn cut_off(quad: &Quad, frame: (u32, u32), params: &PoseParams) -> Vec<Side> {
    let edge = params.edge_share * frame.0.max(frame.1) as f32;
    let (w, h) = (frame.0 as f32 - 1.0, frame.1 as f32 - 1.0);
    let any = |beyond: fn(Point, f32) -> bool, limit: f32| quad.0.iter().any(|&p| beyond(p, limit));
    [
        (Side::Left, any(|p, limit| p.x < limit, edge)),
        (Side::Right, any(|p, limit| p.x > limit, w - edge)),
        (Side::Top, any(|p, limit| p.y < limit, edge)),
        (Side::Bottom, any(|p, limit| p.y > limit, h - edge)),
    ]
    .into_iter()
    .filter_map(|(side, is_cut)| is_cut.then_some(side))
    .collect()
}

/// The largest distance between the same corner of two quads, in card widths.
pub(super) fn largest_move(a: &Quad, b: &Quad) -> f32 {
    let moved = a.0.iter().zip(b.0).map(|(p, q)| p.distance(q)).fold(0.0, f32::max);
    moved / a.width().max(b.width()).max(1.0)
}

/// The card's recent corners, for its speed.
#[derive(Debug, Default)]
pub(super) struct Motion {
    seen: VecDeque<(u64, Quad)>,
}

impl Motion {
    /// Adds a sighting; the speed of the fastest corner in card widths a second, 0 for the first.
    pub fn step(&mut self, at_ms: u64, quad: &Quad, params: &PoseParams) -> f32 {
        if self.seen.back().is_some_and(|(last, _)| *last >= at_ms) {
            self.seen.clear();
        }
        self.seen.push_back((at_ms, *quad));
        // Keep one sighting that is at least a window old.
        while self.seen.len() > 2 && at_ms - self.seen[1].0 >= params.motion_window_ms {
            self.seen.pop_front();
        }
        // A shaken card is back where it was a moment ago: each half of the way is measured by itself.
        let half_ms = params.motion_window_ms / 2;
        let middle =
            self.seen.iter().rev().find(|(then_ms, _)| at_ms - then_ms >= half_ms).or(self.seen.front());
        let ends = [self.seen.front(), middle, self.seen.back()];
        let speeds = ends.windows(2).map(|pair| match pair {
            [Some((from_ms, from)), Some((to_ms, to))] if to_ms > from_ms => {
                largest_move(from, to) * 1000.0 / (to_ms - from_ms) as f32
            }
            _nothing_between => 0.0,
        });
        speeds.filter(|speed| speed.is_finite()).fold(0.0, f32::max)
    }

    /// Forgets: the card was lost.
    pub fn forget(&mut self) {
        self.seen.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FRAME: (u32, u32) = (1280, 720);

    /// A card of this width, tilted by `yaw` and `pitch` and turned by `roll` degrees before a pinhole camera.
    fn held(width_px: f32, yaw: f32, pitch: f32, roll: f32) -> Quad {
        let params = PoseParams::default();
        let focal = params.focal_share * FRAME.0 as f32;
        let distance = focal * CARD_MM.0 / width_px;
        let (sy, cy) = yaw.to_radians().sin_cos();
        let (sp, cp) = pitch.to_radians().sin_cos();
        let (sr, cr) = roll.to_radians().sin_cos();
        Quad([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(u, v)| {
            let (x, y) = (u * CARD_MM.0, v * CARD_MM.1);
            let (x, y, z) = (x * cy, y, -x * sy);
            let (y, z) = (y * cp - z * sp, y * sp + z * cp);
            let (x, y) = (x * cr - y * sr, x * sr + y * cr);
            let depth = distance + z;
            Point::new(640.0 + focal * x / depth, 360.0 + focal * y / depth)
        }))
    }

    #[test]
    fn the_angle_is_found_from_the_corners() {
        let check = |quad: Quad, expected: f32| {
            let found = perspective_degrees(&quad, FRAME, &PoseParams::default());
            assert!((found - expected).abs() < 1.0 + expected * 0.06, "{found} instead of {expected}");
        };
        check(held(800.0, 0.0, 0.0, 0.0), 0.0);
        check(held(800.0, 12.0, 0.0, 0.0), 12.0);
        check(held(600.0, 0.0, 12.0, 0.0), 12.0);
        check(held(700.0, -20.0, 0.0, 30.0), 20.0);
        check(held(700.0, 0.0, 25.0, 180.0), 25.0);
        check(Quad::rect(5.0, 5.0, 5.0, 5.0), 0.0);
    }

    #[test]
    fn noise_of_the_corners_stays_below_the_limit_of_a_tilt() {
        let mut quad = held(750.0, 0.0, 0.0, 0.0);
        quad.0[0].x += 4.0;
        quad.0[2].y -= 4.0;
        assert!(perspective_degrees(&quad, FRAME, &PoseParams::default()) < 6.0);
    }

    #[test]
    fn turns_are_clockwise() {
        for roll in [0.0, 30.0, 90.0, -90.0, 179.0] {
            assert!((rotation_degrees(&held(500.0, 0.0, 0.0, roll)) - roll).abs() < 0.5, "{roll}");
        }
        assert_eq!(rotation_degrees(&Quad::rect(0.0, 0.0, 10.0, 5.0).turned_half()).abs(), 180.0);
    }

    #[test]
    fn cut_sides_are_named() {
        let check = |quad: Quad, expected: &[Side]| {
            assert_eq!(cut_off(&quad, FRAME, &PoseParams::default()), expected);
        };
        check(Quad::rect(200.0, 100.0, 1000.0, 600.0), &[]);
        check(Quad::rect(-40.0, 100.0, 760.0, 600.0), &[Side::Left]);
        check(Quad::rect(600.0, 250.0, 1300.0, 719.0), &[Side::Right, Side::Bottom]);
        check(Quad::rect(-10.0, -10.0, 1290.0, 800.0), &[Side::Left, Side::Right, Side::Top, Side::Bottom]);
    }

    #[test]
    fn a_quarter_turn_measures_against_the_height() {
        assert_eq!(width_share(&Quad::rect(0.0, 0.0, 640.0, 400.0), FRAME), 0.5);
        assert!((width_share(&held(360.0, 0.0, 0.0, 90.0), FRAME) - 0.5).abs() < 0.01);
    }

    #[test]
    fn speed_is_in_card_widths_a_second() {
        let params = PoseParams::default();
        let mut motion = Motion::default();
        let at = |frame: u64, px_per_frame: f32| {
            let x = 100.0 + px_per_frame * frame as f32;
            Quad::rect(x, 100.0, x + 600.0, 480.0)
        };
        assert_eq!(motion.step(0, &at(0, 6.0), &params), 0.0);
        let speeds: Vec<f32> = (1..20).map(|i| motion.step(i * 33, &at(i, 6.0), &params)).collect();
        assert!(speeds.iter().all(|v| (v - 0.303).abs() < 0.01), "{speeds:?}");
        let shaken = |frame: u64| 0.03 * 600.0 * (frame as f32 * 33.0 / 322.0 * std::f32::consts::TAU).sin();
        let mut still = Motion::default();
        let shakes: Vec<f32> = (1..30)
            .map(|i| still.step(i * 33, &at(0, 0.0).map(|p| Point::new(p.x + shaken(i), p.y)), &params))
            .collect();
        assert!(shakes[5..].iter().all(|v| *v > 0.2), "{shakes:?}");
        let stopped: Vec<f32> = (20..28).map(|i| motion.step(i * 33, &at(19, 6.0), &params)).collect();
        assert!(stopped[5] < 0.01, "{stopped:?}");
        motion.forget();
        assert_eq!(motion.step(5000, &at(3, 6.0), &params), 0.0);
        assert_eq!(motion.step(4000, &at(9, 6.0), &params), 0.0);
    }

    proptest! {
        #[test]
        fn any_corners_give_finite_numbers(c in prop::array::uniform8(-1e5f32..1e5), w in 1u32..4000, h in 1u32..4000) {
            let quad = Quad([0, 2, 4, 6].map(|i| Point::new(c[i], c[i + 1])));
            let params = PoseParams::default();
            let degrees = perspective_degrees(&quad, (w, h), &params);
            prop_assert!((0.0..=90.0).contains(&degrees));
            prop_assert!(rotation_degrees(&quad).is_finite() && width_share(&quad, (w, h)).is_finite());
            prop_assert!(cut_off(&quad, (w, h), &params).len() <= 4);
        }
    }
}
