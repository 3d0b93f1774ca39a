//! The window's state and every decision about it. Events go in; the view and wishes for work come out.
//!
//! Invariant: pure. Time is an argument, work is an effect, so the whole window is tested without a window; a tap that
//! does not fit the screen shown is ignored. Deliberately lacks threads, files and tauri.

mod act;
mod aside;
mod effect;
mod event;
mod face;
mod flash;
mod idle;
mod launched;
mod learn;
mod light;
mod render;
mod review;
#[cfg(test)]
mod tests;
mod visit;

pub(crate) use effect::{Consent, DiscardOrder, Effect, FaceOrder, SelfieLight, SelfieOrder, SubmitOrder};
pub(crate) use event::{
    CardEnd, CardSeen, CardStage, ChallengeNews, Configured, Event, Now, PinNews, Places, QueueNews,
    VisitEvent, VisitId,
};
pub(crate) use face::Gestures;
pub(crate) use launched::{LaunchId, LaunchOrder};
pub(crate) use review::Correction;

use aside::Aside;
use idle::{Idle, IdleWatch};
use launch::Ending;
use visit::Visit;

use crate::view::{
    Appearance, CameraView, DemoView, IdleView, Language, LinkView, Mode, Notice, QueueProblem, StatusView,
};

/// How long a notice stays: long enough to be read aloud.
const NOTICE_MS: u64 = 6_000;

/// The window's state.
pub(crate) struct Controller {
    status: Option<Box<StatusView>>,
    settings: Configured,
    language: Language,
    appearance: Appearance,
    link: LinkView,
    queue: QueueNews,
    is_sending: bool,
    demo: Option<DemoView>,
    camera: CameraView,
    notice: Option<(Notice, u64)>,
    idle: IdleWatch,
    asking: Option<IdleView>,
    visits: VisitId,
    visit: Option<Visit>,
    asides: Vec<Aside>,
    /// The right PIN opened the settings; forgotten when they are left.
    is_unlocked: bool,
    /// A launch that came before the window was ready.
    waiting_launch: Option<Box<LaunchOrder>>,
}

impl Controller {
    /// A window that is getting ready.
    pub(crate) fn new(settings: Configured) -> Self {
        Self {
            status: None,
            language: settings.values.language,
            appearance: settings.values.appearance,
            settings,
            link: LinkView::Unknown,
            queue: QueueNews::default(),
            is_sending: false,
            demo: None,
            camera: CameraView::Starting,
            notice: None,
            idle: IdleWatch::default(),
            asking: None,
            visits: 0,
            visit: None,
            asides: Vec::new(),
            is_unlocked: false,
            waiting_launch: None,
        }
    }

    /// Takes in what happened and says what to do.
    #[allow(clippy::wildcard_enum_match_arm, reason = "all the rest is news")]
    pub(crate) fn handle(&mut self, event: Event, now: Now) -> Vec<Effect> {
        let mut effects = match event {
            Event::Act(action) => {
                self.idle.touch(now.ms);
                self.asking = None;
                self.act(action, now)
            }
            Event::Tick => self.tick(now),
            news => self.learn(news, now),
        };
        effects.extend(self.tell_outcome());
        effects
    }

    /// Whether the application can work at all.
    fn is_ready(&self) -> bool {
        use crate::view::{ModelsView, QueueView};
        self.status.as_ref().is_some_and(|status| {
            let has_models = matches!(status.models, ModelsView::Ready { .. });
            let is_unusable =
                matches!(status.queue, QueueView::Unavailable { problem: QueueProblem::Settings, .. });
            has_models && !is_unusable
        })
    }

    /// Why no capture could be kept, if so.
    fn trouble(&self) -> Option<QueueProblem> {
        self.queue.problem
    }

    fn mode(&self) -> Mode {
        self.settings.values.mode
    }

    fn notify(&mut self, notice: Notice, now: Now) {
        self.notice = Some((notice, now.ms + NOTICE_MS));
    }

    fn tick(&mut self, now: Now) -> Vec<Effect> {
        self.notice = self.notice.filter(|(_, until_ms)| now.ms < *until_ms);
        let mut effects = match self.visit.as_mut().map(|visit| visit.tick(now)) {
            Some(Some(effects)) => effects,
            Some(None) => self.end_visit(Ending::Cancelled),
            None => Vec::new(),
        };
        effects.extend(self.watch_camera(now));
        effects.extend(self.watch_idle(now));
        effects
    }

    /// Self-service: nobody there any more?
    fn watch_idle(&mut self, now: Now) -> Vec<Effect> {
        let is_at_start = self.visit.is_none() && self.asides.is_empty();
        if self.mode() != Mode::SelfService || is_at_start || !self.is_ready() {
            self.asking = None;
            return Vec::new();
        }
        if self.visit.as_ref().is_some_and(Visit::is_busy) {
            self.idle.touch(now.ms);
        }
        match self.idle.look(self.settings.values.idle_s, now.ms) {
            Idle::Present => self.asking = None,
            Idle::Asking { seconds_left } => self.asking = Some(IdleView { seconds_left }),
            Idle::Gone => {
                self.asking = None;
                let had_visit = self.visit.is_some();
                let effects = self.leave_everything(Ending::Abandoned);
                if had_visit {
                    self.notify(Notice::Wiped, now);
                }
                return effects;
            }
        }
        Vec::new()
    }

    /// Back to the start; everything of the visit is forgotten. `why` is told to whoever launched it, unless its end was
    /// told before.
    fn end_visit(&mut self, why: Ending) -> Vec<Effect> {
        let mut effects = self.leave_launch(why);
        self.visit = None;
        if self.mode() == Mode::SelfService {
            // The next customer's language is not this one's.
            self.language = self.settings.values.language;
            self.appearance = self.settings.values.appearance;
        }
        effects.extend([Effect::Forget, Effect::CameraOff, Effect::LookAtQueue(None)]);
        effects
    }

    fn leave_everything(&mut self, why: Ending) -> Vec<Effect> {
        self.asides.clear();
        self.is_unlocked = false;
        self.end_visit(why)
    }
}
