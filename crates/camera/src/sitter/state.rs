//! The states a face was rendered in, and what is known of each.

use serde::Deserialize;

/// A state of the face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Looking into the camera.
    Neutral,
    /// The eyes half shut.
    HalfShut,
    /// The eyes shut.
    Shut,
    /// Turned by ten degrees towards the subject's own left, the picture's right.
    Turned10,
    /// By twenty.
    Turned20,
    /// By thirty.
    Turned30,
    /// Half a smile.
    SmileHalf,
    /// A smile.
    Smile,
}

impl State {
    /// All, as they stand in `flow.png` (which has nothing for the first).
    pub const ALL: [Self; 8] = [
        Self::Neutral,
        Self::HalfShut,
        Self::Shut,
        Self::Turned10,
        Self::Turned20,
        Self::Turned30,
        Self::SmileHalf,
        Self::Smile,
    ];

    /// What its files are called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::HalfShut => "half_shut",
            Self::Shut => "shut",
            Self::Turned10 => "turned_10",
            Self::Turned20 => "turned_20",
            Self::Turned30 => "turned_30",
            Self::SmileHalf => "smile_half",
            Self::Smile => "smile",
        }
    }
}

/// What is known of a state, in pixels of the layers.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StateTruth {
    /// Left, top, right, bottom of the face.
    #[serde(rename = "box")]
    pub box_px: [f32; 4],
    /// Eye on the picture's left, on its right, nose tip, mouth corner left, right.
    #[serde(rename = "points")]
    pub points_px: [[f32; 2]; 5],
    /// Degrees, positive towards the picture's right.
    pub yaw: f32,
    /// 0 shut, 1 open.
    pub eyes_open: f32,
    /// 0 none, 1 full.
    pub smile: f32,
    /// Where the patch lies in the neutral picture.
    pub(super) at: [usize; 2],
}
