//! The mode that a camera is asked for, and gets.

use camera::{CameraChoice, CameraProblem};

use crate::pattern;
use crate::pixels::number;
use crate::watch::{Stage, frames, name, open, way_to};
use crate::webcam::Coding::{Mjpeg, Nv12, Yuyv};
use crate::webcam::{ORDINARY, Offer, Webcam};

/// The camera streams in the mode at `best_at`, and its frames are those of that mode.
#[track_caller]
fn check(offers: &[(crate::webcam::Coding, u32, u32, f64)], best_at: usize) {
    let offers: Vec<Offer> = offers
        .iter()
        .map(|(coding, width, height, fps)| Offer::new(*coding, *width, *height, *fps))
        .collect();
    let webcam = Webcam::plug(ORDINARY, &offers);
    let feed = open(CameraChoice::Best);
    let frame = frames(&feed, 1).remove(0);
    assert_eq!(webcam.mode(), offers[best_at]);
    number(&frame.frame, &pattern::expected(offers[best_at]));
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn an_ordinary_camera_gives_720p_at_its_highest_rate() {
    check(
        &[
            (Mjpeg, 1920, 1080, 30.0),
            (Mjpeg, 1280, 720, 15.0),
            (Mjpeg, 1280, 720, 30.0),
            (Mjpeg, 640, 480, 30.0),
            (Yuyv, 640, 480, 30.0),
            (Yuyv, 1280, 720, 10.0),
            (Yuyv, 1920, 1080, 5.0),
        ],
        2,
    );
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn a_camera_at_29_97_alone_is_taken() {
    check(&[(Mjpeg, 1280, 720, 30_000.0 / 1001.0)], 0);
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn fractional_rates_are_told_apart() {
    check(&[(Mjpeg, 1280, 720, 7.5), (Mjpeg, 1280, 720, 30_000.0 / 1001.0), (Mjpeg, 1280, 720, 15.0)], 1);
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn a_small_camera_is_better_than_none() {
    check(&[(Yuyv, 320, 240, 30.0), (Yuyv, 640, 480, 30.0), (Nv12, 1280, 720, 30.0)], 1);
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn a_camera_whose_pictures_we_cannot_read_is_named() {
    let _webcam = Webcam::plug(ORDINARY, &[Offer::new(Nv12, 1280, 720, 30.0)]);
    let feed = open(CameraChoice::Best);
    let problem = Stage::Lost(CameraProblem::NoUsableMode);
    assert!(way_to(&feed, problem).iter().all(|stage| [Stage::Starting, problem].contains(stage)));
    assert_eq!(name(&feed).as_deref(), Some(ORDINARY.name));
}
