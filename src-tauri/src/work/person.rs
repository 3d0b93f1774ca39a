//! The simulated camera of a demo: a scripted scene with a card, or somebody who looks into the camera.
//!
//! Invariant: the somebody is invented and rendered, a mixture that is nobody. Their face shows the screen's light, and does what
//! is asked for. Deliberately lacks a choice of people: one sits here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use camera::sitter::{Portrait, Sitter, SitterError, SitterParams};
use camera::{Colour, FrameSource, Gesture, SourceError, TimedFrame};

/// Chooses when they blink and how they sway.
const SEED: u64 = 11;
const NAME: &str = "19";

macro_rules! bundled {
    ($($file:literal),* $(,)?) => {
        [$(($file, include_bytes!(concat!("../../../tests/data/sitters/19/", $file)) as &[u8])),*]
    };
}

const TRUTH: &[u8] = include_bytes!("../../../tests/data/sitters/truth.json");
const FILES: [(&str, &[u8]); 26] = bundled![
    "room.jpg",
    "flow.png",
    "neutral.jpg",
    "neutral.screen.jpg",
    "neutral.png",
    "half_shut.jpg",
    "half_shut.screen.jpg",
    "half_shut.png",
    "shut.jpg",
    "shut.screen.jpg",
    "shut.png",
    "turned_10.jpg",
    "turned_10.screen.jpg",
    "turned_10.png",
    "turned_20.jpg",
    "turned_20.screen.jpg",
    "turned_20.png",
    "turned_30.jpg",
    "turned_30.screen.jpg",
    "turned_30.png",
    "smile_half.jpg",
    "smile_half.screen.jpg",
    "smile_half.png",
    "smile.jpg",
    "smile.screen.jpg",
    "smile.png",
];

fn portrait() -> Result<Portrait, SitterError> {
    Portrait::read(TRUTH, NAME, |wanted| {
        let found = FILES.iter().find(|(file, _)| *file == wanted);
        found
            .map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| SitterError::Mismatch { file: wanted.to_owned() })
    })
}

/// Whether the face is before the camera now, and not the card.
#[derive(Clone, Default)]
pub(super) struct FaceSwitch {
    has_face: Arc<AtomicBool>,
    /// Decoded when first looked at; cameras come and go, the person stays.
    portrait: Arc<Mutex<Option<Arc<Portrait>>>>,
}

impl FaceSwitch {
    /// From the next frame on.
    pub(super) fn set(&self, has_face: bool) {
        self.has_face.store(has_face, Ordering::Relaxed);
    }

    fn sitter(&self) -> Option<Sitter> {
        let mut kept = self.portrait.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.is_none() {
            *kept = portrait().ok().map(Arc::new);
        }
        Some(Sitter::new(kept.clone()?, SitterParams::default(), SEED))
    }
}

/// A scene's source with the switch before it.
pub(super) struct CardOrFace<S> {
    scene: S,
    switch: FaceSwitch,
    sitter: Option<Sitter>,
    shown: Option<Colour>,
    asked: Option<Gesture>,
}

impl<S: FrameSource> CardOrFace<S> {
    pub(super) fn new(scene: S, switch: FaceSwitch) -> Self {
        Self { scene, switch, sitter: None, shown: None, asked: None }
    }

    fn face(&mut self) -> Option<&mut Sitter> {
        if self.sitter.is_none() {
            let mut sitter = self.switch.sitter()?;
            sitter.show(self.shown);
            sitter.ask(self.asked);
            self.sitter = Some(sitter);
        }
        self.sitter.as_mut()
    }
}

impl<S: FrameSource> FrameSource for CardOrFace<S> {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        // The scene's time goes on behind the face, and a camera that was pulled out is gone for it too.
        let Some(taken) = self.scene.next_frame()? else { return Ok(None) };
        if !self.switch.has_face.load(Ordering::Relaxed) {
            return Ok(Some(taken));
        }
        let at_ms = taken.at_ms;
        Ok(Some(match self.face() {
            Some(sitter) => TimedFrame { frame: sitter.frame_at(at_ms), at_ms },
            None => taken,
        }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.shown = colour;
        if let Some(sitter) = &mut self.sitter {
            sitter.show(colour);
        }
        self.scene.show(colour)
    }

    fn ask(&mut self, gesture: Option<Gesture>) -> bool {
        self.asked = gesture;
        if let Some(sitter) = &mut self.sitter {
            sitter.ask(gesture);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use camera::mean_colour;
    use frame::Frame;

    struct Wall(u64);

    impl FrameSource for Wall {
        fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
            self.0 += 33;
            Ok(Some(TimedFrame { frame: Frame::filled(32, 16, [90; 3]), at_ms: self.0 }))
        }

        fn show(&mut self, _colour: Option<Colour>) -> bool {
            false
        }
    }

    #[test]
    fn the_face_comes_and_goes_with_the_switch_and_time_goes_on() {
        let switch = FaceSwitch::default();
        let mut source = CardOrFace::new(Wall(0), switch.clone());
        let mut next = || source.next_frame().unwrap().unwrap();
        assert_eq!(next().frame.width(), 32);
        switch.set(true);
        let face = next();
        assert_eq!((face.frame.width(), face.at_ms), (640, 66));
        switch.set(false);
        assert_eq!(next().frame.width(), 32);
    }

    #[test]
    fn the_face_shows_the_light_of_the_screen() {
        let switch = FaceSwitch::default();
        switch.set(true);
        let mut source = CardOrFace::new(Wall(0), switch);
        let plain = mean_colour(&source.next_frame().unwrap().unwrap().frame);
        source.show(Some(Colour { r: 255, g: 0, b: 0 }));
        let lit = mean_colour(&source.next_frame().unwrap().unwrap().frame);
        assert!(lit.r >= plain.r + 4 && lit.g.abs_diff(plain.g) <= 2, "{plain:?} {lit:?}");
    }

    #[test]
    fn the_person_does_what_is_asked() {
        let switch = FaceSwitch::default();
        switch.set(true);
        let mut source = CardOrFace::new(Wall(0), switch);
        source.next_frame().unwrap();
        assert!(source.ask(Some(Gesture::TurnLeft)));
        let turned = (0..90).any(|_| {
            source.next_frame().unwrap();
            source.sitter.as_ref().is_some_and(|sitter| sitter.face().yaw_degrees > 20.0)
        });
        assert!(turned);
    }
}
