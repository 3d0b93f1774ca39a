//! Cards that are held up but are not the front of a KTP: its back, or another card.
//!
//! Looked for while no KTP is followed. Whatever it is must be seen twice in the same place before it is spoken of, and
//! must not look like a KTP's front even faintly: a blurred KTP is no other card. Invariant: never answers
//! [`Sight::Ktp`]. Deliberately lacks memory of what was printed, and reading.

use frame::{Point, Quad};

use super::analysis::Sight;
use super::cells::{Cell, Cells};
use super::gate::Likeness;
use super::params::StrangerParams;
use super::pose::largest_move;
use super::rectangle;
use crate::localise::Pyramid;

/// What was seen of other cards.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    frames: u32,
    last: Option<(Quad, Sight)>,
    /// Looks in a row that agreed.
    agreed: u32,
}

impl Strangers {
    /// Looks in every other frame; answers what is seen once two looks agree.
    pub fn step(&mut self, pyramid: &Pyramid<'_>, params: &StrangerParams) -> Option<(Quad, Sight)> {
        self.frames += 1;
        if self.frames % params.every == 1 {
            let seen = look(pyramid, params);
            let agrees = |(quad, sight): &(Quad, Sight)| {
                self.last.is_some_and(|(last, was)| was == *sight && largest_move(&last, quad) < params.still)
            };
            self.agreed = if seen.as_ref().is_some_and(agrees) { self.agreed + 1 } else { 0 };
            self.last = seen;
        }
        self.last.filter(|_| self.agreed > 0)
    }

    /// Forgets: a KTP is there.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

fn look(pyramid: &Pyramid<'_>, params: &StrangerParams) -> Option<(Quad, Sight)> {
    let (quad, [likeness, printed, red, blue, odd]) = numbers(pyramid, params)?;
    if likeness > params.no_ktp || printed < params.printed {
        return None;
    }
    // The back of a KTP is pale and bluish like its front, and has no portrait: hardly a cell has another colour.
    let is_pale = red.abs() < params.pale && blue.abs() < params.pale;
    let is_back = is_pale && blue - red > params.bluish && odd < params.odd_share;
    Some((quad, if is_back { Sight::BackSide } else { Sight::OtherDocument }))
}

/// A card and its numbers: likeness to a KTP's front either way up, texture over paper, the paper's red and blue against
/// its luma, the share of cells with another colour.
pub(super) fn numbers(pyramid: &Pyramid<'_>, params: &StrangerParams) -> Option<(Quad, [f32; 5])> {
    let (small, sx, sy) = pyramid.level(f32::MAX);
    let quad = rectangle::find(small)?.map(|p| Point::new(p.x / sx, p.y / sy));
    let cells = Cells::of(pyramid, &quad)?;
    let turned = Cells::of(pyramid, &quad.turned_half())?;
    let likeness = Likeness::of(&cells).overall().max(Likeness::of(&turned).overall());
    let printed = mean(&cells, |cell| cell.texture) / cells.median_paper().max(20.0);
    let (red, blue) = (median(&cells, |c| chroma(c)[0]), median(&cells, |c| chroma(c)[1]));
    let is_odd = |cell: &Cell| {
        let [r, b] = chroma(cell);
        f32::from(u8::from((r - red).hypot(b - blue) > params.odd_colour))
    };
    Some((quad, [likeness, printed, red, blue, mean(&cells, is_odd)]))
}

/// Red and blue against luma.
fn chroma(cell: &Cell) -> [f32; 2] {
    let luma = cell.luma().max(16.0);
    [(cell.rgb[0] - luma) / luma, (cell.rgb[2] - luma) / luma]
}

fn mean(cells: &Cells, of: impl Fn(&Cell) -> f32) -> f32 {
    cells.iter().map(of).sum::<f32>() / cells.iter().count().max(1) as f32
}

fn median(cells: &Cells, of: impl Fn(&Cell) -> f32) -> f32 {
    let mut values: Vec<f32> = cells.iter().map(of).collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
