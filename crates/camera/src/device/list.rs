//! Which cameras the system offers.
//!
//! Invariant: listing answers within a bound and never panics, whatever a driver does; nodes that cannot
//! capture video (metadata, codecs, outputs) are left out. Deliberately absent: opening a stream.

use std::sync::mpsc;
use std::time::Duration;

use nokhwa::utils::{ApiBackend, CameraIndex, CameraInfo};

/// A driver that has not answered by then is stuck: listing takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether this user may open a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceAccess {
    /// It opens.
    Granted,
    /// The system refuses this user.
    Denied,
    /// Another error, or a system that only tells on streaming.
    Unknown,
}

/// One camera.
#[derive(Clone, Debug)]
pub struct Device {
    /// The system's name for it.
    pub name: String,
    /// Where it is, as the system puts it (`/dev/video0`).
    pub place: String,
    /// Whether this user may open it.
    pub access: DeviceAccess,
}

/// Why the cameras could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum DevicesError {
    /// The system's camera interface reports an error.
    #[error("the system's camera interface reports: {0}")]
    Backend(String),
    /// A driver did not answer in time.
    #[error("a camera driver did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    /// A driver or its library failed in an unforeseen way.
    #[error("a camera driver failed while being listed")]
    Crashed,
}

/// Lists the cameras this system offers.
pub fn list_devices() -> Result<Vec<Device>, DevicesError> {
    bounded(PATIENCE, || {
        let found = nokhwa::query(ApiBackend::Auto).map_err(|e| DevicesError::Backend(e.to_string()))?;
        Ok(found.iter().filter_map(describe).collect())
    })
}

/// Runs a listing on its own thread: a driver may hang or panic there without taking the caller along.
fn bounded<T: Send + 'static>(
    patience: Duration,
    listing: impl FnOnce() -> Result<T, DevicesError> + Send + 'static,
) -> Result<T, DevicesError> {
    let (tell, told) = mpsc::channel();
    let thread = std::thread::Builder::new().name("list-cameras".to_owned());
    thread
        .spawn(move || tell.send(listing()).ok())
        .map_err(|error| DevicesError::Backend(error.to_string()))?;
    told.recv_timeout(patience).unwrap_or_else(|error| match error {
        mpsc::RecvTimeoutError::Timeout => Err(DevicesError::Silent),
        mpsc::RecvTimeoutError::Disconnected => Err(DevicesError::Crashed),
    })
}

#[cfg(target_os = "linux")]
fn describe(info: &CameraInfo) -> Option<Device> {
    let CameraIndex::Index(index) = info.index() else { return None };
    let place = format!("/dev/video{index}");
    let access = match v4l::Device::with_path(&place) {
        Ok(device) => match device.query_caps() {
            Ok(caps) if !captures(caps.capabilities) => return None,
            Ok(_) => DeviceAccess::Granted,
            Err(_) => DeviceAccess::Unknown,
        },
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => DeviceAccess::Denied,
        Err(_) => DeviceAccess::Unknown,
    };
    Some(Device { name: info.human_name(), place, access })
}

/// A memory-to-memory codec also says it captures; no camera is one.
#[cfg(target_os = "linux")]
fn captures(flags: v4l::capability::Flags) -> bool {
    use v4l::capability::Flags;
    flags.intersects(Flags::VIDEO_CAPTURE | Flags::VIDEO_CAPTURE_MPLANE)
        && !flags.intersects(Flags::VIDEO_M2M | Flags::VIDEO_M2M_MPLANE)
}

#[cfg(not(target_os = "linux"))]
fn describe(info: &CameraInfo) -> Option<Device> {
    let place = match info.index() {
        CameraIndex::Index(index) => index.to_string(),
        CameraIndex::String(text) => text.clone(),
    };
    Some(Device { name: info.human_name(), place, access: DeviceAccess::Unknown })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stuck_driver_is_given_up_on() {
        let (_keep, stuck) = mpsc::channel::<()>();
        let listed = bounded(Duration::from_millis(20), move || {
            stuck.recv().ok();
            Ok(())
        });
        assert!(matches!(listed, Err(DevicesError::Silent)));
    }

    #[test]
    fn a_crashing_driver_is_an_error_not_a_crash() {
        let listed = bounded(Duration::from_secs(10), || -> Result<(), _> { panic!("driver") });
        assert!(matches!(listed, Err(DevicesError::Crashed)));
    }

    #[test]
    fn listing_answers_on_any_machine() {
        if let Ok(devices) = list_devices() {
            assert!(devices.iter().all(|device| !device.place.is_empty()));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_capture_nodes_count() {
        use v4l::capability::Flags;
        fn check(flags: Flags, want: bool) {
            assert_eq!(captures(flags), want, "{flags}");
        }
        check(Flags::VIDEO_CAPTURE | Flags::STREAMING, true);
        check(Flags::VIDEO_CAPTURE_MPLANE, true);
        check(Flags::META_CAPTURE | Flags::STREAMING, false);
        check(Flags::VIDEO_OUTPUT, false);
        check(Flags::VIDEO_CAPTURE | Flags::VIDEO_M2M, false);
    }
}
