//! The port every source of frames stands behind.
//!
//! Invariant: `at_ms` never decreases from one frame to the next.

use frame::Frame;

use crate::RecordingError;

/// A colour as screens and pictures code it (sRGB, 0–255).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
}

/// What somebody before the camera may be asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// Shut the eyes and open them.
    Blink,
    /// Turn the head to the own left, which is the picture's right.
    TurnLeft,
    /// Smile.
    Smile,
}

/// One frame and when it was taken.
#[derive(Clone)]
pub struct TimedFrame {
    /// The pixels.
    pub frame: Frame,
    /// Milliseconds on the source's clock.
    pub at_ms: u64,
}

/// Why a source stopped giving frames.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The recording being replayed could not be read.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The camera was pulled out.
    #[error("the camera was unplugged")]
    Unplugged,
}

/// Something that gives frames, one after the other.
pub trait FrameSource {
    /// The next frame; `None` when there will be no more.
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError>;

    /// Shows a colour on the screen that faces the subject, or turns it dark. Answers whether the frames
    /// that follow can show its light: files and folders cannot.
    fn show(&mut self, colour: Option<Colour>) -> bool;

    /// Tells what the person before the camera is asked to do, or that nothing is. Answers whether somebody simulated heard it:
    /// real people read the screen.
    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        let _ = gesture;
        false
    }
}

impl<S: FrameSource + ?Sized> FrameSource for Box<S> {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        (**self).next_frame()
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        (**self).show(colour)
    }

    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        (**self).ask(gesture)
    }
}

/// Mean of each channel over the whole frame, rounded.
pub fn mean_colour(frame: &Frame) -> Colour {
    let mut sums = [0u64; 3];
    for pixel in frame.data().chunks_exact(3) {
        for (sum, value) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(*value);
        }
    }
    let pixels = (frame.data().len() / 3).max(1) as u64;
    let [r, g, b] = sums.map(|sum| u8::try_from((sum + pixels / 2) / pixels).unwrap_or(u8::MAX));
    Colour { r, g, b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_is_rounded_per_channel() {
        fn check(width: u32, data: Vec<u8>, (r, g, b): (u8, u8, u8)) {
            assert_eq!(mean_colour(&Frame::new(width, 1, data).unwrap()), Colour { r, g, b });
        }
        check(1, vec![255, 255, 255], (255, 255, 255));
        check(2, vec![0, 10, 1, 1, 20, 1], (1, 15, 1));
        check(3, vec![0, 0, 0, 0, 0, 0, 1, 2, 3], (0, 1, 1));
    }
}
