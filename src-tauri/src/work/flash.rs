//! Recording the light of a challenge while the window shows its colours.
//!
//! Invariant: what was seen is told exactly once after the colours are over, also if nothing was seen; the simulated
//! room is dark again when the thread ends.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::time::Duration;

use camera::{Colour, Feed};
use engine::FlashRecorder;
use gateway::FlashChallenge;

use super::Tools;
use crate::controller::{VisitEvent, VisitId};

/// How long a frame is waited for before the window is heard: a colour is shown for twenty times as long.
const PATIENCE: Duration = Duration::from_millis(20);

enum Said {
    Shown(usize),
    Done,
}

/// A challenge being recorded. Dropping it forgets what was seen.
pub(super) struct FlashErrand {
    says: Sender<Said>,
}

impl FlashErrand {
    /// Begins. Without a camera or a thread the visit is told that nothing was seen.
    pub(super) fn begin(tools: &Arc<Tools>, visit: VisitId, challenge: &FlashChallenge) -> Option<Self> {
        let nothing = || tools.tell_visit(visit, VisitEvent::FlashSeen(Vec::new()));
        let Some(feed) = tools.frames.feed() else {
            nothing();
            return None;
        };
        let (says, inbox) = channel();
        let recorder = FlashRecorder::new(challenge);
        let mine = Arc::clone(tools);
        let work = move || {
            if let Some(recorder) = record(&feed, recorder, &inbox) {
                mine.tell_visit(visit, VisitEvent::FlashSeen(recorder.finish()));
            }
            feed.show(None);
        };
        match std::thread::Builder::new().name("flash".to_owned()).spawn(work) {
            Ok(_running) => Some(Self { says }),
            Err(error) => {
                tracing::error!(%error, "no thread to record light in");
                nothing();
                None
            }
        }
    }

    /// This colour is on the screen.
    pub(super) fn shown(&self, index: u32) {
        self.says.send(Said::Shown(index as usize)).ok();
    }

    /// The last colour's time is over.
    pub(super) fn done(self) {
        self.says.send(Said::Done).ok();
    }
}

/// Looks at frames until the colours are over; `None` if nobody wants to know any more.
fn record(feed: &Feed, mut recorder: FlashRecorder, inbox: &Receiver<Said>) -> Option<FlashRecorder> {
    let mut seq = feed.latest().map_or(0, |frame| frame.seq);
    loop {
        match inbox.try_recv() {
            Ok(Said::Shown(index)) => {
                if let Some((gateway::Rgb([r, g, b]), _)) = recorder.steps().get(index).copied() {
                    recorder.shown(index, feed.now_ms());
                    feed.show(Some(Colour { r, g, b }));
                }
            }
            Ok(Said::Done) => return Some(recorder),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        if let Some(live) = feed.newer_than(seq, PATIENCE) {
            seq = live.seq;
            recorder.see(&live.frame, live.at_ms);
        }
    }
}
