//! A [`FrameSource`] shown at its own times, or a multiple of its speed.
//!
//! Invariant: the feed's clock never goes back: each round of a loop continues where the last one ended, and a source
//! that cannot keep up is set forward instead of replaying the past in haste.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use frame::Frame;

use super::slot::Slot;
use super::stream::{Shot, Stream};
use crate::{AtEnd, CameraProblem, Colour, FeedParams, FrameSource, Gesture, SourceError, TimedFrame};

type Source = Box<dyn FrameSource + Send>;

/// Opens the source anew.
type Reopen = Box<dyn Fn() -> Result<Source, SourceError>>;

pub(super) struct Paced {
    source: Source,
    reopen: Reopen,
    speed: f64,
    at_end: AtEnd,
    hold_interval_ms: u64,
    tolerated_lag: Duration,
    /// The feed's clock and ours when the source's clock stood at 0.
    start_ms: u64,
    start: Instant,
    /// When the last frame was given, on the source's clock.
    last_ms: Option<u64>,
    /// The last frame given, under [`AtEnd::Hold`].
    held: Option<Frame>,
    has_ended: bool,
    colour: Option<Colour>,
    gesture: Option<Gesture>,
}

impl Paced {
    pub(super) fn open(
        reopen: Reopen,
        speed: f64,
        params: &FeedParams,
        slot: &Slot,
    ) -> Result<Self, CameraProblem> {
        Ok(Self {
            source: reopen().map_err(|error| problem(&error))?,
            reopen,
            speed: if speed > 0.0 { speed } else { 1.0 },
            at_end: params.at_end,
            hold_interval_ms: params.hold_interval_ms.max(1),
            tolerated_lag: params.tolerated_lag,
            start_ms: slot.now_ms(),
            start: Instant::now(),
            last_ms: None,
            held: None,
            has_ended: false,
            colour: None,
            gesture: None,
        })
    }

    /// The next frame of the source, of its next round, or the last one again.
    fn advance(&mut self) -> Result<TimedFrame, CameraProblem> {
        if !self.has_ended {
            if let Some(timed) = self.source.next_frame().map_err(|error| problem(&error))? {
                return Ok(timed);
            }
            self.has_ended = true;
        }
        let next_ms = self.last_ms.ok_or(CameraProblem::Failed)? + self.hold_interval_ms;
        match &self.held {
            Some(frame) => Ok(TimedFrame { frame: frame.clone(), at_ms: next_ms }),
            None => self.start_again(next_ms),
        }
    }

    fn start_again(&mut self, next_ms: u64) -> Result<TimedFrame, CameraProblem> {
        self.source = (self.reopen)().map_err(|error| problem(&error))?;
        self.source.show(self.colour);
        self.source.ask(self.gesture);
        self.start += self.on_our_clock(next_ms);
        self.start_ms += next_ms;
        self.has_ended = false;
        let first = self.source.next_frame().map_err(|error| problem(&error))?;
        first.ok_or(CameraProblem::Failed)
    }

    /// How long this much of the source's time takes here.
    fn on_our_clock(&self, source_ms: u64) -> Duration {
        if self.speed.is_finite() {
            Duration::from_secs_f64(source_ms as f64 / 1000.0 / self.speed)
        } else {
            Duration::ZERO
        }
    }

    /// Waits until a frame is due, or sets the clocks forward if it is long overdue. Answers whether to stop.
    fn await_due(&mut self, at_ms: u64, slot: &Slot) -> bool {
        let due = self.start + self.on_our_clock(at_ms);
        let now = Instant::now();
        if due > now {
            return slot.pause(due - now);
        }
        let lag = now - due;
        if self.speed.is_finite() && lag > self.tolerated_lag {
            self.start += lag;
            self.start_ms += (lag.as_secs_f64() * 1000.0 * self.speed) as u64;
        }
        slot.is_stopping()
    }
}

impl Stream for Paced {
    fn next(&mut self, slot: &Slot) -> Result<Option<Shot>, CameraProblem> {
        let timed = self.advance()?;
        if self.await_due(timed.at_ms, slot) {
            return Ok(None);
        }
        let TimedFrame { frame, at_ms } = timed;
        self.last_ms = Some(at_ms);
        self.held = (self.at_end == AtEnd::Hold).then(|| frame.clone());
        Ok(Some(Shot { frame, jpeg: None, at_ms: self.start_ms + at_ms, taken: Instant::now() }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.colour = colour;
        self.source.show(colour)
    }

    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        self.gesture = gesture;
        self.source.ask(gesture)
    }
}

fn problem(error: &SourceError) -> CameraProblem {
    use crate::RecordingError as Recording;
    match error {
        SourceError::Recording(Recording::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
            CameraProblem::Absent
        }
        SourceError::Recording(Recording::Io { source, .. })
            if source.kind() == ErrorKind::PermissionDenied =>
        {
            CameraProblem::Denied
        }
        SourceError::Recording(
            Recording::Io { .. }
            | Recording::Manifest { .. }
            | Recording::Empty { .. }
            | Recording::TooLarge { .. },
        ) => CameraProblem::Failed,
        SourceError::Recording(Recording::Decode { .. }) => CameraProblem::Corrupt,
        SourceError::Unplugged => CameraProblem::Unplugged,
    }
}
