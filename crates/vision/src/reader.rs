//! The whole way from a picture to a [`Reading`].
//!
//! Invariant: the nets are loaded once and shared; reading changes nothing and may run on several threads.
//! Deliberately lacks memory of earlier pictures: whoever wants several read together brings their readings.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use frame::{Frame, Gray, Quad};
use inference::{LoadError, Model, ModelSource, Models, RunError};
use ktp::Field;
use rayon::prelude::*;

use crate::assemble::{Label, Layout, Slot, Span, first_looks, lay_out};
use crate::confidence::rated;
use crate::decode::{compact, decode};
use crate::fuse::{fuse, surer_of_both};
use crate::lines::{self, TextLine};
use crate::localise::{self, Candidate, Localiser, Pyramid};
use crate::params::ReaderParams;
use crate::quality::Quality;
use crate::reading::{CardEvidence, FieldReading, PrintedLine, Reading, Timings, Verdict};
use crate::recognise::{self, LineReading, Recogniser};
use crate::rectify::{rectify, rectify_colour};
use crate::stack::stacked;

/// Reading broke; the picture is not to blame.
#[derive(Debug, thiserror::Error)]
#[error("reading failed: {0}")]
pub struct ReadError(#[from] RunError);

/// The nets that read a card.
pub struct Nets {
    /// 256×256 BGR → corner maps.
    pub localiser: Box<dyn Model>,
    /// 640×400 grey → label and value ribbons.
    pub line_finder: Box<dyn Model>,
    /// 32×W grey → characters per 4 px, at a glance.
    pub glancer: Box<dyn Model>,
    /// The same, with care.
    pub recogniser: Box<dyn Model>,
}

/// Reads cards.
pub struct Reader {
    nets: Nets,
    params: ReaderParams,
}

/// One attempt at a card: a quad read all the way to its layout.
struct Attempt {
    candidate: Candidate,
    grey: Gray,
    readings: Vec<LineReading>,
    layout: Layout,
}

impl Reader {
    /// Loads and prepares the nets, in parallel.
    pub fn load(source: &ModelSource) -> Result<Self, LoadError> {
        let models = Models::open(source)?;
        let mut loaded = ["localiser", "line-finder", "glancer", "recogniser"]
            .into_par_iter()
            .map(|name| models.load(name))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter();
        let mut next = || loaded.next().expect("one net per name");
        let nets = Nets { localiser: next(), line_finder: next(), glancer: next(), recogniser: next() };
        let reader = Self::with_nets(nets, ReaderParams::default());
        reader
            .prepare()
            .map_err(|e| LoadError::Unusable { name: "any".to_owned(), reason: e.to_string() })?;
        Ok(reader)
    }

    /// A reader of other nets, such as fakes.
    #[must_use]
    pub fn with_nets(nets: Nets, params: ReaderParams) -> Self {
        Self { nets, params }
    }

    fn prepare(&self) -> Result<(), RunError> {
        // The careful recogniser is asked for few lines of a card: its plans wait for them.
        let glancer = recognise::input_shapes().map(|shape| (&self.nets.glancer, shape));
        let mut jobs: Vec<(&Box<dyn Model>, [usize; 4])> =
            vec![(&self.nets.localiser, localise::INPUT_SHAPE), (&self.nets.line_finder, lines::INPUT_SHAPE)];
        jobs.extend(glancer);
        jobs.into_par_iter().try_for_each(|(model, shape)| model.prepare(&shape))
    }

    /// Reads one picture.
    pub fn read(&self, picture: &Frame) -> Result<Reading, ReadError> {
        let started = Instant::now();
        let pyramid = Pyramid::of(picture);
        let localiser = Localiser { model: &*self.nets.localiser, params: &self.params.localise };
        let coarse = localiser.coarse(&pyramid)?;
        let first = localiser.refine(&pyramid, coarse[0])?;
        let localise = started.elapsed();
        let grey = picture.to_gray();
        let mut attempt = self.attempt(&grey, first)?;
        if !attempt.as_ref().is_some_and(|a| self.knows_labels(&a.layout)) {
            for other in self.alternatives(&localiser, &pyramid, &coarse, first)? {
                let next = self.attempt(&grey, other)?;
                attempt = better(attempt, next);
                if attempt.as_ref().is_some_and(|a| self.knows_labels(&a.layout)) {
                    break;
                }
            }
        }
        if attempt.as_ref().is_none_or(|a| self.verdict(a) != Verdict::Ktp) {
            let even = evened(&grey);
            for candidate in [first, coarse[0]] {
                attempt = better(attempt, self.attempt(&even, candidate)?);
            }
        }
        Ok(self.conclude(picture, attempt, started, localise))
    }

    /// What readings of one card say together: each field from all of them, and where that leaves doubts, from their pictures laid over
    /// one another too. `None` for no readings.
    pub fn read_together(&self, readings: &[Reading]) -> Result<Option<Reading>, ReadError> {
        let Some(fused) = fuse(readings) else { return Ok(None) };
        let is_sure = |field: &Field| fused.confidence(*field) >= self.params.together.sure;
        if Field::ALL.iter().all(is_sure) {
            return Ok(Some(fused));
        }
        let Some((quad, card)) = self.laid_together(&fused, readings) else { return Ok(Some(fused)) };
        let attempt = self.attempt_upright(card, Candidate { quad, score: 0.0 })?;
        if self.verdict(&attempt) != Verdict::Ktp {
            return Ok(Some(fused));
        }
        let doubtful = fields_of(&attempt).into_iter().filter(|(field, _)| !is_sure(field)).collect();
        let fields = surer_of_both(&fused.fields, &doubtful);
        Ok(Some(Reading { fields, ..fused }))
    }

    /// The straightened cards of those readings that are nearly as good as the best, laid over one another.
    fn laid_together(&self, fused: &Reading, readings: &[Reading]) -> Option<(Quad, Gray)> {
        let certainty =
            |reading: &Reading| reading.fields.values().map(|field| field.confidence).sum::<f32>();
        let (quad, first) = (fused.quad?, fused.rectified.as_ref()?);
        let most = readings.iter().map(certainty).fold(0.0, f32::max);
        let good = |reading: &&Reading| certainty(reading) >= self.params.together.nearly * most;
        let cards = readings.iter().filter(good).filter_map(|reading| reading.rectified.as_ref());
        let others: Vec<Gray> = cards.filter(|card| *card != first).map(Frame::to_gray).collect();
        Some((quad, stacked(&first.to_gray(), &others)?))
    }

    /// Where else the card may be: upside down, at the other coarse candidates, in windows, mirrored.
    fn alternatives(
        &self,
        localiser: &Localiser<'_>,
        pyramid: &Pyramid<'_>,
        coarse: &[Candidate],
        first: Candidate,
    ) -> Result<Vec<Candidate>, RunError> {
        // The coarse view itself: a refinement can be drawn away by text around the card.
        let mut out = vec![coarse[0], Candidate { quad: first.quad.turned_half(), ..first }];
        let mut rough: Vec<Candidate> = coarse.iter().skip(1).take(2).copied().collect();
        rough.extend(localiser.windows(pyramid)?.into_iter().take(2));
        for candidate in rough {
            out.push(localiser.refine(pyramid, candidate)?);
        }
        out.push(Candidate { quad: first.quad.mirrored(), ..first });
        Ok(out)
    }

    /// Rectifies and reads.
    fn attempt(&self, picture: &Gray, candidate: Candidate) -> Result<Option<Attempt>, RunError> {
        rectify(picture, &candidate.quad, &self.params.rectify)
            .map(|grey| self.attempt_upright(grey, candidate))
            .transpose()
    }

    /// Finds and reads the lines, lays them out, and looks again where something should be.
    fn attempt_upright(&self, grey: Gray, candidate: Candidate) -> Result<Attempt, RunError> {
        let found = lines::find(&*self.nets.line_finder, &grey, &self.params.lines)?;
        let recogniser = Recogniser {
            glancer: &*self.nets.glancer,
            careful: &*self.nets.recogniser,
            params: &self.params.recognise,
        };
        let mut readings = recogniser.glance(&grey, &found, &first_looks(&found))?;
        let mut layout = lay_out(&readings);
        if !self.knows_labels(&layout) {
            recogniser.read_unsure(&grey, &mut readings)?;
            layout = lay_out(&readings);
        }
        // Only what looks like a card is worth more than a glance.
        if layout.labels.len() >= self.params.gate.min_labels_to_reread {
            // Labels only say where values are: once enough are known, a doubtful one is not worth four more looks.
            let has_labels = self.knows_labels(&layout);
            let matters = |nth: usize| !has_labels || layout.holds_value(nth);
            readings = recogniser.reread_doubtful(&grey, readings, matters)?;
            layout = lay_out(&readings);
            look_again(&recogniser, &grey, &mut readings, &mut layout)?;
        }
        Ok(Attempt { candidate, grey, readings, layout })
    }

    /// Whether enough labels are known: read, or some read and others told by their shapes.
    fn knows_labels(&self, layout: &Layout) -> bool {
        let gate = &self.params.gate;
        let read = layout.labels.len();
        read >= gate.sure_labels
            || (read >= gate.min_labels_beside_shapes && read + layout.label_shapes.len() >= gate.sure_labels)
    }

    fn conclude(
        &self,
        picture: &Frame,
        attempt: Option<Attempt>,
        started: Instant,
        localise: Duration,
    ) -> Reading {
        let verdict = attempt.as_ref().map_or(Verdict::NoCard, |a| self.verdict(a));
        let card = attempt.filter(|_| verdict == Verdict::Ktp);
        let mut reading = Reading {
            verdict,
            quad: None,
            rectified: None,
            fields: BTreeMap::new(),
            lines: BTreeMap::new(),
            quality: Quality::without_card(),
            timings: Timings::default(),
            evidence: CardEvidence::default(),
        };
        if let Some(card) = card {
            reading.fields = fields_of(&card);
            reading.lines = [(Field::Nik, Label::Nik), (Field::DateOfBirth, Label::Birth)]
                .into_iter()
                .filter_map(|(field, label)| Some((field, last_line(&card, label)?)))
                .collect();
            let quad: Quad = card.candidate.quad;
            let seen: Vec<TextLine> = card.readings.iter().map(|r| r.line).collect();
            reading.rectified = rectify_colour(picture, &quad, &self.params.rectify);
            if let Some(colour) = &reading.rectified {
                reading.quality = Quality::measure(picture, &quad, colour, &card.grey, &seen);
            }
            reading.quad = Some(quad);
            reading.evidence = CardEvidence(Some(Arc::new((card.readings, card.layout))));
        }
        let total = started.elapsed();
        let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
        reading.timings =
            Timings { localise_ms: ms(localise), read_ms: ms(total - localise), total_ms: ms(total) };
        reading
    }

    fn verdict(&self, attempt: &Attempt) -> Verdict {
        let gate = &self.params.gate;
        let labels = attempt.layout.labels.len();
        let has_nik = attempt.layout.slots.get(&Slot::Value(Label::Nik)).is_some_and(|spans| {
            let digits = |span: &Span| {
                attempt.readings[span.reading].glyphs.iter().filter(|g| g.ch.is_ascii_digit()).count()
            };
            spans.iter().map(digits).sum::<usize>() >= 14
        });
        if labels >= gate.min_labels
            || self.knows_labels(&attempt.layout)
            || (has_nik && labels >= gate.min_labels_with_nik)
        {
            return Verdict::Ktp;
        }
        let texts = attempt.readings.iter().filter(|reading| is_text(reading)).count();
        if texts >= gate.min_text_lines { Verdict::OtherDocument } else { Verdict::NoCard }
    }
}

/// What an attempt read, with confidences.
fn fields_of(attempt: &Attempt) -> BTreeMap<Field, FieldReading> {
    let decoded = decode(&attempt.readings, &attempt.layout);
    decoded.into_iter().map(|(field, d)| (field, rated(field, d))).collect()
}

/// The picture without its light: each pixel against the mean around it, what is burnt no brighter than paper. A last resort,
/// for cards so dark or so spotted that the nets, which see a card by its mean and deviation, find no print.
fn evened(grey: &Gray) -> Gray {
    /// Means are over this share of the picture's sides: several lines of print.
    const PART: u32 = 40;
    const PAPER: f32 = 200.0;
    const CONTRAST: f32 = 4.0;
    /// Paper between print is lighter than the mean by so much, and no more.
    const LIGHTER: f32 = 10.0;
    let (width, height) = (grey.width(), grey.height());
    let around = grey.resized((width / PART).max(1), (height / PART).max(1)).resized(width, height);
    let level = |(own, mean): (&u8, &u8)| {
        let lighter = (f32::from(*own) - f32::from(*mean)).min(LIGHTER);
        (PAPER + CONTRAST * (lighter - LIGHTER)).max(0.0) as u8
    };
    let data = grey.data().iter().zip(around.data()).map(level).collect();
    Gray::new(width, height, data).expect("as many pixels as before")
}

/// Where a value's last line lies.
fn last_line(card: &Attempt, label: Label) -> Option<PrintedLine> {
    let span = card.layout.slots.get(&Slot::Value(label))?.last()?;
    let TextLine { right, offset, slope, height, .. } = card.readings[span.reading].line;
    let share = |canvas_px: f32| canvas_px / lines::CANVAS_WIDTH_PX as f32;
    Some(PrintedLine { right: share(right), offset: share(offset), slope, height: share(height) })
}

/// At least four clear characters: more than textures give.
fn is_text(reading: &LineReading) -> bool {
    let clear = reading.glyphs.iter().filter(|glyph| glyph.probability > 0.8).count();
    clear >= 4 && compact(&reading.text()).len() >= 4
}

/// The attempt with more labels, then with more text.
fn better(a: Option<Attempt>, b: Option<Attempt>) -> Option<Attempt> {
    let rank = |attempt: &Attempt| {
        let texts = attempt.readings.iter().filter(|reading| is_text(reading)).count();
        (attempt.layout.labels.len(), texts)
    };
    match (a, b) {
        (Some(a), Some(b)) => Some(if rank(&b) > rank(&a) { b } else { a }),
        (a, b) => a.or(b),
    }
}

/// Reads the places where text is expected and no line was found.
fn look_again(
    recogniser: &Recogniser<'_>,
    grey: &Gray,
    readings: &mut Vec<LineReading>,
    layout: &mut Layout,
) -> Result<(), RunError> {
    let (slots, lines): (Vec<Slot>, Vec<TextLine>) = std::mem::take(&mut layout.unseen).into_iter().unzip();
    let found = recogniser.read_all(grey, &lines)?;
    for (slot, reading) in slots.into_iter().zip(found) {
        let span = Span::new(readings.len(), 0..reading.glyphs.len());
        readings.push(reading);
        layout.add_seen(readings, slot, span);
    }
    Ok(())
}
