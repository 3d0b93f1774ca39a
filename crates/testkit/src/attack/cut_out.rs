//! A photograph with holes at eyes and mouth, held or worn over the attacker's face: eyes blink and lips move behind it, and it
//! turns with the head. The paper around the holes stays flat and does not smile.
//!
//! Left out: shadows of the paper's edge, and paper that bends over the nose.

use camera::sitter::{Canvas, FaceTruth, Sitter};
use camera::{Colour, Gesture};

use super::held::{Pose, lay};
use super::print::{PaperLight, halftone, printed};
use super::{AttackSetup, Scene};

/// Light that still falls on what lies behind a hole.
const BEHIND: f32 = 0.8;

/// A photograph with holes.
pub(super) struct CutOut {
    setup: AttackSetup,
    behind: Sitter,
    paper: Canvas,
    printed: FaceTruth,
    is_worn: bool,
    shown: Option<Colour>,
    canvas: Canvas,
}

impl CutOut {
    pub(super) fn sheet(setup: &AttackSetup) -> Self {
        Self::new(setup, false)
    }

    pub(super) fn mask(setup: &AttackSetup) -> Self {
        Self::new(setup, true)
    }

    fn new(setup: &AttackSetup, is_worn: bool) -> Self {
        let mut victim = setup.victim(0.4);
        let photograph = Canvas::of(&victim.frame_at(0));
        let canvas = Canvas::new(photograph.width(), photograph.height());
        let behind = setup.behind(false);
        let paper = printed(&photograph);
        Self { setup: setup.clone(), behind, paper, printed: victim.face(), is_worn, shown: None, canvas }
    }

    /// The sheet lies so that its eyes and mouth are over the attacker's.
    fn pose(&self) -> Pose {
        let (own, worn) = (Axis::of(&self.printed), Axis::of(&self.behind.face()));
        let size = worn.length / own.length;
        let (wide, tall) = (self.paper.width() as f32, self.paper.height() as f32);
        let roll = worn.angle - own.angle;
        let away = [(wide / 2.0 - own.middle[0]) * size, (tall / 2.0 - own.middle[1]) * size];
        let yaw = self.behind.face().yaw_degrees.to_radians();
        let centre = [
            worn.middle[0] + (away[0] * roll.cos() - away[1] * roll.sin()) * yaw.cos(),
            worn.middle[1] + away[0] * roll.sin() + away[1] * roll.cos(),
        ];
        Pose { centre, size, yaw, pitch: 0.0, roll }
    }

    /// How far outside the paper a place is: below 0 inside, and the paper's edge is cut within one.
    fn outline(&self, x: f32, y: f32) -> f32 {
        let [left, top, right, bottom] = self.printed.box_px;
        let edge = x.min(self.paper.width() as f32 - x).min(y);
        let around = if self.is_worn {
            let (cx, cy) = ((left + right) / 2.0, (top + bottom) / 2.0);
            let (rx, ry) = ((right - left) * 0.52, (bottom - top) * 0.56);
            (((x - cx) / rx).hypot((y - cy) / ry) - 1.0) * rx
        } else {
            (left - 0.25 * (right - left) - x).max(x - right - 0.25 * (right - left)) - edge.min(0.0)
        };
        let [eye, other, _, corner, far] = self.printed.points_px;
        let apart = distance(eye, other);
        let wide = distance(corner, far);
        let lips = [(corner[0] + far[0]) / 2.0, (corner[1] + far[1]) / 2.0];
        let hole = |[hx, hy]: [f32; 2], rx: f32, ry: f32| (1.0 - ((x - hx) / rx).hypot((y - hy) / ry)) * ry;
        let eyes = hole(eye, 0.27 * apart, 0.16 * apart).max(hole(other, 0.27 * apart, 0.16 * apart));
        around.max(eyes).max(hole(lips, 0.55 * wide, 0.24 * wide))
    }
}

fn distance(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// From the middle of the eyes to the middle of the mouth.
struct Axis {
    middle: [f32; 2],
    length: f32,
    angle: f32,
}

impl Axis {
    fn of(face: &FaceTruth) -> Self {
        let [a, b, _, c, d] = face.points_px;
        let middle = |a: [f32; 2], b: [f32; 2]| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let (eyes, mouth) = (middle(a, b), middle(c, d));
        let (dx, dy) = (mouth[0] - eyes[0], mouth[1] - eyes[1]);
        Self { middle: middle(eyes, mouth), length: dx.hypot(dy).max(1.0), angle: dy.atan2(dx) }
    }
}

impl Scene for CutOut {
    fn light_at(&mut self, at_ms: u64) -> &Canvas {
        self.canvas.pixels.clone_from(&self.behind.light_at(at_ms).pixels);
        let (pose, light) = (self.pose(), PaperLight::of(&self.setup, self.shown));
        let size = (self.paper.width() as f32, self.paper.height() as f32);
        let mut canvas = std::mem::replace(&mut self.canvas, Canvas::new(1, 1));
        let facing = pose.yaw.cos();
        lay(&mut canvas, &pose, size, |x, y| {
            let outside = self.outline(x, y);
            let cover = (0.5 - outside).clamp(0.0, 1.0);
            let dots = halftone(x, y, 2.3, 0.025);
            let ink = self.paper.sample(x, y).map(|share| share * dots);
            (cover > 0.0).then(|| (light.on(ink, (1.0, facing)), cover))
        });
        self.shade_holes(&mut canvas, &pose);
        self.canvas = canvas;
        &self.canvas
    }

    fn show(&mut self, colour: Option<Colour>) {
        self.shown = colour;
        self.behind.light(colour);
    }

    fn ask(&mut self, gesture: Option<Gesture>, _now_ms: u64) {
        self.behind.hear(gesture);
    }
}

impl CutOut {
    /// What is seen through the holes is a little darker.
    fn shade_holes(&self, canvas: &mut Canvas, pose: &Pose) {
        let [left, top, right, bottom] = self.printed.box_px;
        let (wide, tall) = (self.paper.width() as f32, self.paper.height() as f32);
        lay(canvas, pose, (wide, tall), |x, y| {
            let is_face = (left..right).contains(&x) && (top..bottom).contains(&y);
            let is_inner = ((x - (left + right) / 2.0) / (right - left)).abs() < 0.36;
            (is_face && is_inner && self.outline(x, y) > 0.5).then_some(([0.0; 3], 1.0 - BEHIND))
        });
    }
}
