//! The voters: what the received pictures, colours and fields say about a capture, and what follows from it.
//! Invariant: every vote is computed from the bytes of this capture and the challenge it answers; nothing is canned.
//! Deliberately lacks learning: the measures are plain enough to be argued with, and each says what it measures.

mod face;
mod flash;
mod fuse;
mod glare;
mod look;
mod moire;
mod nik;
mod photocopy;
mod strokes;

use image::RgbImage;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::config::Settings;
use crate::store::rows::ChallengeRow;
pub use face::{Claims, FaceEvidence, FaceJudgement, FaceParams, PulseSample, judge_face};
pub use flash::FlashParams;
pub use fuse::Judgement;
pub use glare::GlareParams;
pub use look::{looks_like_a_card, shows_skin};
pub use moire::MoireParams;
pub use photocopy::PhotocopyParams;
pub use strokes::FontParams;

/// Thresholds of all voters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CheckParams {
    /// `flash_reflectance`
    pub flash: FlashParams,
    /// `screen_moire`
    pub moire: MoireParams,
    /// `specular_check`
    pub photocopy: PhotocopyParams,
    /// `hologram_check`
    pub glare: GlareParams,
    /// `font_match`
    pub font: FontParams,
    /// Voters of faces.
    pub face: FaceParams,
}

/// What the card's reader claims, as far as voters need it.
#[derive(Default)]
pub struct CardData {
    pub nik: Option<String>,
    pub date_of_birth: Option<Date>,
    pub gender: Option<String>,
}

/// Mean colour of a frame region at an instant after the first flash colour.
pub struct FlashSample {
    pub t_ms: u64,
    pub mean: [f64; 3],
}

/// Everything a capture offers to the voters.
pub struct Evidence<'a> {
    pub pictures: &'a [RgbImage],
    pub challenge: Option<&'a ChallengeRow>,
    pub samples: &'a [FlashSample],
    pub card: &'a CardData,
    pub today: Timestamp,
}

/// One voter's opinion.
#[derive(Clone, Debug, PartialEq)]
pub struct Vote {
    pub name: &'static str,
    pub passed: bool,
    pub reason: String,
    /// How clear the opinion is: 0 certainly wrong, 0.5 on the threshold, 1 certainly right.
    pub strength: f64,
}

/// Asks every voter and fuses their opinions.
pub fn judge(evidence: &Evidence<'_>, settings: &Settings) -> Judgement {
    let params = &settings.checks;
    let mut anti_spoof = Vec::new();
    if let Some(challenge) = evidence.challenge {
        anti_spoof.push(flash::vote(challenge, evidence.samples, &params.flash));
    }
    anti_spoof.push(moire::vote(evidence.pictures, &params.moire));
    anti_spoof.push(photocopy::vote(evidence.pictures, &params.photocopy));
    anti_spoof.push(glare::vote(evidence.pictures, &params.glare));
    let tamper = vec![
        nik::vote(evidence.card, evidence.today, settings.allow_test_serial),
        strokes::vote(evidence.pictures, &params.font),
    ];
    fuse::fuse(anti_spoof, tamper, evidence.challenge.is_some(), settings.flash_required)
}

/// The votes that need nothing but pictures, as `(voter, passed, reason)`: for tuning thresholds on files.
pub fn picture_votes(pictures: &[RgbImage], params: &CheckParams) -> Vec<(&'static str, bool, String)> {
    [
        moire::vote(pictures, &params.moire),
        photocopy::vote(pictures, &params.photocopy),
        glare::vote(pictures, &params.glare),
        strokes::vote(pictures, &params.font),
    ]
    .map(|vote| (vote.name, vote.passed, vote.reason))
    .to_vec()
}

/// The median of one measure over the frames: a single odd frame does not decide.
fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Strength of a measure that should be at least `threshold`: 0.5 there, 1 at twice as much.
fn strength_above(value: f64, threshold: f64) -> f64 {
    (value / threshold / 2.0).clamp(0.0, 1.0)
}

/// Strength of a measure that should be at most `threshold`: 0.5 there, 0 at twice as much.
fn strength_below(value: f64, threshold: f64) -> f64 {
    (1.0 - value / threshold / 2.0).clamp(0.0, 1.0)
}
