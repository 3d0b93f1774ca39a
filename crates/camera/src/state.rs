//! What a feed says about its camera.

/// The camera behind a feed.
#[derive(Clone, Debug, PartialEq)]
pub enum CameraState {
    /// Being opened for the first time.
    Starting,
    /// Giving frames.
    Live {
        /// Its name.
        name: String,
        /// Width of the newest frame.
        width_px: u32,
        /// Height of the newest frame.
        height_px: u32,
        /// Frames a second, as measured over the last second or so; 0 until there are two.
        fps: f32,
        /// A virtual camera, recognised by name or driver.
        is_virtual: bool,
    },
    /// Not giving frames; tried again until it does.
    Lost {
        /// What is wrong.
        problem: CameraProblem,
        /// Its name, where one was found.
        name: Option<String>,
    },
}

/// Why a camera gives no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraProblem {
    /// There is none, or not the one that was chosen.
    Absent,
    /// It was pulled out.
    Unplugged,
    /// Plugged in, but no frames.
    Silent,
    /// Another program has it.
    Busy,
    /// The system refuses this user.
    Denied,
    /// It gives frames that cannot be decoded.
    Corrupt,
    /// It offers no mode that we can use.
    NoUsableMode,
    /// It is virtual, and the policy refuses those.
    VirtualRefused,
    /// Anything else.
    Failed,
}

impl CameraProblem {
    /// Whether it may end at any moment by somebody's hand, so that waiting longer each time only costs time.
    pub(crate) fn ends_by_hand(self) -> bool {
        match self {
            Self::Absent | Self::Unplugged | Self::Busy | Self::Denied | Self::VirtualRefused => true,
            Self::Silent | Self::Corrupt | Self::NoUsableMode | Self::Failed => false,
        }
    }
}
