//! What the feed's thread and its readers share: the newest frame, the state, the wish to stop.
//!
//! Invariant: the lock is held for moments only, never across decoding, waiting for a camera or encoding.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::LiveFrame;
use super::rate::Rate;
use super::stream::Shot;
use crate::{CameraProblem, CameraState, Colour, Gesture};

#[derive(Debug)]
struct Shared {
    latest: Option<Arc<LiveFrame>>,
    seq: u64,
    state: CameraState,
    rate: Rate,
    damaged: u64,
    colour: Option<Colour>,
    sees_light: bool,
    gesture: Option<Gesture>,
    hears: bool,
    is_stopping: bool,
    has_ended: bool,
}

#[derive(Debug)]
pub(crate) struct Slot {
    shared: Mutex<Shared>,
    changed: Condvar,
    opened: Instant,
}

impl Slot {
    pub(super) fn new() -> Self {
        let shared = Shared {
            latest: None,
            seq: 0,
            state: CameraState::Starting,
            rate: Rate::default(),
            damaged: 0,
            colour: None,
            sees_light: false,
            gesture: None,
            hears: false,
            is_stopping: false,
            has_ended: false,
        };
        Self { shared: Mutex::new(shared), changed: Condvar::new(), opened: Instant::now() }
    }

    /// Every change is one assignment, so that a panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `is_done` or the time is over.
    fn wait(
        &self,
        timeout: Duration,
        mut is_done: impl FnMut(&mut Shared) -> bool,
    ) -> MutexGuard<'_, Shared> {
        let waited = self.changed.wait_timeout_while(self.lock(), timeout, |shared| !is_done(shared));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn latest(&self) -> Option<Arc<LiveFrame>> {
        self.lock().latest.clone()
    }

    pub(super) fn newer_than(&self, seq: u64, timeout: Duration) -> Option<Arc<LiveFrame>> {
        let is_newer = |frame: &Arc<LiveFrame>| frame.seq > seq;
        let shared = self.wait(timeout, |shared| shared.latest.as_ref().is_some_and(is_newer));
        shared.latest.clone().filter(is_newer)
    }

    pub(super) fn state(&self, silence: Duration) -> CameraState {
        let shared = self.lock();
        let since = shared.latest.as_ref().map(|frame| frame.taken.elapsed());
        match &shared.state {
            // Twice as long: the stream itself speaks up first, unless its driver hangs.
            CameraState::Live { name, .. } if since.is_some_and(|since| since > silence * 2) => {
                CameraState::Lost { problem: CameraProblem::Silent, name: Some(name.clone()) }
            }
            // Opening takes moments, and whole seconds only where a driver hangs.
            CameraState::Starting if self.opened.elapsed() > silence * 5 => {
                CameraState::Lost { problem: CameraProblem::Silent, name: None }
            }
            state @ (CameraState::Starting | CameraState::Live { .. } | CameraState::Lost { .. }) => {
                state.clone()
            }
        }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    pub(super) fn show(&self, colour: Option<Colour>) -> bool {
        let mut shared = self.lock();
        shared.colour = colour;
        shared.sees_light && matches!(shared.state, CameraState::Live { .. })
    }

    /// The colour our screen shows.
    pub(crate) fn colour(&self) -> Option<Colour> {
        self.lock().colour
    }

    pub(crate) fn set_sees_light(&self, sees_light: bool) {
        self.lock().sees_light = sees_light;
    }

    pub(super) fn ask(&self, gesture: Option<Gesture>) -> bool {
        let mut shared = self.lock();
        shared.gesture = gesture;
        shared.hears && matches!(shared.state, CameraState::Live { .. })
    }

    /// What the person is asked to do.
    pub(crate) fn gesture(&self) -> Option<Gesture> {
        self.lock().gesture
    }

    pub(crate) fn set_hears(&self, hears: bool) {
        self.lock().hears = hears;
    }

    /// A frame was skipped because it was damaged.
    pub(crate) fn count_damaged(&self) {
        self.lock().damaged += 1;
    }

    pub(super) fn damaged(&self) -> u64 {
        self.lock().damaged
    }

    pub(super) fn stop(&self) {
        self.lock().is_stopping = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.lock().is_stopping
    }

    /// Waits, but not beyond a wish to stop; answers whether there is one.
    pub(crate) fn pause(&self, duration: Duration) -> bool {
        self.wait(duration, |shared| shared.is_stopping).is_stopping
    }

    pub(super) fn end(&self) {
        self.lock().has_ended = true;
        self.changed.notify_all();
    }

    /// Waits for the thread's end; answers whether it came.
    pub(super) fn await_end(&self, timeout: Duration) -> bool {
        self.wait(timeout, |shared| shared.has_ended).has_ended
    }

    pub(super) fn publish(&self, shot: Shot, name: &str, is_virtual: bool, preview_quality: u8) {
        let mut shared = self.lock();
        shared.seq += 1;
        shared.rate.count(shot.taken);
        shared.state = CameraState::Live {
            name: name.to_owned(),
            width_px: shot.frame.width(),
            height_px: shot.frame.height(),
            fps: shared.rate.per_second(),
            is_virtual,
        };
        let Shot { frame, jpeg, at_ms, taken } = shot;
        let jpeg = jpeg.map_or_else(OnceLock::new, OnceLock::from);
        shared.latest =
            Some(Arc::new(LiveFrame { seq: shared.seq, frame, at_ms, taken, jpeg, preview_quality }));
        drop(shared);
        self.changed.notify_all();
    }

    /// The camera is gone: its last frame is no longer what is in front of it.
    pub(super) fn lose(&self, problem: CameraProblem, name: Option<String>) {
        let mut shared = self.lock();
        shared.latest = None;
        shared.rate = Rate::default();
        shared.sees_light = false;
        shared.hears = false;
        shared.state = CameraState::Lost { problem, name };
    }
}
