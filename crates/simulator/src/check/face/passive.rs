//! `silent_passive`: do the client's scores speak for a face, and does the picture itself not speak for a screen?
//! Measures the median of the scores, and the grid of `screen_moire` on the received frames.
//! Invariant: scores alone never pass; a client can claim what it likes.
//! Deliberately lacks a net of its own.

use image::RgbImage;
use serde::{Deserialize, Serialize};

use super::super::{MoireParams, Vote, median, moire, strength_above};

/// Thresholds of `silent_passive`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PassiveParams {
    /// Least median of the scores: half way between picture and face.
    pub min_score: f64,
}

impl Default for PassiveParams {
    fn default() -> Self {
        Self { min_score: 0.5 }
    }
}

/// Votes on scores and frames.
pub fn vote(scores: &[f64], pictures: &[RgbImage], params: &PassiveParams, grid: &MoireParams) -> Vote {
    let answer = |passed, reason, strength| Vote { name: "silent_passive", passed, reason, strength };
    let Some(score) = median(scores.to_vec()) else {
        return answer(false, "no scores".to_owned(), 0.0);
    };
    let screen = moire::vote(pictures, grid);
    let strength = strength_above(score, params.min_score).min(screen.strength);
    let reason = format!("median score {score:.2}, {}", screen.reason);
    answer(score >= params.min_score && screen.passed, reason, strength)
}
