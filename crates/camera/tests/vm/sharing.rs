//! Other programs at the same camera.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use camera::{CameraChoice, CameraProblem, list_devices};
use v4l::video::Capture;

use crate::pattern;
use crate::pixels::number;
use crate::watch::{Stage, frames, name, open, stage, until, way_to};
use crate::webcam::{Coding, ORDINARY, Offer, Webcam};

const BUSY: Stage = Stage::Lost(CameraProblem::Busy);

/// `examples/occupy_camera.rs` at this camera; `None`: it got no stream.
struct OtherProgram(Child);

impl OtherProgram {
    fn start(place: &str) -> Option<Self> {
        let program = std::env::current_exe().unwrap().with_file_name("occupy_camera");
        let started = Command::new(program).arg(place).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = started.expect("the other program lies beside this one");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        if line.trim() == "streaming" {
            return Some(Self(child));
        }
        child.wait().unwrap();
        None
    }
}

impl Drop for OtherProgram {
    /// SIGKILL: it tidies up nothing.
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The camera's best mode, and the unusual one that the other program takes.
fn plug() -> (Webcam, Offer, String) {
    let best = Offer::new(Coding::Mjpeg, 800, 600, 30.0);
    let unusual = Offer::new(Coding::Nv12, 640, 480, 7.5);
    let webcam = Webcam::plug(ORDINARY, &[best, unusual]);
    let place = list_devices().unwrap()[0].place.clone();
    (webcam, best, place)
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn a_camera_that_another_program_has_is_busy_until_it_ends() {
    let (_webcam, _, place) = plug();
    let other = OtherProgram::start(&place).unwrap();
    let feed = open(CameraChoice::Best);
    assert_eq!(way_to(&feed, BUSY), [Stage::Starting, BUSY]);
    assert_eq!(name(&feed).as_deref(), Some(ORDINARY.name));
    drop(other);
    assert_eq!(way_to(&feed, Stage::Live), [BUSY, Stage::Live]);
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn what_a_killed_program_left_set_is_set_anew() {
    let (webcam, best, place) = plug();
    drop(OtherProgram::start(&place).unwrap());
    let left = v4l::Device::with_path(&place).unwrap().format().unwrap();
    assert_eq!((left.width, left.height, &left.fourcc.repr), (640, 480, b"NV12"));
    let feed = open(CameraChoice::Best);
    let frame = frames(&feed, 1).remove(0);
    assert_eq!(webcam.mode(), best);
    number(&frame.frame, &pattern::expected(best));
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn nobody_takes_a_camera_from_us() {
    let (_webcam, best, place) = plug();
    let feed = open(CameraChoice::Best);
    frames(&feed, 1);
    assert!(OtherProgram::start(&place).is_none());
    let second = open(CameraChoice::Best);
    assert_eq!(way_to(&second, BUSY), [Stage::Starting, BUSY]);
    let expected = pattern::expected(best);
    for live in frames(&feed, 3) {
        number(&live.frame, &expected);
    }
    assert_eq!(stage(&feed), Stage::Live);
    drop(feed);
    until("the second feed to be live", || (stage(&second) == Stage::Live).then_some(()));
}
