//! [`LiveAnalyser`]: one frame after the other.
//!
//! Invariant: analyses depend on the frames given, in order, alone; time only enters as `took`, and from it whether the
//! costly measures take turns. Deliberately lacks threads and queues: the caller drops frames it has no time for.

use std::time::{Duration, Instant};

use frame::{Frame, Quad};
use inference::{LoadError, Model, ModelSource, Models, RunError};

use super::analysis::{Analysis, Sight};
use super::cells::Cells;
use super::fields::hidden;
use super::gate::Likeness;
use super::params::LiveParams;
use super::pose::{self, Motion};
use super::stranger::Strangers;
use super::tracker::{Sighting, Tracker};
use super::{CardMap, text, trouble};
use crate::localise::{self, Pyramid};

/// Watches a camera's frames.
pub struct LiveAnalyser {
    localiser: Box<dyn Model>,
    params: LiveParams,
    tracker: Tracker,
    motion: Motion,
    strangers: Strangers,
    sight: Sight,
    kept: Kept,
    last_took: Duration,
}

/// Measures that need not be taken in every frame.
#[derive(Default)]
struct Kept {
    maps: Option<(CardMap, CardMap)>,
    maps_age: u32,
    sharpness: Option<f32>,
    sharpness_age: u32,
}

impl LiveAnalyser {
    /// Loads and prepares the net it needs.
    pub fn load(source: &ModelSource) -> Result<Self, LoadError> {
        let localiser = Models::open(source)?.load("localiser")?;
        localiser
            .prepare(&localise::INPUT_SHAPE)
            .map_err(|e| LoadError::Unusable { name: "localiser".to_owned(), reason: e.to_string() })?;
        Ok(Self::new(localiser, LiveParams::default()))
    }

    /// An analyser with another localiser, such as a fake.
    #[must_use]
    pub fn new(localiser: Box<dyn Model>, params: LiveParams) -> Self {
        Self {
            localiser,
            params,
            tracker: Tracker::default(),
            motion: Motion::default(),
            strangers: Strangers::default(),
            sight: Sight::Nothing,
            kept: Kept::default(),
            last_took: Duration::ZERO,
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
            Some(sighting) => self.measure(&pyramid, sighting, at_ms),
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
        self.last_took = analysis.took;
        Ok(analysis)
    }

    fn lose(&mut self) {
        self.motion.forget();
        self.sight = Sight::Nothing;
        self.kept = Kept::default();
    }

    fn measure(&mut self, pyramid: &Pyramid, sighting: Sighting, at_ms: u64) -> Analysis {
        if sighting.is_new {
            self.lose();
        }
        let quad = sighting.quad;
        let Some(cells) = Cells::of(pyramid, &quad) else {
            self.tracker.forget();
            self.lose();
            return Analysis::nothing(at_ms);
        };
        self.sight = self.judge(&cells);
        if self.sight == Sight::Nothing {
            self.tracker.forget();
            self.lose();
            return Analysis::nothing(at_ms);
        }
        let frame = pyramid.full();
        let size = (frame.width(), frame.height());
        let params = &self.params.pose;
        let mut analysis = Analysis {
            sight: self.sight,
            quad: Some(quad),
            cut_off: pose::cut_off(&quad, size, params),
            width_share: pose::width_share(&quad, size),
            perspective_degrees: pose::perspective_degrees(&quad, size, params),
            rotation_degrees: pose::rotation_degrees(&quad),
            motion: self.motion.step(at_ms, &quad, params),
            brightness: cells.median_paper() / 255.0,
            ..Analysis::nothing(at_ms)
        };
        if self.sight == Sight::Ktp {
            self.look_at_print(frame, &quad, &cells, &mut analysis);
        }
        analysis
    }

    /// Nothing like a KTP's front is there: perhaps its back is, or another card.
    fn look_for_strangers(&mut self, pyramid: &Pyramid, analysis: &mut Analysis) {
        let Some((quad, sight)) = self.strangers.step(pyramid, &self.params.stranger) else { return };
        let size = (pyramid.full().width(), pyramid.full().height());
        analysis.sight = sight;
        analysis.quad = Some(quad);
        analysis.width_share = pose::width_share(&quad, size);
        analysis.perspective_degrees = pose::perspective_degrees(&quad, size, &self.params.pose);
        analysis.rotation_degrees = pose::rotation_degrees(&quad);
    }

    fn judge(&self, cells: &Cells) -> Sight {
        let likeness = Likeness::of(cells).overall();
        let gate = &self.params.gate;
        let needed = if self.sight == Sight::Ktp { gate.still_ktp } else { gate.is_ktp };
        if likeness >= needed { Sight::Ktp } else { Sight::Nothing }
    }

    /// Maps and sharpness; in turns when the last frame took too long.
    fn look_at_print(&mut self, frame: &Frame, quad: &Quad, cells: &Cells, analysis: &mut Analysis) {
        let budget = &self.params.budget;
        let hurried = self.last_took > budget.frame;
        let kept = &mut self.kept;
        kept.maps_age += 1;
        kept.sharpness_age += 1;
        let maps_first = kept.maps_age >= kept.sharpness_age;
        let due = |age: u32, mine: bool| !hurried || mine || age >= budget.stale_frames;
        if kept.maps.is_none() || due(kept.maps_age, maps_first) {
            kept.maps = Some(trouble::maps(cells));
            kept.maps_age = 0;
        }
        if kept.sharpness.is_none() || due(kept.sharpness_age, !maps_first) {
            kept.sharpness = Some(text::sharpness(frame, quad, &self.params.text));
            kept.sharpness_age = 0;
        }
        if let Some((glare, cover)) = &kept.maps {
            (analysis.glare, analysis.cover) = (glare.clone(), cover.clone());
        }
        analysis.sharpness = kept.sharpness.unwrap_or(0.0);
        analysis.glare_fields = hidden(&analysis.glare);
        analysis.covered_fields = hidden(&analysis.cover);
    }
}
