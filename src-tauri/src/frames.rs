//! Pictures on their way to the window: the newest frame, the straightened card, the partner's logo.
//!
//! Invariant: a frame is handed out once and newer than the last; numbers of frames grow even when another camera is
//! opened. A card's picture is overwritten in memory when it is taken away. Deliberately lacks keeping frames.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use camera::{CameraChoice, CameraState, Feed, FeedParams, LiveFrame};
use engine::compose;
use zeroize::Zeroizing;

/// How long a question for a frame waits.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a question waits where no camera runs, so that a window that keeps asking costs nothing.
const NO_CAMERA_PAUSE: Duration = Duration::from_millis(150);
/// Number, time, width and height before the JPEG.
const HEADER_BYTES: usize = 24;

#[derive(Default)]
struct Running {
    feed: Option<Arc<Feed>>,
    /// What was added to the frames' own numbers.
    base: u64,
}

/// Pictures on their way to the window.
#[derive(Default)]
pub(crate) struct Frames {
    running: RwLock<Running>,
    card: RwLock<Option<Zeroizing<Vec<u8>>>>,
    logo: RwLock<Option<Vec<u8>>>,
}

impl Frames {
    /// Runs this camera; another one is let go.
    pub(crate) fn open(&self, choice: CameraChoice, params: FeedParams) -> Arc<Feed> {
        let feed = Arc::new(Feed::open(choice, params));
        self.replace(Some(Arc::clone(&feed)));
        feed
    }

    /// Lets the camera go.
    pub(crate) fn close(&self) {
        self.replace(None);
    }

    /// The running camera.
    pub(crate) fn feed(&self) -> Option<Arc<Feed>> {
        self.running.read().unwrap_or_else(PoisonError::into_inner).feed.clone()
    }

    /// What the running camera is doing.
    pub(crate) fn camera_state(&self) -> Option<CameraState> {
        self.feed().map(|feed| feed.state())
    }

    fn replace(&self, feed: Option<Arc<Feed>>) {
        let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = std::mem::replace(&mut running.feed, feed) {
            running.base += old.latest().map_or(0, |frame| frame.seq);
            // Letting a camera go waits for its thread, and a driver may take its time.
            std::thread::spawn(move || drop(old));
        }
    }

    /// The newest frame after `after` with its header; empty if none comes in time.
    pub(crate) fn next(&self, after: u64) -> Vec<u8> {
        let (feed, base) = {
            let running = self.running.read().unwrap_or_else(PoisonError::into_inner);
            (running.feed.clone(), running.base)
        };
        let Some(feed) = feed else {
            std::thread::sleep(NO_CAMERA_PAUSE);
            return Vec::new();
        };
        match feed.newer_than(after.saturating_sub(base), PATIENCE) {
            Some(frame) => packed(base + frame.seq, &frame),
            None => Vec::new(),
        }
    }

    /// Keeps the straightened card at hand, or takes it away.
    pub(crate) fn show_card(&self, jpeg: Option<Vec<u8>>) {
        *self.card.write().unwrap_or_else(PoisonError::into_inner) = jpeg.map(Zeroizing::new);
    }

    /// The straightened card; empty if there is none.
    pub(crate) fn card(&self) -> Vec<u8> {
        let card = self.card.read().unwrap_or_else(PoisonError::into_inner);
        card.as_ref().map(|jpeg| jpeg.to_vec()).unwrap_or_default()
    }

    /// Keeps the partner's logo at hand, or takes it away.
    pub(crate) fn show_logo(&self, png: Option<Vec<u8>>) {
        *self.logo.write().unwrap_or_else(PoisonError::into_inner) = png;
    }

    /// The partner's logo; empty if there is none.
    pub(crate) fn logo(&self) -> Vec<u8> {
        self.logo.read().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }
}

/// Header (u64 number, f64 Unix milliseconds when it was taken, u32 width, u32 height; little-endian), then the JPEG.
fn packed(seq: u64, frame: &LiveFrame) -> Vec<u8> {
    let jpeg = frame.jpeg();
    let taken_ms =
        compose::now().as_microsecond() as f64 / 1000.0 - frame.taken.elapsed().as_secs_f64() * 1000.0;
    let mut bytes = Vec::with_capacity(HEADER_BYTES + jpeg.len());
    bytes.extend(seq.to_le_bytes());
    bytes.extend(taken_ms.to_le_bytes());
    bytes.extend(frame.frame.width().to_le_bytes());
    bytes.extend(frame.frame.height().to_le_bytes());
    bytes.extend_from_slice(&jpeg);
    bytes
}

#[cfg(test)]
mod tests {
    use camera::{FrameSource, SourceError, TimedFrame};
    use frame::Frame;

    use super::*;

    /// Grey frames without end.
    struct Wall(u64);

    impl FrameSource for Wall {
        fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
            self.0 += 10;
            Ok(Some(TimedFrame { frame: Frame::filled(32, 16, [90; 3]), at_ms: self.0 }))
        }

        fn show(&mut self, _colour: Option<camera::Colour>) -> bool {
            false
        }
    }

    fn open(frames: &Frames) {
        frames.open(CameraChoice::scene("wall", || Ok(Wall(0))), FeedParams::default());
    }

    fn number(packed: &[u8]) -> u64 {
        u64::from_le_bytes(packed[..8].try_into().unwrap())
    }

    #[test]
    fn a_frame_is_newer_than_the_last_and_carries_its_header() {
        let frames = Frames::default();
        open(&frames);
        let first = frames.next(0);
        let second = frames.next(number(&first));
        assert!(number(&second) > number(&first));
        let side = |at: usize| u32::from_le_bytes(second[at..at + 4].try_into().unwrap());
        assert_eq!((side(16), side(20)), (32, 16));
        assert!(second[HEADER_BYTES..].starts_with(&[0xff, 0xd8]));
    }

    #[test]
    fn numbers_grow_when_another_camera_is_opened() {
        let frames = Frames::default();
        open(&frames);
        let before = number(&frames.next(0));
        open(&frames);
        assert!(number(&frames.next(before)) > before);
    }

    #[test]
    fn without_a_camera_there_is_no_frame() {
        assert!(Frames::default().next(0).is_empty());
    }

    #[test]
    fn a_card_is_there_until_it_is_taken_away() {
        let frames = Frames::default();
        frames.show_card(Some(vec![1, 2]));
        assert_eq!(frames.card(), [1, 2]);
        frames.show_card(None);
        assert!(frames.card().is_empty());
    }
}
