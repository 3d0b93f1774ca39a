//! From one state of a face into the next: both are moved towards each other along the flow, then mixed.
//!
//! Invariant: at share 0 it is the first state, at share 1 the second. Deliberately absent: what neither state shows.

use frame::Frame;

/// Movement over a patch, in cells.
pub(super) struct Flow {
    columns: usize,
    rows: usize,
    /// Pixels of layer from the state before to this one.
    cells: Vec<[f32; 2]>,
}

impl Flow {
    /// The flows of a sitter, one under the other in a picture: red is x, green is y, 128 is none.
    pub(super) fn read(
        picture: &Frame,
        (columns, rows): (usize, usize),
        step_px: f32,
    ) -> Option<Vec<Option<Self>>> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        if width != columns
            || rows == 0
            || columns < 2
            || rows < 2
            || height != rows * (super::State::ALL.len() - 1)
        {
            return None;
        }
        let offset = |code: u8| (f32::from(code) - 128.0) * step_px;
        let cells: Vec<[f32; 2]> =
            picture.data().chunks_exact(3).map(|pixel| [offset(pixel[0]), offset(pixel[1])]).collect();
        let flows = cells
            .chunks_exact(columns * rows)
            .map(|cells| Some(Self { columns, rows, cells: cells.to_vec() }));
        Some(std::iter::once(None).chain(flows).collect())
    }

    /// The movement at a place given as shares of the patch.
    pub(super) fn at(&self, x: f32, y: f32) -> [f32; 2] {
        let place = |share: f32, count: usize| (share * count as f32 - 0.5).clamp(0.0, (count - 1) as f32);
        let (x, y) = (place(x, self.columns), place(y, self.rows));
        let (left, top) = ((x as usize).min(self.columns - 2), (y as usize).min(self.rows - 2));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let [a, b, c, d] = [(0, 0), (1, 0), (0, 1), (1, 1)]
            .map(|(dx, dy)| self.cells[(top + dy) * self.columns + left + dx]);
        std::array::from_fn(|i| {
            let (above, below) = (a[i] + (b[i] - a[i]) * fx, c[i] + (d[i] - c[i]) * fx);
            above + (below - above) * fy
        })
    }
}

/// A lit layer: premultiplied light and coverage.
pub(super) struct Lit {
    pub left: usize,
    pub top: usize,
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[f32; 4]>,
}

impl Lit {
    /// At a place of the whole picture; the edge is continued outwards.
    #[inline]
    pub(super) fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        let x = (x - self.left as f32).clamp(0.0, (self.width - 1) as f32);
        let y = (y - self.top as f32).clamp(0.0, (self.height - 1) as f32);
        let (left, top) = ((x as usize).min(self.width - 2), (y as usize).min(self.height - 2));
        let (fx, fy) = (x - left as f32, y - top as f32);
        let at = top * self.width + left;
        let (above, below) = (&self.pixels[at..at + 2], &self.pixels[at + self.width..at + self.width + 2]);
        std::array::from_fn(|i| {
            let upper = above[0][i] + (above[1][i] - above[0][i]) * fx;
            let lower = below[0][i] + (below[1][i] - below[0][i]) * fx;
            upper + (lower - upper) * fy
        })
    }
}

/// How far from a patch's border it has replaced the neutral picture.
const FEATHER_PX: f32 = 12.0;

/// Puts what lies between two states into `whole`, which shows the neutral one. `patch` is the second state's.
pub(super) fn morph(whole: &mut Lit, first: &Lit, second: &Lit, flow: &Flow, share: f32) {
    let patch = second;
    for row in 0..patch.height {
        let y = patch.top + row;
        for column in 0..patch.width {
            let x = patch.left + column;
            let across = (column as f32 + 0.5) / patch.width as f32;
            let down = (row as f32 + 0.5) / patch.height as f32;
            let [dx, dy] = flow.at(across, down);
            let (px, py) = (x as f32, y as f32);
            let a = first.sample(px - share * dx, py - share * dy);
            let b = second.sample(px + (1.0 - share) * dx, py + (1.0 - share) * dy);
            let inside = column.min(patch.width - 1 - column).min(patch.height - 1 - row) as f32;
            let weight = ((inside + 1.0) / FEATHER_PX).min(1.0);
            let pixel = &mut whole.pixels[y * whole.width + x];
            for i in 0..4 {
                let mixed = a[i] + (b[i] - a[i]) * share;
                pixel[i] += (mixed - pixel[i]) * weight;
            }
        }
    }
}
