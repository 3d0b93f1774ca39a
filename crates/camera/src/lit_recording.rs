//! A simulated camera: a recording whose frames are lit by the colour the screen shows.
//!
//! The recorded pixels stand for the light that came back under plain white light. Under ambient light of
//! share `a` and a screen of colour `c`, each channel comes back as `recorded × (a + (1 − a) · c)`, computed
//! in linear light: a white screen reproduces the recording, a dark one leaves the ambient share.
//!
//! The recording is played once as it was recorded. From its end, or from the first colour on, the camera runs
//! at video rate over the recording's last frames, forth and back: the card is held still in front of it.
//! Invariant: nothing is ever brighter than recorded, so no detail is burnt out. Deliberately absent: distance
//! and gloss.

use frame::Frame;

use crate::scene::light::{from_linear, to_linear};
use crate::{Colour, FrameSource, Recording, SourceError, TimedFrame};

/// How the simulated camera takes light.
#[derive(Clone, Copy, Debug)]
pub struct LitRecordingParams {
    /// Share of the light that does not come from the screen: a dim counter with the screen close to the
    /// card. At 0.45 the full swing of one channel is about a third of its code values.
    pub ambient: f32,
    /// Spacing of frames at video rate: 15 a second, what webcams give in dim light.
    pub interval_ms: u64,
    /// How many of the last frames show the card held still.
    pub still_frames: usize,
    /// Frames given before the source runs dry, so that a caller who never stops asking still ends.
    pub max_frames: usize,
}

impl Default for LitRecordingParams {
    fn default() -> Self {
        Self { ambient: 0.45, interval_ms: 66, still_frames: 3, max_frames: 3600 }
    }
}

/// A recording under a screen's light.
#[derive(Debug)]
pub struct LitRecording {
    recording: Recording,
    params: LitRecordingParams,
    shown: Option<Colour>,
    /// The next recorded frame; at the recording's end once the card is held still.
    next: usize,
    /// Frames given since the card is held still.
    still: usize,
    given: usize,
    clock_ms: u64,
}

impl LitRecording {
    /// A simulated camera replaying `recording`, with the screen plain white until a colour is shown.
    pub fn new(recording: Recording, params: LitRecordingParams) -> Self {
        Self { recording, params, shown: None, next: 0, still: 0, given: 0, clock_ms: 0 }
    }

    /// Which recorded frame comes now; moves the clock to it.
    fn advance(&mut self) -> usize {
        let place = self.next;
        if place < self.recording.len() {
            self.next += 1;
            self.clock_ms = self.recording.at_ms(place);
            return place;
        }
        self.clock_ms += self.params.interval_ms;
        self.still += 1;
        let last = self.recording.len() - 1;
        last - bounce(self.still - 1, last.min(self.params.still_frames.saturating_sub(1)))
    }
}

/// 0 1 … top … 1 0 1 …
fn bounce(step: usize, top: usize) -> usize {
    if top == 0 {
        return 0;
    }
    let phase = step % (2 * top);
    if phase <= top { phase } else { 2 * top - phase }
}

impl FrameSource for LitRecording {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        if self.given >= self.params.max_frames {
            return Ok(None);
        }
        self.given += 1;
        let place = self.advance();
        let Some(TimedFrame { frame, .. }) = self.recording.frame(place)? else { return Ok(None) };
        let frame = match self.shown {
            Some(colour) => lit(&frame, colour, self.params.ambient),
            None => frame,
        };
        Ok(Some(TimedFrame { frame, at_ms: self.clock_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        if colour.is_some() {
            self.next = self.recording.len();
        }
        self.shown = colour;
        true
    }
}

/// The frame under ambient light and a screen of this colour.
fn lit(frame: &Frame, colour: Colour, ambient: f32) -> Frame {
    let tables = [colour.r, colour.g, colour.b].map(|channel| response(channel, ambient));
    let bytes =
        frame.data().iter().enumerate().map(|(i, value)| tables[i % 3][usize::from(*value)]).collect();
    Frame::new(frame.width(), frame.height(), bytes).expect("as many bytes as the frame it was made from")
}

/// What each recorded code value becomes under this much of the screen's channel.
fn response(screen: u8, ambient: f32) -> [u8; 256] {
    let gain = ambient + (1.0 - ambient) * to_linear(screen);
    std::array::from_fn(|code| from_linear(gain * to_linear(u8::try_from(code).unwrap_or(u8::MAX))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RecordingParams, mean_colour};

    fn lit_recording(values: &[u8], params: LitRecordingParams) -> (tempfile::TempDir, LitRecording) {
        let dir = tempfile::tempdir().unwrap();
        for (i, value) in values.iter().enumerate() {
            let jpeg = frame::encode_jpeg(&Frame::filled(16, 16, [*value; 3]), 100);
            std::fs::write(dir.path().join(format!("{i}.jpg")), jpeg).unwrap();
        }
        let recording = Recording::open(dir.path(), RecordingParams::default()).unwrap();
        (dir, LitRecording::new(recording, params))
    }

    fn mean_under(scene: &mut LitRecording, colour: Option<Colour>) -> Colour {
        assert!(scene.show(colour));
        mean_colour(&scene.next_frame().unwrap().unwrap().frame)
    }

    #[test]
    fn white_reproduces_the_recording_and_black_leaves_the_ambient_share() {
        let (_dir, mut scene) =
            lit_recording(&[200], LitRecordingParams { ambient: 0.25, ..LitRecordingParams::default() });
        let plain = mean_under(&mut scene, None);
        assert_eq!(mean_under(&mut scene, Some(Colour { r: 255, g: 255, b: 255 })), plain);
        let dark = mean_under(&mut scene, Some(Colour { r: 0, g: 0, b: 0 }));
        let share = to_linear(dark.r) / to_linear(plain.r);
        assert!((share - 0.25).abs() < 0.01, "{share}");
    }

    #[test]
    fn a_colour_lifts_its_own_channel() {
        let (_dir, mut scene) = lit_recording(&[180], LitRecordingParams::default());
        let dark = mean_under(&mut scene, Some(Colour { r: 0, g: 0, b: 0 }));
        let red = mean_under(&mut scene, Some(Colour { r: 255, g: 0, b: 0 }));
        assert!(red.r > dark.r + 30, "{red:?} {dark:?}");
        assert_eq!((red.g, red.b), (dark.g, dark.b));
    }

    #[test]
    fn the_recording_plays_once_and_then_the_card_is_held_still() {
        let params = LitRecordingParams {
            max_frames: 7,
            still_frames: 2,
            interval_ms: 50,
            ..LitRecordingParams::default()
        };
        let (_dir, mut scene) = lit_recording(&[40, 120, 200], params);
        let mut seen = Vec::new();
        while let Some(frame) = scene.next_frame().unwrap() {
            seen.push((frame.at_ms, frame.frame.data()[0] / 80));
        }
        assert_eq!(seen, [(0, 0), (100, 1), (200, 2), (250, 2), (300, 1), (350, 2), (400, 1)]);
    }

    #[test]
    fn a_colour_ends_the_replay() {
        let (_dir, mut scene) = lit_recording(&[40, 120, 200], LitRecordingParams::default());
        scene.next_frame().unwrap();
        scene.show(Some(Colour { r: 255, g: 255, b: 255 }));
        let frame = scene.next_frame().unwrap().unwrap();
        assert_eq!((frame.at_ms, frame.frame.data()[0] / 80), (66, 2));
    }
}
