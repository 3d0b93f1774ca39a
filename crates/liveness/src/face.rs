//! A face in a picture: where it is, how it is held, what it does.
//!
//! Conventions: pixels of the picture given; left and right are the picture's, unmirrored. Angles in degrees: yaw is
//! positive when the face turns to the picture's right (its owner's left), pitch when it looks up, roll when the head
//! tilts clockwise on the picture.

use frame::Point;

/// An upright rectangle.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bounds {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl Bounds {
    /// The middle.
    #[must_use]
    pub fn centre(&self) -> Point {
        Point::new(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The longer side.
    #[must_use]
    pub fn longer_side(&self) -> f32 {
        self.width.max(self.height)
    }

    /// The rectangle with each side moved outwards by this share of its length.
    #[must_use]
    pub fn grown(&self, share: f32) -> Self {
        let (dx, dy) = (self.width * share, self.height * share);
        Self { x: self.x - dx, y: self.y - dy, width: self.width + 2.0 * dx, height: self.height + 2.0 * dy }
    }

    /// Area shared with another.
    pub(crate) fn shared(&self, other: &Self) -> f32 {
        let side = |a: f32, a_len: f32, b: f32, b_len: f32| ((a + a_len).min(b + b_len) - a.max(b)).max(0.0);
        side(self.x, self.width, other.x, other.width) * side(self.y, self.height, other.y, other.height)
    }

    /// Area.
    #[must_use]
    pub fn area(&self) -> f32 {
        self.width.max(0.0) * self.height.max(0.0)
    }
}

/// Eye on the picture's left, eye on its right, nose tip, mouth corner on its left, on its right.
pub type Points = [Point; 5];

/// How the head is held, in degrees.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pose {
    /// To the picture's right.
    pub yaw: f32,
    /// Upwards.
    pub pitch: f32,
    /// Clockwise.
    pub roll: f32,
}

/// What a face does, each 0–1 as the net believes it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expression {
    /// Both eyes open; the mean of the two.
    pub eyes_open: f32,
    /// Mouth open.
    pub mouth_open: f32,
    /// Smiling.
    pub smile: f32,
    /// Mask, dark glasses, hand or thing before the face.
    pub covered: f32,
}

/// A face that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FoundFace {
    /// From the hairline to the chin, from ear to ear.
    pub bounds: Bounds,
    /// How sure it is that this is a face, 0–1.
    pub score: f32,
    /// Coarse points.
    pub points: Points,
}

/// A face that was looked at closely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// From the hairline to the chin, from ear to ear.
    pub bounds: Bounds,
    /// How sure it is that this is a face, 0–1.
    pub score: f32,
    /// Fine points.
    pub points: Points,
    /// How the head is held.
    pub pose: Pose,
    /// What the face does.
    pub expression: Expression,
}

impl Face {
    /// Distance between the eyes.
    #[must_use]
    pub fn eye_distance(&self) -> f32 {
        self.points[0].distance(self.points[1])
    }
}
