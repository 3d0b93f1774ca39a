//! Which camera to take.

use super::list::{Device, DeviceAccess, list_devices};
use super::mode::{ModeParams, best};
use crate::feed::stream::{Fault, Opened};
use crate::{CameraProblem, FeedParams, VirtualCameras};

/// Opens the camera with this key, or the best one that opens.
pub(crate) fn open(key: Option<&str>, params: &FeedParams) -> Result<Opened, Fault> {
    let devices = list_devices().map_err(|_| Fault::new(CameraProblem::Failed, None))?;
    let mut first_fault = None;
    for device in candidates(devices, key, params.virtual_cameras)? {
        match open_one(&device, params) {
            Ok(opened) => return Ok(opened),
            Err(problem) => {
                first_fault.get_or_insert(Fault::new(problem, Some(device.name)));
            }
        }
    }
    Err(first_fault.unwrap_or(Fault::new(CameraProblem::Absent, None)))
}

/// The cameras to try, best first.
fn candidates(
    mut devices: Vec<Device>,
    key: Option<&str>,
    policy: VirtualCameras,
) -> Result<Vec<Device>, Fault> {
    devices.retain(|device| key.is_none_or(|key| device.key == key));
    let virtual_name = devices.iter().find(|device| device.is_virtual).map(|device| device.name.clone());
    if policy == VirtualCameras::Refuse {
        devices.retain(|device| !device.is_virtual);
    }
    if devices.is_empty() {
        return Err(match virtual_name {
            Some(name) => Fault::new(CameraProblem::VirtualRefused, Some(name)),
            None => Fault::new(CameraProblem::Absent, None),
        });
    }
    devices.sort_by_key(|device| rank(device, policy));
    Ok(devices)
}

/// Smaller is better; equals stay in the system's order.
fn rank(device: &Device, policy: VirtualCameras) -> (bool, bool, bool, bool) {
    let best_mode = best(&device.modes, &ModeParams::default());
    let (width, height) = ModeParams::default().enough_px;
    let is_small = best_mode.is_none_or(|mode| mode.width_px < width || mode.height_px < height);
    (
        device.access == DeviceAccess::Denied,
        device.is_infrared,
        device.is_virtual && policy != VirtualCameras::Allow,
        is_small,
    )
}

#[cfg(target_os = "linux")]
fn open_one(device: &Device, params: &FeedParams) -> Result<Opened, CameraProblem> {
    super::linux::open(device, params)
}

#[cfg(not(target_os = "linux"))]
fn open_one(device: &Device, params: &FeedParams) -> Result<Opened, CameraProblem> {
    super::foreign::open(device, params)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, PixelFormat};

    fn device(name: &str, width_px: u32, height_px: u32) -> Device {
        let mode = Mode { format: PixelFormat::Mjpeg, width_px, height_px, interval: Some((1, 30)) };
        Device {
            key: format!("key of {name}"),
            name: name.to_owned(),
            place: String::new(),
            driver: String::new(),
            access: DeviceAccess::Granted,
            is_virtual: false,
            is_infrared: false,
            modes: vec![mode],
        }
    }

    fn offered() -> Vec<Device> {
        vec![
            Device { is_infrared: true, ..device("infrared", 1280, 720) },
            Device { is_virtual: true, ..device("virtual", 1920, 1080) },
            Device { access: DeviceAccess::Denied, modes: Vec::new(), ..device("denied", 0, 0) },
            device("small", 640, 480),
            device("good", 1280, 720),
            device("as good", 1920, 1080),
        ]
    }

    #[test]
    fn the_best_comes_first_and_the_policy_is_kept() {
        #[track_caller]
        fn check(policy: VirtualCameras, expected: &[&str]) {
            let sorted = candidates(offered(), None, policy).ok().unwrap();
            let names: Vec<&str> = sorted.iter().map(|device| device.name.as_str()).collect();
            assert_eq!(names, expected);
        }
        check(VirtualCameras::Allow, &["virtual", "good", "as good", "small", "infrared", "denied"]);
        check(VirtualCameras::Warn, &["good", "as good", "small", "virtual", "infrared", "denied"]);
        check(VirtualCameras::Refuse, &["good", "as good", "small", "infrared", "denied"]);
    }

    #[test]
    fn a_key_takes_its_camera_or_none() {
        let found = candidates(offered(), Some("key of small"), VirtualCameras::Warn).ok().unwrap();
        assert_eq!((found.len(), found[0].name.as_str()), (1, "small"));
        let absent = candidates(offered(), Some("key of nothing"), VirtualCameras::Warn).err().unwrap();
        assert_eq!((absent.problem, absent.name), (CameraProblem::Absent, None));
        let refused = candidates(offered(), Some("key of virtual"), VirtualCameras::Refuse).err().unwrap();
        assert_eq!(
            (refused.problem, refused.name.as_deref()),
            (CameraProblem::VirtualRefused, Some("virtual"))
        );
    }
}
