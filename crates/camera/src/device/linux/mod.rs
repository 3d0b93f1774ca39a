//! Video4Linux, one layer below nokhwa: its `frame()` waits for ever for a camera that fell silent, and it refuses
//! cameras at 29.97 frames a second or in a state that another program left behind.

mod modes;
mod nodes;
mod stream;

pub(super) use nodes::list;
pub(super) use stream::open;

/// POSIX `ENODEV`: the device went away.
const ENODEV: i32 = 19;
/// POSIX `EBUSY`: somebody else streams from it.
const EBUSY: i32 = 16;
