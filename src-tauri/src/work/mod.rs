//! The work behind the window: whatever the controller wishes for that takes time or touches the world.
//!
//! Invariant: the controller's thread never waits for any of it; what comes of it comes back as an event. News of a
//! visit carry the visit's number. Deliberately lacks decisions, and tauri: the window itself is behind [`Shell`].

mod actor;
mod camera;
mod card;
mod challenge;
mod delivery;
#[cfg(feature = "demo")]
pub(crate) mod demo;
mod flash;
mod launch;
mod open;
mod outcome;
#[cfg(feature = "demo")]
mod person;
mod queue;
mod selfie;
mod settings;
mod submit;
mod support;

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use engine::live::{CardCapture, SharedFaceReader, SharedReader, Wish};

pub(crate) use actor::{Arrivals, Window};

use crate::controller::{Effect, Event, SelfieOrder, VisitEvent, VisitId};
use crate::desk::Desk;
use crate::frames::Frames;
use crate::view::{AppView, FlashSubject};
use delivery::Delivery;
use flash::FlashErrand;
use launch::Launches;
use selfie::SelfieErrand;

/// The window itself.
pub(crate) trait Shell: Send {
    /// Shows this.
    fn show(&self, view: &AppView);
    /// Locks it down, or lets it go.
    fn kiosk(&self, is_locked: bool);
    /// Brings it to the front.
    fn raise(&self);
    /// Closes it and ends the application.
    fn quit(&self);
}

/// What every piece of work is handed.
pub(crate) struct Tools {
    /// Installation and queue.
    pub desk: Desk,
    /// Pictures on their way to the window.
    pub frames: Arc<Frames>,
    /// The nets that read cards.
    pub reader: Arc<SharedReader>,
    /// The nets that read faces.
    pub faces: Arc<SharedFaceReader>,
    /// Where sending and asking run.
    pub runtime: tokio::runtime::Handle,
    /// What partners' front ends launched.
    pub launches: Launches,
    /// The demo's switches.
    #[cfg(feature = "demo")]
    pub demo: Option<demo::Demo>,
    events: Sender<Event>,
}

impl Tools {
    /// Tells the controller.
    fn tell(&self, event: Event) {
        // Without a controller the application is ending.
        self.events.send(event).ok();
    }

    fn tell_visit(&self, visit: VisitId, event: VisitEvent) {
        self.tell(Event::Visit(visit, event));
    }
}

/// The customer's id at the partner: typed, or made while the card is held up.
type CustomerId = Arc<Mutex<Option<String>>>;

/// Everything that is under way.
pub(crate) struct Work {
    tools: Arc<Tools>,
    shell: Box<dyn Shell>,
    delivery: Delivery,
    capture: Option<CardCapture>,
    selfie: Option<SelfieErrand>,
    flash: Option<FlashErrand>,
    /// Of the visit with this number.
    customer: (VisitId, CustomerId),
    view: crate::view::CameraView,
}

impl Work {
    fn new(tools: Arc<Tools>, shell: Box<dyn Shell>) -> Self {
        let delivery = Delivery::begin(Arc::clone(&tools));
        let view = crate::view::CameraView::Starting;
        Self {
            tools,
            shell,
            delivery,
            capture: None,
            selfie: None,
            flash: None,
            customer: Default::default(),
            view,
        }
    }

    /// Runs `work` beside the controller.
    fn aside(&self, work: impl FnOnce(&Tools) + Send + 'static) {
        let tools = Arc::clone(&self.tools);
        self.tools.runtime.spawn_blocking(move || work(&tools));
    }

    /// The camera's state, if it is another than before.
    fn camera_news(&mut self) -> Option<Event> {
        let view = camera::view_of(self.tools.frames.camera_state());
        (view != self.view).then(|| {
            self.view = view.clone();
            Event::Camera(view)
        })
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Open => self.aside(open::open),
            Effect::CameraOn => camera::on(&self.tools),
            Effect::CameraOff => self.camera_off(),
            Effect::BeginVisit(order) => {
                if self.customer.0 != order.visit {
                    self.customer = (order.visit, Arc::new(Mutex::new(order.customer_id.clone())));
                }
                if order.flow.has_card() {
                    self.guide(order.visit);
                    self.ask_challenge(order.visit, FlashSubject::Card, order.wants_flash);
                }
            }
            Effect::GuideAgain(visit) => self.guide(visit),
            Effect::GuideSelfie(order) => self.guide_selfie(order),
            Effect::SelfieLight(light) => {
                if let Some(selfie) = &mut self.selfie {
                    selfie.light(light);
                }
            }
            Effect::Shutter => self.press(),
            Effect::TryAgain => self.capture.iter().for_each(|capture| capture.wish(Wish::TryAgain)),
            Effect::Forget => self.forget(),
            Effect::FlashBegin(visit, challenge) => {
                self.flash = FlashErrand::begin(&self.tools, visit, &challenge);
            }
            Effect::FlashShown(index) => self.flash.iter().for_each(|flash| flash.shown(index)),
            Effect::FlashDone => {
                self.flash.take().into_iter().for_each(FlashErrand::done);
            }
            Effect::Submit(order) => self.submit(*order),
            Effect::Raise => self.shell.raise(),
            Effect::ShowLogo(logo) => self.tools.frames.show_logo(logo),
            Effect::RefuseLaunch(id, ending) => self.tools.launches.refuse(id, &ending),
            Effect::TellLaunch(id, ending) => self.tools.launches.tell(id, &ending),
            Effect::LeaveLaunch(id) => {
                if let Some(page) = self.tools.launches.leave(id) {
                    self.aside(move |_| launch::browse(&page));
                }
            }
            Effect::Kiosk(is_locked) => self.shell.kiosk(is_locked),
            Effect::Quit => self.shell.quit(),
            of_the_queue @ (Effect::LookAtQueue(_)
            | Effect::Retry(_)
            | Effect::SendNow
            | Effect::ExportItem(_)
            | Effect::Discard(_)) => self.tend_queue(of_the_queue),
            of_settings @ (Effect::AskPin
            | Effect::CheckPin(_)
            | Effect::ChoosePin(_)
            | Effect::ListChoices
            | Effect::SaveSettings(_)
            | Effect::Diagnose
            | Effect::ExportSupport
            | Effect::DemoOnline(_)
            | Effect::DemoScene(_)) => self.tend_settings(of_settings),
        }
    }

    fn guide(&mut self, visit: VisitId) {
        // The one before ends first, so that its news do not mix with the new one's.
        (self.capture, self.selfie) = (None, None);
        #[cfg(feature = "demo")]
        demo::face_the_camera(&self.tools, false);
        self.capture = card::guide(&self.tools, visit);
    }

    fn guide_selfie(&mut self, order: SelfieOrder) {
        (self.capture, self.selfie) = (None, None);
        #[cfg(feature = "demo")]
        demo::face_the_camera(&self.tools, true);
        self.selfie = SelfieErrand::begin(&self.tools, order);
        if order.wants_light {
            self.ask_challenge(order.visit, FlashSubject::Face, true);
        }
    }

    fn ask_challenge(&self, visit: VisitId, subject: FlashSubject, is_wanted: bool) {
        challenge::ask(&self.tools, visit, subject, is_wanted, Arc::clone(&self.customer.1));
    }

    fn press(&self) {
        self.capture.iter().for_each(|capture| capture.wish(Wish::Shutter));
        self.selfie.iter().for_each(SelfieErrand::press);
    }

    fn forget(&mut self) {
        (self.capture, self.selfie, self.flash) = (None, None, None);
        self.tools.frames.show_card(None);
    }

    fn camera_off(&mut self) {
        (self.capture, self.selfie, self.flash) = (None, None, None);
        self.tools.frames.close();
    }

    fn submit(&mut self, order: crate::controller::SubmitOrder) {
        self.tools.frames.show_card(None);
        let customer = self.customer.1.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let delivery = self.delivery.clone();
        self.aside(move |tools| submit::submit(tools, &order, customer, &delivery));
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "others are told apart before")]
    fn tend_queue(&self, effect: Effect) {
        let delivery = self.delivery.clone();
        self.aside(move |tools| match effect {
            Effect::LookAtQueue(open) => queue::look(tools, open.as_deref()),
            Effect::Retry(id) => queue::retry(tools, &id, &delivery),
            Effect::SendNow => delivery.send_now(),
            Effect::ExportItem(id) => queue::export(tools, &id),
            Effect::Discard(order) => queue::discard(tools, &order),
            _of_others => {}
        });
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "others are told apart before")]
    fn tend_settings(&self, effect: Effect) {
        let delivery = self.delivery.clone();
        self.aside(move |tools| match effect {
            Effect::AskPin => settings::ask_pin(tools),
            Effect::CheckPin(pin) => settings::check_pin(tools, &pin),
            Effect::ChoosePin(pin) => settings::choose_pin(tools, &pin),
            Effect::ListChoices => settings::list_choices(tools),
            Effect::SaveSettings(values) => settings::save(tools, &values, &delivery),
            Effect::Diagnose => support::diagnose(tools),
            Effect::ExportSupport => support::export(tools),
            #[cfg(feature = "demo")]
            Effect::DemoOnline(is_online) => demo::set_online(tools, is_online, &delivery),
            #[cfg(feature = "demo")]
            Effect::DemoScene(scene) => demo::play(tools, &scene),
            _of_others => {}
        });
    }
}
