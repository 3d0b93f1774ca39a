//! Which cameras the system offers.

use std::sync::mpsc;
use std::time::Duration;

use super::mode::Mode;

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
    /// Names it across restarts and replugging, as far as the hardware allows: by serial number, else by the socket
    /// it is plugged into.
    pub key: String,
    /// The system's name for it.
    pub name: String,
    /// Where it is, as the system puts it (`/dev/video0`).
    pub place: String,
    /// The driver; empty where the system does not tell.
    pub driver: String,
    /// Whether this user may open it.
    pub access: DeviceAccess,
    /// A virtual camera: a program that poses as a device.
    pub is_virtual: bool,
    /// An infrared camera, as used for face log-on.
    pub is_infrared: bool,
    /// The modes we can use; empty where only opening it would tell.
    pub modes: Vec<Mode>,
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
    let mut devices = bounded(PATIENCE, system_list)?;
    tell_apart(&mut devices);
    Ok(devices)
}

#[cfg(target_os = "linux")]
fn system_list() -> Result<Vec<Device>, DevicesError> {
    super::linux::list()
}

#[cfg(not(target_os = "linux"))]
fn system_list() -> Result<Vec<Device>, DevicesError> {
    super::foreign::list()
}

/// Cheap cameras share one serial number: the second of them gets its place into its key.
fn tell_apart(devices: &mut [Device]) {
    for at in 1..devices.len() {
        let (before, rest) = devices.split_at_mut(at);
        let device = &mut rest[0];
        if before.iter().any(|other| other.key == device.key) {
            device.key = format!("{}@{}", device.key, device.place);
        }
    }
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
            assert!(devices.iter().all(|device| !device.place.is_empty() && !device.key.is_empty()));
        }
    }

    #[test]
    fn twins_are_told_apart() {
        let twin = |place: &str| Device {
            key: "usb:1:SN0001".to_owned(),
            name: String::new(),
            place: place.to_owned(),
            driver: String::new(),
            access: DeviceAccess::Unknown,
            is_virtual: false,
            is_infrared: false,
            modes: Vec::new(),
        };
        let mut devices = [twin("a"), twin("b"), twin("c")];
        tell_apart(&mut devices);
        assert_eq!(devices.map(|device| device.key), ["usb:1:SN0001", "usb:1:SN0001@b", "usb:1:SN0001@c"]);
    }
}
