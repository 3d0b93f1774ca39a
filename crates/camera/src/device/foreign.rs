//! Windows (Media Foundation) and macOS (AVFoundation) through nokhwa.
//!
//! Its `frame()` may wait for ever and cannot be cancelled, so it runs on a thread of its own; one that hangs is left
//! behind with its camera. Invariant: the feed's thread never calls into nokhwa's streams.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use nokhwa::Camera;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, CameraInfo, FrameFormat, RequestedFormat, RequestedFormatType,
    Resolution,
};

use super::known;
use super::list::{Device, DeviceAccess, DevicesError};
use super::mode::{Mode, ModeParams, PixelFormat, best};
use crate::feed::slot::Slot;
use crate::feed::stream::{Opened, Shot, Stream};
use crate::pixels::{jpeg, yuyv};
use crate::{CameraProblem, Colour, FeedParams};

/// How often a waiting reader looks whether to stop.
const GLANCE: Duration = Duration::from_millis(50);
/// The first frame may take longer: sensors start, and macOS asks the person for permission.
const START_UP: Duration = Duration::from_secs(10);
/// What we decode; also what a camera is opened with before its modes are known.
const FORMATS: [FrameFormat; 2] = [FrameFormat::MJPEG, FrameFormat::YUYV];

/// The cameras, as the system lists them.
pub(super) fn list() -> Result<Vec<Device>, DevicesError> {
    let found = nokhwa::query(ApiBackend::Auto).map_err(|error| DevicesError::Backend(error.to_string()))?;
    Ok(found.iter().map(describe).collect())
}

fn describe(info: &CameraInfo) -> Device {
    let place = match info.index() {
        CameraIndex::Index(index) => index.to_string(),
        CameraIndex::String(text) => text.clone(),
    };
    // Media Foundation's symbolic link or AVFoundation's identifier, which outlive a restart.
    let identity = if info.misc().is_empty() { place.clone() } else { info.misc() };
    Device {
        key: format!("id:{identity}"),
        name: info.human_name(),
        place,
        driver: String::new(),
        access: DeviceAccess::Unknown,
        is_virtual: known::is_virtual("", &info.human_name(), info.description()),
        is_infrared: known::is_infrared(&info.human_name()),
        modes: Vec::new(),
    }
}

/// Opens a listed camera. What comes of it shows with the first frame.
pub(super) fn open(device: &Device, params: &FeedParams) -> Result<Opened, CameraProblem> {
    let index = match device.place.parse() {
        Ok(number) => CameraIndex::Index(number),
        Err(_) => CameraIndex::String(device.place.clone()),
    };
    let (give, frames) = mpsc::sync_channel(1);
    let is_over = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&is_over);
    let thread = std::thread::Builder::new().name("camera-driver".to_owned());
    thread.spawn(move || drive(index, &give, &theirs)).map_err(|_| CameraProblem::Failed)?;
    let stream = Driven { frames, is_over, silence: params.silence, has_given: false };
    Ok(Opened { name: device.name.clone(), is_virtual: device.is_virtual, stream: Box::new(stream) })
}

/// One frame as the driver gave it.
struct Raw {
    bytes: Vec<u8>,
    format: FrameFormat,
    size: Resolution,
    taken: Instant,
}

type Given = Result<Raw, CameraProblem>;

/// The driver's thread: gives frames while somebody takes them.
fn drive(index: CameraIndex, give: &mpsc::SyncSender<Given>, is_over: &AtomicBool) {
    let mut camera = match start(index) {
        Ok(camera) => camera,
        Err(problem) => {
            give.send(Err(problem)).ok();
            return;
        }
    };
    while !is_over.load(Ordering::Relaxed) {
        let given = match camera.frame() {
            Ok(buffer) => Ok(Raw {
                bytes: buffer.buffer().to_vec(),
                format: buffer.source_frame_format(),
                size: buffer.resolution(),
                taken: Instant::now(),
            }),
            Err(_) => Err(CameraProblem::Unplugged),
        };
        let has_failed = given.is_err();
        // A reader that is behind misses this frame; one that is gone ends us.
        if matches!(give.try_send(given), Err(mpsc::TrySendError::Disconnected(_))) || has_failed {
            break;
        }
    }
    camera.stop_stream().ok();
}

fn start(index: CameraIndex) -> Result<Camera, CameraProblem> {
    let any = RequestedFormat::with_formats(RequestedFormatType::AbsoluteHighestFrameRate, &FORMATS);
    let mut camera = Camera::new(index, any).map_err(|error| problem_of(&error.to_string()))?;
    let offered = camera.compatible_camera_formats().unwrap_or_default();
    let modes: Vec<Mode> = offered.iter().filter_map(mode_of).collect();
    let mode = best(&modes, &ModeParams::default()).ok_or(CameraProblem::NoUsableMode)?;
    let wanted = offered.iter().find(|format| mode_of(format) == Some(mode)).copied();
    let exact = RequestedFormatType::Exact(wanted.ok_or(CameraProblem::NoUsableMode)?);
    let request = RequestedFormat::with_formats(exact, &FORMATS);
    // A first refusal is often only the old mode's: the second request succeeds.
    if camera.set_camera_requset(request).is_err() {
        camera.set_camera_requset(request).map_err(|_| CameraProblem::NoUsableMode)?;
    }
    camera.open_stream().map_err(|error| problem_of(&error.to_string()))?;
    Ok(camera)
}

fn mode_of(format: &CameraFormat) -> Option<Mode> {
    let coded = match format.format() {
        FrameFormat::MJPEG => PixelFormat::Mjpeg,
        FrameFormat::YUYV => PixelFormat::Yuyv,
        FrameFormat::NV12 | FrameFormat::GRAY | FrameFormat::RAWRGB | FrameFormat::RAWBGR => return None,
    };
    let interval = (format.frame_rate() > 0).then(|| (1, format.frame_rate()));
    Some(Mode { format: coded, width_px: format.width(), height_px: format.height(), interval })
}

/// nokhwa passes the system's words on, not its codes.
fn problem_of(words: &str) -> CameraProblem {
    let words = words.to_lowercase();
    let says = |known: &[&str]| known.iter().any(|word| words.contains(word));
    if says(&["denied", "permission", "authoriz", "0x80070005"]) {
        CameraProblem::Denied
    } else if says(&["in use", "busy", "0xc00d3704", "0xc00d3ea3", "lock"]) {
        CameraProblem::Busy
    } else {
        CameraProblem::Failed
    }
}

/// The feed's end of the driver's thread.
struct Driven {
    frames: mpsc::Receiver<Given>,
    is_over: Arc<AtomicBool>,
    silence: Duration,
    has_given: bool,
}

impl Stream for Driven {
    fn next(&mut self, slot: &Slot) -> Result<Option<Shot>, CameraProblem> {
        let since = Instant::now();
        let patience = if self.has_given { self.silence } else { self.silence + START_UP };
        let mut problem = CameraProblem::Silent;
        while !slot.is_stopping() {
            match self.frames.recv_timeout(GLANCE) {
                Ok(given) => match decode(given?, slot) {
                    Ok(shot) => {
                        self.has_given = true;
                        return Ok(Some(shot));
                    }
                    Err(damaged) => {
                        slot.count_damaged();
                        problem = damaged;
                    }
                },
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(CameraProblem::Failed),
            }
            if since.elapsed() > patience {
                return Err(problem);
            }
        }
        Ok(None)
    }

    /// A camera sees our screen without being told.
    fn show(&mut self, _colour: Option<Colour>) -> bool {
        true
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

fn decode(raw: Raw, slot: &Slot) -> Result<Shot, CameraProblem> {
    let (width, height) = (raw.size.width(), raw.size.height());
    let decoded = match raw.format {
        FrameFormat::MJPEG => jpeg::to_frame(&raw.bytes).map(|(frame, jpeg)| (frame, Some(jpeg))),
        FrameFormat::YUYV => yuyv::to_frame(&raw.bytes, width, height, width * 2).map(|frame| (frame, None)),
        FrameFormat::NV12 | FrameFormat::GRAY | FrameFormat::RAWRGB | FrameFormat::RAWBGR => {
            return Err(CameraProblem::NoUsableMode);
        }
    };
    let (frame, jpeg) = decoded.map_err(|_| CameraProblem::Corrupt)?;
    Ok(Shot { frame, jpeg, at_ms: slot.now_ms(), taken: raw.taken })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_system_become_problems() {
        fn check(words: &str, expected: CameraProblem) {
            assert_eq!(problem_of(words), expected, "{words}");
        }
        check("Could not open device: Permission denied", CameraProblem::Denied);
        check("Not Authorized", CameraProblem::Denied);
        check("The device is in use by another application", CameraProblem::Busy);
        check("hresult 0xC00D3704", CameraProblem::Busy);
        check("no idea", CameraProblem::Failed);
    }

    #[test]
    fn a_camera_that_is_not_there_is_a_problem_not_a_wait() {
        let (give, given) = mpsc::sync_channel(1);
        drive(CameraIndex::Index(250), &give, &AtomicBool::new(false));
        assert!(matches!(given.recv(), Ok(Err(_))));
    }

    #[test]
    fn grey_and_planar_modes_are_not_ours() {
        let format = |format| CameraFormat::new(Resolution::new(1280, 720), format, 30);
        assert_eq!(mode_of(&format(FrameFormat::NV12)), None);
        let mode = mode_of(&format(FrameFormat::YUYV)).unwrap();
        assert_eq!((mode.format, mode.fps()), (PixelFormat::Yuyv, 30.0));
    }
}
