//! What a capture of a living face says, before it is signed.
//!
//! Invariant: none by type; the fields are free until [`FaceDocument::sign`] checks them all. The contract's two lists of
//! gestures, asked and answered, are one list here, so that they cannot disagree. Deliberately lacking: `deviceAttestation`
//! and `deviceId`. A desktop has no attestation to show, and an id without one proves nothing.

use std::fmt;

use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Deserializer, Serialize};

use crate::document::{two_decimals, whole_ms};
use crate::face_wire::FaceWire;
use crate::{BundleError, Document, FlashEvidence, JpegFrame, Signed, SignedFace, SigningProfile, limits};

/// A gesture that the customer is asked for: those of the contract that a desktop's camera can see.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaceChallenge {
    /// Both eyes shut for a moment.
    Blink,
    /// The head turned to the customer's own left.
    TurnLeft,
    /// A smile.
    Smile,
}

impl FaceChallenge {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Blink, Self::TurnLeft, Self::Smile];

    /// The contract's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blink => "blink",
            Self::TurnLeft => "turn_left",
            Self::Smile => "smile",
        }
    }
}

/// A gesture that was asked for, and whether it was seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FaceResponse {
    /// The gesture.
    pub challenge: FaceChallenge,
    /// Whether it was seen.
    pub satisfied: bool,
}

/// Mean colour of the skin at one moment, for the pulse in it. The pulse is a fraction of a level, so whole levels would
/// round it away: two decimals are written, in the members the contract names.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RppgSample {
    /// Milliseconds from the first sample.
    pub t_ms: u32,
    /// Mean red, 0–255.
    pub mean_r: f64,
    /// Mean green, 0–255.
    pub mean_g: f64,
    /// Mean blue, 0–255.
    pub mean_b: f64,
}

/// One capture of a face: pictures, gestures and what speaks for somebody living.
#[derive(Clone, PartialEq)]
pub struct FaceDocument {
    /// This software, `name@version`.
    pub sdk_version: String,
    /// One of the platform words of the contract.
    pub platform: String,
    /// One to [`crate::MAX_FRAMES`] pictures, best first.
    pub frames: Vec<JpegFrame>,
    /// When the first frame was taken; milliseconds count, finer parts are dropped.
    pub captured_at: Timestamp,
    /// The gestures in the order they were asked for, each once.
    pub responses: Vec<FaceResponse>,
    /// Scores from 0 (a picture of a face) to 1 (a face), one for each frame that was judged; two decimals are written.
    pub passive_scores: Vec<f64>,
    /// What the camera saw of the challenge's colours on the face, if one was played.
    pub flash: Option<FlashEvidence>,
    /// The skin's colour over time, if it was measured.
    pub rppg: Vec<RppgSample>,
}

impl FaceDocument {
    /// Check every limit and sign.
    ///
    /// # Errors
    /// The first limit that does not hold.
    pub fn sign(self, profile: SigningProfile, secret: &SecretString) -> Result<SignedFace, BundleError> {
        Signed::of(self, profile, secret)
    }
}

impl Document for FaceDocument {
    fn wire<'a>(&'a self, signature: Option<&'a str>) -> impl Serialize + 'a {
        FaceWire { signature: signature.map(Into::into), ..FaceWire::unsigned(self) }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<(Self, Option<String>), D::Error> {
        let mut wire = FaceWire::deserialize(deserializer)?;
        let signature = wire.signature.take().map(Into::into);
        Ok((wire.into_document().map_err(serde::de::Error::custom)?, signature))
    }

    fn check(&self) -> Result<(), BundleError> {
        limits::check_face(self)
    }

    fn rounded(mut self) -> Self {
        self.passive_scores.iter_mut().for_each(|score| *score = two_decimals(*score));
        for RppgSample { mean_r, mean_g, mean_b, .. } in &mut self.rppg {
            [mean_r, mean_g, mean_b].into_iter().for_each(|mean| *mean = two_decimals(*mean));
        }
        self.captured_at = whole_ms(self.captured_at);
        self
    }

    fn flash_mut(&mut self) -> &mut Option<FlashEvidence> {
        &mut self.flash
    }

    fn frames_mut(&mut self) -> &mut Vec<JpegFrame> {
        &mut self.frames
    }
}

impl fmt::Debug for FaceDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaceDocument")
            .field("sdk_version", &self.sdk_version)
            .field("platform", &self.platform)
            .field("frames", &self.frames)
            .field("captured_at", &self.captured_at)
            .field("responses", &self.responses)
            .field("flash", &self.flash.is_some())
            .finish_non_exhaustive()
    }
}
