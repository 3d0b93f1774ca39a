//! The voters on a face (contract B.7), and what follows from them.
//! Invariant: as of the card's voters: every vote is computed from the bytes of this capture and the challenge it answers.
//! Deliberately lacks a model of faces: nothing here knows whose face it is, or whether it is one.

mod fuse;
mod gestures;
mod kinship;
mod passive;
mod pulse;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::{FlashSample, Vote, flash};
use crate::config::Settings;
use crate::store::rows::ChallengeRow;
pub use fuse::FaceJudgement;
pub use kinship::KinshipParams;
pub use passive::PassiveParams;
pub use pulse::PulseParams;

/// Thresholds of the voters that only faces have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FaceParams {
    /// `silent_passive`
    pub passive: PassiveParams,
    /// `deepfake`
    pub kinship: KinshipParams,
    /// `rppg`
    pub pulse: PulseParams,
}

/// What a bundle claims about gestures, scores and pulse.
#[derive(Default)]
pub struct Claims {
    pub asked: Vec<String>,
    pub answered: Vec<(String, bool)>,
    pub scores: Vec<f64>,
    pub pulse: Vec<PulseSample>,
    pub is_attested: bool,
}

/// Mean colour of the skin at an instant after the first sample.
pub struct PulseSample {
    pub t_ms: u64,
    pub mean: [f64; 3],
}

/// Everything a face's capture offers to the voters.
pub struct FaceEvidence<'a> {
    pub pictures: &'a [RgbImage],
    pub challenge: Option<&'a ChallengeRow>,
    pub samples: &'a [FlashSample],
    pub claims: &'a Claims,
}

/// Asks every voter and fuses their opinions.
pub fn judge_face(evidence: &FaceEvidence<'_>, settings: &Settings) -> FaceJudgement {
    let (params, claims) = (&settings.checks.face, evidence.claims);
    let mut votes = Vec::new();
    if let Some(challenge) = evidence.challenge {
        votes.push(flash::vote(challenge, evidence.samples, &settings.checks.flash));
    }
    votes.push(gestures::vote(claims));
    votes.push(passive::vote(&claims.scores, evidence.pictures, &params.passive, &settings.checks.moire));
    votes.extend(kinship::vote(evidence.pictures, &params.kinship));
    if !claims.pulse.is_empty() {
        votes.push(pulse::vote(&claims.pulse, &params.pulse));
    }
    if claims.is_attested {
        let reason = "no authority is known here that could check it".to_owned();
        votes.push(Vote { name: "device_attestation", passed: false, reason, strength: 0.0 });
    }
    fuse::fuse(votes, settings.face.doubt)
}
