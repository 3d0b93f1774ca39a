//! `motion_parallax` and `face_continuity`: does the face move on its own, and is it one face throughout?

use super::flow::{Motion, Shift};
use super::fuse::{Outcome, Vote, Voter};
use super::glimpse::Glimpse;

/// Thresholds of both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MotionVoteParams {
    /// Motion of the face between two frames that counts as some, in pixels of 80.
    pub least_motion: f32,
    /// Frame pairs with such motion that are enough to go by.
    pub least_pairs: usize,
    /// What is around the face follows it by less than this share: the face moves on its own.
    pub alone_share: f32,
    /// It follows by more than this share, and the picture's edge does not: a flat thing is being held.
    pub together_share: f32,
    /// Two frames further apart in time than this are not compared.
    pub most_gap_ms: u64,
    /// Or further apart in turn, in degrees.
    pub most_turn: f32,
    /// Faces less alike than this, next to each other in time, are a jump.
    pub least_likeness: f32,
    /// More jumps than this share of the pairs is not one face.
    pub most_jumps: f32,
}

impl Default for MotionVoteParams {
    fn default() -> Self {
        Self {
            least_motion: 0.12,
            least_pairs: 8,
            alone_share: 0.45,
            together_share: 0.7,
            most_gap_ms: 150,
            most_turn: 5.0,
            least_likeness: 0.85,
            most_jumps: 0.04,
        }
    }
}

pub(super) fn parallax(motions: &[Motion], params: &MotionVoteParams) -> Vote {
    let moved: Vec<(&Motion, Shift)> = motions
        .iter()
        .filter_map(|motion| motion.face.map(|face| (motion, face)))
        .filter(|(_, face)| face.x.hypot(face.y) >= params.least_motion)
        .collect();
    let around = share(&moved, |motion| motion.ring, params);
    let edge = share(&moved, |motion| motion.border, params);
    let (outcome, reason) = match (around, edge) {
        (None, _) => (Outcome::Abstained, format!("{} moving pairs, too little to compare", moved.len())),
        (Some(around), _) if around < params.alone_share => {
            (Outcome::Passed, format!("surroundings follow the face by {around:.2}"))
        }
        (Some(around), Some(edge)) if around > params.together_share && edge < params.alone_share => {
            (Outcome::Failed, format!("surroundings follow the face by {around:.2}, the edge by {edge:.2}"))
        }
        (Some(around), _) => {
            (Outcome::Abstained, format!("surroundings follow by {around:.2}: the camera may move"))
        }
    };
    Vote::new(Voter::MotionParallax, outcome, reason)
}

/// By which share of the face's motion a region moves along with it.
fn share(
    moved: &[(&Motion, Shift)],
    region: impl Fn(&Motion) -> Option<Shift>,
    params: &MotionVoteParams,
) -> Option<f32> {
    let pairs: Vec<(Shift, Shift)> =
        moved.iter().filter_map(|(motion, face)| region(motion).map(|other| (*face, other))).collect();
    let along: f32 = pairs.iter().map(|(face, other)| face.x * other.x + face.y * other.y).sum();
    let whole: f32 = pairs.iter().map(|(face, _)| face.x * face.x + face.y * face.y).sum();
    (pairs.len() >= params.least_pairs).then(|| along / whole.max(f32::MIN_POSITIVE))
}

pub(super) fn continuity(glimpses: &[Glimpse], params: &MotionVoteParams) -> Vote {
    let pairs: Vec<f32> = glimpses
        .windows(2)
        .filter(|pair| pair[1].at_ms.saturating_sub(pair[0].at_ms) <= params.most_gap_ms)
        .filter(|pair| (pair[1].face.pose.yaw - pair[0].face.pose.yaw).abs() <= params.most_turn)
        // Another colour on the screen makes another picture of the same face.
        .filter(|pair| pair[0].lit == pair[1].lit)
        .map(|pair| likeness(&pair[0].thumb, &pair[1].thumb))
        .collect();
    if pairs.len() < params.least_pairs {
        let reason = format!("{} pairs of frames, too few", pairs.len());
        return Vote::new(Voter::FaceContinuity, Outcome::Abstained, reason);
    }
    let jumps = pairs.iter().filter(|likeness| **likeness < params.least_likeness).count();
    let share = jumps as f32 / pairs.len() as f32;
    let least = pairs.iter().copied().fold(1.0, f32::min);
    let reason = format!("{jumps} jumps in {} pairs, least likeness {least:.2}", pairs.len());
    Vote::of(Voter::FaceContinuity, share <= params.most_jumps, reason)
}

/// Correlation of two normalised pictures.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>() / a.len().max(1) as f32
}
