//! Frames from a V4L2 device.
//!
//! Invariant: nothing here waits longer than a moment without looking whether to stop; what was left set by another
//! program is set anew; of several frames waiting, only the newest is decoded.

use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::{Duration, Instant};

use frame::Frame;
use v4l::buffer::{Flags, Type};
use v4l::io::mmap;
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Format, Fraction};

use super::modes::fourcc;
use super::{EBUSY, ENODEV};
use crate::device::list::Device;
use crate::device::mode::{Mode, ModeParams, PixelFormat, best};
use crate::feed::slot::Slot;
use crate::feed::stream::{Opened, Shot, Stream};
use crate::pixels::{Damaged, jpeg, yuyv};
use crate::{CameraProblem, Colour, FeedParams};

/// As many as drivers usually give: one being filled, one being read, two for a late reader.
const BUFFERS: u32 = 4;
/// POSIX `POLLIN`.
const POLLIN: i16 = 1;
/// How often a waiting reader looks whether to stop.
const GLANCE: Duration = Duration::from_millis(50);
/// The first frame may take longer: sensors start and find their exposure.
const START_UP: Duration = Duration::from_secs(3);

/// Opens a listed camera in its best mode.
pub(in crate::device) fn open(device: &Device, params: &FeedParams) -> Result<Opened, CameraProblem> {
    let stream = Camera::open(device, params.silence)
        .map_err(|error| problem_of(&error, &device.place))?
        .ok_or(CameraProblem::NoUsableMode)?;
    Ok(Opened { name: device.name.clone(), is_virtual: device.is_virtual, stream: Box::new(stream) })
}

fn problem_of(error: &io::Error, place: &str) -> CameraProblem {
    match error.raw_os_error() {
        Some(ENODEV) => CameraProblem::Unplugged,
        Some(EBUSY) => CameraProblem::Busy,
        _other if error.kind() == io::ErrorKind::PermissionDenied => CameraProblem::Denied,
        _other if !std::path::Path::new(place).exists() => CameraProblem::Unplugged,
        _other => CameraProblem::Failed,
    }
}

/// The pixels as the driver settled them.
#[derive(Clone, Copy)]
struct Layout {
    format: PixelFormat,
    width_px: u32,
    height_px: u32,
    stride_bytes: u32,
}

struct Camera {
    buffers: Buffers,
    layout: Layout,
    place: String,
    silence: Duration,
    has_begun: bool,
}

impl Camera {
    /// `None`: it offers nothing that we understand.
    fn open(device: &Device, silence: Duration) -> io::Result<Option<Self>> {
        let Some(mode) = best(&device.modes, &ModeParams::default()) else { return Ok(None) };
        let handle = v4l::Device::with_path(&device.place)?;
        let Some(layout) = settle(&handle, &mode)? else { return Ok(None) };
        let mut buffers = mmap::Stream::with_buffers(&handle, Type::VideoCapture, BUFFERS)?;
        // Never reached: we only ask for a frame that is known to wait.
        buffers.set_timeout(silence);
        let buffers = Buffers(Some(buffers));
        let place = device.place.clone();
        let mut camera = Self { buffers, layout, place, silence, has_begun: false };
        camera.start()?;
        Ok(Some(camera))
    }

    fn start(&mut self) -> io::Result<()> {
        for index in 0..BUFFERS as usize {
            match CaptureStream::queue(&mut *self.buffers, index) {
                // The driver gave fewer.
                Err(error) if index > 0 && error.kind() == io::ErrorKind::InvalidInput => break,
                queued => queued?,
            }
        }
        self.buffers.start()
    }

    /// Waits until a frame is there; `false`: asked to stop.
    fn wait(&self, patience: Duration, slot: &Slot) -> Result<bool, CameraProblem> {
        let since = Instant::now();
        while !slot.is_stopping() {
            if self.is_ready(GLANCE)? {
                return Ok(true);
            }
            if since.elapsed() > patience {
                return Err(CameraProblem::Silent);
            }
        }
        Ok(false)
    }

    fn is_ready(&self, within: Duration) -> Result<bool, CameraProblem> {
        match self.buffers.handle().poll(POLLIN, within.as_millis() as i32) {
            Ok(ready) => Ok(ready > 0),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(false),
            Err(error) => Err(problem_of(&error, &self.place)),
        }
    }

    /// Waits for the first frame and passes it by: taking a buffer out by hand starts the cycle that `take` continues.
    /// `false`: asked to stop.
    fn begin(&mut self, slot: &Slot) -> Result<bool, CameraProblem> {
        if !self.wait(self.silence + START_UP, slot)? {
            return Ok(false);
        }
        CaptureStream::dequeue(&mut *self.buffers).map_err(|error| problem_of(&error, &self.place))?;
        self.has_begun = true;
        Ok(true)
    }

    /// The frame that waits, or the newest if several do.
    fn take(&mut self) -> Result<Decoded, CameraProblem> {
        let mut late = 0;
        loop {
            let handle = self.buffers.handle();
            let next = CaptureStream::next(&mut *self.buffers);
            let (bytes, meta) = next.map_err(|error| problem_of(&error, &self.place))?;
            if late < BUFFERS && handle.poll(POLLIN, 0).is_ok_and(|ready| ready > 0) {
                late += 1;
                continue;
            }
            let used = bytes.len().min(meta.bytesused as usize);
            let is_damaged = meta.flags.contains(Flags::ERROR) || used == 0;
            return Ok(if is_damaged { Err(Damaged) } else { decode(&bytes[..used], self.layout) });
        }
    }
}

type Decoded = Result<(Frame, Option<Arc<[u8]>>), Damaged>;

fn decode(bytes: &[u8], layout: Layout) -> Decoded {
    match layout.format {
        PixelFormat::Mjpeg => jpeg::to_frame(bytes).map(|(frame, jpeg)| (frame, Some(jpeg))),
        PixelFormat::Yuyv => yuyv::to_frame(bytes, layout.width_px, layout.height_px, layout.stride_bytes)
            .map(|frame| (frame, None)),
    }
}

/// Sets the mode. `None`: the driver settled for something else.
fn settle(handle: &v4l::Device, mode: &Mode) -> io::Result<Option<Layout>> {
    let wanted = Format::new(mode.width_px, mode.height_px, fourcc(mode.format));
    let got = handle.set_format(&wanted)?;
    if got.fourcc.repr != wanted.fourcc.repr {
        return Ok(None);
    }
    if let Some((numerator, denominator)) = mode.interval {
        // A camera that takes no rate has one all the same.
        handle.set_params(&Parameters::new(Fraction::new(numerator, denominator))).ok();
    }
    Ok(Some(Layout {
        format: mode.format,
        width_px: got.width,
        height_px: got.height,
        stride_bytes: got.stride,
    }))
}

impl Stream for Camera {
    fn next(&mut self, slot: &Slot) -> Result<Option<Shot>, CameraProblem> {
        if !self.has_begun && !self.begin(slot)? {
            return Ok(None);
        }
        let since = Instant::now();
        loop {
            if !self.wait(self.silence, slot)? {
                return Ok(None);
            }
            let (at_ms, taken) = (slot.now_ms(), Instant::now());
            match self.take()? {
                Ok((frame, jpeg)) => return Ok(Some(Shot { frame, jpeg, at_ms, taken })),
                Err(Damaged) => slot.count_damaged(),
            }
            if since.elapsed() > self.silence {
                return Err(CameraProblem::Corrupt);
            }
        }
    }

    /// A camera sees our screen without being told.
    fn show(&mut self, _colour: Option<Colour>) -> bool {
        true
    }
}

/// The mapped buffers; `None` only while they are dropped.
struct Buffers(Option<mmap::Stream<'static>>);

impl Deref for Buffers {
    type Target = mmap::Stream<'static>;

    fn deref(&self) -> &Self::Target {
        self.0.as_ref().expect("taken out by drop alone")
    }
}

impl DerefMut for Buffers {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.as_mut().expect("taken out by drop alone")
    }
}

impl Drop for Buffers {
    /// The library panics, twice and so fatally, where a device does not stop for another reason than being gone: then
    /// the few buffers are left to the system until the program ends.
    fn drop(&mut self) {
        if let Some(mut buffers) = self.0.take()
            && buffers.stop().is_err_and(|error| error.raw_os_error() != Some(ENODEV))
        {
            std::mem::forget(buffers);
        }
    }
}
