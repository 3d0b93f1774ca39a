//! How good the picture of a face is.
//!
//! Invariant: measures do not depend on the size of the frame. Deliberately lacks thresholds: whoever guides has them.

use frame::{Frame, Gray, Point};

use crate::cut::Cut;
use crate::face::{Bounds, Face};

/// Side that faces are measured at.
const FACE_PX: u32 = 128;
/// Width that surroundings are measured at.
const ROOM_PX: u32 = 80;
/// Focus is how much of the change over four pixels happens within one: a quarter where all is soft, …
const SOFT: f32 = 0.25;
/// … and so much for a crisp face.
const CRISP: f32 = 0.42;
/// The longer of the two steps.
const STEP_PX: u32 = 4;

/// The oval that the person is asked to fill, as shares of the frame's height around its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oval {
    /// Half its width.
    pub half_width: f32,
    /// Half its height.
    pub half_height: f32,
}

impl Default for Oval {
    /// A face at arm's length before a webcam of 60 to 80 degrees.
    fn default() -> Self {
        Self { half_width: 0.27, half_height: 0.36 }
    }
}

impl Oval {
    /// How far a point is from its middle, in its half axes: right, down.
    #[must_use]
    pub fn offset(&self, frame: &Frame, point: Point) -> (f32, f32) {
        let (width, tall) = (frame.width() as f32, frame.height() as f32);
        (
            (point.x - width / 2.0) / (self.half_width * tall),
            (point.y - tall / 2.0) / (self.half_height * tall),
        )
    }
}

/// The picture of a face, measured.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FaceQuality {
    /// The face's height as a share of the picture's.
    pub height: f32,
    /// Its place in the oval, in the oval's half axes: right, down.
    pub offset: (f32, f32),
    /// Median brightness of the face.
    pub brightness: f32,
    /// Spread of the face's brightness.
    pub contrast: f32,
    /// Sharpness, 1 for crisp.
    pub sharpness: f32,
}

/// Measures the picture of a face.
#[must_use]
pub fn measure(frame: &Frame, face: &Face, oval: &Oval) -> FaceQuality {
    let centre = face.bounds.centre();
    let cut = Cut::around(frame, centre, face.bounds.longer_side(), FACE_PX);
    let mut quality = of_face(&cut.picture.to_gray());
    quality.height = face.bounds.height / frame.height() as f32;
    quality.offset = oval.offset(frame, centre);
    quality
}

fn of_face(gray: &Gray) -> FaceQuality {
    let half = FACE_PX as f32 / 2.0;
    let (mut lumas, mut near, mut far) = (Vec::new(), 0.0f64, 0.0f64);
    let at = |x: u32, y: u32| gray.row(y)[x as usize];
    let change = |x: u32, y: u32, step: u32| {
        let (here, right, below) = (at(x, y), at(x + step, y), at(x, y + step));
        f64::from(here.abs_diff(right)).powi(2) + f64::from(here.abs_diff(below)).powi(2)
    };
    for y in 0..FACE_PX - STEP_PX {
        for x in 0..FACE_PX - STEP_PX {
            // The inner face: hair, veil and room stay outside.
            let (dx, dy) = ((x as f32 - half) / (0.62 * half), (y as f32 - half) / (0.8 * half));
            if dx * dx + dy * dy > 1.0 {
                continue;
            }
            lumas.push(at(x, y));
            (near, far) = (near + change(x, y, 1), far + change(x, y, STEP_PX));
        }
    }
    let count = lumas.len().max(1) as f64;
    let mean = lumas.iter().map(|luma| f64::from(*luma)).sum::<f64>() / count;
    let spread = (lumas.iter().map(|luma| (f64::from(*luma) - mean).powi(2)).sum::<f64>() / count).sqrt();
    let focus = (near / far.max(1.0)).sqrt() as f32;
    FaceQuality {
        brightness: median(&mut lumas),
        contrast: (spread / 255.0) as f32,
        sharpness: ((focus - SOFT) / (CRISP - SOFT)).clamp(0.0, 1.0),
        ..FaceQuality::default()
    }
}

/// Median brightness of what is not the face; of everything where there is none.
#[must_use]
pub fn surroundings(frame: &Frame, face: Option<&Bounds>) -> f32 {
    let height = (frame.height() * ROOM_PX / frame.width().max(1)).clamp(1, 4 * ROOM_PX);
    let small = frame.resized(ROOM_PX, height).to_gray();
    let scale = frame.width() as f32 / ROOM_PX as f32;
    let hidden = face.map(|bounds| bounds.grown(0.25));
    let mut lumas = Vec::new();
    for y in 0..height {
        for x in 0..ROOM_PX {
            let (px, py) = (x as f32 * scale, y as f32 * scale);
            let is_face = hidden
                .is_some_and(|b| (b.x..b.x + b.width).contains(&px) && (b.y..b.y + b.height).contains(&py));
            if !is_face {
                lumas.push(small.row(y)[x as usize]);
            }
        }
    }
    median(&mut lumas)
}

fn median(lumas: &mut [u8]) -> f32 {
    let middle = lumas.len() / 2;
    if lumas.is_empty() { 0.0 } else { f32::from(*lumas.select_nth_unstable(middle).1) / 255.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::{Expression, Pose};

    fn face_at(bounds: Bounds) -> Face {
        let points = [Point::new(0.0, 0.0); 5];
        Face { bounds, score: 1.0, points, pose: Pose::default(), expression: Expression::default() }
    }

    /// A face-coloured disc with features before a wall, `blur` pixels soft.
    fn portrait(skin: [u8; 3], wall: [u8; 3], blur: u32) -> Frame {
        let (width, height) = (640u32, 480u32);
        let mut data = Vec::with_capacity((width * height * 3) as usize);
        for y in 0..height {
            for x in 0..width {
                let near =
                    |cx: f32, cy: f32, r: f32| (x as f32 - cx).powi(2) + (y as f32 - cy).powi(2) < r * r;
                let is_feature =
                    near(270.0, 210.0, 14.0) || near(370.0, 210.0, 14.0) || near(320.0, 310.0, 20.0);
                data.extend(match (near(320.0, 240.0, 150.0), is_feature) {
                    (true, true) => [40, 25, 20],
                    (true, false) => skin,
                    (false, _) => wall,
                });
            }
        }
        let sharp = Frame::new(width, height, data).unwrap();
        if blur > 1 { sharp.resized(width / blur, height / blur).resized(width, height) } else { sharp }
    }

    #[test]
    fn light_focus_and_place_are_measured() {
        let face = face_at(Bounds { x: 170.0, y: 90.0, width: 300.0, height: 300.0 });
        let oval = Oval::default();
        let sharp = measure(&portrait([200, 150, 120], [120; 3], 1), &face, &oval);
        assert!((sharp.height - 0.625).abs() < 0.01 && sharp.offset.0.abs() < 0.01, "{sharp:?}");
        assert!((sharp.brightness - 0.64).abs() < 0.05, "{sharp:?}");
        let soft = measure(&portrait([200, 150, 120], [120; 3], 16), &face, &oval);
        assert!(sharp.sharpness > 1.5 * soft.sharpness, "{sharp:?} {soft:?}");
        let dark = portrait([30, 22, 18], [240; 3], 1);
        assert!(measure(&dark, &face, &oval).brightness < 0.15);
        assert!(surroundings(&dark, Some(&face.bounds)) > 0.9);
    }

    #[test]
    fn tiny_frames_and_wild_boxes_break_nothing() {
        for (width, height) in [(1, 1), (2, 3), (1, 400), (400, 1)] {
            let frame = Frame::filled(width, height, [200, 150, 120]);
            for side in [0.0, 1.0, 1e9, f32::NAN] {
                let face = face_at(Bounds { x: -3.0, y: side, width: side, height: side });
                assert!(measure(&frame, &face, &Oval::default()).brightness <= 1.0);
                assert!((0.0..=1.0).contains(&surroundings(&frame, Some(&face.bounds))));
            }
        }
    }
}
