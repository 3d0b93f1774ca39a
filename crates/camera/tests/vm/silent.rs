//! A camera that is plugged in and says nothing.

use camera::{CameraChoice, CameraProblem, Feed, FeedParams};

use crate::watch::{Stage, frames, name, until, way_to};
use crate::webcam::{Coding, Mood, ORDINARY, Offer, Webcam};

const SILENT: Stage = Stage::Lost(CameraProblem::Silent);

/// With the program's own patience of two seconds.
fn open(choice: CameraChoice) -> Feed {
    Feed::open(choice, FeedParams::default())
}

fn plug() -> Webcam {
    Webcam::plug(ORDINARY, &[Offer::new(Coding::Mjpeg, 640, 480, 30.0)])
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn one_that_falls_silent_is_named_and_comes_back_by_itself() {
    let webcam = plug();
    let feed = open(CameraChoice::Best);
    for _ in 0..2 {
        frames(&feed, 2);
        webcam.be(Mood::Silent);
        assert_eq!(way_to(&feed, SILENT), [Stage::Live, SILENT]);
        assert_eq!(name(&feed).as_deref(), Some(ORDINARY.name));
        webcam.be(Mood::Healthy);
        assert_eq!(way_to(&feed, Stage::Live), [SILENT, Stage::Live]);
    }
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn one_that_never_spoke_is_silent_too() {
    let webcam = plug();
    webcam.be(Mood::Silent);
    let feed = open(CameraChoice::Best);
    assert_eq!(way_to(&feed, SILENT), [Stage::Starting, SILENT]);
    webcam.be(Mood::Healthy);
    frames(&feed, 1);
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn a_feed_lets_go_of_a_silent_camera() {
    let webcam = plug();
    let feed = open(CameraChoice::Best);
    frames(&feed, 1);
    webcam.be(Mood::Silent);
    drop(feed);
    until("the stream to stop", || (!webcam.is_streaming()).then_some(()));
    webcam.be(Mood::Healthy);
    let feed = open(CameraChoice::Best);
    assert_eq!(way_to(&feed, Stage::Live), [Stage::Starting, Stage::Live]);
}
