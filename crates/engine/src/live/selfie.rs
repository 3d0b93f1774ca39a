//! One guided selfie: camera frames in, the best pictures of a face out, in a thread of its own.
//!
//! Invariant: few frames are in memory at any time, and none after the end but those handed over; it ends with exactly one
//! of [`SelfieEvent::Taken`] and [`SelfieEvent::Ended`], unless it is dropped before. Deliberately lacks a judgement of
//! the person: until faces are found on the device, what is chosen is the best frame, and the partner judges liveness.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use camera::{Feed, FrameSource, SourceError, TimedFrame};
use frame::Frame;
use liveness::{SelfieAnalyser, SelfieLook};
use session::{
    SelfieEffect, SelfieEnd, SelfieInput, SelfieObservation, SelfieParams, SelfieSession, SelfieSessionView,
    shows_somebody,
};

use super::run::Wish;
use super::watch::{Sight, Watch};

/// The second picture is at least so long from the best: the same instant twice would show no life.
const APART_MS: u64 = 500;

/// A selfie that was taken.
#[derive(Debug)]
pub struct TakenSelfie {
    /// The best frame.
    pub best: Frame,
    /// The best of those half a second away, if there is one.
    pub additional: Option<Frame>,
    /// When the best was taken, on the camera's clock.
    pub at_ms: u64,
}

/// What happens in a selfie's capture.
#[derive(Debug)]
pub enum SelfieEvent {
    /// There is something new to show.
    Changed(SelfieSessionView),
    /// The selfie was taken.
    Taken(Box<TakenSelfie>),
    /// It ended without one.
    Ended(SelfieEnd),
}

/// Frames of one holding: the best, and the best half a second away from it.
#[derive(Debug, Default)]
struct Keepers(Vec<Kept>);

#[derive(Debug)]
struct Kept {
    frame: Frame,
    at_ms: u64,
    score: f32,
}

impl Keepers {
    /// The best of each half of [`APART_MS`]: so few, and still two that are far enough apart.
    fn keep(&mut self, frame: &Frame, at_ms: u64, look: &SelfieLook) {
        let score = look.sharpness - 4.0 * look.motion;
        let slot = |kept: &Kept| kept.at_ms / (APART_MS / 2) == at_ms / (APART_MS / 2);
        match self.0.iter_mut().find(|kept| slot(kept)) {
            Some(kept) if kept.score >= score => {}
            Some(kept) => *kept = Kept { frame: frame.clone(), at_ms, score },
            None => self.0.push(Kept { frame: frame.clone(), at_ms, score }),
        }
    }

    fn take(&mut self) -> Option<TakenSelfie> {
        let mut kept = std::mem::take(&mut self.0);
        kept.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept = kept.into_iter();
        let best = kept.next()?;
        let additional = kept.find(|other| other.at_ms.abs_diff(best.at_ms) >= APART_MS);
        Some(TakenSelfie {
            best: best.frame,
            additional: additional.map(|other| other.frame),
            at_ms: best.at_ms,
        })
    }
}

/// The best pictures of a recording's first `limit` frames, without guiding; `None` if it shows nobody.
pub fn take_selfie(source: &mut dyn FrameSource, limit: usize) -> Result<Option<TakenSelfie>, SourceError> {
    let (mut analyser, mut keepers) = (SelfieAnalyser::default(), Keepers::default());
    for _ in 0..limit {
        let Some(TimedFrame { frame, at_ms }) = source.next_frame()? else { break };
        let look = analyser.analyse(&frame);
        if shows_somebody(&observation(&look), &SelfieParams::default()) {
            keepers.keep(&frame, at_ms, &look);
        }
    }
    Ok(keepers.take())
}

/// A running capture. Dropping it ends it.
#[derive(Debug)]
pub struct SelfieCapture {
    wishes: Option<Sender<Wish>>,
    thread: Option<JoinHandle<()>>,
}

impl SelfieCapture {
    /// Starts a capture over `feed`. `told` is called from the capture's thread.
    pub fn start(
        feed: Arc<Feed>,
        params: SelfieParams,
        told: impl FnMut(SelfieEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (wishes, inbox) = channel();
        let errand = Errand { feed, inbox, told: Box::new(told) };
        let thread =
            std::thread::Builder::new().name("selfie".to_owned()).spawn(move || errand.run(params))?;
        Ok(Self { wishes: Some(wishes), thread: Some(thread) })
    }

    /// Says what a person wishes; ignored after the end.
    pub fn wish(&self, wish: Wish) {
        if let Some(wishes) = &self.wishes {
            wishes.send(wish).ok();
        }
    }
}

impl Drop for SelfieCapture {
    /// Waits for the frame at hand.
    fn drop(&mut self) {
        self.wishes = None;
        let is_current = |thread: &JoinHandle<()>| thread.thread().id() == std::thread::current().id();
        if let Some(thread) = self.thread.take().filter(|thread| !is_current(thread)) {
            thread.join().ok();
        }
    }
}

/// The thread's side.
struct Errand {
    feed: Arc<Feed>,
    inbox: Receiver<Wish>,
    told: Box<dyn FnMut(SelfieEvent) + Send>,
}

impl Errand {
    fn run(mut self, params: SelfieParams) {
        let mut session = SelfieSession::new(params);
        let (mut analyser, mut keepers) = (SelfieAnalyser::default(), Keepers::default());
        let mut watch = Watch::default();
        loop {
            let mut effects = match self.hear(&mut session) {
                Some(effects) => effects,
                None => return,
            };
            let input = match watch.next(&self.feed) {
                Sight::Frame(live) => {
                    let look = analyser.analyse(&live.frame);
                    effects.extend(session.handle(SelfieInput::Observed(observation(&look)), live.at_ms));
                    if effects.contains(&SelfieEffect::Keep) {
                        keepers.keep(&live.frame, live.at_ms, &look);
                    }
                    None
                }
                Sight::Lost => Some(SelfieInput::CameraLost),
                Sight::Back => Some(SelfieInput::CameraBack),
                Sight::Nothing => Some(SelfieInput::Tick),
            };
            if let Some(input) = input {
                // The next frame is another moment: no motion is to be made of the gap.
                analyser.forget();
                effects.extend(session.handle(input, self.feed.now_ms()));
            }
            (self.told)(SelfieEvent::Changed(session.view()));
            for effect in effects {
                match effect {
                    SelfieEffect::Keep => {}
                    SelfieEffect::Forget => keepers = Keepers::default(),
                    SelfieEffect::Finish(end) => return (self.told)(last_event(&mut keepers, end)),
                }
            }
        }
    }

    /// Everything that was said since the last frame; `None` when nobody listens any more.
    fn hear(&self, session: &mut SelfieSession) -> Option<Vec<SelfieEffect>> {
        let mut effects = Vec::new();
        loop {
            let input = match self.inbox.try_recv() {
                Ok(Wish::Shutter) => SelfieInput::Shutter,
                Ok(Wish::Cancel) => SelfieInput::Cancel,
                // There is no try to go on from.
                Ok(Wish::TryAgain) => SelfieInput::Tick,
                Err(TryRecvError::Empty) => return Some(effects),
                Err(TryRecvError::Disconnected) => return None,
            };
            effects.extend(session.handle(input, self.feed.now_ms()));
        }
    }
}

fn last_event(keepers: &mut Keepers, end: SelfieEnd) -> SelfieEvent {
    match (end, keepers.take()) {
        (SelfieEnd::Taken, Some(taken)) => SelfieEvent::Taken(Box::new(taken)),
        (SelfieEnd::Taken, None) => SelfieEvent::Ended(SelfieEnd::TimedOut),
        (end @ (SelfieEnd::Cancelled | SelfieEnd::TimedOut), _) => SelfieEvent::Ended(end),
    }
}

/// The same facts in the machine's words.
fn observation(look: &SelfieLook) -> SelfieObservation {
    let SelfieLook { brightness, skin, contrast, sharpness, motion } = *look;
    SelfieObservation { skin, contrast, brightness, sharpness, motion }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(keepers: &mut Keepers, at_ms: u64, sharpness: f32) {
        let look = SelfieLook { sharpness, ..SelfieLook::default() };
        keepers.keep(&Frame::filled(4, 4, [u8::try_from(at_ms / 10).unwrap(); 3]), at_ms, &look);
    }

    #[test]
    fn the_second_picture_is_half_a_second_away_from_the_best() {
        let mut keepers = Keepers::default();
        for (at_ms, sharpness) in [(0, 0.5), (100, 0.6), (300, 0.9), (600, 0.8), (900, 0.7), (1_100, 0.6)] {
            keep(&mut keepers, at_ms, sharpness);
        }
        let taken = keepers.take().unwrap();
        assert_eq!((taken.at_ms, taken.best.pixel(0, 0)[0]), (300, 30));
        assert_eq!(taken.additional.unwrap().pixel(0, 0)[0], 90);
        assert!(keepers.take().is_none());
    }

    #[test]
    fn a_moment_gives_one_picture() {
        let mut keepers = Keepers::default();
        keep(&mut keepers, 10, 0.5);
        keep(&mut keepers, 40, 0.7);
        let taken = keepers.take().unwrap();
        assert_eq!(taken.at_ms, 40);
        assert!(taken.additional.is_none());
    }

    #[test]
    fn a_recorded_person_gives_two_pictures_and_a_wall_none() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/selfie");
        let params = camera::RecordingParams { spacing_ms: 200, ..Default::default() };
        let mut person = camera::Recording::open(std::path::Path::new(folder), params).unwrap();
        let taken = take_selfie(&mut person, 8).unwrap().unwrap();
        assert_eq!(taken.best.width(), 640);
        assert!(taken.additional.is_some_and(|additional| additional.data() != taken.best.data()));
        assert!(take_selfie(&mut Wall(10), 10).unwrap().is_none());
    }

    struct Wall(u32);

    impl FrameSource for Wall {
        fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
            self.0 -= 1;
            let frame = Frame::filled(64, 48, [120, 130, 140]);
            Ok((self.0 > 0).then_some(TimedFrame { frame, at_ms: u64::from(10 - self.0) * 100 }))
        }

        fn show(&mut self, _colour: Option<camera::Colour>) -> bool {
            false
        }
    }
}
