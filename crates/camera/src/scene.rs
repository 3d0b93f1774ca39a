//! A simulated camera: a recording whose frames are lit by the colour the screen shows.
//!
//! The recorded pixels stand for the light that came back under plain white light. Under ambient light of
//! share `a` and a screen of colour `c`, each channel comes back as `recorded × (a + (1 − a) · c)`, computed
//! in linear light: a white screen reproduces the recording, a dark one leaves the ambient share.
//! Invariant: nothing is ever brighter than recorded, so no detail is burnt out. The recording is played
//! forth and back for as long as frames are asked for. Deliberately absent: distance and gloss.

use frame::Frame;

use crate::{Colour, FrameSource, Recording, SourceError, TimedFrame};

/// How the simulated scene takes light.
#[derive(Clone, Copy, Debug)]
pub struct SceneParams {
    /// Share of the light that does not come from the screen: a dim counter with the screen close to the
    /// card. At 0.45 the full swing of one channel is about a third of its code values.
    pub ambient: f32,
    /// Spacing of frames when the recording holds only one.
    pub spacing_ms: u64,
    /// Frames given before the source runs dry, so that a caller who never stops asking still ends.
    pub max_frames: usize,
}

impl Default for SceneParams {
    fn default() -> Self {
        Self { ambient: 0.45, spacing_ms: 100, max_frames: 3600 }
    }
}

/// A recording under a screen's light.
#[derive(Debug)]
pub struct Scene {
    recording: Recording,
    params: SceneParams,
    shown: Option<Colour>,
    given: usize,
    clock_ms: u64,
}

impl Scene {
    /// A scene replaying `recording`, with the screen plain white until a colour is shown.
    pub fn new(recording: Recording, params: SceneParams) -> Self {
        Self { recording, params, shown: None, given: 0, clock_ms: 0 }
    }

    /// Places forth and back: 0 1 2 3 2 1 0 1 …
    fn place(&self, step: usize) -> usize {
        let last = self.recording.len() - 1;
        if last == 0 {
            return 0;
        }
        let phase = step % (2 * last);
        if phase <= last { phase } else { 2 * last - phase }
    }
}

impl FrameSource for Scene {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        if self.given >= self.params.max_frames {
            return Ok(None);
        }
        let Some(now) = self.recording.frame(self.place(self.given))? else { return Ok(None) };
        if self.given > 0 {
            let before = self.recording.at_ms(self.place(self.given - 1));
            let step_ms = now.at_ms.abs_diff(before);
            self.clock_ms += if step_ms == 0 { self.params.spacing_ms } else { step_ms };
        }
        self.given += 1;
        let frame = match self.shown {
            Some(colour) => lit(&now.frame, colour, self.params.ambient),
            None => now.frame,
        };
        Ok(Some(TimedFrame { frame, at_ms: self.clock_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
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

/// sRGB decoding, IEC 61966-2-1.
fn to_linear(code: u8) -> f32 {
    let value = f32::from(code) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// sRGB encoding, IEC 61966-2-1.
fn from_linear(light: f32) -> u8 {
    let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RecordingParams, mean_colour};

    fn scene(values: &[u8], params: SceneParams) -> (tempfile::TempDir, Scene) {
        let dir = tempfile::tempdir().unwrap();
        for (i, value) in values.iter().enumerate() {
            let jpeg = frame::encode_jpeg(&Frame::filled(16, 16, [*value; 3]), 100);
            std::fs::write(dir.path().join(format!("{i}.jpg")), jpeg).unwrap();
        }
        let recording = Recording::open(dir.path(), RecordingParams::default()).unwrap();
        (dir, Scene::new(recording, params))
    }

    fn mean_under(scene: &mut Scene, colour: Option<Colour>) -> Colour {
        assert!(scene.show(colour));
        mean_colour(&scene.next_frame().unwrap().unwrap().frame)
    }

    #[test]
    fn white_reproduces_the_recording_and_black_leaves_the_ambient_share() {
        let (_dir, mut scene) = scene(&[200], SceneParams { ambient: 0.25, ..SceneParams::default() });
        let plain = mean_under(&mut scene, None);
        assert_eq!(mean_under(&mut scene, Some(Colour { r: 255, g: 255, b: 255 })), plain);
        let dark = mean_under(&mut scene, Some(Colour { r: 0, g: 0, b: 0 }));
        let share = to_linear(dark.r) / to_linear(plain.r);
        assert!((share - 0.25).abs() < 0.01, "{share}");
    }

    #[test]
    fn a_colour_lifts_its_own_channel() {
        let (_dir, mut scene) = scene(&[180], SceneParams::default());
        let dark = mean_under(&mut scene, Some(Colour { r: 0, g: 0, b: 0 }));
        let red = mean_under(&mut scene, Some(Colour { r: 255, g: 0, b: 0 }));
        assert!(red.r > dark.r + 30, "{red:?} {dark:?}");
        assert_eq!((red.g, red.b), (dark.g, dark.b));
    }

    #[test]
    fn the_recording_plays_forth_and_back_with_time_going_on() {
        let (_dir, mut scene) =
            scene(&[40, 120, 200], SceneParams { max_frames: 6, ..SceneParams::default() });
        let mut seen = Vec::new();
        while let Some(frame) = scene.next_frame().unwrap() {
            seen.push((frame.at_ms, frame.frame.data()[0] / 80));
        }
        assert_eq!(seen, [(0, 0), (100, 1), (200, 2), (300, 1), (400, 0), (500, 1)]);
    }
}
