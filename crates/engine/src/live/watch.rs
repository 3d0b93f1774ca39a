//! A live camera as a guided capture watches it: the newest frame, or what its absence means.
//!
//! Invariant: a camera that is lost is told once, and once that it is back. Deliberately lacks what is made of it.

use std::sync::Arc;
use std::time::Duration;

use camera::{CameraState, Feed, LiveFrame};

/// How long a frame is waited for before wishes are heard.
const PATIENCE: Duration = Duration::from_millis(40);

/// What the camera gives.
pub(super) enum Sight {
    /// A frame that was not seen before.
    Frame(Arc<LiveFrame>),
    /// It has just been lost.
    Lost,
    /// It is back; frames follow.
    Back,
    /// Nothing new.
    Nothing,
}

/// Where the watching stands.
#[derive(Default)]
pub(super) struct Watch {
    seq: u64,
    was_lost: bool,
}

impl Watch {
    /// Waits a moment for the next frame.
    pub(super) fn next(&mut self, feed: &Feed) -> Sight {
        if let Some(live) = feed.newer_than(self.seq, PATIENCE) {
            (self.seq, self.was_lost) = (live.seq, false);
            return Sight::Frame(live);
        }
        let is_lost = matches!(feed.state(), CameraState::Lost { .. });
        match (std::mem::replace(&mut self.was_lost, is_lost), is_lost) {
            (false, true) => Sight::Lost,
            (true, false) => Sight::Back,
            (true, true) | (false, false) => Sight::Nothing,
        }
    }
}
