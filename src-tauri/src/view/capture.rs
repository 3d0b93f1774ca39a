//! The screens in front of the camera: live picture with one hint, flash, reading.
//!
//! Invariant: all places are shares of the frame's width and height, 0–1, as the frame is shown (not mirrored).

use serde::Serialize;

/// Where we are in the customer's visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// 1 for the first.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

/// The live picture and one hint.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CardView {
    /// Where we are.
    pub step: StepView,
    /// The camera; frames come from the command `frame`.
    pub camera: CameraView,
    /// The one thing to do now.
    pub hint: HintView,
    /// The card's corners in the card's own order (top left, top right, bottom right, bottom left), if one was found.
    pub quad: Option<[PointView; 4]>,
    /// What is wrong, where it is wrong.
    pub regions: Vec<RegionView>,
    /// How far the ring has closed, 0–1.
    pub hold: f32,
    /// Whether help is offered: no progress for a while.
    pub offers_help: bool,
    /// Whether the button to take the picture by hand is shown.
    pub offers_shutter: bool,
    /// Failed tries so far.
    pub failed_tries: u32,
    /// After a failed try: what was wrong with it.
    pub retry: Option<RetryView>,
    /// Why the partner wants another picture: a reason code. `None` on the first one.
    pub again: Option<String>,
    /// Numbers for staff who asked for them.
    pub measures: Option<MeasuresView>,
}

/// The camera.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CameraView {
    /// Being opened.
    Starting,
    /// Giving frames.
    Live {
        /// Its name.
        name: String,
        /// Width of a frame in pixels.
        width_px: u32,
        /// Height of a frame in pixels.
        height_px: u32,
        /// Frames a second, as measured.
        fps: f32,
        /// A virtual camera: recognised by name or driver.
        is_virtual: bool,
    },
    /// Not giving frames; tried again without end.
    Lost {
        /// What is wrong.
        problem: CameraProblem,
        /// Its name, if one was chosen.
        name: Option<String>,
    },
}

/// Why a camera gives no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum CameraProblem {
    /// No camera is plugged in.
    Absent,
    /// It was pulled out.
    Unplugged,
    /// Plugged in, but no frames for two seconds.
    Silent,
    /// Another program has it.
    Busy,
    /// The system refuses this user.
    Denied,
    /// It gives frames that cannot be decoded.
    Corrupt,
    /// It offers no mode that we can use.
    NoUsableMode,
    /// A virtual camera, and the policy refuses those.
    VirtualRefused,
    /// Anything else.
    Failed,
}

/// A point as shares of the frame's width and height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PointView {
    /// From the left.
    pub x: f32,
    /// From the top.
    pub y: f32,
}

/// The one thing to do now.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct HintView {
    /// Which.
    pub code: HintCode,
    /// `cutOff`: where to move the card. `glare`: where to tilt away from.
    pub direction: Option<Direction>,
    /// `obstructed`, `glare`: the fields that are hidden, keys of `ktp::Field`.
    pub fields: Vec<String>,
}

/// The hints, most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum HintCode {
    /// No frames.
    CameraLost,
    /// Nothing found.
    NoCard,
    /// Not a KTP.
    OtherDocument,
    /// The back of the card.
    BackSide,
    /// Turned by 90° or more.
    UpsideDown,
    /// A corner lies outside.
    CutOff,
    /// The card is small in the frame.
    TooFar,
    /// The card fills the frame.
    TooClose,
    /// Perspective.
    Tilted,
    /// Something lies over fields.
    Obstructed,
    /// Fields are washed out.
    Glare,
    /// The text is too dark.
    TooDark,
    /// The text is too bright.
    TooBright,
    /// Text edges are soft.
    Blurry,
    /// The card moves.
    Moving,
    /// All is well.
    Hold,
    /// Taken.
    Captured,
}

/// A direction as seen on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Upwards.
    Up,
    /// Downwards.
    Down,
}

/// A place that is wrong.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RegionView {
    /// What is wrong with it.
    pub kind: RegionKind,
    /// Its outline.
    pub outline: Vec<PointView>,
}

/// What is wrong with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum RegionKind {
    /// Washed out by a reflection.
    Glare,
    /// Covered.
    Obstruction,
}

/// What was wrong with the last try.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RetryView {
    /// What actually failed, most important first; never empty.
    pub reasons: Vec<HintCode>,
    /// The fields that could not be read, keys of `ktp::Field`.
    pub fields: Vec<String>,
}

/// Numbers for staff.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct MeasuresView {
    /// Milliseconds one analysis takes.
    pub analysis_ms: f32,
    /// Width of the card as a share of the frame's.
    pub width_share: f32,
    /// Perspective in degrees.
    pub tilt_degrees: f32,
    /// Sharpness of the text, 0–1.
    pub sharpness: f32,
    /// Median luma of the card, 0–1.
    pub brightness: f32,
    /// Share of the card washed out, 0–1.
    pub glare: f32,
    /// Share of the card covered, 0–1.
    pub covered: f32,
}

/// What the screen lights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FlashSubject {
    /// The card.
    Card,
    /// The face.
    Face,
}

/// The screen lights the card, or the face.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "phase", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FlashView {
    /// Told before it begins: "the screen will flash colours for … seconds", with a way without.
    Announced {
        /// What is lit.
        subject: FlashSubject,
        /// Where we are.
        step: StepView,
        /// How long it will take.
        seconds: u32,
        /// Begins by itself after this many milliseconds; the way without flash stays open until then.
        begins_in_ms: u32,
    },
    /// Playing. The window shows each colour full-screen for its time and reports each with `flashShown` right after
    /// it was painted, and `flashDone` after the last.
    Playing {
        /// What is lit.
        subject: FlashSubject,
        /// The colours in the order that was asked for.
        steps: Vec<FlashStepView>,
    },
}

/// One colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FlashStepView {
    /// Red, 0–255.
    pub r: u8,
    /// Green, 0–255.
    pub g: u8,
    /// Blue, 0–255.
    pub b: u8,
    /// How long it is shown. Never less than was asked for, and never so short that the screen flashes more than
    /// three times a second.
    pub hold_ms: u32,
}

/// The frames are being read. The card may be put away.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ReadingView {
    /// Where we are.
    pub step: StepView,
    /// Frames read.
    pub done: u32,
    /// Frames to read.
    pub of: u32,
}
