//! Finding faces: picture → [`FoundFace`]s.
//!
//! The net sees the whole picture in a 192-px square and answers in cells of 8 px. Invariant: one answer per face, best
//! first. Deliberately lacks several scales: a selfie's face is large.

use frame::{Frame, Point};
use inference::{Model, RunError};

use crate::cut::{Cut, tensor};
use crate::face::{Bounds, FoundFace, Points};

/// The net's input.
pub(crate) const INPUT_SHAPE: [usize; 4] = [1, 3, 192, 192];
const SIDE_PX: u32 = 192;
const CELLS: usize = 24;
const STRIDE_PX: f32 = 8.0;
const POINT_PX: f32 = 16.0;
/// Boxes that share more than this of the smaller one are the same face.
const OVERLAP: f32 = 0.35;
/// No picture of ours shows more people.
const MOST_FACES: usize = 8;

/// What is taken for a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectorParams {
    /// Least score.
    pub least_score: f32,
    /// Least height, as a share of the picture's longer side: smaller ones the net was not taught.
    pub least_height: f32,
}

impl Default for DetectorParams {
    fn default() -> Self {
        Self { least_score: 0.5, least_height: 0.07 }
    }
}

/// Finds the faces of a picture. `twice` also looks at its mirror image and takes the mean: for stills.
pub(crate) fn find(
    net: &dyn Model,
    frame: &Frame,
    params: &DetectorParams,
    twice: bool,
) -> Result<Vec<FoundFace>, RunError> {
    let longest = frame.width().max(frame.height());
    let centre = Point::new(frame.width() as f32 / 2.0, frame.height() as f32 / 2.0);
    let cut = Cut::around(frame, centre, longest as f32, SIDE_PX);
    let mut maps = net.run(&tensor(&cut.picture, false))?.into_values();
    if maps.len() != 15 * CELLS * CELLS {
        return Err(RunError::Failed("the face detector answers in another shape".to_owned()));
    }
    if twice {
        let mirrored = net.run(&tensor(&cut.picture, true))?.into_values();
        for (mean, other) in maps.iter_mut().zip(unmirrored(&mirrored)) {
            *mean = (*mean + other) / 2.0;
        }
    }
    let least_height_px = params.least_height * SIDE_PX as f32;
    let mut found: Vec<FoundFace> = Vec::new();
    for cell in best_cells(&maps, params.least_score) {
        let face = of_cell(&maps, cell);
        let is_new = found.iter().all(|other| {
            let smaller = face.bounds.area().min(other.bounds.area());
            face.bounds.shared(&other.bounds) < OVERLAP * smaller
        });
        if is_new && face.bounds.height >= least_height_px {
            found.push(face);
        }
        if found.len() == MOST_FACES {
            break;
        }
    }
    Ok(found.into_iter().map(|face| in_source(&face, &cut)).collect())
}

/// Cells of at least this score, best first.
fn best_cells(maps: &[f32], least_score: f32) -> Vec<usize> {
    let logit = (least_score / (1.0 - least_score)).ln();
    let mut cells: Vec<usize> = (0..CELLS * CELLS).filter(|cell| maps[*cell] >= logit).collect();
    cells.sort_by(|a, b| maps[*b].total_cmp(&maps[*a]));
    cells
}

/// In pixels of the square.
fn of_cell(maps: &[f32], cell: usize) -> FoundFace {
    let value = |map: usize| maps[map * CELLS * CELLS + cell];
    let (x, y) = position(cell);
    let reach = |map: usize| value(map).clamp(-6.0, 4.0).exp() * STRIDE_PX;
    let (left, top) = (reach(1), reach(2));
    let bounds = Bounds { x: x - left, y: y - top, width: left + reach(3), height: top + reach(4) };
    let point = |nth: usize| Point::new(x + value(5 + 2 * nth) * POINT_PX, y + value(6 + 2 * nth) * POINT_PX);
    let points: Points = std::array::from_fn(point);
    FoundFace { bounds, score: 1.0 / (1.0 + (-value(0)).exp()), points }
}

fn position(cell: usize) -> (f32, f32) {
    (((cell % CELLS) as f32 + 0.5) * STRIDE_PX, ((cell / CELLS) as f32 + 0.5) * STRIDE_PX)
}

fn in_source(face: &FoundFace, cut: &Cut) -> FoundFace {
    let Bounds { x, y, width, height } = face.bounds;
    let (from, to) = (cut.to_source(x, y), cut.to_source(x + width, y + height));
    FoundFace {
        bounds: Bounds { x: from.x, y: from.y, width: to.x - from.x, height: to.y - from.y },
        score: face.score,
        points: face.points.map(|point| cut.to_source(point.x, point.y)),
    }
}

/// The maps of a mirror image, mirrored back.
fn unmirrored(maps: &[f32]) -> Vec<f32> {
    /// Where each map's counterpart lies: left and right change places, and so do eyes and mouth corners.
    const FROM: [usize; 15] = [0, 3, 2, 1, 4, 7, 8, 5, 6, 9, 10, 13, 14, 11, 12];
    let mut back = Vec::with_capacity(maps.len());
    for (map, from) in FROM.into_iter().enumerate() {
        // The points' horizontal offsets change their sign.
        let sign = if map >= 5 && map % 2 == 1 { -1.0 } else { 1.0 };
        for cell in 0..CELLS * CELLS {
            let (row, column) = (cell / CELLS, cell % CELLS);
            back.push(sign * maps[from * CELLS * CELLS + row * CELLS + CELLS - 1 - column]);
        }
    }
    back
}

#[cfg(test)]
mod tests {
    use inference::Tensor;

    use super::*;

    /// Answers with the same maps, whatever it is shown.
    struct Fixed(Vec<f32>);

    impl Model for Fixed {
        fn prepare(&self, _shape: &[usize]) -> Result<(), RunError> {
            Ok(())
        }

        fn run(&self, _input: &Tensor) -> Result<Tensor, RunError> {
            Tensor::new(&[1, 15, CELLS, CELLS], self.0.clone()).map_err(|e| RunError::Failed(e.to_string()))
        }
    }

    /// A face of 10 × 12 cells around `(column, row)`, as sure as `logit`.
    fn put(maps: &mut [f32], column: usize, row: usize, logit: f32) {
        let cell = row * CELLS + column;
        let mut set = |map: usize, value: f32| maps[map * CELLS * CELLS + cell] = value;
        set(0, logit);
        for (map, cells) in [(1, 5.0f32), (2, 6.0), (3, 5.0), (4, 6.0)] {
            set(map, cells.ln());
        }
        for (nth, (x, y)) in
            [(-1.0, -1.0), (1.0, -1.0), (0.0, 0.0), (-0.8, 1.0), (0.8, 1.0)].into_iter().enumerate()
        {
            set(5 + 2 * nth, x);
            set(6 + 2 * nth, y);
        }
    }

    fn nothing() -> Vec<f32> {
        let mut maps = vec![0.0; 15 * CELLS * CELLS];
        maps[..CELLS * CELLS].fill(-9.0);
        maps
    }

    #[test]
    fn one_face_per_place_in_pixels_of_the_picture() {
        let mut maps = nothing();
        put(&mut maps, 11, 12, 3.0);
        put(&mut maps, 12, 12, 2.0);
        put(&mut maps, 4, 4, -1.0);
        let frame = Frame::filled(1920, 1080, [90; 3]);
        let found = find(&Fixed(maps), &frame, &DetectorParams::default(), false).unwrap();
        assert_eq!(found.len(), 1);
        let face = found[0];
        assert!((face.score - 0.953).abs() < 0.001);
        // Cell (11, 12) lies at (92, 100) of the square; a pixel of it is 10 of the picture, 420 are padding above.
        let close = |a: f32, b: f32| assert!((a - b).abs() < 1.0, "{a} {b}");
        close(face.bounds.centre().x, 920.0);
        close(face.bounds.centre().y, 1000.0 - 420.0);
        close(face.bounds.width, 800.0);
        close(face.points[0].x, 920.0 - 160.0);
    }

    #[test]
    fn small_and_doubtful_ones_are_left_out() {
        let mut maps = nothing();
        put(&mut maps, 11, 12, -0.5);
        let frame = Frame::filled(64, 64, [90; 3]);
        let params = DetectorParams { least_score: 0.3, ..DetectorParams::default() };
        assert_eq!(find(&Fixed(maps.clone()), &frame, &params, false).unwrap().len(), 1);
        assert!(find(&Fixed(maps.clone()), &frame, &DetectorParams::default(), false).unwrap().is_empty());
        let params = DetectorParams { least_height: 0.8, ..params };
        assert!(find(&Fixed(maps), &frame, &params, false).unwrap().is_empty());
        assert!(find(&Fixed(vec![0.0; 3]), &frame, &params, false).is_err());
    }

    #[test]
    fn a_mirrored_mirror_is_the_thing_itself() {
        let mut maps = nothing();
        put(&mut maps, 3, 7, 1.0);
        assert_eq!(unmirrored(&unmirrored(&maps)), maps);
        let back = unmirrored(&maps);
        let face = of_cell(&back, 7 * CELLS + 20);
        assert!(face.points[0].x < face.points[1].x && face.score > 0.7);
    }
}
