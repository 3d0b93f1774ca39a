//! A line of digits fitted by the printer's forms.
//!
//! First the whole line: where it begins, its pitch, its height; then each digit for itself, and from all of them how fat and how soft
//! the line's strokes are. Invariant: what all digits share (ink gain, blur, light, noise, a slope) is the line's and is in no digit's
//! marks. Deliberately lacks limits; see `font`.

use super::cell::{Cell, correlation};
use super::colour::median;
use super::forms::{CAP as FORM_CAP, Digits, Face, HEIGHT as FORM_HEIGHT, Look, WIDTH};
use super::measure::{DigitMarks, Measure};
use super::strip::{CAP, HEIGHT, Strip};

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

    fn used(&self) -> Vec<u8> {
        self.digits.iter().map(|&(digit, _)| digit).collect()
    }
}

/// A whole line's fit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub start: f32,
    pub pitch: f32,
    pub top: f32,
    pub cap: f32,
}

/// A fitted line.
pub(super) struct Fit {
    /// Median correlation of the digits with their forms.
    pub likeness: f32,
    pub digits: Vec<DigitMarks>,
}

/// Pitches looked for, in capitals.
pub(super) struct Pitches(pub f32, pub f32);

/// Rounds in which all digits are fitted and the line's strokes follow.
const ROUNDS: usize = 4;
/// Softnesses, in form pixels, from which the strokes' own is approached.
const SOFTNESS: (f32, f32, f32) = (0.4, 2.4, 7.0);
/// Least and most outset of strokes, in form pixels.
const OUTSET: (f32, f32) = (-1.2, 2.4);

/// Fits the text to the end of the strip; `None` if the strip is too short for it.
pub(super) fn fit(strip: &Strip, text: &Text, face: Face, pitches: &Pitches) -> Option<Fit> {
    let used = text.used();
    let mut digits = Digits::of(face, 0.0, SOFTNESS.1, &used);
    let (start, pitch) = along(strip, text, &digits, pitches)?;
    let (top, cap) = across(strip, text, &digits, start, pitch);
    let mut line = Line { start, pitch, top, cap };
    let find = |&(digit, at): &(u8, f32)| Cell::found(strip, &line, &digits, digit, at);
    let mut cells: Vec<Cell> = text.digits.iter().map(find).collect();
    let (mut outset, mut softness) = (0.0, SOFTNESS.1);
    for round in 0..ROUNDS {
        cells.iter_mut().for_each(|cell| cell.refine(strip, &line, &digits));
        if round + 1 < ROUNDS {
            let middle = |of: fn(&Cell) -> f32| median(cells.iter().map(of).collect()).unwrap_or_default();
            outset = (outset + middle(|cell| cell.fatter)).clamp(OUTSET.0, OUTSET.1);
            softness = (softness + middle(|cell| cell.softer)).clamp(SOFTNESS.0, SOFTNESS.2);
            let (taller, down) = (middle(|cell| cell.taller), middle(|cell| cell.shift.1));
            let grown = (line.cap * (1.0 + taller)).clamp(0.7 * CAP, 1.35 * CAP);
            line.top += down - (grown - line.cap) / 2.0;
            line.cap = grown;
            cells.iter_mut().for_each(|cell| cell.shift.1 -= down);
            digits = Digits::of(face, outset, softness, &used);
        }
    }
    let likeness = median(cells.iter().map(|cell| cell.likeness).collect())?;
    let depth = median(cells.iter().map(|cell| cell.depth).collect())?.max(1.0);
    let marks = cells.iter().map(|cell| cell.marks(strip, &line, &digits, depth)).collect();
    Some(Fit { likeness, digits: relative(marks, text) })
}

/// Start and pitch: the comb of column profiles that fits the strip's own profile best. First coarsely, then around the best.
fn along(strip: &Strip, text: &Text, digits: &Digits, pitches: &Pitches) -> Option<(f32, f32)> {
    let ink = strip.ink();
    // The whole text's profile, a form's columns an advance.
    let mut profile = vec![0.0; (text.advances * WIDTH as f32) as usize + WIDTH + 1];
    for &(digit, left) in &text.digits {
        let first = (left * WIDTH as f32) as usize;
        profile[first..first + WIDTH].copy_from_slice(&digits.columns(digit));
    }
    let rated = |start: f32, pitch: f32| -> Option<f32> {
        let length = text.advances * pitch;
        let (from, to) = ((start - 2.0).max(0.0) as usize, (start + length + 2.0) as usize);
        if start < 0.0 || to >= strip.width {
            return None;
        }
        let expected = |x: usize| -> f32 {
            let at = (x as f32 + 0.5 - start) / pitch * WIDTH as f32;
            if at < 0.0 { 0.0 } else { profile.get(at as usize).copied().unwrap_or_default() }
        };
        Some(correlation((from..to).map(|x| (ink[x], expected(x)))))
    };
    let mut best: Option<(f32, f32, f32)> = None;
    let mut consider = |start: f32, pitch: f32| {
        if let Some(fit) = rated(start, pitch)
            && best.is_none_or(|(most, ..)| fit > most)
        {
            best = Some((fit, start, pitch));
        }
        best
    };
    let steps = ((pitches.1 - pitches.0) * CAP / 0.4) as usize;
    for pitch in (0..=steps).map(|step| pitches.0 * CAP + step as f32 * 0.4) {
        for shift in -15..=15 {
            consider(strip.end - text.advances * pitch + shift as f32 * 1.5, pitch);
        }
    }
    let (_, start, pitch) = consider(-1.0, CAP)?;
    // A longer pitch begins earlier: both ends move apart.
    let middle = start + text.advances * pitch / 2.0;
    let mut found = best;
    for step in -4..=4 {
        let other = pitch + step as f32 * 0.1;
        for shift in -6..=6 {
            let start = middle - text.advances * other / 2.0 + shift as f32 * 0.5;
            if let Some(fit) = rated(start, other)
                && found.is_none_or(|(most, ..)| fit > most)
            {
                found = Some((fit, start, other));
            }
        }
    }
    found.map(|(_, start, pitch)| (start, pitch))
}

/// Top and height of the capitals, from the profile of the rows.
fn across(strip: &Strip, text: &Text, digits: &Digits, start: f32, pitch: f32) -> (f32, f32) {
    let columns = (start.max(0.0) as usize)..((start + text.advances * pitch) as usize).min(strip.width);
    let count = columns.len().max(1) as f32;
    let seen: Vec<f32> = (0..HEIGHT)
        .map(|y| -strip.luma[y * strip.width..][columns.clone()].iter().sum::<f32>() / count)
        .collect();
    let mut expected = [0.0; FORM_HEIGHT];
    for &(digit, _) in &text.digits {
        expected.iter_mut().zip(digits.rows(digit)).for_each(|(total, row)| *total += row);
    }
    let mut best = (f32::NEG_INFINITY, 0.0, CAP);
    for size in -12..=12 {
        let cap = CAP * (1.0 + size as f32 * 0.025);
        for shift in -24..=24 {
            let top = (HEIGHT as f32 - cap) / 2.0 + shift as f32 * 0.25;
            let form = |y: usize| {
                let at = (y as f32 + 0.5 - top) / cap * FORM_CAP + (FORM_HEIGHT as f32 - FORM_CAP) / 2.0;
                if at < 0.0 { 0.0 } else { expected.get(at as usize).copied().unwrap_or_default() }
            };
            let fit = correlation((0..HEIGHT).map(|y| (seen[y], form(y))));
            if fit > best.0 {
                best = (fit, top, cap);
            }
        }
    }
    (best.1, best.2)
}

impl Line {
    /// Columns and rows around the digit whose left edge is at `at` advances.
    pub fn window(&self, strip: &Strip, at: f32) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let left = (self.start + at * self.pitch).max(0.0) as usize;
        let right = ((self.start + (at + 1.0) * self.pitch) as usize + 1).min(strip.width);
        let top = (self.top - 0.2 * self.cap).max(0.0) as usize;
        let bottom = ((self.top + 1.2 * self.cap) as usize + 1).min(HEIGHT);
        (left.min(right)..right, top.min(bottom)..bottom)
    }

    /// The form at a pixel, moved by `shift` strip pixels.
    #[inline]
    pub fn look(&self, digits: &Digits, digit: u8, at: f32, (x, y): (f32, f32), shift: (f32, f32)) -> Look {
        let across = (x + 0.5 - shift.0 - self.start) / self.pitch - at;
        let down = (y + 0.5 - shift.1 - self.top) / self.cap;
        digits.at(digit, across, down)
    }
}

/// Each measure less what the line's trend gives at that place: pitch and slope are fitted out, light ramps too.
fn relative(mut digits: Vec<DigitMarks>, text: &Text) -> Vec<DigitMarks> {
    for nth in 0..Measure::ALL.len() {
        let points: Vec<(f32, f32)> =
            text.digits.iter().zip(&digits).map(|(&(_, at), marks)| (at, marks[nth])).collect();
        let (offset, slope) = trend(&points);
        for (marks, (at, _)) in digits.iter_mut().zip(&points) {
            marks[nth] -= offset + slope * at;
        }
    }
    digits
}

/// A line through most of the points (Theil and Sen).
fn trend(points: &[(f32, f32)]) -> (f32, f32) {
    let mut slopes = Vec::with_capacity(points.len() * points.len() / 2);
    for (nth, a) in points.iter().enumerate() {
        slopes.extend(points[nth + 1..].iter().map(|b| (b.1 - a.1) / (b.0 - a.0)));
    }
    let slope = median(slopes).unwrap_or_default();
    (median(points.iter().map(|(x, y)| y - slope * x).collect()).unwrap_or_default(), slope)
}
