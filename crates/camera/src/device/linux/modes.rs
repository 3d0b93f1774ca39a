//! The modes of a V4L2 device. A camera that names ranges instead of modes is asked for what we want most.

use v4l::framesize::FrameSizeEnum;
use v4l::video::Capture;
use v4l::{Device, FourCC};

use crate::device::mode::{Mode, ModeParams, PixelFormat};

/// What a device offers.
pub(super) struct Modes {
    /// Modes we can use.
    pub usable: Vec<Mode>,
    /// It offers pictures, but none with colour: an infrared camera.
    pub is_grey_only: bool,
}

/// A mode's code for V4L2.
pub(super) fn fourcc(format: PixelFormat) -> FourCC {
    FourCC::new(match format {
        PixelFormat::Mjpeg => b"MJPG",
        PixelFormat::Yuyv => b"YUYV",
    })
}

pub(super) fn modes(device: &Device) -> Modes {
    let codes: Vec<[u8; 4]> =
        device.enum_formats().unwrap_or_default().into_iter().map(|format| format.fourcc.repr).collect();
    let offered = [PixelFormat::Mjpeg, PixelFormat::Yuyv];
    let offered = offered.into_iter().filter(|format| codes.contains(&fourcc(*format).repr));
    let usable = offered.flat_map(|format| of_format(device, format)).collect();
    Modes { usable, is_grey_only: !codes.is_empty() && codes.iter().all(is_grey) }
}

/// The 8- to 16-bit grey codes of infrared cameras.
fn is_grey(code: &[u8; 4]) -> bool {
    matches!(code, b"GREY" | b"Y10 " | b"Y12 " | b"Y16 " | b"Y8I " | b"Y8  " | b"L8  ")
}

fn of_format(device: &Device, format: PixelFormat) -> Vec<Mode> {
    let sizes = device.enum_framesizes(fourcc(format)).unwrap_or_default();
    let sizes = sizes.into_iter().map(|size| match size.size {
        FrameSizeEnum::Discrete(size) => (size.width, size.height),
        FrameSizeEnum::Stepwise(range) => {
            let (width, height) = ModeParams::default().enough_px;
            (
                nearest(width, range.min_width, range.max_width, range.step_width),
                nearest(height, range.min_height, range.max_height, range.step_height),
            )
        }
    });
    sizes.flat_map(|(width_px, height_px)| of_size(device, format, width_px, height_px)).collect()
}

fn of_size(device: &Device, format: PixelFormat, width_px: u32, height_px: u32) -> Vec<Mode> {
    use v4l::frameinterval::FrameIntervalEnum::{Discrete, Stepwise};
    let mode = |interval| Mode { format, width_px, height_px, interval };
    let intervals = device.enum_frameintervals(fourcc(format), width_px, height_px).unwrap_or_default();
    if intervals.is_empty() {
        return vec![mode(None)];
    }
    let of_interval = |interval| match interval {
        Discrete(fraction) => mode(Some((fraction.numerator, fraction.denominator))),
        // The shortest interval is the highest rate, but not above video rate.
        Stepwise(range) => {
            let shortest = mode(Some((range.min.numerator, range.min.denominator)));
            if shortest.fps() > 30.0 { mode(Some((1, 30))) } else { shortest }
        }
    };
    intervals.into_iter().map(|interval| of_interval(interval.interval)).collect()
}

/// The value of a stepped range that is nearest to the wanted one from below, if there is one.
fn nearest(wanted: u32, min: u32, max: u32, step: u32) -> u32 {
    let within = wanted.clamp(min.min(max), max.max(min));
    within - (within - min.min(within)) % step.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_asked_for_what_we_want() {
        fn check(range: (u32, u32, u32), expected: u32) {
            assert_eq!(nearest(1280, range.0, range.1, range.2), expected, "{range:?}");
        }
        check((16, 4096, 2), 1280);
        check((16, 640, 8), 640);
        check((2000, 4000, 1), 2000);
        check((10, 4096, 100), 1210);
        check((0, 0, 0), 0);
        check((2, 8192, 0), 1280);
    }
}
