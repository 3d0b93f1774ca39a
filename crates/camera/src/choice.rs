//! What a feed is asked to show, and how it behaves.
//!
//! Deliberately absent: settings files and their words; the composition root translates.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::{FrameSource, SourceError};

/// Which source a feed runs.
#[derive(Clone, Debug)]
pub enum CameraChoice {
    /// The best camera there is; another one if that goes away.
    Best,
    /// The camera with this [`Device::key`](crate::Device), and no other.
    Key(String),
    /// A recording: a folder of pictures, a single picture, or a file of concatenated JPEGs (`.mjpeg`).
    Replay {
        /// The folder or file.
        path: PathBuf,
        /// Times real time; infinity gives frames as fast as they decode.
        speed: f64,
    },
    /// Any other source, opened by a function.
    Scene(SceneOpener),
}

impl CameraChoice {
    /// A source opened by `open`, at real time. It is called again whenever the source ends or fails.
    pub fn scene<S: FrameSource + Send + 'static>(
        name: &str,
        open: impl Fn() -> Result<S, SourceError> + Send + Sync + 'static,
    ) -> Self {
        let open = move || -> Result<Box<dyn FrameSource + Send>, SourceError> { Ok(Box::new(open()?)) };
        Self::Scene(SceneOpener { name: name.to_owned(), speed: 1.0, open: Arc::new(open) })
    }
}

type Open = dyn Fn() -> Result<Box<dyn FrameSource + Send>, SourceError> + Send + Sync;

/// How to open a source that is neither a device nor a recording.
#[derive(Clone)]
pub struct SceneOpener {
    /// What to call it.
    pub name: String,
    /// Times real time; infinity gives frames as fast as they are made.
    pub speed: f64,
    open: Arc<Open>,
}

impl SceneOpener {
    /// The source, from its beginning.
    pub(crate) fn open(&self) -> Result<Box<dyn FrameSource + Send>, SourceError> {
        (self.open)()
    }
}

impl fmt::Debug for SceneOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SceneOpener({:?}, ×{})", self.name, self.speed)
    }
}

/// What happens at the end of a recording or scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtEnd {
    /// It starts again.
    Loop,
    /// The last frame is given again and again.
    Hold,
}

/// What to do with a virtual camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VirtualCameras {
    /// Take it like any other.
    Allow,
    /// Take it if there is no real one, and say so.
    Warn,
    /// Never take it.
    Refuse,
}

/// How a feed behaves.
#[derive(Clone, Debug)]
pub struct FeedParams {
    /// What happens at the end of a recording or scene.
    pub at_end: AtEnd,
    /// Virtual cameras.
    pub virtual_cameras: VirtualCameras,
    /// Silence after which a camera counts as lost. Slow exposure gives 5 frames a second at worst.
    pub silence: Duration,
    /// The first pause before trying again: plugging in is answered within what feels immediate.
    pub retry_first: Duration,
    /// The longest pause before trying again, for a source that keeps failing.
    pub retry_longest: Duration,
    /// JPEG quality of the preview where the camera gives none: 80 shows no blocks at preview size.
    pub preview_quality: u8,
    /// Spacing of the last frame's repeats under [`AtEnd::Hold`]: 15 a second.
    pub hold_interval_ms: u64,
    /// How far a paced source may fall behind before its clock is set forward rather than hurried.
    pub tolerated_lag: Duration,
}

impl Default for FeedParams {
    fn default() -> Self {
        Self {
            at_end: AtEnd::Loop,
            virtual_cameras: VirtualCameras::Warn,
            silence: Duration::from_secs(2),
            retry_first: Duration::from_millis(500),
            retry_longest: Duration::from_secs(4),
            preview_quality: 80,
            hold_interval_ms: 66,
            tolerated_lag: Duration::from_millis(200),
        }
    }
}
