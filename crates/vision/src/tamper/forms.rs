//! What the card printer's digits look like, as fat and as soft as a line of a picture shows them.
//!
//! Invariant: forms are as wide as one advance, with the capital height in the middle two thirds. Deliberately lacks letters: names
//! are free text, and nobody edits the vocabulary's words.

/// Columns of a form: one advance.
pub(super) const WIDTH: usize = 32;
/// Rows of a form.
pub(super) const HEIGHT: usize = 48;
/// Rows of a capital.
pub(super) const CAP: f32 = 32.0;
const DIGITS: usize = 10;
/// Written by `models/training/make_digits.py`.
static FORMS: &[u8; 3 * DIGITS * WIDTH * HEIGHT] = include_bytes!("digits.bin");

/// A typeface of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// The NIK's, on nearly all cards.
    OcrA,
    /// The NIK's on one card in twenty.
    Bold,
    /// Everything else's.
    Plain,
}

/// The ten digits of a face at one weight and softness: coverage 0–1.
#[derive(Clone)]
pub(super) struct Digits(Vec<Vec<f32>>);

/// Softness at which ink spreads, in form pixels.
const SPREAD: f32 = 1.6;

impl Digits {
    /// `outset` moves stroke edges outwards by so many form pixels; `softness` is the blur's sigma in form pixels.
    pub fn of(face: Face, outset: f32, softness: f32) -> Self {
        let first = face as usize * DIGITS * WIDTH * HEIGHT;
        let digit = |nth: usize| {
            let from = first + nth * WIDTH * HEIGHT;
            let drawn: Vec<f32> =
                FORMS[from..from + WIDTH * HEIGHT].iter().map(|&v| f32::from(v) / 255.0).collect();
            let spread = if outset == 0.0 { drawn } else { spread(&drawn, outset) };
            blurred(&spread, softness)
        };
        Self((0..DIGITS).map(digit).collect())
    }

    /// Coverage at a place: 0–1 across the advance, 0–1 down the capital.
    pub fn at(&self, digit: u8, across: f32, down: f32) -> f32 {
        let x = across * WIDTH as f32 - 0.5;
        let y = down * CAP + (HEIGHT as f32 - CAP) / 2.0 - 0.5;
        let form = &self.0[usize::from(digit) % DIGITS];
        let (left, top) = (x.floor(), y.floor());
        let value = |column: f32, row: f32| {
            let inside = (0.0..WIDTH as f32).contains(&column) && (0.0..HEIGHT as f32).contains(&row);
            if inside { form[row as usize * WIDTH + column as usize] } else { 0.0 }
        };
        let (right_share, low_share) = (x - left, y - top);
        let upper = value(left, top) * (1.0 - right_share) + value(left + 1.0, top) * right_share;
        let lower = value(left, top + 1.0) * (1.0 - right_share) + value(left + 1.0, top + 1.0) * right_share;
        upper * (1.0 - low_share) + lower * low_share
    }

    /// Mean coverage of each column within the capital height.
    pub fn columns(&self, digit: u8) -> [f32; WIDTH] {
        let form = &self.0[usize::from(digit) % DIGITS];
        let skip = (HEIGHT - CAP as usize) / 2;
        std::array::from_fn(|x| (skip..HEIGHT - skip).map(|y| form[y * WIDTH + x]).sum::<f32>() / CAP)
    }
}

/// Edges moved: softened, then cut at another level than half, as ink spreads.
fn spread(form: &[f32], outset: f32) -> Vec<f32> {
    let level = (0.5 - 0.4 * outset / SPREAD).clamp(0.08, 0.92);
    blurred(form, SPREAD).into_iter().map(|v| ((v - level) * 3.0 + 0.5).clamp(0.0, 1.0)).collect()
}

fn blurred(form: &[f32], sigma: f32) -> Vec<f32> {
    if sigma < 0.2 {
        return form.to_vec();
    }
    let reach = (3.0 * sigma).ceil() as i32;
    let weights: Vec<f32> = (-reach..=reach).map(|k| (-(k as f32 / sigma).powi(2) / 2.0).exp()).collect();
    let total: f32 = weights.iter().sum();
    let pass = |source: &[f32], step_x: i32, step_y: i32| -> Vec<f32> {
        let at = |x: i32, y: i32| {
            let inside = (0..WIDTH as i32).contains(&x) && (0..HEIGHT as i32).contains(&y);
            if inside { source[y as usize * WIDTH + x as usize] } else { 0.0 }
        };
        (0..(WIDTH * HEIGHT) as i32)
            .map(|place| {
                let (x, y) = (place % WIDTH as i32, place / WIDTH as i32);
                let sum: f32 = (-reach..=reach)
                    .zip(&weights)
                    .map(|(k, weight)| weight * at(x + k * step_x, y + k * step_y))
                    .sum();
                sum / total
            })
            .collect()
    };
    pass(&pass(form, 1, 0), 0, 1)
}
