//! The screens of a selfie: oval and one hint, gestures, tries, the lock after too many; and what was found out about it.
//!
//! Invariant: no score and no measure is in them. Whose votes they are reaches the window for staff alone.

use serde::Serialize;

use super::{CameraView, CheckView, FlashOutcome, StepView};

/// The live picture, mirrored, with an oval for the face and one hint.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SelfieView {
    /// Where we are.
    pub step: StepView,
    /// The camera; frames come from the command `frame`.
    pub camera: CameraView,
    /// The one thing to do now; while a gesture is asked for, what keeps it from being seen, else `hold`.
    pub hint: SelfieHintCode,
    /// The gesture that is asked for.
    pub gesture: Option<GesturePromptView>,
    /// How far the ring has closed, 0–1.
    pub hold: f32,
    /// Whether help is offered: no progress for a while.
    pub offers_help: bool,
    /// Whether the button to take the picture by hand is shown.
    pub offers_shutter: bool,
    /// Everything was captured and is looked at; nothing to do.
    pub is_checking: bool,
    /// The last try failed: "try again" begins anew.
    pub failed: Option<FailedTryView>,
    /// Why the partner wants another picture: a reason code. `None` on the first one.
    pub again: Option<String>,
}

impl SelfieView {
    /// Before the first frame; step and camera are the controller's.
    pub(crate) fn nothing_seen(hint: SelfieHintCode) -> Self {
        Self {
            step: StepView { number: 1, of: 1 },
            camera: CameraView::Starting,
            hint,
            gesture: None,
            hold: 0.0,
            offers_help: false,
            offers_shutter: false,
            is_checking: false,
            failed: None,
            again: None,
        }
    }
}

/// The hints of a selfie, most important first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum SelfieHintCode {
    /// No frames.
    CameraLost,
    /// Too little light on the face.
    TooDark,
    /// Nobody in the oval.
    NobodyThere,
    /// More than one person.
    ManyFaces,
    /// The face is small.
    TooFar,
    /// The face is larger than the oval.
    TooClose,
    /// The face is beside the oval.
    OffCentre,
    /// The face looks elsewhere.
    TurnToCamera,
    /// A mask, a hand, sunglasses.
    Covered,
    /// Light from behind.
    Backlit,
    /// Too much light.
    TooBright,
    /// Moving.
    Moving,
    /// Out of focus, or the lens is smeared.
    Blurry,
    /// All is well.
    Hold,
    /// Taken.
    Captured,
}

/// Something a person is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum GestureCode {
    /// Shut both eyes and open them.
    Blink,
    /// Turn the head to one's own left.
    TurnLeft,
    /// Smile.
    Smile,
}

/// A gesture that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct GesturePromptView {
    /// What to do.
    pub gesture: GestureCode,
    /// Which one it is, 1 for the first.
    pub number: u32,
    /// Of how many.
    pub of: u32,
    /// Share of its time that is over, 0–1.
    pub spent: f32,
    /// Whether it was missed before and is asked for once more.
    pub is_second_try: bool,
}

/// A try that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FailedTryView {
    /// Why.
    pub reason: SelfieFailure,
    /// Tries left before staff are needed, at least 1.
    pub tries_left: u32,
}

/// Why a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum SelfieFailure {
    /// Nobody got any further.
    TimedOut,
    /// A gesture was not seen.
    Missed,
    /// It does not look like somebody in person.
    NotConvincing,
}

/// Too many tries failed: only staff can go on.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SelfieLockedView {
    /// Where we are.
    pub step: StepView,
    /// Why the last try failed.
    pub reason: SelfieFailure,
    /// Tries that failed so far.
    pub failed_tries: u32,
    /// The right PIN was entered: staff may choose how to go on.
    pub is_unlocked: bool,
    /// Whether gestures can still be left out.
    pub offers_without_gestures: bool,
    /// What spoke for and against the last try; empty until the right PIN was entered.
    pub votes: Vec<FaceVoteView>,
}

/// What this device makes of a face. The partner decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FaceVerdict {
    /// Nothing speaks against a living face.
    Live,
    /// It looks like a picture or a replay.
    Spoof,
    /// Something is missing or in doubt.
    Unclear,
}

/// Who votes on a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum FaceVoter {
    /// The gestures that were asked for were done.
    ChallengeResponse,
    /// The face reflected the colours.
    FlashReflectance,
    /// It reflected them as a solid thing does.
    FlashDepth,
    /// How the skin looks over all frames.
    SilentPassive,
    /// No pattern of a screen or a print lies over it.
    ScreenPattern,
    /// It moves on its own.
    MotionParallax,
    /// The frames come from a sensor, each once.
    StreamIntegrity,
    /// It is one face from beginning to end.
    FaceContinuity,
    /// It carries the noise of the sensor that took the rest.
    FaceGrain,
}

/// A vote's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum VoteOutcome {
    /// As a living face would.
    Passed,
    /// As a living face would not.
    Failed,
    /// There was not enough to go by.
    Abstained,
}

/// One vote on a face, for staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FaceVoteView {
    /// Whose.
    pub voter: FaceVoter,
    /// What.
    pub outcome: VoteOutcome,
}

/// What became of the face, for staff.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FaceOutcomeView {
    /// The partner's tier for it, `high`, `standard` or `low`; `None` until there is a receipt.
    pub tier: Option<String>,
    /// Whether flash evidence was part of it.
    pub flash: FlashOutcome,
    /// What this device makes of it; `None` once only the receipt is left.
    pub verdict: Option<FaceVerdict>,
    /// Vote by vote.
    pub votes: Vec<FaceVoteView>,
    /// Whether staff let the gestures be left out.
    pub is_without_gestures: bool,
    /// The partner's check of it, once there is a receipt.
    pub check: Option<CheckView>,
}
