//! Which values light or things hide, on one card in one picture.
//!
//! A net sees the upright card in cells as high as half a row of print: where light washes it out, where something lies
//! over it, and where each value stands on this very card, seen or not. A value is hidden when the cells it shares with a
//! trouble hold enough letters. Invariant: maps are finite and lists in card order. Deliberately lacks reading, and what
//! caused the trouble.

use frame::{Border, Frame, Homography, Point, Quad, Sampling};
use inference::{LoadError, Model, ModelSource, Models, RunError, Tensor};
use ktp::Field;

use crate::live::CardMap;
use crate::localise::Pyramid;
use crate::logits::{exp, sigmoid};

const WIDTH_PX: usize = 256;
const HEIGHT_PX: usize = 160;
const COLS: usize = WIDTH_PX / 4;
const ROWS: usize = HEIGHT_PX / 4;
/// Maps of trouble: washed out, covered.
const TROUBLES: usize = 2;
/// Glare, things, no value, and each value.
const MAPS: usize = TROUBLES + 1 + Field::ALL.len();
/// The shape the net must be prepared for.
const INPUT_SHAPE: [usize; 4] = [1, 3, HEIGHT_PX, WIDTH_PX];
/// Cells of the net along a side of a cell of [`CardMap`].
const FINER: usize = ROWS / CardMap::ROWS;

/// When a value counts as hidden.
#[derive(Debug, Clone)]
pub(crate) struct VisibilityParams {
    /// Letters of a value under light, and under things, from which on it is hidden: between the truth's quarter and its one
    /// letter (`models/training/synth/legible.py`), where both kinds of mistake were as many on 640 held-out cut-outs.
    pub letters: [f32; TROUBLES],
    /// A cell less likely in trouble than this is not looked at: most cards have no other.
    pub least: f32,
}

impl Default for VisibilityParams {
    fn default() -> Self {
        Self { letters: [0.7, 0.6], least: 0.02 }
    }
}

/// What cannot be seen of a card.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hidden {
    /// Where light washes the card out.
    pub glare: CardMap,
    /// Where something lies over the card.
    pub cover: CardMap,
    /// Fields hidden by glare, in card order.
    pub glare_fields: Vec<Field>,
    /// Fields hidden by something over the card, in card order.
    pub covered_fields: Vec<Field>,
}

/// The net that tells what is hidden.
pub struct Visibility {
    net: Box<dyn Model>,
    params: VisibilityParams,
}

impl Visibility {
    /// Loads and prepares the net.
    pub fn load(source: &ModelSource) -> Result<Self, LoadError> {
        let net = Models::open(source)?.load("visibility")?;
        net.prepare(&INPUT_SHAPE)
            .map_err(|e| LoadError::Unusable { name: "visibility".to_owned(), reason: e.to_string() })?;
        Ok(Self::new(net))
    }

    /// With another net, such as a fake.
    #[must_use]
    pub fn new(net: Box<dyn Model>) -> Self {
        Self { net, params: VisibilityParams::default() }
    }

    /// What is hidden of the card with these corners; `None` if they enclose nothing.
    pub(crate) fn look(&self, pyramid: &Pyramid<'_>, quad: &Quad) -> Result<Option<Hidden>, RunError> {
        let Some(card) = upright(pyramid, quad) else { return Ok(None) };
        let maps = self.net.run(&input(&card))?;
        if maps.shape() != [1, MAPS, ROWS, COLS] {
            return Err(RunError::Failed(format!("visibility maps of shape {:?}", maps.shape())));
        }
        Ok(Some(self.judge(maps.values())))
    }

    fn judge(&self, maps: &[f32]) -> Hidden {
        let logits: Vec<&[f32]> = maps.chunks_exact(ROWS * COLS).collect();
        let trouble =
            [0, 1].map(|which: usize| logits[which].iter().map(|&v| sigmoid(v)).collect::<Vec<_>>());
        let letters = self.letters(&trouble, &logits[TROUBLES..]);
        let fields = |which: usize| {
            let hidden = |nth: &usize| letters[which][*nth] >= self.params.letters[which];
            (0..Field::ALL.len()).filter(hidden).map(|nth| Field::ALL[nth]).collect()
        };
        Hidden {
            glare: map_of(&trouble[0]),
            cover: map_of(&trouble[1]),
            glare_fields: fields(0),
            covered_fields: fields(1),
        }
    }

    /// Letters of each value under each trouble.
    fn letters(
        &self,
        trouble: &[Vec<f32>; TROUBLES],
        places: &[&[f32]],
    ) -> [[f32; Field::ALL.len()]; TROUBLES] {
        let mut letters = [[0.0; Field::ALL.len()]; TROUBLES];
        for cell in 0..ROWS * COLS {
            let here = [trouble[0][cell], trouble[1][cell]];
            if here.iter().all(|&v| v < self.params.least) {
                continue;
            }
            let most = places.iter().map(|map| map[cell]).fold(f32::NEG_INFINITY, f32::max);
            let weights: Vec<f32> = places.iter().map(|map| exp(map[cell] - most)).collect();
            let all: f32 = weights.iter().sum();
            for (nth, field) in Field::ALL.into_iter().enumerate() {
                let share = weights[nth + 1] / all / cells_of_a_letter(field);
                letters.iter_mut().zip(here).for_each(|(sum, v)| sum[nth] += v * share);
            }
        }
        letters
    }
}

/// Cells that one letter fills with its share of spaces, on average over printed cards: as in training.
const fn cells_of_a_letter(field: Field) -> f32 {
    match field {
        Field::Nik => 3.18,
        Field::Province => 2.15,
        Field::City => 2.25,
        Field::Address | Field::Occupation => 1.22,
        Field::FullName
        | Field::PlaceOfBirth
        | Field::Kelurahan
        | Field::Kecamatan
        | Field::MaritalStatus => 1.2,
        Field::Nationality => 1.16,
        Field::Religion | Field::ValidUntil => 1.1,
        Field::Gender => 1.08,
        Field::BloodType | Field::RtRw => 1.0,
        Field::DateOfBirth => 0.9,
        Field::IssueDate => 0.78,
    }
}

/// Means over the coarser cells that people are shown.
fn map_of(cells: &[f32]) -> CardMap {
    CardMap::from_fn(|col, row| {
        let part = (0..FINER * FINER).map(|i| (row * FINER + i / FINER) * COLS + col * FINER + i % FINER);
        part.map(|at| cells[at]).sum::<f32>() / (FINER * FINER) as f32
    })
}

/// The card in the net's size, from the level of the picture next above it.
fn upright(pyramid: &Pyramid<'_>, quad: &Quad) -> Option<Frame> {
    let (level, sx, sy) = pyramid.level(quad.width() / WIDTH_PX as f32);
    let card = Quad::rect(-0.5, -0.5, WIDTH_PX as f32 - 0.5, HEIGHT_PX as f32 - 0.5);
    let there = quad.map(|p| Point::new((p.x + 0.5) * sx - 0.5, (p.y + 0.5) * sy - 0.5));
    let map = Homography::between(&card, &there)?;
    let size = (WIDTH_PX as u32, HEIGHT_PX as u32);
    Some(level.warped(&map, size, Sampling::Bilinear, Border::Replicate))
}

/// BGR planes, −1 to 1.
fn input(card: &Frame) -> Tensor {
    let plane = |c: usize| card.data().iter().skip(c).step_by(3).map(|&v| f32::from(v) / 127.5 - 1.0);
    let values = plane(2).chain(plane(1)).chain(plane(0)).collect();
    Tensor::new(&INPUT_SHAPE, values).expect("three planes of the input's size")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers with the same maps whatever it sees.
    struct Fake(Vec<f32>);

    impl Model for Fake {
        fn prepare(&self, _shape: &[usize]) -> Result<(), RunError> {
            Ok(())
        }

        fn run(&self, _input: &Tensor) -> Result<Tensor, RunError> {
            Ok(Tensor::new(&[1, MAPS, ROWS, COLS], self.0.clone()).unwrap())
        }
    }

    /// Maps without trouble and values, but for cells set by hand.
    fn seen(cells: &[(usize, usize, usize)]) -> Hidden {
        let mut maps = vec![-9.0; MAPS * ROWS * COLS];
        for &(map, col, row) in cells {
            maps[(map * ROWS + row) * COLS + col] = 9.0;
        }
        let quad = Quad::rect(10.0, 10.0, 300.0, 190.0);
        let picture = Frame::filled(320, 200, [120; 3]);
        Visibility::new(Box::new(Fake(maps))).look(&Pyramid::of(&picture), &quad).unwrap().unwrap()
    }

    #[test]
    fn a_value_is_hidden_where_it_meets_trouble() {
        let at = |field: Field| TROUBLES + 1 + Field::ALL.iter().position(|f| *f == field).unwrap();
        let religion = at(Field::Religion);
        let hidden = seen(&[(0, 20, 20), (religion, 20, 20), (1, 30, 20), (at(Field::Nik), 30, 20)]);
        assert_eq!((hidden.glare_fields, hidden.covered_fields), (vec![Field::Religion], vec![]));
        let wide = [(1, 30, 20), (1, 31, 20), (at(Field::Nik), 30, 20), (at(Field::Nik), 31, 20)];
        assert_eq!(seen(&wide).covered_fields, [Field::Nik]);
        assert_eq!(seen(&[(1, 30, 20), (religion, 31, 20)]).covered_fields, []);
    }

    #[test]
    fn maps_show_what_fills_half_a_cell() {
        let hidden = seen(&[(0, 10, 10), (0, 11, 10), (0, 10, 11), (1, 40, 20)]);
        assert!(hidden.glare.counts(5, 5) && !hidden.cover.counts(20, 10));
        assert!((hidden.glare.share() - 1.0 / 640.0).abs() < 1e-6);
    }

    #[test]
    fn corners_that_enclose_nothing_are_no_card() {
        let nothing = Visibility::new(Box::new(Fake(vec![0.0; MAPS * ROWS * COLS])));
        let flat = Quad::rect(5.0, 5.0, 5.0, 5.0);
        assert_eq!(nothing.look(&Pyramid::of(&Frame::filled(32, 20, [0; 3])), &flat).unwrap(), None);
    }
}
