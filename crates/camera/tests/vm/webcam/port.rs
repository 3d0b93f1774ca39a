//! The virtual host controller's sockets, through sysfs.

use std::fs;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::path::Path;

use crate::watch::until;

const CONTROLLER: &str = "/sys/devices/platform/vhci_hcd.0";
/// Bus and number of the device on the machine it would come from; any will do.
const DEVICE_ID: u32 = 0x0001_0002;
/// `USB_SPEED_HIGH`.
const HIGH_SPEED: u32 = 3;
/// `VDEV_ST_NULL`: nothing is plugged in.
const EMPTY: &str = "004";

/// Plugs the other end of `socket` into the next empty port, and tells which.
pub fn attach(socket: &UnixStream) -> u32 {
    let port = until("an empty port", || {
        ports().into_iter().find_map(|(port, state)| (state == EMPTY).then_some(port))
    });
    let line = format!("{port} {} {DEVICE_ID} {HIGH_SPEED}", socket.as_raw_fd());
    fs::write(format!("{CONTROLLER}/attach"), line).expect("vhci-hcd takes the device");
    port
}

/// Ports of high speed, as `hs 0000 004 …` lines tell, and the state of each.
fn ports() -> Vec<(u32, String)> {
    let status = fs::read_to_string(format!("{CONTROLLER}/status")).expect("vhci-hcd is loaded");
    let of_line = |line: &str| {
        let mut words = line.split_whitespace();
        (words.next()? == "hs").then_some(())?;
        Some((words.next()?.parse().ok()?, words.next()?.to_owned()))
    };
    status.lines().filter_map(of_line).collect()
}

/// Waits until the camera in this port can be opened.
pub fn await_node(port: u32) {
    until("the camera's node", || nodes(port).iter().any(|node| Path::new(node).exists()).then_some(()));
}

/// Waits until nothing of it is left.
pub fn await_empty(port: u32) {
    let is_empty = || ports().iter().any(|(other, state)| *other == port && state == EMPTY);
    until("the port to be empty", || (is_empty() && nodes(port).is_empty()).then_some(()));
}

/// The video nodes of the device in this port.
fn nodes(port: u32) -> Vec<String> {
    // A port's number on the root hub counts from 1.
    let place = format!("-{}/", port + 1);
    let Ok(entries) = fs::read_dir("/sys/class/video4linux") else { return Vec::new() };
    let of_port = |entry: fs::DirEntry| {
        let target = fs::read_link(entry.path()).ok()?;
        let target =
            target.to_str().filter(|target| target.contains("vhci_hcd") && target.contains(&place))?;
        Some(format!("/dev/{}", target.rsplit('/').next()?))
    };
    entries.flatten().filter_map(of_port).collect()
}
