//! Sources of frames: cameras, replayed recordings, recordings lit by the screen, simulated scenes and sitters; and the feed that keeps the
//! newest frame of any of them at hand.
//!
//! Invariant: frames come in order of time and carry when they were taken, in milliseconds of the source's own clock;
//! a source never claims light it did not see. Deliberately absent: judging frames, and wall clocks.

mod choice;
mod device;
mod feed;
mod lit_recording;
mod mjpeg;
mod pixels;
mod recording;
mod replay;
pub mod scene;
pub mod sitter;
mod source;
mod split;
mod state;

pub use choice::{AtEnd, CameraChoice, FeedParams, SceneOpener, VirtualCameras};
pub use device::{Device, DeviceAccess, DevicesError, Mode, PixelFormat, list_devices};
pub use feed::{Feed, LiveFrame};
pub use lit_recording::{LitRecording, LitRecordingParams};
pub use mjpeg::{MjpegFile, MjpegParams};
pub use recording::{MANIFEST_NAME, Recording, RecordingError, RecordingParams};
pub use source::{Colour, FrameSource, Gesture, SourceError, TimedFrame, mean_colour};
pub use state::{CameraProblem, CameraState};
