//! Which nodes of the system are cameras.

use std::process::Command;

use camera::{
    CameraChoice, CameraProblem, CameraState, Device, Feed, FeedParams, VirtualCameras, list_devices,
};

use crate::watch::{Stage, frames, name, open, patient, until, way_to};
use crate::webcam::{Coding, Identity, ORDINARY, Offer, Webcam};

fn modes() -> [Offer; 1] {
    [Offer::new(Coding::Mjpeg, 640, 480, 30.0)]
}

fn nodes() -> usize {
    let names = std::fs::read_dir("/dev").unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_string_lossy().starts_with("video")).count()
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn metadata_nodes_are_no_cameras() {
    let _webcam = Webcam::plug(ORDINARY, &modes());
    until("nodes for pictures and for metadata", || (nodes() == 2).then_some(()));
    let [device] = &list_devices().unwrap()[..] else { panic!("one camera") };
    assert_eq!((device.name.as_str(), device.driver.as_str()), (ORDINARY.name, "uvcvideo"));
    assert!(!device.is_virtual && !device.is_infrared);
    assert_eq!(device.modes.len(), 1);
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn each_camera_has_a_key_of_its_own() {
    let unnumbered = Identity { name: "Cheap Webcam", serial: None };
    let _webcams =
        [ORDINARY, ORDINARY, unnumbered, unnumbered].map(|identity| Webcam::plug(identity, &modes()));
    let devices = list_devices().unwrap();
    let mut keys: Vec<&str> = devices.iter().map(|device| device.key.as_str()).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), 4, "{keys:?}");
    let feed = open(CameraChoice::Key(devices[2].key.clone()));
    frames(&feed, 1);
    assert_eq!(name(&feed).as_deref(), Some(unnumbered.name));
}

/// The kernel's own virtual camera, loaded while this lives.
struct Vivid;

impl Vivid {
    fn load() -> Self {
        system("modprobe", &["vivid", "n_devs=1", "node_types=0x1", "num_inputs=1", "input_types=0"]);
        Self
    }
}

impl Drop for Vivid {
    fn drop(&mut self) {
        system("rmmod", &["vivid"]);
    }
}

fn system(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status().unwrap();
    assert!(status.success(), "{program} {arguments:?}");
}

fn with_policy(virtual_cameras: VirtualCameras) -> Feed {
    Feed::open(CameraChoice::Best, FeedParams { virtual_cameras, ..patient() })
}

#[test]
#[ignore = "needs the virtual machine: cargo xtask camera-vm"]
fn virtual_cameras_are_recognised_and_the_policy_is_kept() {
    let _vivid = Vivid::load();
    let is_virtual = |device: &Device| device.is_virtual;
    assert!(list_devices().unwrap().iter().all(is_virtual));
    let refused = Stage::Lost(CameraProblem::VirtualRefused);
    way_to(&with_policy(VirtualCameras::Refuse), refused);
    let feed = with_policy(VirtualCameras::Warn);
    let frame = frames(&feed, 2).remove(1);
    assert!(frame.frame.width() >= 1280 && frame.frame.height() >= 720, "{:?}", frame.frame);
    assert!(matches!(feed.state(), CameraState::Live { is_virtual: true, .. }));
    drop(feed);
    let _webcam = Webcam::plug(ORDINARY, &modes());
    let feed = with_policy(VirtualCameras::Warn);
    frames(&feed, 1);
    assert_eq!(name(&feed).as_deref(), Some(ORDINARY.name));
}
