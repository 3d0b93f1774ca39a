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
const PIXELS: usize = WIDTH * HEIGHT;
/// Written by `models/training/make_digits.py`.
static FORMS: &[u8; 3 * DIGITS * PIXELS] = include_bytes!("digits.bin");

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

/// What a form is at one place, and how it changes there.
#[derive(Clone, Copy, Default)]
pub(super) struct Look {
    /// Coverage, 0–1.
    pub cover: f32,
    /// Its change to the right and downwards, per form pixel.
    pub across: f32,
    /// See `across`.
    pub down: f32,
    /// Its change as strokes grow outwards by [`FATTER`] form pixels.
    pub fatter: f32,
    /// Its change as the blur's sigma grows by a form pixel.
    pub softer: f32,
}

const LANES: usize = 8;
/// How far strokes are grown for [`Look::fatter`].
pub(super) const FATTER: f32 = 0.8;
/// Softness at which ink spreads, in form pixels.
const SPREAD: f32 = 1.6;
/// Columns and rows of a padded form: what lies outside is bare.
const PADDED: (usize, usize) = (WIDTH + 2, HEIGHT + 2);

/// The ten digits of a face at one weight and softness.
#[derive(Clone)]
pub(super) struct Digits(Vec<Vec<[f32; LANES]>>);

impl Digits {
    /// `outset` moves stroke edges outwards by so many form pixels; `softness` is the blur's sigma in form pixels. Digits that are
    /// not among `used` are bare.
    pub fn of(face: Face, outset: f32, softness: f32, used: &[u8]) -> Self {
        let kernel = kernel(softness);
        let digit = |nth: usize| {
            if !used.iter().any(|&digit| usize::from(digit) == nth) {
                return Vec::new();
            }
            let from = (face as usize * DIGITS + nth) * PIXELS;
            let drawn: Vec<f32> = FORMS[from..from + PIXELS].iter().map(|&v| f32::from(v) / 255.0).collect();
            let grown = blurred(&drawn, &self::kernel(SPREAD));
            let plain = if outset == 0.0 { drawn } else { spread(&grown, outset) };
            looks(&blurred(&plain, &kernel), &blurred(&spread(&grown, outset + FATTER), &kernel), softness)
        };
        Self((0..DIGITS).map(digit).collect())
    }

    /// The form at a place: 0–1 across the advance, 0–1 down the capital.
    #[inline]
    pub fn at(&self, digit: u8, across: f32, down: f32) -> Look {
        let form = &self.0[usize::from(digit) % DIGITS];
        let x = across * WIDTH as f32 + 0.5;
        let y = down * CAP + (HEIGHT as f32 - CAP) / 2.0 + 0.5;
        let is_inside = x >= 0.0 && y >= 0.0 && x < (PADDED.0 - 1) as f32 && y < (PADDED.1 - 1) as f32;
        if !is_inside || form.is_empty() {
            return Look::default();
        }
        let (left, top) = (x as usize, y as usize);
        let (right_share, low_share) = (x - left as f32, y - top as f32);
        let at = top * PADDED.0 + left;
        let [upper, lower] = [at, at + PADDED.0].map(|at| mixed(&form[at], &form[at + 1], right_share));
        let [cover, across, down, fatter, softer, ..] = mixed(&upper, &lower, low_share);
        Look { cover, across, down, fatter, softer }
    }

    /// Mean coverage of each column within the capital height.
    pub fn columns(&self, digit: u8) -> [f32; WIDTH] {
        let skip = (HEIGHT - CAP as usize) / 2;
        std::array::from_fn(|x| (skip..HEIGHT - skip).map(|y| self.cover(digit, x, y)).sum::<f32>() / CAP)
    }

    /// Mean coverage of each row.
    pub fn rows(&self, digit: u8) -> [f32; HEIGHT] {
        std::array::from_fn(|y| (0..WIDTH).map(|x| self.cover(digit, x, y)).sum::<f32>() / WIDTH as f32)
    }

    fn cover(&self, digit: u8, x: usize, y: usize) -> f32 {
        let form = &self.0[usize::from(digit) % DIGITS];
        form.get((y + 1) * PADDED.0 + x + 1).map_or(0.0, |look| look[0])
    }
}

#[inline]
fn mixed(a: &[f32; LANES], b: &[f32; LANES], share: f32) -> [f32; LANES] {
    std::array::from_fn(|lane| a[lane] + (b[lane] - a[lane]) * share)
}

/// Coverage and its changes, with a bare rim.
fn looks(plain: &[f32], fat: &[f32], softness: f32) -> Vec<[f32; LANES]> {
    let cover = |x: i32, y: i32| {
        let is_inside = (0..WIDTH as i32).contains(&x) && (0..HEIGHT as i32).contains(&y);
        if is_inside { plain[y as usize * WIDTH + x as usize] } else { 0.0 }
    };
    let look = |place: usize| {
        let (x, y) = ((place % PADDED.0) as i32 - 1, (place / PADDED.0) as i32 - 1);
        let (middle, left, right) = (cover(x, y), cover(x - 1, y), cover(x + 1, y));
        let (above, below) = (cover(x, y - 1), cover(x, y + 1));
        let is_inside = (0..WIDTH as i32).contains(&x) && (0..HEIGHT as i32).contains(&y);
        let fat = if is_inside { fat[y as usize * WIDTH + x as usize] } else { 0.0 };
        // Heat: a blur grows by sigma times the curvature.
        let curve = left + right + above + below - 4.0 * middle;
        [middle, (right - left) / 2.0, (below - above) / 2.0, fat - middle, softness * curve, 0.0, 0.0, 0.0]
    };
    (0..PADDED.0 * PADDED.1).map(look).collect()
}

/// Edges moved: softened (by [`SPREAD`]), then cut at another level than half, as ink spreads.
fn spread(grown: &[f32], outset: f32) -> Vec<f32> {
    let level = (0.5 - 0.4 * outset / SPREAD).clamp(0.08, 0.92);
    grown.iter().map(|v| ((v - level) * 3.0 + 0.5).clamp(0.0, 1.0)).collect()
}

/// Half a Gaussian from its middle outwards; of one weight if there is nothing to blur.
fn kernel(sigma: f32) -> Vec<f32> {
    if sigma < 0.2 {
        return vec![1.0];
    }
    let reach = (2.8 * sigma).ceil() as i32;
    let weights: Vec<f32> = (0..=reach).map(|k| (-(k as f32 / sigma).powi(2) / 2.0).exp()).collect();
    let total = 2.0 * weights.iter().sum::<f32>() - weights[0];
    weights.into_iter().map(|weight| weight / total).collect()
}

fn blurred(form: &[f32], kernel: &[f32]) -> Vec<f32> {
    let down = blurred_down(form, WIDTH, HEIGHT, kernel);
    let across = blurred_down(&turned(&down, WIDTH, HEIGHT), HEIGHT, WIDTH, kernel);
    turned(&across, HEIGHT, WIDTH)
}

/// Whole rows at a time.
fn blurred_down(source: &[f32], columns: usize, rows: usize, kernel: &[f32]) -> Vec<f32> {
    let mut out = vec![0.0; source.len()];
    for (y, into) in out.chunks_exact_mut(columns).enumerate() {
        for (k, weight) in kernel.iter().enumerate() {
            let above = y.checked_sub(k).filter(|_| k > 0);
            let below = Some(y + k).filter(|&row| row < rows);
            for row in [above, below].into_iter().flatten() {
                let from = &source[row * columns..(row + 1) * columns];
                into.iter_mut().zip(from).for_each(|(total, value)| *total += weight * value);
            }
        }
    }
    out
}

fn turned(source: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    (0..source.len()).map(|place| source[(place % rows) * columns + place / rows]).collect()
}
