//! A plug that is pulled and put back.

use camera::{CameraChoice, CameraProblem, list_devices};

use crate::watch::{Stage, frames, name, open, stage, until, way_to};
use crate::webcam::{Coding, Identity, Mood, ORDINARY, Offer, Webcam};

const UNPLUGGED: Stage = Stage::Lost(CameraProblem::Unplugged);
const ABSENT: Stage = Stage::Lost(CameraProblem::Absent);

fn modes() -> [Offer; 1] {
    [Offer::new(Coding::Mjpeg, 640, 480, 30.0)]
}

/// Files this process has open, those of cameras among them.
fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn replugging_mends_it_each_time_and_leaves_nothing_behind() {
    let before = open_files();
    let feed = open(CameraChoice::Best);
    way_to(&feed, ABSENT);
    let mut seq = 0;
    for _ in 0..4 {
        let webcam = Webcam::plug(ORDINARY, &modes());
        let last = frames(&feed, 2).remove(1).seq;
        assert!(last > seq, "frames are counted on");
        seq = last;
        drop(webcam);
        assert!(way_to(&feed, UNPLUGGED).iter().all(|stage| [Stage::Live, UNPLUGGED].contains(stage)));
        assert_eq!(name(&feed).as_deref(), Some(ORDINARY.name));
        assert!(feed.latest().is_none(), "what was last seen is no longer there");
    }
    drop(feed);
    until("all files to be closed", || (open_files() == before).then_some(()));
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn a_chosen_camera_is_known_again_in_another_socket() {
    let webcam = Webcam::plug(ORDINARY, &modes());
    let key = list_devices().unwrap()[0].key.clone();
    let feed = open(CameraChoice::Key(key));
    frames(&feed, 1);
    drop(webcam);
    way_to(&feed, UNPLUGGED);
    // Takes the socket, and is not the one that was chosen.
    let stranger = Identity { name: "Other Webcam", serial: Some("SN-0002") };
    let _stranger = Webcam::plug(stranger, &modes());
    assert_eq!(stage(&feed), UNPLUGGED);
    let _webcam = Webcam::plug(ORDINARY, &modes());
    frames(&feed, 1);
    assert_eq!(name(&feed).as_deref(), Some(ORDINARY.name));
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn one_pulled_before_its_first_frame_is_unplugged_too() {
    let webcam = Webcam::plug(ORDINARY, &modes());
    webcam.be(Mood::Silent);
    let feed = open(CameraChoice::Best);
    until("the stream to start", || webcam.is_streaming().then_some(()));
    drop(webcam);
    assert_eq!(way_to(&feed, UNPLUGGED), [Stage::Starting, UNPLUGGED]);
    let _webcam = Webcam::plug(ORDINARY, &modes());
    frames(&feed, 1);
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn the_best_of_what_is_left_is_taken() {
    let other = Identity { name: "Other Webcam", serial: None };
    let webcam = Webcam::plug(ORDINARY, &[Offer::new(Coding::Mjpeg, 1280, 720, 30.0)]);
    let _other = Webcam::plug(other, &modes());
    let feed = open(CameraChoice::Best);
    frames(&feed, 1);
    assert_eq!(name(&feed).as_deref(), Some(ORDINARY.name));
    drop(webcam);
    until("the other camera", || (name(&feed).as_deref() == Some(other.name)).then_some(()));
    frames(&feed, 1);
}
