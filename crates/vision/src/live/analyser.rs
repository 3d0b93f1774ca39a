//! [`LiveAnalyser`]: one frame after the other.
//!
//! A frame costs one or two runs of the localiser and one of two measures that take turns: whether this is a KTP, how bright and
//! sharp it is; and what is hidden, by a net. Each is at most one frame old. Invariant: analyses depend on the frames given,
//! in order, alone; time only enters as `took`. Deliberately lacks threads and queues: the caller drops frames it has no time for.

use std::time::Instant;

use frame::{Frame, Quad};
use inference::{LoadError, Model, ModelSource, Models, RunError};

use super::analysis::{Analysis, Sight};
use super::cells::Cells;
use super::gate::Likeness;
use super::params::LiveParams;
use super::pose::{self, Motion};
use super::stranger::Strangers;
use super::text;
use super::tracker::{Sighting, Tracker};
use crate::localise::{self, Pyramid};
use crate::visibility::{Hidden, Visibility};

/// Watches a camera's frames.
pub struct LiveAnalyser {
    localiser: Box<dyn Model>,
    visibility: Visibility,
    params: LiveParams,
    tracker: Tracker,
    motion: Motion,
    strangers: Strangers,
    sight: Sight,
    kept: Kept,
}

/// Measures that are taken in every other frame, in turns.
#[derive(Default)]
struct Kept {
    /// Frames of this card so far.
    frames: u32,
    brightness: f32,
    sharpness: f32,
    hidden: Option<Hidden>,
}

impl LiveAnalyser {
    /// Loads and prepares the nets it needs.
    pub fn load(source: &ModelSource) -> Result<Self, LoadError> {
        // Leaner than the reader's, and as good for a card that is followed.
        let localiser = Models::open(source)?.load("tracker")?;
        localiser
            .prepare(&localise::INPUT_SHAPE)
            .map_err(|e| LoadError::Unusable { name: "tracker".to_owned(), reason: e.to_string() })?;
        Ok(Self::new(localiser, Visibility::load(source)?, LiveParams::default()))
    }

    /// An analyser with other nets, such as fakes.
    #[must_use]
    pub fn new(localiser: Box<dyn Model>, visibility: Visibility, params: LiveParams) -> Self {
        Self {
            localiser,
            visibility,
            params,
            tracker: Tracker::default(),
            motion: Motion::default(),
            strangers: Strangers::default(),
            sight: Sight::Nothing,
            kept: Kept::default(),
        }
    }

    /// Forgets everything seen: another camera, another customer.
    pub fn forget(&mut self) {
        self.tracker.forget();
        self.strangers.forget();
        self.lose();
    }

    /// Looks at the next frame, taken at `at_ms` of any clock that does not run backwards.
    pub fn analyse(&mut self, frame: &Frame, at_ms: u64) -> Result<Analysis, RunError> {
        let started = Instant::now();
        let pyramid = Pyramid::of(frame);
        let trusted = self.sight == Sight::Ktp;
        let sighting = self.tracker.step(&*self.localiser, &pyramid, trusted, &self.params.track)?;
        let mut analysis = match sighting {
            Some(sighting) => self.measure(&pyramid, sighting, at_ms)?,
            None => {
                self.lose();
                Analysis::nothing(at_ms)
            }
        };
        match analysis.sight {
            Sight::Nothing => self.look_for_strangers(&pyramid, &mut analysis),
            Sight::Ktp | Sight::BackSide | Sight::OtherDocument => self.strangers.forget(),
        }
        analysis.took = started.elapsed();
        Ok(analysis)
    }

    fn lose(&mut self) {
        self.motion.forget();
        self.sight = Sight::Nothing;
        self.kept = Kept::default();
    }

    fn measure(
        &mut self,
        pyramid: &Pyramid<'_>,
        sighting: Sighting,
        at_ms: u64,
    ) -> Result<Analysis, RunError> {
        if sighting.is_new {
            self.lose();
        }
        let quad = sighting.quad;
        // What is new is judged first: whether it is a KTP, and how sharp.
        let is_judged = self.kept.frames.is_multiple_of(2);
        self.kept.frames += 1;
        if is_judged && !self.judge(pyramid, &quad) {
            self.tracker.forget();
            self.lose();
            return Ok(Analysis::nothing(at_ms));
        }
        if !is_judged {
            self.kept.hidden = self.visibility.look(pyramid, &quad)?;
        }
        let (frame, kept, params) = (pyramid.full(), &self.kept, &self.params.pose);
        let size = (frame.width(), frame.height());
        let mut analysis = Analysis {
            sight: self.sight,
            quad: Some(quad),
            cut_off: pose::cut_off(&quad, size, params),
            width_share: pose::width_share(&quad, size),
            perspective_degrees: pose::perspective_degrees(&quad, size, params),
            rotation_degrees: pose::rotation_degrees(&quad),
            motion: self.motion.step(at_ms, &quad, params),
            brightness: kept.brightness,
            sharpness: kept.sharpness,
            ..Analysis::nothing(at_ms)
        };
        if let Some(hidden) = &kept.hidden {
            (analysis.glare, analysis.cover) = (hidden.glare.clone(), hidden.cover.clone());
            analysis.glare_fields.clone_from(&hidden.glare_fields);
            analysis.covered_fields.clone_from(&hidden.covered_fields);
        }
        Ok(analysis)
    }

    /// Whether a KTP is there, and if so how bright and sharp.
    fn judge(&mut self, pyramid: &Pyramid<'_>, quad: &Quad) -> bool {
        let Some(cells) = Cells::of(pyramid, quad) else { return false };
        let gate = &self.params.gate;
        let needed = if self.sight == Sight::Ktp { gate.still_ktp } else { gate.is_ktp };
        if Likeness::of(&cells).overall() < needed {
            return false;
        }
        self.sight = Sight::Ktp;
        self.kept.brightness = cells.median_paper() / 255.0;
        self.kept.sharpness = text::sharpness(pyramid.full(), quad, &self.params.text);
        true
    }

    /// Nothing like a KTP's front is there: perhaps its back is, or another card.
    fn look_for_strangers(&mut self, pyramid: &Pyramid<'_>, analysis: &mut Analysis) {
        let Some((quad, sight)) = self.strangers.step(pyramid, &self.params.stranger) else { return };
        let size = (pyramid.full().width(), pyramid.full().height());
        analysis.sight = sight;
        analysis.quad = Some(quad);
        analysis.width_share = pose::width_share(&quad, size);
        analysis.perspective_degrees = pose::perspective_degrees(&quad, size, &self.params.pose);
        analysis.rotation_degrees = pose::rotation_degrees(&quad);
    }
}
