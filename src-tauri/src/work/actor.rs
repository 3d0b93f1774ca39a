//! The controller's thread: events in, effects to the work, views to the window.
//!
//! Invariant: one thread owns the controller, so that its state needs no lock; a view is shown at most twenty times a
//! second unless a person did something, whose answer is shown at once. Deliberately lacks decisions.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::launch::{Door, HandOverCode, Incoming, Reply};
use engine::compose;
use engine::live::{SharedFaceReader, SharedReader};
use inference::ModelSource;

use super::launch::Launches;
use super::{Shell, Tools, Work, launch, open};
use crate::action::Action;
use crate::controller::{Controller, Effect, Event, Now};
use crate::desk::Desk;
use crate::frames::Frames;
use crate::view::AppView;

/// How often time passes for the controller.
const TICK: Duration = Duration::from_millis(150);
/// Twenty views a second: more than eyes need between two frames.
const LEAST_GAP: Duration = Duration::from_millis(50);

/// What came with the start, and the way for what comes later.
pub(crate) struct Arrivals {
    /// The door for other processes of this installation; `None` if there can be none.
    pub door: Option<Door>,
    /// The link that the application was started with.
    pub link: Option<HandOverCode>,
}

/// The window's hold on the thread.
pub(crate) struct Window {
    events: Sender<Event>,
    shown: Arc<Mutex<AppView>>,
    frames: Arc<Frames>,
}

impl Window {
    /// Starts the thread. `shell` is the window.
    pub(crate) fn begin(
        desk: Desk,
        runtime: tokio::runtime::Handle,
        #[cfg(feature = "demo")] demo: Option<super::demo::Demo>,
        shell: Box<dyn Shell>,
        arrivals: Arrivals,
    ) -> std::io::Result<Self> {
        let (events, inbox) = channel();
        let frames = Arc::new(Frames::default());
        let tools = Arc::new(Tools {
            desk,
            frames: Arc::clone(&frames),
            reader: Arc::new(SharedReader::new(ModelSource::from_env())),
            faces: Arc::new(SharedFaceReader::new(ModelSource::from_env())),
            runtime,
            launches: launches(
                #[cfg(feature = "demo")]
                demo.as_ref(),
            ),
            #[cfg(feature = "demo")]
            demo,
            events: events.clone(),
        });
        launch::open_doors(&tools, arrivals.door);
        if let Some(code) = arrivals.link {
            launch::hear(&tools, Incoming::HandOver(code, Reply::nowhere()));
        }
        let controller = Controller::new(open::configured(&tools, false));
        let started = Instant::now();
        let shown = Arc::new(Mutex::new(controller.view(now(started))));
        let mut actor =
            Actor { controller, inbox, started, shown: Arc::clone(&shown), work: Work::new(tools, shell) };
        std::thread::Builder::new().name("window".to_owned()).spawn(move || actor.run())?;
        Ok(Self { events, shown, frames })
    }

    /// What is shown now.
    pub(crate) fn view(&self) -> AppView {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A person did something.
    pub(crate) fn act(&self, action: Action) {
        self.events.send(Event::Act(action)).ok();
    }

    /// Somebody wants to close the window. Answers whether anybody is left to decide.
    pub(crate) fn ask_to_close(&self) -> bool {
        self.events.send(Event::CloseAsked).is_ok()
    }

    /// Pictures on their way to the window.
    pub(crate) fn frames(&self) -> Arc<Frames> {
        Arc::clone(&self.frames)
    }
}

/// What redeems the codes of links.
fn launches(#[cfg(feature = "demo")] demo: Option<&super::demo::Demo>) -> Launches {
    #[cfg(feature = "demo")]
    let hand_over = demo.and_then(super::demo::Demo::hand_over);
    #[cfg(not(feature = "demo"))]
    let hand_over = None;
    Launches::new(hand_over)
}

struct Actor {
    controller: Controller,
    inbox: Receiver<Event>,
    started: Instant,
    shown: Arc<Mutex<AppView>>,
    work: Work,
}

fn now(started: Instant) -> Now {
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Now { ms, at: compose::now(), today: compose::today() }
}

impl Actor {
    fn run(&mut self) {
        self.work.carry_out(Effect::Open);
        let mut last_shown = Instant::now();
        let mut last_tick = Instant::now();
        loop {
            let until_tick = TICK.saturating_sub(last_tick.elapsed());
            let mut is_wish = false;
            match self.inbox.recv_timeout(until_tick) {
                Ok(event) => is_wish = self.take_in(event),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            // What came meanwhile is shown together.
            while let Ok(event) = self.inbox.try_recv() {
                is_wish |= self.take_in(event);
            }
            if last_tick.elapsed() >= TICK {
                last_tick = Instant::now();
                if let Some(news) = self.work.camera_news() {
                    self.take_in(news);
                }
                self.take_in(Event::Tick);
            }
            if is_wish || last_shown.elapsed() >= LEAST_GAP {
                last_shown = Instant::now();
                self.show();
            }
        }
    }

    /// Answers whether it was a person's doing.
    fn take_in(&mut self, event: Event) -> bool {
        let is_wish = matches!(event, Event::Act(_));
        for effect in self.controller.handle(event, now(self.started)) {
            self.work.carry_out(effect);
        }
        is_wish
    }

    fn show(&self) {
        let view = self.controller.view(now(self.started));
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let view = AppView { revision: shown.revision, ..view };
        if view == *shown {
            return;
        }
        *shown = AppView { revision: view.revision + 1, ..view };
        self.work.shell.show(&shown);
    }
}
