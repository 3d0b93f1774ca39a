//! What one frame shows of a face, and what is wrong with it.
//!
//! Invariant: one problem at a time, the one to mend first. Deliberately lacks memory.

use super::params::SelfieParams;

/// A face as one frame shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SeenFace {
    /// Its height as a share of the picture's.
    pub height: f32,
    /// From the oval's middle, in its half axes: to the picture's right.
    pub right: f32,
    /// From the oval's middle, in its half axes: downwards.
    pub down: f32,
    /// Degrees, positive to the picture's right: its owner's left.
    pub yaw: f32,
    /// Degrees, positive upwards.
    pub pitch: f32,
    /// Degrees, positive clockwise.
    pub roll: f32,
    /// 0–1.
    pub eyes_open: f32,
    /// 0–1.
    pub smile: f32,
    /// Distance of the mouth's corners, in distances of the eyes.
    pub mouth_width: f32,
    /// 0–1: mask, dark glasses, hand.
    pub covered: f32,
    /// Median brightness of the face.
    pub brightness: f32,
    /// Sharpness, 1 for crisp.
    pub sharpness: f32,
    /// Speed in its own heights a second.
    pub speed: f32,
}

/// What one frame shows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SelfieObservation {
    /// Faces of some size.
    pub faces: u8,
    /// The largest.
    pub face: Option<SeenFace>,
    /// Median brightness of what is not the face; of the whole picture where there is none.
    pub surroundings: f32,
}

/// The hints, most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SelfieHint {
    /// No frames.
    CameraLost,
    /// Too little light.
    TooDark,
    /// Nobody there.
    NobodyThere,
    /// More than one person.
    ManyFaces,
    /// The face is small.
    TooFar,
    /// The face is large.
    TooClose,
    /// Beside the oval.
    OffCentre,
    /// Looks elsewhere, or the head is tilted.
    TurnToCamera,
    /// Mask, hand, dark glasses.
    Covered,
    /// Light from behind.
    Backlit,
    /// Too much light.
    TooBright,
    /// Moving.
    Moving,
    /// Out of focus.
    Blurry,
    /// All is well.
    Hold,
    /// Taken.
    Captured,
}

/// What is to be mended first; [`SelfieHint::Hold`] if nothing.
pub(super) fn problem(seen: &SelfieObservation, params: &SelfieParams) -> SelfieHint {
    let Some(face) = seen.face else {
        let is_dark = seen.surroundings < params.least_brightness;
        return if is_dark { SelfieHint::TooDark } else { SelfieHint::NobodyThere };
    };
    let is_turned = |angle: f32, most: f32| angle.abs() > most;
    let is_backlit = face.brightness < params.backlit_brightness
        && seen.surroundings - face.brightness > params.backlit_difference;
    let rules = [
        (seen.faces > 1, SelfieHint::ManyFaces),
        (face.height < params.least_height, SelfieHint::TooFar),
        (face.height > params.most_height, SelfieHint::TooClose),
        (face.right.hypot(face.down) > params.most_offset, SelfieHint::OffCentre),
        (is_backlit, SelfieHint::Backlit),
        (face.brightness < params.least_brightness, SelfieHint::TooDark),
        (face.brightness > params.most_brightness, SelfieHint::TooBright),
        (face.covered > params.most_covered, SelfieHint::Covered),
        (
            is_turned(face.yaw, params.most_yaw)
                || is_turned(face.pitch, params.most_pitch)
                || is_turned(face.roll, params.most_roll),
            SelfieHint::TurnToCamera,
        ),
        (face.speed > params.most_speed, SelfieHint::Moving),
        (face.sharpness < params.least_sharpness, SelfieHint::Blurry),
    ];
    rules.into_iter().find_map(|(is_wrong, hint)| is_wrong.then_some(hint)).unwrap_or(SelfieHint::Hold)
}
