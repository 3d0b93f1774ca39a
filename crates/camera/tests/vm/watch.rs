//! Waiting for what must come, and what a feed goes through until then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use camera::{CameraChoice, CameraProblem, CameraState, Feed, FeedParams, LiveFrame};

/// Nothing here takes as long, however slow the processor: only a failure gets there.
const LIMIT: Duration = Duration::from_secs(120);
const GLANCE: Duration = Duration::from_millis(20);

/// Looks again and again until there is an answer.
#[track_caller]
pub fn until<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(since.elapsed() < LIMIT, "waited in vain for {what}");
        std::thread::sleep(GLANCE);
    }
}

/// As the program has it, but an emulated processor may say nothing for a while without being silent.
pub fn patient() -> FeedParams {
    FeedParams { silence: Duration::from_secs(6), ..FeedParams::default() }
}

pub fn open(choice: CameraChoice) -> Feed {
    Feed::open(choice, patient())
}

/// A feed's state without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Starting,
    Live,
    Lost(CameraProblem),
}

pub fn stage(feed: &Feed) -> Stage {
    match feed.state() {
        CameraState::Starting => Stage::Starting,
        CameraState::Live { .. } => Stage::Live,
        CameraState::Lost { problem, .. } => Stage::Lost(problem),
    }
}

/// What the feed goes through from now until `end`, each stage once.
#[track_caller]
pub fn way_to(feed: &Feed, end: Stage) -> Vec<Stage> {
    let mut way = Vec::new();
    let since = Instant::now();
    loop {
        let now = stage(feed);
        if way.last() != Some(&now) {
            way.push(now);
        }
        if now == end {
            return way;
        }
        assert!(since.elapsed() < LIMIT, "{end:?} did not come, but {way:?}");
        std::thread::sleep(GLANCE);
    }
}

/// The name that the state tells.
pub fn name(feed: &Feed) -> Option<String> {
    match feed.state() {
        CameraState::Starting => None,
        CameraState::Live { name, .. } => Some(name),
        CameraState::Lost { name, .. } => name,
    }
}

/// The next frames, the newest each time.
#[track_caller]
pub fn frames(feed: &Feed, count: usize) -> Vec<Arc<LiveFrame>> {
    let mut seq = feed.latest().map_or(0, |frame| frame.seq);
    let mut next = || {
        let frame = feed.newer_than(seq, LIMIT).unwrap_or_else(|| panic!("no frame, but {:?}", feed.state()));
        seq = frame.seq;
        frame
    };
    (0..count).map(|_| next()).collect()
}
