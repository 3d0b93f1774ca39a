//! Where the card is held, and where that puts it in the frame: a pinhole camera.
//!
//! Invariant: a pose that cannot be seen (edge on, behind the lens) has no quad. Lengths in space are card widths; the
//! camera looks along +z from the origin. Deliberately absent: lens distortion.

use frame::{Point, Quad};

/// Width of a simulated frame in pixels.
pub const WIDTH_PX: u32 = 1280;
/// Height of a simulated frame in pixels.
pub const HEIGHT_PX: u32 = 720;
/// Width over height of a card: ISO ID-1, 85.60 × 53.98 mm.
pub const ASPECT: f32 = 1.5858;
/// Focal length: 60° from left to right, as common webcams have.
pub(super) const FOCAL_PX: f32 = 1100.0;

/// How the card is held. All of it changes smoothly in a script.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Centre of the card, as a share of the frame's width.
    pub x: f32,
    /// Centre of the card, as a share of the frame's height.
    pub y: f32,
    /// Width of the card if it were held flat, as a share of the frame's width.
    pub width_share: f32,
    /// Turned about its upright axis.
    pub yaw_degrees: f32,
    /// Turned about its level axis.
    pub pitch_degrees: f32,
    /// Turned in the picture's plane, clockwise.
    pub roll_degrees: f32,
}

pub(super) type Vector = [f32; 3];

pub(super) fn dot(a: Vector, b: Vector) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn along(a: Vector, b: Vector, share: f32) -> Vector {
    std::array::from_fn(|i| a[i] + b[i] * share)
}

impl Pose {
    /// A point of the card, given as shares of its width and height, in space.
    pub(super) fn in_space(&self, u: f32, v: f32) -> Vector {
        let [right, down, _normal] = self.axes();
        along(along(self.centre(), right, u - 0.5), down, (v - 0.5) / ASPECT)
    }

    fn centre(&self) -> Vector {
        let z = FOCAL_PX / (WIDTH_PX as f32 * self.width_share.max(0.01));
        let x = (self.x - 0.5) * WIDTH_PX as f32 * z / FOCAL_PX;
        let y = (self.y - 0.5) * HEIGHT_PX as f32 * z / FOCAL_PX;
        [x, y, z]
    }

    /// The card's own directions: to its right, down, and out of its printed side.
    pub(super) fn axes(&self) -> [Vector; 3] {
        let (sy, cy) = self.yaw_degrees.to_radians().sin_cos();
        let (sp, cp) = self.pitch_degrees.to_radians().sin_cos();
        let (sr, cr) = self.roll_degrees.to_radians().sin_cos();
        let turned = |[x, y, z]: Vector| {
            let (x, z) = (cy * x + sy * z, cy * z - sy * x);
            let (y, z) = (cp * y - sp * z, sp * y + cp * z);
            [cr * x - sr * y, sr * x + cr * y, z]
        };
        [turned([1.0, 0.0, 0.0]), turned([0.0, 1.0, 0.0]), turned([0.0, 0.0, -1.0])]
    }

    /// The card's corners in the frame; `None` if its printed side cannot be seen.
    pub fn quad(&self) -> Option<Quad> {
        let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(u, v)| self.in_space(u, v));
        if corners.iter().any(|corner| corner[2] < 0.05) {
            return None;
        }
        let quad = Quad(corners.map(projected));
        (quad.area() > 100.0).then_some(quad)
    }

    /// Angle between the card's normal and the camera's axis.
    pub fn tilt_degrees(&self) -> f32 {
        let [_right, _down, normal] = self.axes();
        normal[2].abs().min(1.0).acos().to_degrees()
    }

    /// Where on the card a lamp is seen as in a mirror, as shares of the card's width and height; outside 0–1 the
    /// reflection misses the card. `None` if the lamp is behind it.
    pub(super) fn reflection(&self, lamp: Vector) -> Option<(f32, f32)> {
        let [right, down, normal] = self.axes();
        let centre = self.centre();
        let mirrored = mirrored(lamp, centre, normal);
        let descent = dot(mirrored, normal);
        if descent.abs() < 1e-4 {
            return None;
        }
        let share = dot(centre, normal) / descent;
        if !(0.0..1.0).contains(&share) {
            return None;
        }
        let seen = along(along([0.0; 3], mirrored, share), centre, -1.0);
        Some((dot(seen, right) + 0.5, dot(seen, down) * ASPECT + 0.5))
    }

    /// Where a lamp must be so that its reflection is seen at this place of the card.
    pub(super) fn lamp_reflected_at(&self, u: f32, v: f32) -> Vector {
        /// Distance of the lamp's mirror image over that of the card: a lamp a little farther off than the camera.
        const DEPTH: f32 = 2.2;
        let [_right, _down, normal] = self.axes();
        let image = self.in_space(u, v).map(|length| length * DEPTH);
        mirrored(image, self.centre(), normal)
    }
}

fn mirrored(point: Vector, on_plane: Vector, normal: Vector) -> Vector {
    let height = dot(along(point, on_plane, -1.0), normal);
    along(point, normal, -2.0 * height)
}

fn projected(at: Vector) -> Point {
    let scale = FOCAL_PX / at[2];
    Point::new(at[0] * scale + WIDTH_PX as f32 / 2.0, at[1] * scale + HEIGHT_PX as f32 / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Pose =
        Pose { x: 0.5, y: 0.5, width_share: 0.6, yaw_degrees: 0.0, pitch_degrees: 0.0, roll_degrees: 0.0 };

    #[test]
    fn a_flat_card_is_a_rectangle_of_its_size() {
        let quad = FLAT.quad().unwrap();
        assert!((quad.width() - 768.0).abs() < 0.1 && (quad.height() - 768.0 / ASPECT).abs() < 0.1);
        assert!((quad.0[0].x - 256.0).abs() < 0.1, "{:?}", quad.0[0]);
        assert_eq!(FLAT.tilt_degrees(), 0.0);
    }

    #[test]
    fn turning_turns_the_way_it_says() {
        let upside_down = Pose { roll_degrees: 180.0, ..FLAT }.quad().unwrap();
        assert!((upside_down.tilt_degrees().abs() - 180.0).abs() < 0.1);
        let quad = Pose { yaw_degrees: 20.0, ..FLAT }.quad().unwrap();
        let [_top, right, _bottom, left] = quad.sides();
        assert!((right / left - 1.0).abs() > 0.1, "{right} {left}");
        assert!((Pose { pitch_degrees: -15.0, ..FLAT }.tilt_degrees() - 15.0).abs() < 0.01);
        assert_eq!(Pose { yaw_degrees: 90.0, ..FLAT }.quad(), None);
        assert_eq!(Pose { yaw_degrees: 180.0, ..FLAT }.quad(), None);
    }

    #[test]
    fn tilting_moves_the_reflection() {
        let lamp = FLAT.lamp_reflected_at(0.4, 0.2);
        let (u, v) = FLAT.reflection(lamp).unwrap();
        assert!((u - 0.4).abs() < 1e-3 && (v - 0.2).abs() < 1e-3, "{u} {v}");
        let (_u, v) = Pose { pitch_degrees: -9.0, ..FLAT }.reflection(lamp).unwrap();
        let (_u, w) = Pose { pitch_degrees: 9.0, ..FLAT }.reflection(lamp).unwrap();
        assert!((v - 0.2).abs() > 0.2 && (w - 0.2).abs() > 0.2 && v.min(w) < 0.0, "{v} {w}");
    }
}
