//! Attacks on a selfie, played before a simulated camera: what an attacker could do with pictures of an invented victim.
//!
//! Each species is a source of frames like a camera: it is lit by the product's screen as far as its physics allows, and hears
//! what is asked as far as the attacker can answer. Invariant: a source is a function of its setup. Deliberately absent: masks in
//! three dimensions, attackers who know the seed, and any claim that these are all the attacks there are.

mod cut_out;
mod display;
mod frozen;
mod held;
mod injected;
mod prerecorded;
mod print;
mod swap;

use std::io;
use std::path::Path;
use std::sync::Arc;

use camera::sitter::{Canvas, Portrait, RoomLight, Sensor, SensorParams, Sitter, SitterParams, SwayParams};
use camera::{Colour, FrameSource, Gesture, SourceError, TimedFrame};

/// A kind of attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Species {
    /// A flat photograph held before the camera.
    Print,
    /// The same, bent about its upright axis, so that light falls unevenly on it.
    BentPrint,
    /// A photograph with holes, behind which the attacker's own eyes and mouth live.
    CutOut,
    /// The same, cut out along the face and worn.
    Mask,
    /// A recording on a phone held in the hand.
    PhoneReplay,
    /// A recording on a monitor that stands still.
    MonitorReplay,
    /// The stream of an earlier session, which answered other colours and other gestures.
    PrerecordedFlash,
    /// A virtual camera that plays a clean file in a loop.
    InjectedCamera,
    /// A stream that stops at one frame.
    FrozenFrame,
    /// A living attacker with the victim's face put over their own by software.
    FrameSwap,
}

impl Species {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Print,
        Self::BentPrint,
        Self::CutOut,
        Self::Mask,
        Self::PhoneReplay,
        Self::MonitorReplay,
        Self::PrerecordedFlash,
        Self::InjectedCamera,
        Self::FrozenFrame,
        Self::FrameSwap,
    ];

    /// Whether one camera and one screen claim to keep it out. A printed face that is worn moves, reflects and answers as the
    /// head behind it does: it is played to show what passes.
    pub fn is_claimed(self) -> bool {
        self != Self::Mask
    }

    /// What reports call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Print => "print",
            Self::BentPrint => "bent_print",
            Self::CutOut => "cut_out",
            Self::Mask => "mask",
            Self::PhoneReplay => "phone_replay",
            Self::MonitorReplay => "monitor_replay",
            Self::PrerecordedFlash => "prerecorded_flash",
            Self::InjectedCamera => "injected_camera",
            Self::FrozenFrame => "frozen_frame",
            Self::FrameSwap => "frame_swap",
        }
    }

    /// The attack, from its beginning.
    pub fn open(self, setup: &AttackSetup) -> Box<dyn FrameSource + Send> {
        match self {
            Self::Print => Box::new(Filmed::new(print::Print::flat(setup), setup)),
            Self::BentPrint => Box::new(Filmed::new(print::Print::bent(setup), setup)),
            Self::CutOut => Box::new(Filmed::new(cut_out::CutOut::sheet(setup), setup)),
            Self::Mask => Box::new(Filmed::new(cut_out::CutOut::mask(setup), setup)),
            Self::PhoneReplay => Box::new(Filmed::new(display::Display::phone(setup), setup)),
            Self::MonitorReplay => Box::new(Filmed::new(display::Display::monitor(setup), setup)),
            Self::PrerecordedFlash => Box::new(prerecorded::Prerecorded::new(setup)),
            Self::InjectedCamera => Box::new(injected::Injected::new(setup)),
            Self::FrozenFrame => Box::new(frozen::Frozen::new(setup)),
            Self::FrameSwap => Box::new(swap::Swap::new(setup)),
        }
    }

    /// Writes the first frames as pictures, numbered in order, into a folder that a recording can be opened from.
    pub fn write(self, setup: &AttackSetup, folder: &Path, frames: usize) -> io::Result<()> {
        std::fs::create_dir_all(folder)?;
        let mut source = self.open(setup);
        for nth in 0..frames {
            let taken = source.next_frame().map_err(io::Error::other)?;
            let Some(TimedFrame { frame, .. }) = taken else { break };
            std::fs::write(folder.join(format!("{nth:05}.jpg")), frame::encode_jpeg(&frame, 92))?;
        }
        Ok(())
    }
}

/// Who attacks as whom, and where.
#[derive(Clone)]
pub struct AttackSetup {
    /// Whose face it is.
    pub victim: Arc<Portrait>,
    /// Who holds, wears or plays it, and whose room it happens in.
    pub attacker: Arc<Portrait>,
    /// The light of that room.
    pub light: RoomLight,
    /// Chooses sizes, hands and times.
    pub seed: u64,
    /// Spacing of frames.
    pub interval_ms: u64,
}

impl AttackSetup {
    /// The room, with or without the attacker in it.
    fn behind(&self, is_absent: bool) -> Sitter {
        let params = SitterParams {
            light: self.light,
            interval_ms: self.interval_ms,
            is_absent,
            ..SitterParams::default()
        };
        Sitter::new(Arc::clone(&self.attacker), params, self.seed)
    }

    /// The victim before a camera of the attacker's, in an even light.
    fn victim(&self, noise: f32) -> Sitter {
        let sensor = SensorParams { noise, ..SensorParams::default() };
        let params = SitterParams { sensor, interval_ms: self.interval_ms, ..SitterParams::default() };
        Sitter::new(Arc::clone(&self.victim), params, self.seed ^ 0x0071_C71A)
    }

    /// What our screen adds, where white paper would get 1 from the room.
    fn screen_light(&self, shown: Option<Colour>) -> [f32; 3] {
        let levels = self.light.levels();
        let mean = levels.head.iter().sum::<f32>() / 3.0;
        shown.map_or([0.0; 3], |c| [c.r, c.g, c.b].map(|code| linear(code) * levels.screen * mean))
    }
}

fn linear(code: u8) -> f32 {
    let value = f32::from(code) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Something physical that a camera looks at.
trait Scene {
    /// The light that reaches the camera.
    fn light_at(&mut self, at_ms: u64) -> &Canvas;
    /// The product's screen has this colour.
    fn show(&mut self, colour: Option<Colour>);
    /// The product asks for this.
    fn ask(&mut self, gesture: Option<Gesture>, now_ms: u64);
}

/// A scene through the product's camera.
struct Filmed<S> {
    scene: S,
    sensor: Sensor,
    interval_ms: u64,
    now_ms: u64,
    frames: u64,
}

impl<S: Scene> Filmed<S> {
    fn new(scene: S, setup: &AttackSetup) -> Self {
        let sensor = Sensor::new(SensorParams::default(), setup.light.levels().noise, setup.seed ^ 0xF11D);
        Self { scene, sensor, interval_ms: setup.interval_ms, now_ms: 0, frames: 0 }
    }
}

impl<S: Scene> FrameSource for Filmed<S> {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        self.now_ms = self.frames * self.interval_ms;
        self.frames += 1;
        let frame = self.sensor.expose(self.scene.light_at(self.now_ms), self.now_ms);
        Ok(Some(TimedFrame { frame, at_ms: self.now_ms }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.scene.show(colour);
        true
    }

    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        self.scene.ask(gesture, self.now_ms);
        true
    }
}

/// How much a thing in a hand moves.
const IN_HAND: SwayParams = SwayParams { head_px: 4.5, zoom: 0.015, tilt: 0.02, shake_px: 0.3 };

#[cfg(test)]
mod tests;
