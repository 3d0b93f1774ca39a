//! `/dev/video*`: which of them are cameras.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use v4l::capability::{Capabilities, Flags};

use super::super::known;
use super::modes::modes;
use crate::device::list::{Device, DeviceAccess, DevicesError};

/// The cameras, by number of their node. One node that makes its driver or the library panic is only left out.
pub(in crate::device) fn list() -> Result<Vec<Device>, DevicesError> {
    let mut numbers: Vec<u32> = match fs::read_dir("/dev") {
        Ok(entries) => entries.flatten().filter_map(|entry| number(&entry.file_name())).collect(),
        Err(error) => return Err(DevicesError::Backend(error.to_string())),
    };
    numbers.sort_unstable();
    let describe = |number| catch_unwind(AssertUnwindSafe(|| describe(number))).ok().flatten();
    Ok(numbers.into_iter().filter_map(describe).collect())
}

fn number(name: &std::ffi::OsStr) -> Option<u32> {
    name.to_str()?.strip_prefix("video")?.parse().ok()
}

fn describe(number: u32) -> Option<Device> {
    let place = format!("/dev/video{number}");
    let node = Node { sysfs: PathBuf::from(format!("/sys/class/video4linux/video{number}")) };
    let asked = v4l::Device::with_path(&place).and_then(|device| Ok((device.query_caps()?, modes(&device))));
    let (caps, modes) = match asked {
        Ok(asked) => asked,
        Err(error) => return node.unopened(place, error.kind()),
    };
    if !captures(caps.capabilities) {
        return None;
    }
    Some(Device {
        key: node.key(&caps),
        name: caps.card.clone(),
        place,
        access: DeviceAccess::Granted,
        is_virtual: known::is_virtual(&caps.driver, &caps.card, &caps.bus),
        is_infrared: known::is_infrared(&caps.card) || modes.is_grey_only,
        driver: caps.driver,
        modes: modes.usable,
    })
}

/// A memory-to-memory codec also says it captures; no camera is one. Only single-planar capture is spoken here, which
/// is what webcams do.
fn captures(flags: Flags) -> bool {
    flags.contains(Flags::VIDEO_CAPTURE) && !flags.intersects(Flags::VIDEO_M2M | Flags::VIDEO_M2M_MPLANE)
}

/// What the system knows about a node without opening it.
struct Node {
    sysfs: PathBuf,
}

impl Node {
    fn attribute(&self, path: &str) -> Option<String> {
        let text = fs::read_to_string(self.sysfs.join(path)).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Which of its device's nodes this is; cameras come first, their metadata after them.
    fn index(&self) -> String {
        self.attribute("index").unwrap_or_default()
    }

    /// By serial number for USB cameras that have one, else by bus.
    fn key(&self, caps: &Capabilities) -> String {
        let usb = |name: &str| self.attribute(&format!("device/../{name}"));
        match (usb("idVendor"), usb("idProduct"), usb("serial")) {
            (Some(vendor), Some(product), Some(serial)) => {
                format!("usb:{vendor}:{product}:{serial}:{}", self.index())
            }
            _without_serial => format!("bus:{}:{}:{}", caps.bus, caps.card, self.index()),
        }
    }

    /// A node that we may not open: a camera as far as can be told, so that it can be named.
    fn unopened(&self, place: String, kind: std::io::ErrorKind) -> Option<Device> {
        let is_denied = kind == std::io::ErrorKind::PermissionDenied;
        if !Path::new(&place).exists() || self.index() != "0" {
            return None;
        }
        let name = self.attribute("name").unwrap_or_else(|| place.clone());
        Some(Device {
            key: format!("place:{place}"),
            is_virtual: known::is_virtual("", &name, ""),
            is_infrared: known::is_infrared(&name),
            name,
            place,
            driver: String::new(),
            access: if is_denied { DeviceAccess::Denied } else { DeviceAccess::Unknown },
            modes: Vec::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_capture_nodes_count() {
        fn check(flags: Flags, want: bool) {
            assert_eq!(captures(flags), want, "{flags}");
        }
        check(Flags::VIDEO_CAPTURE | Flags::STREAMING, true);
        check(Flags::META_CAPTURE | Flags::STREAMING, false);
        check(Flags::VIDEO_OUTPUT, false);
        check(Flags::VIDEO_CAPTURE | Flags::VIDEO_M2M, false);
    }

    #[test]
    fn nodes_are_told_by_their_number() {
        fn check(name: &str, expected: Option<u32>) {
            assert_eq!(number(name.as_ref()), expected, "{name}");
        }
        check("video0", Some(0));
        check("video12", Some(12));
        check("video", None);
        check("video-enc", None);
        check("vbi0", None);
    }
}
