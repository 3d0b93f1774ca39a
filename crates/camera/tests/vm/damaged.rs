//! Frames that arrive damaged: skipped and counted, never shown, never a panic.

use std::sync::Once;
use std::sync::atomic::{AtomicUsize, Ordering};

use camera::{CameraChoice, CameraProblem};

use crate::pattern;
use crate::pixels::number;
use crate::watch::{Stage, frames, open, stage, until, way_to};
use crate::webcam::{Coding, Damage, Mood, ORDINARY, Offer, Webcam};

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// A feed catches panics of its camera; here they count.
fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            usual(panic);
        }));
    });
}

/// Every second frame is damaged; the others are shown, and those alone.
#[track_caller]
fn check(mode: Offer, damage: Damage, is_counted: bool) {
    count_panics();
    let before = PANICS.load(Ordering::SeqCst);
    let webcam = Webcam::plug(ORDINARY, &[mode]);
    let feed = open(CameraChoice::Best);
    frames(&feed, 1);
    webcam.be(Mood::Damaged(damage, 2));
    let expected = pattern::expected(mode);
    for live in frames(&feed, 6) {
        // Noise may leave a JPEG that decodes, and nobody could tell.
        if damage != Damage::Noise {
            number(&live.frame, &expected);
        }
    }
    assert_eq!(stage(&feed), Stage::Live, "{damage:?}");
    if is_counted {
        assert!(feed.damaged_frames() >= 2, "{damage:?}: {} counted", feed.damaged_frames());
    }
    assert_eq!(PANICS.load(Ordering::SeqCst), before, "{damage:?}");
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn damaged_jpegs_are_skipped_and_counted() {
    for damage in Damage::ALL {
        // The driver itself drops frames without a byte.
        let is_counted = !matches!(damage, Damage::Noise | Damage::Empty);
        check(Offer::new(Coding::Mjpeg, 640, 480, 30.0), damage, is_counted);
    }
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn short_frames_without_compression_are_skipped() {
    for damage in [Damage::CutShort, Damage::Gap, Damage::Empty] {
        check(Offer::new(Coding::Yuyv, 640, 480, 30.0), damage, false);
    }
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn a_camera_that_gives_nothing_else_is_corrupt_until_it_does() {
    let corrupt = Stage::Lost(CameraProblem::Corrupt);
    let webcam = Webcam::plug(ORDINARY, &[Offer::new(Coding::Mjpeg, 640, 480, 30.0)]);
    let feed = open(CameraChoice::Best);
    frames(&feed, 1);
    webcam.be(Mood::Damaged(Damage::Overwritten, 1));
    assert_eq!(way_to(&feed, corrupt), [Stage::Live, corrupt]);
    let counted = feed.damaged_frames();
    until("more to be counted", || (feed.damaged_frames() > counted).then_some(()));
    webcam.be(Mood::Healthy);
    assert_eq!(way_to(&feed, Stage::Live), [corrupt, Stage::Live]);
}
