//! Reading text lines: crops → per-step character probabilities.
//!
//! Lines run singly over all cores (batches are slower in the runtime), at widths rounded up so that few plans are
//! needed. Invariant: a reading holds at least one variant, or none if the line was not read. Deliberately lacks knowledge
//! of fields: probabilities are handed on whole, so that `decode` can ask what a line says *given* what it may say.

mod alphabet;
mod beam;
mod crop;
mod ctc;

use frame::Gray;
use inference::{Model, RunError, Tensor};
use rayon::prelude::*;

pub(crate) use beam::likely_texts;
pub(crate) use crop::{CropShape, HEIGHT_PX};
pub(crate) use ctc::{Emissions, Glyph, LogProbs, log_add};

use crate::lines::{TextLine, standardised};
use crate::params::RecogniseParams;

/// Crop widths are padded to a multiple of this, one plan each, up to [`FINE_UP_TO_PX`], where most lines are; longer
/// ones to a multiple of [`COARSE_BUCKET_PX`].
const BUCKET_PX: usize = 32;
const COARSE_BUCKET_PX: usize = 64;
const FINE_UP_TO_PX: usize = 320;
/// The longest plan made while loading: nearly no line is longer.
const PREPARED_UP_TO_PX: usize = 640;

/// The shapes the net should be prepared for.
pub(crate) fn input_shapes() -> impl Iterator<Item = [usize; 4]> {
    let fine = (BUCKET_PX..=FINE_UP_TO_PX).step_by(BUCKET_PX);
    let coarse = (FINE_UP_TO_PX + COARSE_BUCKET_PX..=PREPARED_UP_TO_PX).step_by(COARSE_BUCKET_PX);
    fine.chain(coarse).map(|width| [1, 1, HEIGHT_PX as usize, width])
}

/// The width of the plan for a crop.
fn bucket(width: usize) -> usize {
    width.next_multiple_of(if width <= FINE_UP_TO_PX { BUCKET_PX } else { COARSE_BUCKET_PX })
}

/// What was read on one line.
#[derive(Clone)]
pub(crate) struct LineReading {
    pub line: TextLine,
    /// Probabilities from each crop that was tried; the first is the one the text comes from. None if none was tried.
    pub variants: Vec<LogProbs>,
    /// The likeliest characters of the first variant.
    pub glyphs: Vec<Glyph>,
    /// Whether it was read with care, not only glanced at.
    pub is_careful: bool,
}

impl LineReading {
    fn new(line: TextLine, variants: Vec<LogProbs>, is_careful: bool) -> Self {
        let glyphs = variants.first().map(LogProbs::greedy).unwrap_or_default();
        Self { line, variants, glyphs, is_careful }
    }

    pub fn text(&self) -> String {
        self.glyphs.iter().map(|glyph| glyph.ch).collect()
    }
}

pub(crate) struct Recogniser<'a> {
    /// Half the arithmetic of `careful`: as right on clear print.
    pub glancer: &'a dyn Model,
    /// For lines the glancer is not sure of.
    pub careful: &'a dyn Model,
    pub params: &'a RecogniseParams,
}

impl Recogniser<'_> {
    /// Reads the lines that are `worth` it from one crop each; the others stay unread.
    pub fn glance(
        &self,
        card: &Gray,
        lines: &[TextLine],
        worth: &[bool],
    ) -> Result<Vec<LineReading>, RunError> {
        let glance = |(line, worth): (&TextLine, &bool)| {
            if *worth { self.glance_at(card, line) } else { Ok(LineReading::new(*line, Vec::new(), false)) }
        };
        lines.par_iter().zip(worth).map(glance).collect()
    }

    /// Reads with care what was left unread or is doubtful at a glance.
    pub fn read_unsure(&self, card: &Gray, readings: &mut [LineReading]) -> Result<(), RunError> {
        let is_unsure =
            |reading: &LineReading| reading.variants.iter().all(|v| v.weakest() < self.params.careful_below);
        readings.par_iter_mut().filter(|reading| is_unsure(reading)).try_for_each(|reading| {
            *reading = self.read_at(card, &reading.line)?;
            Ok(())
        })
    }

    fn glance_at(&self, card: &Gray, line: &TextLine) -> Result<LineReading, RunError> {
        let usual = CropShape::usual(self.params);
        Ok(LineReading::new(*line, vec![self.probabilities(self.glancer, card, line, usual)?], false))
    }

    /// Reads every line with care, from one crop each.
    pub fn read_all(&self, card: &Gray, lines: &[TextLine]) -> Result<Vec<LineReading>, RunError> {
        lines.par_iter().map(|line| self.read_at(card, line)).collect()
    }

    fn read_at(&self, card: &Gray, line: &TextLine) -> Result<LineReading, RunError> {
        let usual = CropShape::usual(self.params);
        Ok(LineReading::new(*line, vec![self.probabilities(self.careful, card, line, usual)?], true))
    }

    /// Reads doubtful lines, of those that matter, again: with care, then from wider, tighter and shifted crops, the best of
    /// which leads.
    pub fn reread_doubtful(
        &self,
        card: &Gray,
        readings: Vec<LineReading>,
        matters: impl Fn(usize) -> bool + Sync,
    ) -> Result<Vec<LineReading>, RunError> {
        let again = |(nth, reading)| if matters(nth) { self.reread(card, reading) } else { Ok(reading) };
        readings.into_par_iter().enumerate().map(again).collect()
    }

    fn reread(&self, card: &Gray, reading: LineReading) -> Result<LineReading, RunError> {
        let clear = if reading.is_careful { self.params.reread_below } else { self.params.careful_below };
        if reading.variants.iter().all(|variant| variant.weakest() >= clear) {
            return Ok(reading);
        }
        let LineReading { line, variants, is_careful, .. } = reading;
        let mut variants = if is_careful { variants } else { Vec::new() };
        let usual = CropShape::usual(self.params);
        let other = |side, vertical, shift| CropShape { side, vertical, shift };
        let shapes = [
            usual,
            other(0.8, usual.vertical * 0.67, 0.0),
            other(0.8, usual.vertical * 1.36, 0.0),
            other(1.2, usual.vertical, -0.1),
            other(1.2, usual.vertical, 0.1),
        ];
        for shape in shapes.into_iter().skip(variants.len()) {
            let variant = self.probabilities(self.careful, card, &line, shape)?;
            let is_clear = variant.weakest() >= self.params.reread_below;
            variants.push(variant);
            if is_clear {
                break;
            }
        }
        let best = (0..variants.len())
            .max_by(|&a, &b| variants[a].mean_certainty().total_cmp(&variants[b].mean_certainty()))
            .unwrap_or(0);
        variants.swap(0, best);
        Ok(LineReading::new(line, variants, true))
    }

    fn probabilities(
        &self,
        model: &dyn Model,
        card: &Gray,
        line: &TextLine,
        shape: CropShape,
    ) -> Result<LogProbs, RunError> {
        let crop = crop::crop(card, line, shape, self.params.max_width_px);
        let (width, height) = (crop.width() as usize, HEIGHT_PX as usize);
        let padded = bucket(width);
        let pixels = standardised(crop.data(), 4.0);
        let mut values = vec![0.0; padded * height];
        for (target, row) in values.chunks_exact_mut(padded).zip(pixels.chunks_exact(width)) {
            target[..width].copy_from_slice(row);
        }
        let input = Tensor::new(&[1, 1, height, padded], values).expect("rows of the padded width");
        let logits = model.run(&input)?;
        LogProbs::from_logits(&logits, width)
            .ok_or_else(|| RunError::Failed(format!("character scores of shape {:?}", logits.shape())))
    }
}
