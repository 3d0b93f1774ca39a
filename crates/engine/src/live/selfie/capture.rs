//! A guided selfie in a thread of its own, over a live camera.
//!
//! Invariant: whoever owns the window never waits for it; a wish is heard within a twentieth of a second.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use camera::Feed;
use gateway::FlashChallenge;
use session::{SelfieInput, SelfieParams, SelfiePlan};

use super::SelfieEvent;
use super::guided::{GuidedSelfie, SelfieOrder};
use super::sit::camera_gesture;
use crate::live::nets::SharedFaceReader;
use crate::live::watch::{Sight, Watch};

/// What a person or a screen says.
#[derive(Debug)]
pub enum SelfieWish {
    /// Take the picture now.
    Shutter,
    /// Give up.
    Cancel,
    /// Coloured light begins: this challenge is going to be shown.
    Light(Box<FlashChallenge>),
    /// This colour of it is on the screen now.
    LightShown(usize),
    /// The light is over, or there is none.
    LightOver,
}

/// What a capture needs.
#[derive(Clone, Debug)]
pub struct SelfieNets {
    /// Reads faces.
    pub reader: Arc<SharedFaceReader>,
}

/// A running capture. Dropping it ends it.
#[derive(Debug)]
pub struct SelfieCapture {
    wishes: Option<Sender<(SelfieWish, u64)>>,
    feed: Arc<Feed>,
    thread: Option<JoinHandle<()>>,
}

impl SelfieCapture {
    /// Starts a capture over `feed`. `told` is called from the capture's thread.
    pub fn start(
        feed: Arc<Feed>,
        nets: SelfieNets,
        plan: SelfiePlan,
        params: SelfieParams,
        told: impl FnMut(SelfieEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (wishes, inbox) = channel();
        let errand = Errand { feed: Arc::clone(&feed), inbox, told: Box::new(told) };
        let thread = std::thread::Builder::new()
            .name("selfie".to_owned())
            .spawn(move || errand.run(&nets, plan, params))?;
        Ok(Self { wishes: Some(wishes), feed, thread: Some(thread) })
    }

    /// Says something; ignored after the end. Its time is that of the call, not of its hearing: light is paired with
    /// frames by time.
    pub fn wish(&self, wish: SelfieWish) {
        if let Some(wishes) = &self.wishes {
            wishes.send((wish, self.feed.now_ms())).ok();
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
    inbox: Receiver<(SelfieWish, u64)>,
    told: Box<dyn FnMut(SelfieEvent) + Send>,
}

impl Errand {
    fn run(mut self, nets: &SelfieNets, plan: SelfiePlan, params: SelfieParams) {
        let reader = match nets.reader.get() {
            Ok(reader) => reader,
            Err(error) => return (self.told)(SelfieEvent::Failed(error.to_string())),
        };
        let mut guided = GuidedSelfie::new(reader, plan, params);
        let mut watch = Watch::default();
        loop {
            let Some(mut orders) = self.hear(&mut guided) else { return };
            match watch.next(&self.feed) {
                Sight::Frame(live) => match guided.see(&live.frame, live.at_ms) {
                    Ok(more) => orders.extend(more),
                    Err(error) => return (self.told)(SelfieEvent::Failed(error.to_string())),
                },
                Sight::Lost => orders.extend(guided.hear(SelfieInput::CameraLost, self.feed.now_ms())),
                Sight::Back => orders.extend(guided.hear(SelfieInput::CameraBack, self.feed.now_ms())),
                Sight::Nothing => orders.extend(guided.hear(SelfieInput::Tick, self.feed.now_ms())),
            }
            (self.told)(SelfieEvent::Changed(guided.view()));
            for order in orders {
                match order {
                    SelfieOrder::Ask(gesture) => {
                        // A simulated camera does what a person would who reads the screen.
                        self.feed.ask(gesture.map(camera_gesture));
                        (self.told)(SelfieEvent::Asked(gesture));
                    }
                    SelfieOrder::AwaitLight => (self.told)(SelfieEvent::AwaitsLight),
                    SelfieOrder::Taken(taken) => return (self.told)(SelfieEvent::Taken(taken)),
                    SelfieOrder::Ended(end) => return (self.told)(SelfieEvent::Ended(end)),
                }
            }
        }
    }

    /// Everything that was said since the last frame; `None` when nobody listens any more.
    fn hear(&self, guided: &mut GuidedSelfie) -> Option<Vec<SelfieOrder>> {
        let mut orders = Vec::new();
        loop {
            let (wish, at_ms) = match self.inbox.try_recv() {
                Ok(said) => said,
                Err(TryRecvError::Empty) => return Some(orders),
                Err(TryRecvError::Disconnected) => return None,
            };
            match wish {
                SelfieWish::Shutter => orders.extend(guided.hear(SelfieInput::Shutter, at_ms)),
                SelfieWish::Cancel => orders.extend(guided.hear(SelfieInput::Cancel, at_ms)),
                SelfieWish::LightOver => orders.extend(guided.hear(SelfieInput::LightOver, at_ms)),
                SelfieWish::Light(challenge) => {
                    guided.light(&challenge);
                }
                SelfieWish::LightShown(index) => guided.light_shown(index, at_ms),
            }
        }
    }
}
