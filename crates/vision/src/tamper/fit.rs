//! A line of digits fitted by the printer's forms, and what of each digit does not fit.
//!
//! First the whole line: where it begins, its pitch, its height, how fat and how soft its strokes are. Then each digit for itself:
//! shifted until it fits best, and compared with the form there. Invariant: every measure of a digit is one that is the same for
//! all digits of an untouched line, up to noise. Deliberately lacks limits; see `font`.

use super::colour::median;
use super::forms::{Digits, Face, WIDTH};
use super::strip::{CAP, HEIGHT, Strip};

/// What is measured of a digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Off the pitch, in capitals.
    Across,
    /// Off the line, in capitals.
    Down,
    /// Ink where the form has none, as a share of the form's ink.
    Extra,
    /// No ink where the form has some, likewise.
    Missing,
    /// Darker than the others (ln).
    Dark,
    /// Fatter or thinner strokes than the others.
    Weight,
    /// Sharper or softer strokes than the others.
    Sharpness,
    /// Paper lighter or darker than beside it, in depths of ink.
    Ground,
    /// Paper of another colour than beside it, in depths of ink.
    Tint,
    /// More or less noise on the paper than around the others (ln).
    Noise,
}

impl Measure {
    pub const ALL: [Self; 10] = [
        Self::Across,
        Self::Down,
        Self::Extra,
        Self::Missing,
        Self::Dark,
        Self::Weight,
        Self::Sharpness,
        Self::Ground,
        Self::Tint,
        Self::Noise,
    ];
}

/// The measures of one digit, in the order of [`Measure::ALL`].
pub(super) type DigitMarks = [f32; 10];

/// What should stand on a line: digits, and gaps (hyphens) by their width in advances.
pub(super) struct Text {
    /// Digits with the place of their left edge, in advances from the line's start.
    pub digits: Vec<(u8, f32)>,
    /// Where the last character ends, in advances.
    pub advances: f32,
}

impl Text {
    /// Of digits and hyphens; `hyphen` is a hyphen's width in advances. `None` with any other character.
    pub fn of(text: &str, hyphen: f32) -> Option<Self> {
        let (mut digits, mut at) = (Vec::new(), 0.0);
        for ch in text.chars() {
            match (ch.to_digit(10), ch) {
                (Some(digit), _) => {
                    digits.push((u8::try_from(digit).ok()?, at));
                    at += 1.0;
                }
                (None, '-') => at += hyphen,
                (None, _other) => return None,
            }
        }
        Some(Self { digits, advances: at })
    }
}

/// A whole line's fit.
#[derive(Clone, Copy, Debug)]
struct Line {
    start: f32,
    pitch: f32,
    top: f32,
    cap: f32,
}

/// A fitted line.
pub(super) struct Fit {
    /// Median correlation of the digits with their forms.
    pub likeness: f32,
    pub digits: Vec<DigitMarks>,
}

/// Pitches looked for, in capitals.
pub(super) struct Pitches(pub f32, pub f32);

/// Fits the text to the end of the strip; `None` if the strip is too short for it.
pub(super) fn fit(strip: &Strip, text: &Text, face: Face, pitches: &Pitches) -> Option<Fit> {
    let plain = Digits::of(face, 0.0, 2.0);
    let (start, pitch) = along(strip, text, &plain, pitches)?;
    let (top, cap) = across(strip, text, &plain, start, pitch);
    let line = Line { start, pitch, top, cap };
    let (outset, softness) = looks(strip, text, face, &line);
    let forms = Forms {
        best: Digits::of(face, outset, softness),
        fat: Digits::of(face, outset + 0.8, softness),
        thin: Digits::of(face, outset - 0.8, softness),
        sharp: Digits::of(face, outset, (softness - 0.8).max(0.0)),
        soft: Digits::of(face, outset, softness + 0.8),
    };
    let cells: Vec<Cell> =
        text.digits.iter().map(|&(digit, at)| Cell::fitted(strip, &line, &forms, digit, at)).collect();
    let likeness = median(cells.iter().map(|cell| cell.likeness).collect())?;
    let depth = median(cells.iter().map(|cell| cell.depth).collect())?.max(1.0);
    let digits = cells.iter().map(|cell| cell.marks(strip, &line, &forms, depth)).collect();
    Some(Fit { likeness, digits: relative(digits, text) })
}

/// Start and pitch: the comb of column profiles that fits the strip's own profile best.
fn along(strip: &Strip, text: &Text, digits: &Digits, pitches: &Pitches) -> Option<(f32, f32)> {
    let ink = strip.ink();
    // The whole text's profile, a form's columns an advance.
    let mut profile = vec![0.0; (text.advances * WIDTH as f32) as usize + WIDTH + 1];
    for &(digit, left) in &text.digits {
        let first = (left * WIDTH as f32) as usize;
        profile[first..first + WIDTH].copy_from_slice(&digits.columns(digit));
    }
    let mut best: Option<(f32, f32, f32)> = None;
    let mut pitch = pitches.0 * CAP;
    while pitch <= pitches.1 * CAP {
        let length = text.advances * pitch;
        for shift in -30..=30 {
            let start = strip.end - length + shift as f32 * 0.75;
            let (from, to) = ((start - 2.0).max(0.0) as usize, (start + length + 2.0) as usize);
            if start < 0.0 || to >= strip.width {
                continue;
            }
            let expected = |x: usize| -> f32 {
                let at = (x as f32 + 0.5 - start) / pitch * WIDTH as f32;
                if at < 0.0 { 0.0 } else { profile.get(at as usize).copied().unwrap_or_default() }
            };
            let fit = correlation((from..to).map(|x| (ink[x], expected(x))));
            if best.is_none_or(|(most, ..)| fit > most) {
                best = Some((fit, start, pitch));
            }
        }
        pitch += 0.24;
    }
    best.map(|(_, start, pitch)| (start, pitch))
}

/// Top and height of the capitals.
fn across(strip: &Strip, text: &Text, digits: &Digits, start: f32, pitch: f32) -> (f32, f32) {
    let mut best = (f32::NEG_INFINITY, 0.0, CAP);
    for size in -10..=10 {
        let cap = CAP * (1.0 + size as f32 * 0.025);
        for shift in -12..=12 {
            let top = (HEIGHT as f32 - cap) / 2.0 + shift as f32 * 0.5;
            let line = Line { start, pitch, top, cap };
            // Every third digit, and every other column and row of it, say as much.
            let pairs = text.digits.iter().step_by(3).flat_map(|&(digit, at)| {
                line.pixels(strip, at, 2).map(move |(x, y)| (digit, at, x, y)).map(|(digit, at, x, y)| {
                    (-strip.at(x, y), line.form(digits, digit, at, x, y, (0.0, 0.0)))
                })
            });
            let fit = correlation(pairs);
            if fit > best.0 {
                best = (fit, top, cap);
            }
        }
    }
    (best.1, best.2)
}

/// Outset and softness of the strokes, in form pixels: the softness first, then the outset, then the softness again.
fn looks(strip: &Strip, text: &Text, face: Face, line: &Line) -> (f32, f32) {
    let likeness = |(outset, softness): (f32, f32)| {
        let digits = Digits::of(face, outset, softness);
        let each = text.digits.iter().map(|&(digit, at)| {
            correlation(
                line.pixels(strip, at, 2)
                    .map(|(x, y)| (-strip.at(x, y), line.form(&digits, digit, at, x, y, (0.0, 0.0)))),
            )
        });
        median(each.collect()).unwrap_or(f32::NEG_INFINITY)
    };
    let best = |found: Vec<(f32, f32)>| {
        let rated = found.into_iter().map(|look| (likeness(look), look));
        rated.max_by(|a, b| a.0.total_cmp(&b.0)).map_or((0.0, 2.0), |(_, look)| look)
    };
    let (_, softness) = best([0.8, 1.6, 2.4, 3.2, 4.2, 5.4].map(|softness| (0.0, softness)).to_vec());
    let (outset, _) = best([-0.8, 0.0, 0.8, 1.6].map(|outset| (outset, softness)).to_vec());
    best([-0.7, 0.0, 0.7].map(|by| (outset, (softness + by).max(0.0))).to_vec())
}

impl Line {
    /// Pixels around the digit whose left edge is at `at` advances, every `step`th.
    fn pixels(&self, strip: &Strip, at: f32, step: usize) -> impl Iterator<Item = (usize, usize)> + use<> {
        let left = (self.start + at * self.pitch).max(0.0) as usize;
        let right = ((self.start + (at + 1.0) * self.pitch) as usize + 1).min(strip.width);
        let top = (self.top - 0.2 * self.cap).max(0.0) as usize;
        let bottom = ((self.top + 1.2 * self.cap) as usize + 1).min(HEIGHT);
        (top..bottom).step_by(step).flat_map(move |y| (left..right).step_by(step).map(move |x| (x, y)))
    }

    /// The form's coverage of a pixel, moved by `shift` strip pixels.
    fn form(&self, digits: &Digits, digit: u8, at: f32, x: usize, y: usize, shift: (f32, f32)) -> f32 {
        let across = (x as f32 + 0.5 - shift.0 - self.start) / self.pitch - at;
        let down = (y as f32 + 0.5 - shift.1 - self.top) / self.cap;
        digits.at(digit, across, down)
    }
}

/// The forms of one line, and what they would be if fatter, thinner, sharper, softer.
struct Forms {
    best: Digits,
    fat: Digits,
    thin: Digits,
    sharp: Digits,
    soft: Digits,
}

/// One digit where it fits best.
struct Cell {
    digit: u8,
    at: f32,
    shift: (f32, f32),
    likeness: f32,
    depth: f32,
    paper: f32,
}

impl Cell {
    fn fitted(strip: &Strip, line: &Line, forms: &Forms, digit: u8, at: f32) -> Self {
        // Coarse steps look at every other column and row.
        let try_at = |shift: (f32, f32), step: usize| {
            correlation(
                line.pixels(strip, at, step)
                    .map(|(x, y)| (-strip.at(x, y), line.form(&forms.best, digit, at, x, y, shift))),
            )
        };
        let mut best = ((0.0, 0.0), f32::NEG_INFINITY);
        for step in [1.0, 0.5, 0.25] {
            let every = if step == 1.0 { 2 } else { 1 };
            let middle = best.0;
            best.1 = try_at(middle, every);
            let reach = if step == 1.0 { 4 } else { 1 };
            for dy in -reach..=reach {
                for dx in -reach..=reach {
                    let shift = (middle.0 + dx as f32 * step, middle.1 + dy as f32 * step);
                    let fit = try_at(shift, every);
                    if fit > best.1 {
                        best = (shift, fit);
                    }
                }
            }
        }
        let (paper, depth) = regression(
            line.pixels(strip, at, 1)
                .map(|(x, y)| (line.form(&forms.best, digit, at, x, y, best.0), strip.at(x, y))),
        );
        Self { digit, at, shift: best.0, likeness: best.1, depth: (-depth).max(0.0), paper }
    }

    /// The digit's measures, not yet compared with the line's others; `depth` is the line's ink.
    fn marks(&self, strip: &Strip, line: &Line, forms: &Forms, depth: f32) -> DigitMarks {
        let form = |digits: &Digits, x, y| line.form(digits, self.digit, self.at, x, y, self.shift);
        let (mut extra, mut missing, mut total) = (0.0, 0.0, 0.0);
        let (mut weight, mut sharpness) = (Projection::default(), Projection::default());
        let mut bare = Vec::new();
        for (x, y) in line.pixels(strip, self.at, 1) {
            let (fat, thin) = (form(&forms.fat, x, y), form(&forms.thin, x, y));
            let best = form(&forms.best, x, y);
            let ink = (self.paper - strip.at(x, y)) / depth;
            extra += (ink - fat.max(best) - 0.12).max(0.0);
            missing += (thin.min(best) - 0.12 - ink).max(0.0);
            total += best;
            weight.add(ink - best * self.depth / depth, fat - thin);
            sharpness
                .add(ink - best * self.depth / depth, form(&forms.sharp, x, y) - form(&forms.soft, x, y));
            bare.push((fat, x, y));
        }
        // The fifth of the pixels that is farthest from any ink: soft lines leave none that is quite bare.
        bare.sort_by(|a, b| a.0.total_cmp(&b.0));
        bare.truncate((bare.len() / 5).max(12));
        let bare: Vec<(usize, usize)> = bare.into_iter().map(|(_, x, y)| (x, y)).collect();
        let (ground, tint_red, tint_blue, noise) = paper_of(strip, &bare);
        // A worn digit or one of another form does not say where it stands.
        let trust = ((self.likeness - 0.85) / 0.1).clamp(0.0, 1.0);
        [
            trust * self.shift.0 / line.cap,
            trust * self.shift.1 / line.cap,
            extra / f32::max(total, 1.0),
            missing / f32::max(total, 1.0),
            (self.depth.max(1.0) / depth).ln(),
            weight.share(),
            sharpness.share(),
            ground / depth,
            // Two numbers in one measure: only how far they are from the neighbours' counts, and blue alone tells most.
            (tint_blue - tint_red) / depth,
            noise,
        ]
    }
}

/// Level, tint and ln(noise) of bare paper.
fn paper_of(strip: &Strip, bare: &[(usize, usize)]) -> (f32, f32, f32, f32) {
    let mid = |of: &dyn Fn(usize, usize) -> f32| {
        median(bare.iter().map(|&(x, y)| of(x, y)).collect()).unwrap_or_default()
    };
    let level = mid(&|x, y| strip.at(x, y));
    let red = mid(&|x, y| strip.chroma[y * strip.width + x].0);
    let blue = mid(&|x, y| strip.chroma[y * strip.width + x].1);
    let grain = mid(&|x, y| {
        let side = |x: usize| strip.at(x.min(strip.width - 1), y);
        (2.0 * strip.at(x, y) - side(x.saturating_sub(1)) - side(x + 1)).abs()
    });
    (level, red, blue, (grain + 0.3).ln())
}

/// How much of a direction is in what is left.
#[derive(Default)]
struct Projection {
    product: f32,
    square: f32,
}

impl Projection {
    fn add(&mut self, rest: f32, direction: f32) {
        self.product += rest * direction;
        self.square += direction * direction;
    }

    fn share(&self) -> f32 {
        self.product / self.square.max(1e-3)
    }
}

/// Each measure less what the line's trend gives at that place: pitch and slope are fitted out, light ramps too.
fn relative(mut digits: Vec<DigitMarks>, text: &Text) -> Vec<DigitMarks> {
    for (nth, measure) in Measure::ALL.into_iter().enumerate() {
        match measure {
            Measure::Extra | Measure::Missing => {}
            Measure::Across
            | Measure::Down
            | Measure::Dark
            | Measure::Weight
            | Measure::Sharpness
            | Measure::Ground
            | Measure::Tint
            | Measure::Noise => {
                let points: Vec<(f32, f32)> =
                    text.digits.iter().zip(&digits).map(|(&(_, at), marks)| (at, marks[nth])).collect();
                let (offset, slope) = trend(&points);
                for (marks, (at, _)) in digits.iter_mut().zip(&points) {
                    marks[nth] -= offset + slope * at;
                }
            }
        }
    }
    digits
}

/// A line through most of the points (Theil and Sen).
fn trend(points: &[(f32, f32)]) -> (f32, f32) {
    let mut slopes = Vec::new();
    for (nth, a) in points.iter().enumerate() {
        slopes.extend(points[nth + 1..].iter().map(|b| (b.1 - a.1) / (b.0 - a.0)));
    }
    let slope = median(slopes).unwrap_or_default();
    (median(points.iter().map(|(x, y)| y - slope * x).collect()).unwrap_or_default(), slope)
}

fn moments(pairs: impl Iterator<Item = (f32, f32)>) -> [f64; 6] {
    pairs.fold([0.0; 6], |[n, a, b, aa, bb, ab], (x, y)| {
        let (x, y) = (f64::from(x), f64::from(y));
        [n + 1.0, a + x, b + y, aa + x * x, bb + y * y, ab + x * y]
    })
}

/// Pearson's, 0 without variation.
fn correlation(pairs: impl Iterator<Item = (f32, f32)>) -> f32 {
    let [n, a, b, aa, bb, ab] = moments(pairs);
    let spread = ((n * aa - a * a) * (n * bb - b * b)).max(0.0).sqrt();
    if spread > 1e-9 { ((n * ab - a * b) / spread) as f32 } else { 0.0 }
}

/// Offset and slope of y over x.
fn regression(pairs: impl Iterator<Item = (f32, f32)>) -> (f32, f32) {
    let [n, a, b, aa, _, ab] = moments(pairs);
    let spread = n * aa - a * a;
    let slope = if spread > 1e-9 { (n * ab - a * b) / spread } else { 0.0 };
    (((b - slope * a) / n.max(1.0)) as f32, slope as f32)
}
