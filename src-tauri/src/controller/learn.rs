//! News from the work that was asked for.

use super::Controller;
use super::aside::{Aside, PinAside};
use super::effect::Effect;
use super::event::{Configured, Event, Now, PinNews, QueueNews};
use crate::view::{Mode, Notice, PinPurpose, StatusView};

impl Controller {
    /// Takes news in.
    pub(super) fn learn(&mut self, event: Event, now: Now) -> Vec<Effect> {
        match event {
            Event::Opened(status) => return self.open(status),
            Event::Configured(configured) => return self.configure(*configured, now),
            Event::Camera(camera) => self.camera = camera,
            Event::Visit(id, news) => {
                if let Some(visit) = self.visit.as_mut().filter(|visit| visit.id == id) {
                    return visit.learn(news, now);
                }
            }
            Event::Link(link) => self.link = link,
            Event::Sending(is_sending) => self.is_sending = is_sending,
            Event::Queue(news) => self.see_queue(*news),
            Event::Pin(news) => return self.hear_pin(news, now),
            Event::StartedAgain => return vec![Effect::Raise],
            Event::Launched(order) => return self.hear_launch(order),
            Event::LaunchFailed => return self.hear_failed_launch(now),
            Event::CloseAsked => return self.close(),
            Event::Demo(demo) => self.demo = Some(demo),
            Event::Choices(..) | Event::NotSaved(_) | Event::Diagnosed(_) | Event::SupportWritten(_) => {
                self.show_in_settings(event, now);
            }
            Event::ItemWritten(path) => {
                if let Some(Aside::Queue(queue)) = self.asides.last_mut() {
                    queue.exported_to.clone_from(&path);
                }
                if path.is_some() {
                    self.notify(Notice::Exported, now);
                }
            }
            Event::Act(_) | Event::Tick => {}
        }
        Vec::new()
    }

    fn open(&mut self, status: Box<StatusView>) -> Vec<Effect> {
        let was_ready = self.is_ready();
        self.status = Some(status);
        let mut effects = Vec::new();
        if !was_ready && self.is_ready() {
            effects.extend([Effect::Kiosk(self.mode() == Mode::SelfService), Effect::LookAtQueue(None)]);
        }
        effects.extend(self.begin_waiting());
        effects
    }

    /// A kiosk is left with the PIN only.
    fn close(&mut self) -> Vec<Effect> {
        if self.mode() != Mode::SelfService || !self.is_ready() {
            return vec![Effect::Quit];
        }
        if matches!(self.asides.last(), Some(Aside::Pin(_))) {
            return Vec::new();
        }
        self.asides.push(Aside::Pin(PinAside::new(PinPurpose::LeaveKiosk)));
        vec![Effect::AskPin]
    }

    fn configure(&mut self, configured: Configured, now: Now) -> Vec<Effect> {
        let mode = self.mode();
        let is_saved = configured.is_saved;
        self.language = configured.values.language;
        self.appearance = configured.values.appearance;
        self.settings = configured;
        if !is_saved {
            return Vec::new();
        }
        self.notify(Notice::SettingsSaved, now);
        // The preview shows the camera that was chosen.
        let mut effects = vec![Effect::CameraOff, Effect::CameraOn, Effect::ListChoices];
        if mode != self.mode() {
            effects.push(Effect::Kiosk(self.mode() == Mode::SelfService));
        }
        effects
    }

    fn see_queue(&mut self, news: QueueNews) {
        if let Some(Aside::Queue(queue)) =
            self.asides.iter_mut().find(|aside| matches!(aside, Aside::Queue(_)))
        {
            queue.news = news.clone();
        }
        self.queue = QueueNews { open: None, ..news };
    }

    fn hear_pin(&mut self, news: PinNews, now: Now) -> Vec<Effect> {
        let Some(Aside::Pin(pin)) = self.asides.last_mut() else {
            if matches!(news, PinNews::Wrong { .. }) {
                self.notify(Notice::WrongPin, now);
            }
            return Vec::new();
        };
        let (purpose, opens) = (pin.purpose(), pin.opens());
        let is_of_customer =
            opens == PinPurpose::SelfieLock && self.settings.values.mode == Mode::SelfService;
        if news == PinNews::NotChosen && is_of_customer {
            // Whoever stands at a kiosk must not choose the PIN that lets them go on.
            self.asides.pop();
            self.notify(Notice::NoPin, now);
            return Vec::new();
        }
        if !pin.learn(news, now.ms) {
            return Vec::new();
        }
        match (purpose, opens) {
            (_, PinPurpose::SelfieLock) => self.unlock_selfie(),
            (PinPurpose::LeaveKiosk, _) => vec![Effect::Quit],
            (PinPurpose::Settings | PinPurpose::Choose | PinPurpose::SelfieLock, _) => self.unlock(),
        }
    }

    /// Staff are there: they choose how the visit goes on.
    fn unlock_selfie(&mut self) -> Vec<Effect> {
        self.asides.pop();
        if let Some(visit) = &mut self.visit {
            visit.face.unlock();
        }
        Vec::new()
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "others are told apart before")]
    fn show_in_settings(&mut self, event: Event, now: Now) {
        let Some(Aside::Settings(settings)) = self.asides.last_mut() else { return };
        match event {
            Event::Choices(cameras, themes) => (settings.cameras, settings.themes) = (cameras, themes),
            Event::NotSaved(problem) => settings.rejected = Some(problem),
            Event::Diagnosed(found) => settings.diagnostics = Some(found),
            Event::SupportWritten(path) => {
                settings.exported_to.clone_from(&path);
                if path.is_some() {
                    self.notify(Notice::Exported, now);
                }
            }
            _of_others => {}
        }
    }
}
