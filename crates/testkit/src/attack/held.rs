//! A flat thing held before the camera: where it is, and how it is painted over what is behind.
//!
//! Invariant: perspective is a pinhole's. Deliberately absent: the hand that holds it.

use camera::Gesture;
use camera::sitter::{Canvas, Sway, SwayParams};
use frame::{Homography, Point, Quad};

/// Distance of the camera in pixels of the frame: 640 pixels wide seen under 49 degrees.
const FOCAL_PX: f32 = 700.0;
/// From the prompt until the attacker moves, and for the whole move.
const REACTION_MS: f32 = 450.0;
const TURN_MS: f32 = 600.0;
/// As far as a flat thing can be turned before it looks like one.
const TURN: f32 = 0.5;

/// Where a flat thing is. Angles in radians; the turn is positive towards the picture's right.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pose {
    pub centre: [f32; 2],
    /// Pixels of the frame for each of the thing's own.
    pub size: f32,
    pub yaw: f32,
    pub pitch: f32,
    pub roll: f32,
}

impl Pose {
    /// From the frame onto a thing of this size, in its own pixels.
    pub(super) fn onto(&self, (width, height): (f32, f32)) -> Option<Homography> {
        let own = Quad::rect(0.0, 0.0, width, height);
        let seen = own.map(|corner| {
            let (x, y) = ((corner.x - width / 2.0) * self.size, (corner.y - height / 2.0) * self.size);
            let (x, y) =
                (x * self.roll.cos() - y * self.roll.sin(), x * self.roll.sin() + y * self.roll.cos());
            // A turn to the right takes the right half away from the camera.
            let depth = FOCAL_PX / (FOCAL_PX + x * self.yaw.sin() + y * self.pitch.sin());
            let (x, y) = (x * self.yaw.cos() * depth, y * self.pitch.cos() * depth);
            Point::new(self.centre[0] + x, self.centre[1] + y)
        });
        Homography::between(&seen, &own)
    }
}

/// Paints a thing over the canvas: `paint` says, for a place on the thing, its light and how much it covers.
pub(super) fn lay(
    canvas: &mut Canvas,
    pose: &Pose,
    size: (f32, f32),
    mut paint: impl FnMut(f32, f32) -> Option<([f32; 3], f32)>,
) {
    let Some(onto) = pose.onto(size) else { return };
    let width = canvas.width();
    for (at, pixel) in canvas.pixels.iter_mut().enumerate() {
        let place = onto.apply(Point::new((at % width) as f32, (at / width) as f32));
        if !(0.0..size.0).contains(&place.x) || !(0.0..size.1).contains(&place.y) {
            continue;
        }
        if let Some((light, cover)) = paint(place.x, place.y) {
            *pixel = std::array::from_fn(|i| pixel[i] + (light[i] - pixel[i]) * cover);
        }
    }
}

/// A hand that holds something, and turns it when a turn is asked for.
pub(super) struct Hand {
    place: Sway,
    angle: Sway,
    turning_since_ms: Option<f32>,
    turned: f32,
    before_ms: f32,
}

impl Hand {
    pub(super) fn new(seed: u64, sway: SwayParams) -> Self {
        let angle = SwayParams { head_px: sway.tilt * 1.6, zoom: 0.0, tilt: 0.0, shake_px: 0.0 };
        Self {
            place: Sway::new(seed ^ 0x4A4D, sway),
            angle: Sway::new(seed ^ 0x7A11, angle),
            turning_since_ms: None,
            turned: 0.0,
            before_ms: 0.0,
        }
    }

    /// Hears what is asked: only a turn can be done with a hand.
    pub(super) fn ask(&mut self, gesture: Option<Gesture>, now_ms: u64) {
        match gesture {
            Some(Gesture::TurnLeft) => self.turning_since_ms = Some(now_ms as f32),
            Some(Gesture::Blink | Gesture::Smile) | None => self.turning_since_ms = None,
        }
    }

    /// The pose now, around one at rest.
    pub(super) fn hold(&mut self, rest: &Pose, at_ms: u64) -> Pose {
        let now_ms = at_ms as f32;
        let is_turning = self.turning_since_ms.is_some_and(|since| now_ms - since >= REACTION_MS);
        let step = (now_ms - self.before_ms) / TURN_MS;
        self.turned = (self.turned + if is_turning { step } else { -step }).clamp(0.0, 1.0);
        self.before_ms = now_ms;
        let (place, angle) = (self.place.at(now_ms / 1000.0), self.angle.at(now_ms / 1000.0));
        let eased = self.turned * self.turned * (3.0 - 2.0 * self.turned);
        Pose {
            centre: std::array::from_fn(|i| rest.centre[i] + place.head_px[i] + place.shake_px[i]),
            size: rest.size * place.zoom,
            yaw: rest.yaw + angle.head_px[0] + TURN * eased,
            pitch: rest.pitch + angle.head_px[1],
            roll: rest.roll + place.tilt,
        }
    }
}
