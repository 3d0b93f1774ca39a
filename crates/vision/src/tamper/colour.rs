//! `photocopy` and `backdrop`: the colours of photograph and paper.
//!
//! A colour is what is left of a pixel when its brightness is divided out, and is compared with the paper's, so that the light's
//! own colour does not count. Invariant: burnt and nearly black pixels say nothing. Deliberately lacks knowledge of faces: the
//! photograph's backdrop is judged where heads hardly ever are.

use frame::Frame;
use ktp::Field;

use super::params::TamperParams;
use super::vote::{Vote, Voter};
use crate::lines::MARGIN;
use crate::reading::Reading;

/// Blocks averaged before anything is measured, in shares of the rectified picture's width: noise goes, areas stay.
const BLOCK: f32 = 0.008;
/// Where text on bare paper stands (left, top, right, bottom; shares of the card).
const PAPER: [f32; 4] = [0.24, 0.24, 0.66, 0.88];
const PHOTO: [f32; 4] = [0.725, 0.22, 0.93, 0.62];
/// The photograph's upper corners.
const BACKDROP: [[f32; 4]; 2] = [[0.722, 0.22, 0.762, 0.36], [0.892, 0.22, 0.932, 0.36]];
const DARK: f32 = 24.0;
const BURNT: f32 = 250.0;

/// What a picture's colours come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ColourMarks {
    /// How far, in relative chroma, a fifth of the photograph at least lies from the paper.
    pub distance: f32,
    /// ln(red/blue) of the backdrop less that of the paper; `None` if the two corners disagree or are burnt.
    pub backdrop: Option<f32>,
}

pub(super) fn measure(card: &Frame) -> Option<ColourMarks> {
    let paper = blocks(card, PAPER);
    let chroma = |[r, g, b]: [f32; 3]| {
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        ((r - luma) / luma, (b - luma) / luma)
    };
    let red = median(paper.iter().map(|&p| chroma(p).0).collect())?;
    let blue = median(paper.iter().map(|&p| chroma(p).1).collect())?;
    let mut distances: Vec<f32> =
        blocks(card, PHOTO).into_iter().map(|p| (chroma(p).0 - red).hypot(chroma(p).1 - blue)).collect();
    distances.sort_by(f32::total_cmp);
    let distance = *distances.get(distances.len() * 4 / 5)?;
    Some(ColourMarks { distance, backdrop: backdrop(card, &paper) })
}

fn backdrop(card: &Frame, paper: &[[f32; 3]]) -> Option<f32> {
    let redness =
        |area: &[[f32; 3]]| median(area.iter().map(|[r, _, b]| ((r + 4.0) / (b + 4.0)).ln()).collect());
    let base = redness(paper)?;
    let [left, right] = BACKDROP.map(|area| redness(&blocks(card, area)));
    match (left.map(|v| v - base), right.map(|v| v - base)) {
        (Some(a), Some(b)) if a.signum() == b.signum() => Some(if a.abs() < b.abs() { a } else { b }),
        _disagree_or_burnt => None,
    }
}

/// Mean colours of the blocks of an area that are neither burnt nor dark.
fn blocks(card: &Frame, [left, top, right, bottom]: [f32; 4]) -> Vec<[f32; 3]> {
    let (w, h) = (card.width() as f32, card.height() as f32);
    let at = |share: f32, side: f32| ((share * (1.0 - 2.0 * MARGIN) + MARGIN) * side) as u32;
    let side = ((BLOCK * w) as u32).max(2);
    let mut out = Vec::new();
    for y in (at(top, h)..at(bottom, h).saturating_sub(side)).step_by(side as usize) {
        for x in (at(left, w)..at(right, w).saturating_sub(side)).step_by(side as usize) {
            let mean = block(card, x, y, side);
            let most = mean.iter().copied().fold(0.0, f32::max);
            if (DARK..BURNT).contains(&most) {
                out.push(mean);
            }
        }
    }
    out
}

fn block(card: &Frame, x: u32, y: u32, side: u32) -> [f32; 3] {
    let mut sum = [0.0; 3];
    for dy in 0..side {
        for dx in 0..side {
            for (total, level) in sum.iter_mut().zip(card.pixel(x + dx, y + dy)) {
                *total += f32::from(level);
            }
        }
    }
    sum.map(|total| total / (side * side) as f32)
}

pub(super) fn median(mut values: Vec<f32>) -> Option<f32> {
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied()
}

pub(super) fn photocopy(distance: Option<f32>, params: &TamperParams) -> Vote {
    let Some(distance) = distance else {
        return Vote::not_judged(Voter::Photocopy, "too much of the card is burnt or dark");
    };
    let reason = format!("photograph and paper differ in colour by {distance:.2}");
    Vote::of(Voter::Photocopy, params.least_colour / distance.max(1e-3), reason)
}

pub(super) fn backdrop_vote(redness: Option<f32>, reading: &Reading, params: &TamperParams) -> Vote {
    let is_sure = reading.confidence(Field::DateOfBirth) >= params.sure_confidence;
    let fields = reading.fields();
    let year = fields
        .get(Field::DateOfBirth)
        .filter(|_| is_sure)
        .and_then(|date| date.get(..4)?.parse::<u32>().ok());
    let Some(year) = year else {
        return Vote::not_judged(Voter::Backdrop, "the birth year is not surely read");
    };
    let Some(redness) = redness.filter(|redness| redness.abs() >= params.least_backdrop) else {
        return Vote::not_judged(Voter::Backdrop, "the backdrop is neither clearly red nor clearly blue");
    };
    let is_odd = year % 2 == 1;
    let seen = if redness > 0.0 { "red" } else { "blue" };
    let parity = if is_odd { "odd" } else { "even" };
    // Signed: as far on the right side as it may be on the wrong one.
    let against = if is_odd { -redness } else { redness };
    Vote::of(
        Voter::Backdrop,
        against / params.least_backdrop,
        format!("{seen} backdrop, {parity} birth year"),
    )
    .about(Field::DateOfBirth)
}
