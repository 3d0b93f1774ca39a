//! The feed on scripted sources. Nothing here asserts how long something took: readers wait for what must come.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::{AtEnd, FrameSource, SourceError, TimedFrame};

/// Far longer than anything here takes.
const LONG: Duration = Duration::from_secs(60);

/// Counts up in its pixels; what it does at the end is up to the test.
struct Counting {
    next: u8,
    end: u8,
    spacing_ms: u64,
    at_end: fn() -> Result<Option<TimedFrame>, SourceError>,
    colour: Option<Colour>,
}

impl Counting {
    fn new(end: u8) -> Self {
        Self { next: 0, end, spacing_ms: 1, at_end: || Ok(None), colour: None }
    }
}

impl FrameSource for Counting {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        if self.next == self.end {
            return (self.at_end)();
        }
        let value = self.colour.map_or(self.next, |colour| colour.r);
        let at_ms = u64::from(self.next) * self.spacing_ms;
        self.next += 1;
        Ok(Some(TimedFrame { frame: Frame::filled(8, 8, [value; 3]), at_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.colour = colour;
        true
    }
}

fn quick() -> FeedParams {
    let moment = Duration::from_millis(1);
    FeedParams { retry_first: moment, retry_longest: moment, hold_interval_ms: 1, ..FeedParams::default() }
}

/// Frames of the feed, newest only, until `is_enough`.
fn watch(feed: &Feed, mut is_enough: impl FnMut(&LiveFrame) -> bool) {
    let mut seq = 0;
    loop {
        let frame = feed.newer_than(seq, LONG).expect("a feed whose source works gives frames");
        assert!(frame.seq > seq);
        seq = frame.seq;
        if is_enough(&frame) {
            return;
        }
    }
}

#[test]
fn a_looping_source_goes_on_and_its_clock_never_goes_back() {
    let feed = Feed::open(CameraChoice::scene("s", || Ok(Counting::new(5))), quick());
    let mut before_ms = 0;
    watch(&feed, |frame| {
        assert!(frame.at_ms >= before_ms, "{} after {before_ms}", frame.at_ms);
        before_ms = frame.at_ms;
        frame.seq > 12
    });
    let CameraState::Live { name, width_px, is_virtual, .. } = feed.state() else { panic!() };
    assert_eq!((name.as_str(), width_px, is_virtual), ("s", 8, false));
}

#[test]
fn a_held_source_repeats_its_last_frame() {
    let params = FeedParams { at_end: AtEnd::Hold, ..quick() };
    let feed = Feed::open(CameraChoice::scene("s", || Ok(Counting::new(3))), params);
    watch(&feed, |frame| frame.seq > 8);
    assert_eq!(feed.latest().unwrap().frame.data()[0], 2);
}

#[test]
fn a_source_that_fails_panics_or_does_not_open_is_opened_again() {
    static OPENED: AtomicUsize = AtomicUsize::new(0);
    let open = || {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        let absent = crate::RecordingError::Io { path: "x".into(), source: missing };
        match OPENED.fetch_add(1, Ordering::SeqCst) {
            0 => Err(SourceError::from(absent)),
            1 => panic!("while opening"),
            2 => Ok(Counting { at_end: || panic!("while running"), ..Counting::new(2) }),
            _ => Ok(Counting::new(200)),
        }
    };
    let feed = Feed::open(CameraChoice::scene("s", open), quick());
    watch(&feed, |frame| frame.frame.data()[0] > 10);
    assert!(OPENED.load(Ordering::SeqCst) >= 4);
}

#[test]
fn what_is_lost_is_named_and_its_picture_is_gone() {
    let choice = CameraChoice::Replay { path: "/nonexistent/folder.mjpeg".into(), speed: 1.0 };
    let feed = Feed::open(choice, quick());
    let lost = CameraState::Lost { problem: CameraProblem::Absent, name: Some("folder.mjpeg".to_owned()) };
    while feed.state() == CameraState::Starting {
        std::thread::yield_now();
    }
    assert_eq!(feed.state(), lost);
    assert!(feed.latest().is_none());
    assert!(!feed.show(None));
}

#[test]
fn a_colour_reaches_the_source() {
    let feed = Feed::open(CameraChoice::scene("s", || Ok(Counting::new(200))), quick());
    watch(&feed, |_| true);
    assert!(feed.show(Some(Colour { r: 222, g: 0, b: 0 })));
    watch(&feed, |frame| frame.frame.data()[0] == 222);
}

#[test]
fn a_reader_without_news_is_let_go() {
    let slow = || Ok(Counting { spacing_ms: 3_600_000, ..Counting::new(9) });
    let feed = Feed::open(CameraChoice::scene("slow", slow), quick());
    let first = feed.newer_than(0, LONG).unwrap();
    assert!(feed.newer_than(first.seq, Duration::from_millis(5)).is_none());
    drop(feed); // does not wait an hour either
}

#[test]
fn a_hung_driver_counts_as_silent() {
    let params = FeedParams { silence: Duration::ZERO, ..quick() };
    let hung = || Ok(Counting { spacing_ms: 3_600_000, ..Counting::new(9) });
    let feed = Feed::open(CameraChoice::scene("hung", hung), params);
    feed.newer_than(0, LONG).unwrap();
    let silent = CameraState::Lost { problem: CameraProblem::Silent, name: Some("hung".to_owned()) };
    assert_eq!(feed.state(), silent);
}

#[test]
fn the_preview_is_a_jpeg_of_the_frame() {
    let feed = Feed::open(CameraChoice::scene("s", || Ok(Counting::new(200))), quick());
    let frame = feed.newer_than(0, LONG).unwrap();
    let picture = frame::decode(&frame.jpeg(), &frame::DecodeLimits::default()).unwrap();
    assert_eq!((picture.width(), picture.height()), (8, 8));
    assert!(Arc::ptr_eq(&frame.jpeg(), &frame.jpeg()));
}

#[test]
fn a_recording_is_replayed_at_any_speed() {
    let dir = tempfile::tempdir().unwrap();
    for value in 0..3u8 {
        let jpeg = frame::encode_jpeg(&Frame::filled(16, 16, [value * 100; 3]), 95);
        std::fs::write(dir.path().join(format!("{value}.jpg")), jpeg).unwrap();
    }
    let choice = CameraChoice::Replay { path: dir.path().to_owned(), speed: f64::INFINITY };
    let feed = Feed::open(choice, FeedParams { at_end: AtEnd::Hold, ..quick() });
    watch(&feed, |frame| frame.frame.data()[0] > 150);
    assert!(!feed.show(Some(Colour { r: 255, g: 0, b: 0 })), "a folder cannot show light");
}
