//! `specular_check` and `hologram_check`: what moves over the card while the card moves.
//!
//! Every picture of a burst leaves a coarse map of its card: how bright and of which colour each cell is, beside the card's usual.
//! A lamp's image on laminate wanders over the card as it tilts; one that is printed stays. Invariant: a burst in which nothing shone, or
//! nothing moved, is not judged. Deliberately lacks what a hologram shows: colours that play speak for one, and nothing else
//! is known of it.

use frame::{Frame, Quad};

use super::colour::median;
use super::params::TamperParams;
use super::vote::{Vote, Voter};
use crate::lines::MARGIN;

pub(super) const COLUMNS: usize = 32;
pub(super) const ROWS: usize = 20;

/// One picture's map.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShineMarks {
    /// Brightness of each cell's darkest channel over the paper's, 1 for paper.
    bright: Vec<f32>,
    /// (red − luma, blue − luma) over luma of each cell.
    chroma: Vec<(f32, f32)>,
    quad: Quad,
}

pub(super) fn measure(card: &Frame, quad: &Quad) -> Option<ShineMarks> {
    let cells: Vec<[f32; 3]> = (0..COLUMNS * ROWS).map(|at| cell(card, at % COLUMNS, at / COLUMNS)).collect();
    let darkest = |c: &[f32; 3]| c.iter().copied().fold(255.0, f32::min);
    let paper = median(cells.iter().map(darkest).collect())?.max(1.0);
    let chroma = cells
        .iter()
        .map(|[r, g, b]| {
            let luma = (0.299 * r + 0.587 * g + 0.114 * b).max(8.0);
            ((r - luma) / luma, (b - luma) / luma)
        })
        .collect();
    Some(ShineMarks { bright: cells.iter().map(|c| darkest(c) / paper).collect(), chroma, quad: *quad })
}

fn cell(card: &Frame, column: usize, row: usize) -> [f32; 3] {
    let place = |nth: usize, of: usize, side: u32| {
        let share = nth as f32 / of as f32 * (1.0 - 2.0 * MARGIN) + MARGIN;
        ((share * side as f32) as u32).min(side - 1)
    };
    let (left, right) = (place(column, COLUMNS, card.width()), place(column + 1, COLUMNS, card.width()));
    let (top, bottom) = (place(row, ROWS, card.height()), place(row + 1, ROWS, card.height()));
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for y in (top..bottom).step_by(2) {
        for x in (left..right).step_by(2) {
            for (total, level) in sum.iter_mut().zip(card.pixel(x, y)) {
                *total += f32::from(level);
            }
            count += 1.0;
        }
    }
    sum.map(|total| total / f32::max(count, 1.0))
}

/// A highlight of one picture: how much of the card it covers and where its middle is, in card widths.
struct Highlight {
    share: f32,
    middle: (f32, f32),
}

/// What is much brighter than what is around it; a ramp of light, however steep, is not.
fn highlight(marks: &ShineMarks, params: &TamperParams) -> Option<Highlight> {
    let (mut weight, mut x, mut y, mut cells) = (0.0, 0.0, 0.0, 0usize);
    for (at, bright) in marks.bright.iter().enumerate() {
        let excess = bright - around(marks, at) - HIGHLIGHT;
        if excess > 0.0 {
            weight += excess;
            x += excess * (at % COLUMNS) as f32 / COLUMNS as f32;
            y += excess * (at / COLUMNS) as f32 / ROWS as f32 / ASPECT;
            cells += 1;
        }
    }
    let share = cells as f32 / marks.bright.len() as f32;
    (share >= params.least_highlight_share).then(|| Highlight { share, middle: (x / weight, y / weight) })
}

/// Brighter than its surroundings by so much of the paper's brightness is no paper any more.
const HIGHLIGHT: f32 = 0.15;
/// Surroundings: so many cells in every direction.
const REACH: usize = 5;

/// The upper quartile of brightness around a cell: that of paper, even where much text or the photograph is.
fn around(marks: &ShineMarks, at: usize) -> f32 {
    let (column, row) = (at % COLUMNS, at / COLUMNS);
    let columns = column.saturating_sub(REACH)..(column + REACH + 1).min(COLUMNS);
    let rows = row.saturating_sub(REACH)..(row + REACH + 1).min(ROWS);
    let mut near: Vec<f32> =
        rows.flat_map(|y| columns.clone().map(move |x| marks.bright[y * COLUMNS + x])).collect();
    near.sort_by(f32::total_cmp);
    near.get(near.len() * 3 / 4).copied().unwrap_or(1.0)
}

const ASPECT: f32 = 1.5858;

pub(super) fn specular(pictures: &[&ShineMarks], params: &TamperParams) -> Vote {
    let not_judged = |reason| Vote::not_judged(Voter::SpecularCheck, reason);
    if pictures.len() < 2 {
        return not_judged("a single picture shows no movement");
    }
    if motion(pictures) < params.least_motion {
        return not_judged("the card hardly moved");
    }
    let seen: Vec<Highlight> = pictures.iter().filter_map(|marks| highlight(marks, params)).collect();
    if seen.is_empty() {
        return not_judged("nothing shone on the card");
    }
    let most = seen.iter().map(|h| h.share).fold(0.0, f32::max);
    if seen.len() < pictures.len() {
        // A faint one may be lost in a frame though it is printed.
        return if most >= 2.0 * params.least_highlight_share {
            Vote::of(Voter::SpecularCheck, 0.0, "highlights come and go as the card moves".to_owned())
        } else {
            not_judged("what shone on the card is too faint to be followed")
        };
    }
    let wander = widest(seen.iter().map(|h| h.middle));
    let share = 100.0 * most;
    let reason = format!(
        "a highlight on up to {share:.1} % of the card wanders by {:.1} % of its width",
        100.0 * wander
    );
    Vote::of(Voter::SpecularCheck, params.least_wander / wander.max(1e-4), reason)
}

/// How far apart the farthest two of some points are.
fn widest(points: impl Iterator<Item = (f32, f32)>) -> f32 {
    let all: Vec<(f32, f32)> = points.collect();
    let apart = |a: &(f32, f32), b: &(f32, f32)| (a.0 - b.0).hypot(a.1 - b.1);
    all.iter().flat_map(|a| all.iter().map(move |b| apart(a, b))).fold(0.0, f32::max)
}

/// How far corners moved between pictures, in card widths: shifts, turns and tilts alike.
fn motion(pictures: &[&ShineMarks]) -> f32 {
    let width = pictures[0].quad.width().max(1.0);
    (0..4)
        .map(|corner| {
            widest(pictures.iter().map(|marks| {
                let point = marks.quad.0[corner];
                (point.x / width, point.y / width)
            }))
        })
        .fold(0.0, f32::max)
}

/// A play of colours speaks for a hologram; its absence says nothing, for most light shows none.
pub(super) fn hologram(pictures: &[&ShineMarks], params: &TamperParams) -> Vote {
    if pictures.len() < 2 || motion(pictures) < params.least_motion {
        return Vote::not_judged(Voter::HologramCheck, "the card was not seen moving");
    }
    let play = play_of_colours(pictures);
    if play < params.least_play {
        return Vote::not_judged(Voter::HologramCheck, "no colours played, which says nothing");
    }
    let reason = format!("colours play by {play:.2} as the card moves");
    Vote::of(Voter::HologramCheck, 0.0, reason)
}

/// The change of colour that one cell in fifty exceeds, the pictures' common change (white balance) taken out.
fn play_of_colours(pictures: &[&ShineMarks]) -> f32 {
    let common = |marks: &ShineMarks, of: fn(&(f32, f32)) -> f32| {
        median(marks.chroma.iter().map(of).collect()).unwrap_or_default()
    };
    let level: Vec<(f32, f32)> =
        pictures.iter().map(|marks| (common(marks, |c| c.0), common(marks, |c| c.1))).collect();
    let mut changes: Vec<f32> = (0..COLUMNS * ROWS)
        // Where it shines, white hides every colour.
        .filter(|&at| pictures.iter().all(|marks| (0.5..1.0 + HIGHLIGHT).contains(&marks.bright[at])))
        .map(|at| {
            widest(
                pictures
                    .iter()
                    .zip(&level)
                    .map(|(marks, level)| (marks.chroma[at].0 - level.0, marks.chroma[at].1 - level.1)),
            )
        })
        .collect();
    changes.sort_by(f32::total_cmp);
    changes.get(changes.len() * 49 / 50).copied().unwrap_or_default()
}
