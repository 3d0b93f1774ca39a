//! Sources of frames: replayed recordings, a simulated scene lit by the screen, and which devices exist.
//!
//! Invariant: frames come in order of time and carry when they were taken, in milliseconds of the source's
//! own clock; a source never claims light it did not see. Deliberately absent: streaming from devices,
//! judging frames, and wall clocks.

mod devices;
mod recording;
mod scene;
mod source;

pub use devices::{Device, DeviceAccess, DevicesError, list_devices};
pub use recording::{MANIFEST_NAME, Recording, RecordingError, RecordingParams};
pub use scene::{Scene, SceneParams};
pub use source::{Colour, FrameSource, SourceError, TimedFrame, mean_colour};
