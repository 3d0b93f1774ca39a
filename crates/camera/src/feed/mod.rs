//! A feed: a thread around any source that keeps the newest frame at hand.
//!
//! Invariant: a reader never waits for the source and the source never for a reader: the newest frame wins and older
//! ones are dropped. Whatever a source does (fails, panics, falls silent, ends), the feed lives on, says so in its
//! state and tries again; dropping the feed stops it. Deliberately absent: judging frames, and queues.

mod paced;
mod rate;
mod run;
pub(crate) mod slot;
pub(crate) mod stream;

use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use frame::Frame;

use crate::{CameraChoice, CameraProblem, CameraState, Colour, FeedParams, Gesture};
use slot::Slot;

/// One frame of a feed. Shared, never copied.
pub struct LiveFrame {
    /// Counts the feed's frames from 1.
    pub seq: u64,
    /// The pixels.
    pub frame: Frame,
    /// Milliseconds on the feed's clock: since it was opened. A replay at another speed than 1 keeps its own time.
    pub at_ms: u64,
    /// When it was taken, or shown.
    pub taken: Instant,
    jpeg: OnceLock<Arc<[u8]>>,
    preview_quality: u8,
}

impl LiveFrame {
    /// The frame as JPEG: the camera's own bytes where it gives such, else encoded on the first call (about 6 ms for
    /// 1280×720), so that frames nobody looks at cost nothing.
    pub fn jpeg(&self) -> Arc<[u8]> {
        let encode = || frame::encode_jpeg(&self.frame, self.preview_quality).into();
        Arc::clone(self.jpeg.get_or_init(encode))
    }
}

// Pixels of an identity card are personal data: never in Debug output.
impl std::fmt::Debug for LiveFrame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LiveFrame({}, {:?}, {} ms)", self.seq, self.frame, self.at_ms)
    }
}

/// A running source of live frames.
#[derive(Debug)]
pub struct Feed {
    slot: Arc<Slot>,
    silence: Duration,
    thread: Option<JoinHandle<()>>,
}

impl Feed {
    /// Starts a feed. Returns at once; what comes of it is in [`Feed::state`].
    pub fn open(choice: CameraChoice, params: FeedParams) -> Self {
        let slot = Arc::new(Slot::new());
        let silence = params.silence;
        let (theirs, builder) = (Arc::clone(&slot), std::thread::Builder::new().name("camera".to_owned()));
        let thread = builder.spawn(move || run::run(&choice, &params, &theirs)).ok();
        if thread.is_none() {
            slot.lose(CameraProblem::Failed, None);
        }
        Self { slot, silence, thread }
    }

    /// The newest frame of the camera as it is now; `None` before the first.
    pub fn latest(&self) -> Option<Arc<LiveFrame>> {
        self.slot.latest()
    }

    /// The newest frame once it is newer than `seq` (0: any); `None` if none comes in time.
    pub fn newer_than(&self, seq: u64, timeout: Duration) -> Option<Arc<LiveFrame>> {
        self.slot.newer_than(seq, timeout)
    }

    /// What the camera is doing. A camera whose driver hangs counts as silent like one that says nothing.
    pub fn state(&self) -> CameraState {
        self.slot.state(self.silence)
    }

    /// Milliseconds on the feed's clock.
    pub fn now_ms(&self) -> u64 {
        self.slot.now_ms()
    }

    /// Frames skipped since the feed was opened because they arrived damaged.
    pub fn damaged_frames(&self) -> u64 {
        self.slot.damaged()
    }

    /// Tells which colour our screen shows, for simulated sources. Answers whether frames can show it: a camera and
    /// a lit scene can, a recording cannot, and nothing that is not live.
    pub fn show(&self, colour: Option<Colour>) -> bool {
        self.slot.show(colour)
    }

    /// Tells what the person is asked to do, for simulated people. Answers whether somebody simulated hears it.
    pub fn ask(&self, gesture: Option<Gesture>) -> bool {
        self.slot.ask(gesture)
    }
}

impl Drop for Feed {
    /// Waits for the thread, which looks at the stop flag many times a second. Only a hung driver is left behind.
    fn drop(&mut self) {
        self.slot.stop();
        if let Some(thread) = self.thread.take()
            && self.slot.await_end(self.silence)
        {
            thread.join().ok();
        }
    }
}

#[cfg(test)]
mod tests;
