//! Telling virtual and infrared cameras by what they are called.
//!
//! Invariant: recognition errs towards "real": it is for honest software, and whoever hides a virtual camera behind the
//! name of a real one is caught elsewhere or not at all.

/// Drivers, buses and names of virtual cameras, in lower case, found anywhere in those of a device.
const VIRTUAL: [&str; 44] = [
    // Drivers of Linux.
    "v4l2 loopback",
    "v4l2loopback",
    "vivid",
    "vimc",
    "akvcam",
    "dummy video device",
    // Programs that offer a camera.
    "virtual",
    "obs camera",
    "obs-camera",
    "droidcam",
    "manycam",
    "snap camera",
    "xsplit",
    "mmhmm",
    "ndi video",
    "ndi webcam",
    "newtek ndi",
    "e2esoft",
    "vcam",
    "iriun",
    "epoccam",
    "reincubate",
    "camo camera",
    "chromacam",
    "nvidia broadcast",
    "unity video capture",
    "animaze",
    "facerig",
    "finecam",
    "splitcam",
    "youcam",
    "sparkocam",
    "altercam",
    "webcamoid",
    "magic camera",
    "webcammax",
    "ivcam",
    "logi capture",
    "prism live",
    "streamlabs",
    "vmix",
    "screencapturerecorder",
    "deepfacelive",
    "avatarify",
];

/// Whether a camera is a program and not a device.
pub(crate) fn is_virtual(driver: &str, name: &str, bus: &str) -> bool {
    let said = [driver, name, bus].map(str::to_lowercase);
    VIRTUAL.iter().any(|known| said.iter().any(|text| text.contains(known)))
}

/// Whether a camera's name says that it sees infrared, as those for face log-on do.
pub(crate) fn is_infrared(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_word = |word: &str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    name.contains("infrared") || is_word("ir")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn virtual_cameras_are_told_from_real_ones() {
        fn check(driver: &str, name: &str, bus: &str, expected: bool) {
            assert_eq!(is_virtual(driver, name, bus), expected, "{name}");
        }
        check("v4l2 loopback", "Dummy video device (0x0000)", "platform:v4l2loopback-000", true);
        check("v4l2 loopback", "Logitech C920", "platform:v4l2loopback-001", true);
        check("vivid", "vivid", "platform:vivid-000", true);
        check("", "OBS Virtual Camera", "", true);
        check("", "DroidCam Source 3", "", true);
        check("", "ManyCam Video Source", "", true);
        check("", "Snap Camera", "", true);
        check("", "XSplit VCam", "", true);
        check("", "mmhmm Camera", "", true);
        check("", "NDI Webcam Video 1", "", true);
        check("uvcvideo", "HD Pro Webcam C920", "usb-0000:00:14.0-2", false);
        check("uvcvideo", "Integrated Camera: Integrated C", "usb-0000:00:14.0-8", false);
        check("", "FaceTime HD Camera", "", false);
    }

    #[test]
    fn infrared_is_a_word_not_a_syllable() {
        for (name, expected) in [
            ("Integrated IR Camera", true),
            ("HP IR-Camera", true),
            ("Infrared Cam", true),
            ("Mirror Cam", false),
            ("AirCam", false),
        ] {
            assert_eq!(is_infrared(name), expected, "{name}");
        }
    }
}
