//! A virtual camera that plays a clean film of the victim in a loop: drawn rather than photographed, without a sensor's noise, at
//! exactly even times, deaf and blind to the product.
//!
//! Left out: software that adds noise of its own; `prerecorded` stands for streams that carry a real sensor's.

use camera::sitter::{SensorParams, Sitter, SitterParams};
use camera::{Colour, FrameSource, SourceError, TimedFrame};
use frame::Frame;

use super::AttackSetup;

/// The film's length.
const FILM_MS: u64 = 3_000;

/// A film in a loop.
pub(super) struct Injected {
    victim: Sitter,
    film: Vec<Frame>,
    length: usize,
    interval_ms: u64,
    frames: usize,
}

impl Injected {
    pub(super) fn new(setup: &AttackSetup) -> Self {
        let sensor = SensorParams {
            noise: 0.0,
            exposure_drift: 0.0,
            balance_drift: 0.0,
            auto_exposure: 0.0,
            ..SensorParams::default()
        };
        let params = SitterParams { sensor, interval_ms: setup.interval_ms, ..SitterParams::default() };
        let victim = Sitter::new(std::sync::Arc::clone(&setup.victim), params, setup.seed ^ 0x1213);
        let length = usize::try_from(FILM_MS / setup.interval_ms.max(1)).unwrap_or(1).max(1);
        Self { victim, film: Vec::new(), length, interval_ms: setup.interval_ms, frames: 0 }
    }
}

impl FrameSource for Injected {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        let at_ms = self.frames as u64 * self.interval_ms;
        if self.film.len() < self.length {
            self.film.push(self.victim.frame_at(at_ms));
        }
        let frame = self.film[self.frames % self.length].clone();
        self.frames += 1;
        Ok(Some(TimedFrame { frame, at_ms }))
    }

    fn show(&mut self, _colour: Option<Colour>) -> bool {
        true
    }
}
