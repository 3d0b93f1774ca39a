//! The simulated camera of a demo: a scripted scene with a card, or somebody who looks into the camera.
//!
//! Invariant: the somebody is rendered, a mixture that is nobody. Deliberately lacks light: a recorded face cannot reflect
//! the screen.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use camera::{Colour, FrameSource, SourceError, TimedFrame};
use frame::{DecodeLimits, Frame};

/// How long each recorded picture is shown, in frames: they were taken 200 ms apart.
const HELD: u64 = 6;

const PICTURES: [&[u8]; 8] = [
    include_bytes!("../../../tests/data/selfie/frame-0.jpg"),
    include_bytes!("../../../tests/data/selfie/frame-1.jpg"),
    include_bytes!("../../../tests/data/selfie/frame-2.jpg"),
    include_bytes!("../../../tests/data/selfie/frame-3.jpg"),
    include_bytes!("../../../tests/data/selfie/frame-4.jpg"),
    include_bytes!("../../../tests/data/selfie/frame-5.jpg"),
    include_bytes!("../../../tests/data/selfie/frame-6.jpg"),
    include_bytes!("../../../tests/data/selfie/frame-7.jpg"),
];

/// Whether the face is before the camera now, and not the card.
#[derive(Clone, Default)]
pub(super) struct FaceSwitch(Arc<AtomicBool>);

impl FaceSwitch {
    /// From the next frame on.
    pub(super) fn set(&self, has_face: bool) {
        self.0.store(has_face, Ordering::Relaxed);
    }
}

/// A scene's source with the switch before it.
pub(super) struct CardOrFace<S> {
    scene: S,
    switch: FaceSwitch,
    faces: Vec<Frame>,
    frames: u64,
}

impl<S: FrameSource> CardOrFace<S> {
    pub(super) fn new(scene: S, switch: FaceSwitch) -> Self {
        Self { scene, switch, faces: Vec::new(), frames: 0 }
    }

    fn face(&mut self) -> Option<Frame> {
        if self.faces.is_empty() {
            let decoded = PICTURES.iter().map(|bytes| frame::decode(bytes, &DecodeLimits::default()));
            self.faces = decoded.filter_map(Result::ok).collect();
        }
        let nth = usize::try_from(self.frames / HELD).unwrap_or_default();
        self.faces.get(nth % self.faces.len().max(1)).cloned()
    }
}

impl<S: FrameSource> FrameSource for CardOrFace<S> {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        // The scene's time goes on behind the face, and a camera that was pulled out is gone for it too.
        let taken = self.scene.next_frame()?;
        self.frames += 1;
        let Some(taken) = taken else { return Ok(None) };
        if !self.switch.0.load(Ordering::Relaxed) {
            return Ok(Some(taken));
        }
        Ok(Some(self.face().map_or_else(|| taken.clone(), |frame| TimedFrame { frame, ..taken.clone() })))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.scene.show(colour)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
