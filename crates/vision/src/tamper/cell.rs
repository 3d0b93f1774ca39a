//! One digit, fitted by the printer's form, and what of it does not fit.
//!
//! Place, size, ink, weight and sharpness are found together: the form and its changes are regressed on the pixels of the digit's advance,
//! and the form is moved by what comes out, a few times. Invariant: pixels outside the digit's own advance say nothing. Deliberately
//! lacks the other digits; see `fit`.

use super::fit::Line;
use super::forms::{CAP as FORM_CAP, Digits, FATTER, Look, WIDTH};
use super::measure::DigitMarks;
use super::strip::Strip;
use crate::equations::solved;

/// How far from its place a digit is looked for, in strip pixels.
const REACH: i32 = 4;
const UNKNOWNS: usize = 8;

/// One digit where it fits best.
#[derive(Clone)]
pub(super) struct Cell {
    pub digit: u8,
    pub at: f32,
    /// Off its place, in strip pixels.
    pub shift: (f32, f32),
    /// Level of the paper.
    pub paper: f32,
    /// How much darker its ink is.
    pub depth: f32,
    /// Strokes fatter than the line's form, in form pixels.
    pub fatter: f32,
    /// Strokes softer than the line's form, in form pixels of sigma.
    pub softer: f32,
    /// Wider and taller than the line's form, as a share.
    pub wider: f32,
    pub taller: f32,
    /// Correlation with the form.
    pub likeness: f32,
    /// Root mean square of what is left.
    pub rest: f32,
}

/// A pixel of a digit and the form there.
struct Seen {
    x: usize,
    y: usize,
    level: f32,
    look: Look,
}

impl Cell {
    /// A digit at its place, to within a pixel.
    pub fn found(strip: &Strip, line: &Line, digits: &Digits, digit: u8, at: f32) -> Self {
        let mut best = ((0.0, 0.0), f32::NEG_INFINITY);
        let (columns, rows) = line.window(strip, at);
        let wide = columns.len() + 2 * REACH as usize;
        let cover: Vec<f32> = (0..rows.len() + 2 * REACH as usize)
            .flat_map(|y| (0..wide).map(move |x| (x, y)))
            .map(|(x, y)| {
                let (x, y) =
                    ((columns.start + x) as f32 - REACH as f32, (rows.start + y) as f32 - REACH as f32);
                line.look(digits, digit, at, (x, y), (0.0, 0.0)).cover
            })
            .collect();
        for dy in -REACH..=REACH {
            for dx in -REACH..=REACH {
                let pairs = (0..rows.len()).step_by(2).flat_map(|y| {
                    let row = ((y as i32 + REACH - dy) as usize) * wide;
                    let from = (rows.start + y) * strip.width + columns.start;
                    let cover = &cover;
                    (0..columns.len())
                        .step_by(2)
                        .map(move |x| (-strip.luma[from + x], cover[row + (x as i32 + REACH - dx) as usize]))
                });
                let fit = correlation(pairs);
                if fit > best.1 {
                    best = ((dx as f32, dy as f32), fit);
                }
            }
        }
        let (shift, likeness) = best;
        let nothing = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        let (paper, depth, fatter, softer, wider, taller, rest) = nothing;
        Self { digit, at, shift, paper, depth, fatter, softer, wider, taller, likeness, rest }
    }

    fn seen(&self, strip: &Strip, line: &Line, digits: &Digits) -> Vec<Seen> {
        let (columns, rows) = line.window(strip, self.at);
        let each = rows.flat_map(|y| columns.clone().map(move |x| (x, y)));
        each.map(|(x, y)| Seen {
            x,
            y,
            level: strip.at(x, y),
            look: line.look(digits, self.digit, self.at, (x as f32, y as f32), self.shift),
        })
        .collect()
    }

    /// One step towards the best fit.
    pub fn refine(&mut self, strip: &Strip, line: &Line, digits: &Digits) {
        let seen = self.seen(strip, line, digits);
        let mut sums = [[0.0f64; UNKNOWNS + 1]; UNKNOWNS];
        let middle = self.middle(line);
        for one in &seen {
            let row = self.row(line, one, middle);
            let level = f64::from(one.level);
            for (a, sums) in sums.iter_mut().enumerate() {
                for (b, sum) in sums[..UNKNOWNS].iter_mut().enumerate().skip(a) {
                    *sum += row[a] * row[b];
                }
                sums[UNKNOWNS] += row[a] * level;
            }
        }
        let Some(found) = resisted(&sums) else { return };
        let [paper, ink, across, down, fatter, softer, wider, taller] = found;
        // Paler than the paper is no ink: what stands here has not this form.
        let depth = (-ink).max(1.0);
        let step = |change: f64| (change / depth).clamp(-1.5, 1.5) as f32;
        // The level falls by the depth where the form covers: a form that must move right falls on its left.
        self.shift.0 = (self.shift.0 + step(across) * line.pitch / WIDTH as f32).clamp(-6.0, 6.0);
        self.shift.1 = (self.shift.1 + step(down) * line.cap / FORM_CAP).clamp(-6.0, 6.0);
        self.paper = paper as f32;
        self.depth = depth as f32;
        self.fatter = -step(fatter) * FATTER;
        self.softer = -step(softer);
        self.wider = step(wider);
        self.taller = step(taller);
        let left = seen.iter().map(|one| {
            let row = self.row(line, one, middle);
            let model: f64 = row.iter().zip(found).map(|(a, b)| a * b).sum();
            (f64::from(one.level) - model).powi(2)
        });
        self.rest = (left.sum::<f64>() / seen.len().max(1) as f64).sqrt() as f32;
        self.likeness = correlation(seen.iter().map(|one| (-one.level, one.look.cover)));
    }

    fn middle(&self, line: &Line) -> (f32, f32) {
        (line.start + (self.at + 0.5) * line.pitch + self.shift.0, line.top + line.cap / 2.0 + self.shift.1)
    }

    fn row(&self, line: &Line, one: &Seen, middle: (f32, f32)) -> [f64; UNKNOWNS] {
        let Look { cover, across, down, fatter, softer } = one.look;
        let x = (one.x as f32 + 0.5 - middle.0) / line.pitch * WIDTH as f32;
        let y = (one.y as f32 + 0.5 - middle.1) / line.cap * FORM_CAP;
        [1.0, cover, across, down, fatter, softer, x * across, y * down].map(f64::from)
    }

    /// The digit's measures, not yet compared with the line's others; `depth` is the line's ink.
    pub fn marks(&self, strip: &Strip, line: &Line, digits: &Digits, depth: f32) -> DigitMarks {
        let seen = self.seen(strip, line, digits);
        let (mut extra, mut missing, mut total) = (0.0, 0.0, 0.0);
        for Seen { level, look, .. } in &seen {
            let ink = (self.paper - level) / depth;
            extra += (ink - look.cover - look.fatter.max(0.0) - 0.12).max(0.0);
            missing += (look.cover - look.fatter.max(0.0) - 0.12 - ink).max(0.0);
            total += look.cover;
        }
        let total = f32::max(total, 1.0);
        let ink = |of: fn((f32, f32)) -> f32| {
            regression(seen.iter().map(|one| (one.look.cover, of(strip.chroma[one.y * strip.width + one.x]))))
                .1
        };
        let (ink_red, ink_blue) = (ink(|c| c.0) / depth, ink(|c| c.1) / depth);
        let paper = Paper::of(strip, seen);
        // A worn digit or one of another form does not say where it stands.
        let trust = ((self.likeness - 0.8) / 0.1).clamp(0.0, 1.0);
        [
            trust * self.shift.0 / line.cap,
            trust * self.shift.1 / line.cap,
            trust * self.wider,
            trust * self.taller,
            extra / total,
            missing / total,
            (self.rest / depth + 0.01).ln(),
            (1.0 - self.likeness + 0.003).ln(),
            (self.depth / depth).max(0.05).ln(),
            self.fatter,
            self.softer,
            ink_red,
            ink_blue,
            paper.level / depth,
            paper.red / depth,
            paper.blue / depth,
            (paper.noise + 0.3).ln(),
            (paper.spread + 0.5).ln(),
        ]
    }
}

/// What the paper around a digit is like.
struct Paper {
    level: f32,
    red: f32,
    blue: f32,
    /// From pixel to pixel.
    noise: f32,
    /// Within the digit's advance.
    spread: f32,
}

impl Paper {
    /// Of the fifth of the pixels that is farthest from any ink: soft lines leave none that is quite bare.
    fn of(strip: &Strip, mut seen: Vec<Seen>) -> Self {
        let reach = |one: &Seen| one.look.cover + one.look.fatter.max(0.0);
        let count = (seen.len() / 5).max(12).min(seen.len());
        if count < seen.len() {
            seen.select_nth_unstable_by(count, |a, b| reach(a).total_cmp(&reach(b)));
        }
        seen.truncate(count);
        let mut values = Vec::with_capacity(count);
        let mut mid = |of: &dyn Fn(&Seen) -> f32| {
            values.clear();
            values.extend(seen.iter().map(of));
            middle_of(&mut values)
        };
        let level = mid(&|one| one.level);
        let red = mid(&|one| strip.chroma[one.y * strip.width + one.x].0);
        let blue = mid(&|one| strip.chroma[one.y * strip.width + one.x].1);
        let noise = mid(&|one| {
            let side = |x: usize| strip.at(x.min(strip.width - 1), one.y);
            (2.0 * one.level - side(one.x.saturating_sub(1)) - side(one.x + 1)).abs()
        });
        let spread = mid(&|one| (one.level - level).abs());
        Self { level, red, blue, noise, spread }
    }
}

/// The median, in place; 0 of nothing.
fn middle_of(values: &mut [f32]) -> f32 {
    let half = values.len() / 2;
    if values.is_empty() {
        return 0.0;
    }
    *values.select_nth_unstable_by(half, f32::total_cmp).1
}

/// The solution of symmetric equations, given by their upper half and right sides, with a little resistance to all but the first two;
/// `None` if they say nothing.
fn resisted(sums: &[[f64; UNKNOWNS + 1]; UNKNOWNS]) -> Option<[f64; UNKNOWNS]> {
    let value = |a: usize, b: usize| {
        let sum = sums[a.min(b)][a.max(b)];
        let resistance = if a < 2 { 1e-6 } else { 0.02 * sum + 1e-3 };
        if a == b { sum + resistance } else { sum }
    };
    let rows = std::array::from_fn(|a| std::array::from_fn(|b| value(a, b)));
    solved(rows, std::array::from_fn(|a| sums[a][UNKNOWNS]))
}

fn moments(pairs: impl Iterator<Item = (f32, f32)>) -> [f32; 6] {
    pairs.fold([0.0; 6], |[n, a, b, aa, bb, ab], (x, y)| {
        [n + 1.0, a + x, b + y, aa + x * x, bb + y * y, ab + x * y]
    })
}

/// Pearson's, 0 without variation.
pub(super) fn correlation(pairs: impl Iterator<Item = (f32, f32)>) -> f32 {
    let [n, a, b, aa, bb, ab] = moments(pairs).map(f64::from);
    let spread = ((n * aa - a * a) * (n * bb - b * b)).max(0.0).sqrt();
    if spread > 1e-9 { ((n * ab - a * b) / spread) as f32 } else { 0.0 }
}

/// Offset and slope of y over x.
fn regression(pairs: impl Iterator<Item = (f32, f32)>) -> (f32, f32) {
    let [n, a, b, aa, _, ab] = moments(pairs).map(f64::from);
    let spread = n * aa - a * a;
    let slope = if spread > 1e-9 { (n * ab - a * b) / spread } else { 0.0 };
    (((b - slope * a) / n.max(1.0)) as f32, slope as f32)
}
