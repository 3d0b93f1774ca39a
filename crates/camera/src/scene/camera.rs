//! A scene as a camera that can be opened, pulled out, opened again, and given another script while it runs.
//!
//! Invariant: each opening has its own clock from 0; the script's time goes on through an outage. Deliberately absent:
//! threads; a feed brings its own.

use std::sync::{Arc, Mutex, PoisonError};

use super::{RATE, Scene, Script};
use crate::{Colour, FrameSource, SourceError, TimedFrame};

/// Time of the script that passes with each try to open an unplugged camera: what a feed waits between two.
const RETRY_MS: u64 = 500;

/// A handle on a scene; clones are the same camera.
#[derive(Clone)]
pub struct SceneCamera {
    scene: Arc<Mutex<Scene>>,
}

impl SceneCamera {
    /// A camera looking at a script from its beginning.
    pub fn new(script: &Script, seed: u64) -> Self {
        Self { scene: Arc::new(Mutex::new(Scene::new(script, seed))) }
    }

    /// Begins another script; whoever has the camera open sees it from its next frame on.
    pub fn play(&self, script: &Script) {
        self.with(|scene| scene.play(script));
    }

    /// Opens the camera.
    pub fn open(&self) -> Result<impl FrameSource + Send + use<>, SourceError> {
        let is_away = self.with(|scene| scene.is_unplugged() && scene.wait(RETRY_MS * RATE / 1000));
        if is_away { Err(SourceError::Unplugged) } else { Ok(Opened { camera: self.clone(), frames: 0 }) }
    }

    fn with<T>(&self, act: impl FnOnce(&mut Scene) -> T) -> T {
        // A scene is whole after every call; a panic elsewhere does not spoil it.
        act(&mut self.scene.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

struct Opened {
    camera: SceneCamera,
    frames: u64,
}

impl FrameSource for Opened {
    fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
        let Some(taken) = self.camera.with(Scene::next_frame)? else { return Ok(None) };
        let at_ms = self.frames * 1000 / RATE;
        self.frames += 1;
        Ok(Some(TimedFrame { at_ms, ..taken }))
    }

    fn show(&mut self, colour: Option<Colour>) -> bool {
        self.camera.with(|scene| scene.show(colour))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Act;
    use super::*;

    #[test]
    fn an_outage_ends_and_the_clock_starts_again() {
        let camera = SceneCamera::new(&Script::new(0).cue(100, 1_200, Act::Unplug), 1);
        let mut opened = camera.open().unwrap();
        let mut times = Vec::new();
        while let Ok(Some(taken)) = opened.next_frame() {
            times.push(taken.at_ms);
        }
        assert_eq!(times, [0, 33, 66]);
        let tries = (1..).find(|_| camera.open().is_ok()).unwrap();
        assert_eq!(tries, 3);
        assert_eq!(camera.open().unwrap().next_frame().unwrap().unwrap().at_ms, 0);
    }

    #[test]
    fn another_script_is_seen_by_who_has_it_open() {
        let camera = SceneCamera::new(&Script::new(0), 1);
        let mut opened = camera.open().unwrap();
        opened.next_frame().unwrap();
        camera.play(&Script::new(0).cue(0, 100, Act::Unplug));
        assert!(matches!(opened.next_frame(), Err(SourceError::Unplugged)));
    }
}
