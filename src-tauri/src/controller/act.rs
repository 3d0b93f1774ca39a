//! What a person did, and what follows.

use ktp::Field;
use launch::Ending;

use super::Controller;
use super::aside::{Aside, PinAside, QueueAside, SettingsAside, topic};
use super::effect::{DiscardOrder, Effect, SelfieLight};
use super::event::Now;
use super::visit::{Stage, Visit, VisitPlan};
use crate::action::Action;
use crate::view::{FlashOutcome, Mode, Notice, PinPurpose};

/// Longest partner's id of a customer; theirs have 30 signs.
const MAX_CUSTOMER_ID: usize = 100;

impl Controller {
    /// Does it, or ignores it where it does not fit.
    pub(super) fn act(&mut self, action: Action, now: Now) -> Vec<Effect> {
        match action {
            Action::Touch => Vec::new(),
            Action::ChooseLanguage { language } => {
                self.language = language;
                Vec::new()
            }
            Action::ChooseAppearance { appearance } => {
                self.appearance = appearance;
                Vec::new()
            }
            Action::OpenHelp => self.open_help(now),
            Action::Back => self.back(),
            Action::Begin { customer_id } => self.begin(customer_id),
            Action::Cancel
            | Action::Agree
            | Action::Decline
            | Action::Shutter
            | Action::TryAgain
            | Action::UnlockSelfie
            | Action::OneMoreTry
            | Action::WithoutGestures
            | Action::BeginFlash
            | Action::SkipFlash
            | Action::FlashShown { .. }
            | Action::FlashDone
            | Action::GoOn
            | Action::Finish => self.act_in_visit(action, now),
            Action::Retake if !self.is_in_review() => self.act_in_visit(action, now),
            Action::Correct { .. }
            | Action::Undo
            | Action::ShowNik { .. }
            | Action::Accept
            | Action::Retake => self.act_in_review(action, now),
            Action::OpenQueue
            | Action::OpenItem { .. }
            | Action::RetryItem { .. }
            | Action::SendNow
            | Action::ExportItem { .. }
            | Action::DiscardItem { .. } => self.act_on_queue(action, now),
            Action::OpenSettings
            | Action::EnterPin { .. }
            | Action::SaveSettings { .. }
            | Action::ChangePin
            | Action::Diagnose
            | Action::ExportSupport => self.act_on_settings(action, now),
            Action::SetDemoOnline { is_online } => vec![Effect::DemoOnline(is_online)],
            Action::PlayScene { scene } => vec![Effect::DemoScene(scene)],
        }
    }

    fn open_help(&mut self, now: Now) -> Vec<Effect> {
        if self.help_is_partners() {
            return self.leave_everything(Ending::HelpClicked);
        }
        if !matches!(self.asides.last(), Some(Aside::Help(_))) {
            self.asides.push(Aside::Help(topic(&self.screen(now))));
        }
        Vec::new()
    }

    fn back(&mut self) -> Vec<Effect> {
        match self.asides.pop() {
            Some(Aside::Settings(_)) => {
                self.is_unlocked = false;
                vec![Effect::CameraOff, Effect::LookAtQueue(None)]
            }
            Some(Aside::Help(_) | Aside::Queue(_) | Aside::Pin(_)) | None => Vec::new(),
        }
    }

    fn begin(&mut self, customer_id: Option<String>) -> Vec<Effect> {
        let may = self.is_ready() && self.visit.is_none() && self.trouble().is_none();
        // From the queue of the field mode too: it comes first there.
        let is_on_top = matches!(self.asides.last(), None | Some(Aside::Queue(_)));
        if !may || !is_on_top {
            return Vec::new();
        }
        let is_plain =
            |id: &String| !id.is_empty() && id.len() <= MAX_CUSTOMER_ID && !id.contains(char::is_control);
        let customer_id = customer_id.map(|id| id.trim().to_owned()).filter(is_plain);
        self.asides.clear();
        self.notice = None;
        self.visits += 1;
        let plan = VisitPlan { customer_id, flow: self.settings.flow, grant: None };
        self.visit = Some(Visit::new(self.visits, plan, self.mode()));
        Vec::new()
    }

    fn act_in_visit(&mut self, action: Action, now: Now) -> Vec<Effect> {
        // A late tap on a screen that is covered by now.
        if !self.asides.is_empty() {
            return Vec::new();
        }
        let wants_flash = self.settings.values.uses_flash && self.settings.knows_light;
        let Some(visit) = self.visit.as_mut() else { return Vec::new() };
        match (&action, &visit.stage) {
            (Action::Agree, Stage::Consent) => {
                visit.agree(now, wants_flash);
                visit.begin_capture()
            }
            (Action::Decline, Stage::Consent) => {
                self.notify(Notice::Declined, now);
                self.leave_everything(Ending::Cancelled)
            }
            (Action::Cancel, _) if visit.can_be_cancelled() => {
                self.notify(Notice::Cancelled, now);
                self.leave_everything(Ending::Cancelled)
            }
            (Action::Shutter, Stage::Card | Stage::Selfie) => vec![Effect::Shutter],
            (Action::TryAgain, Stage::Card) if visit.ended.is_some() => visit.retake(),
            (Action::TryAgain, Stage::Card) => vec![Effect::TryAgain],
            (Action::TryAgain, Stage::Selfie) => visit.selfie_again(),
            (Action::UnlockSelfie, Stage::SelfieLocked) if visit.is_selfie_locked() => {
                self.asides.push(Aside::Pin(PinAside::new(PinPurpose::SelfieLock)));
                vec![Effect::AskPin]
            }
            (Action::OneMoreTry, Stage::SelfieLocked) => visit.try_once_more(None),
            (Action::WithoutGestures, Stage::SelfieLocked) => visit.try_once_more(Some(now.at)),
            (Action::Retake, Stage::Outcome { .. }) => visit.capture_again(),
            (Action::BeginFlash, Stage::Flash(_)) => visit.begin_flash(),
            (Action::SkipFlash, Stage::Flash(_)) => visit.skip_flash(now),
            (Action::FlashShown { index }, Stage::Flash(_)) => vec![Effect::FlashShown(*index)],
            (Action::FlashDone, Stage::Flash(_)) => vec![Effect::FlashDone],
            (_, Stage::SelfieLight(_)) => act_on_face_light(visit, &action, now),
            (Action::GoOn, Stage::Submitting { .. }) => {
                visit.go_on(now);
                Vec::new()
            }
            (Action::Finish, Stage::Outcome { .. }) => self.leave_everything(Ending::Cancelled),
            _does_not_fit => Vec::new(),
        }
    }

    fn is_in_review(&self) -> bool {
        self.visit.as_ref().is_some_and(|visit| matches!(visit.stage, Stage::Review))
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "a tap that does not fit the screen is ignored")]
    fn act_in_review(&mut self, action: Action, now: Now) -> Vec<Effect> {
        if !self.asides.is_empty() {
            return Vec::new();
        }
        let Some(visit) = self.visit.as_mut().filter(|visit| matches!(visit.stage, Stage::Review)) else {
            return Vec::new();
        };
        let Some(review) = visit.review.as_mut() else { return Vec::new() };
        match action {
            Action::Correct { key, value } => {
                if let Some(field) = Field::from_key(&key) {
                    review.correct(field, &value, now.at);
                }
            }
            Action::Undo => review.undo(),
            Action::ShowNik { is_shown } => review.show_nik(is_shown),
            Action::Accept if review.missing().is_empty() => return visit.go_on_after_card(now),
            Action::Retake => return visit.retake(),
            _does_not_fit => {}
        }
        Vec::new()
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "a tap that does not fit the screen is ignored")]
    fn act_on_queue(&mut self, action: Action, now: Now) -> Vec<Effect> {
        if self.mode() == Mode::SelfService {
            return Vec::new();
        }
        if matches!(action, Action::OpenQueue) {
            return self.open_queue(now);
        }
        if matches!(action, Action::SendNow) {
            return vec![Effect::SendNow];
        }
        // From the start, where the first items are.
        if let (Action::OpenItem { id: Some(_) }, None, None) = (&action, self.asides.last(), &self.visit) {
            self.open_queue(now);
        }
        let Some(Aside::Queue(queue)) = self.asides.last_mut() else { return Vec::new() };
        match action {
            Action::OpenItem { id } => {
                queue.open.clone_from(&id);
                vec![Effect::LookAtQueue(id)]
            }
            Action::RetryItem { id } => vec![Effect::Retry(id)],
            Action::ExportItem { id } => vec![Effect::ExportItem(id)],
            Action::DiscardItem { id, pin, reason } => {
                vec![Effect::Discard(DiscardOrder { id, pin, reason })]
            }
            _does_not_fit => Vec::new(),
        }
    }

    fn open_queue(&mut self, now: Now) -> Vec<Effect> {
        let is_over = |stage: &Stage| matches!(stage, Stage::Outcome { .. });
        if self.visit.as_ref().is_some_and(|visit| !is_over(&visit.stage)) {
            self.notify(Notice::NotNow, now);
            return Vec::new();
        }
        let mut effects =
            if self.visit.is_some() { self.leave_everything(Ending::Cancelled) } else { Vec::new() };
        if !matches!(self.asides.last(), Some(Aside::Queue(_))) {
            self.asides.push(Aside::Queue(QueueAside { news: self.queue.clone(), ..QueueAside::default() }));
        }
        effects.push(Effect::LookAtQueue(None));
        effects
    }

    fn act_on_settings(&mut self, action: Action, now: Now) -> Vec<Effect> {
        match (action, self.asides.last_mut()) {
            (Action::OpenSettings, _) if self.visit.is_some() => {
                self.notify(Notice::NotNow, now);
                Vec::new()
            }
            (Action::OpenSettings, None | Some(Aside::Queue(_) | Aside::Help(_))) => {
                self.asides.push(Aside::Pin(PinAside::new(PinPurpose::Settings)));
                vec![Effect::AskPin]
            }
            (Action::EnterPin { pin }, Some(Aside::Pin(aside))) => match aside.purpose() {
                PinPurpose::Choose => vec![Effect::ChoosePin(pin)],
                PinPurpose::Settings | PinPurpose::LeaveKiosk | PinPurpose::SelfieLock => {
                    vec![Effect::CheckPin(pin)]
                }
            },
            (Action::SaveSettings { values }, Some(Aside::Settings(settings))) => {
                settings.rejected = None;
                vec![Effect::SaveSettings(Box::new(values))]
            }
            (Action::ChangePin, Some(Aside::Settings(_))) => {
                self.asides.push(Aside::Pin(PinAside::new(PinPurpose::Choose)));
                Vec::new()
            }
            (Action::Diagnose, Some(Aside::Settings(settings))) => {
                settings.diagnostics = Some(Vec::new());
                vec![Effect::Diagnose]
            }
            (Action::ExportSupport, Some(Aside::Settings(_))) => vec![Effect::ExportSupport],
            _does_not_fit => Vec::new(),
        }
    }

    /// The right PIN was entered, or a new one was chosen.
    pub(super) fn unlock(&mut self) -> Vec<Effect> {
        self.asides.pop();
        if self.is_unlocked {
            // It was changed from within the settings, which lie below.
            return Vec::new();
        }
        self.is_unlocked = true;
        self.asides.push(Aside::Settings(Box::<SettingsAside>::default()));
        vec![Effect::CameraOn, Effect::ListChoices]
    }
}

/// Taps while the screen lights the face, or is about to.
#[allow(clippy::wildcard_enum_match_arm, reason = "a tap that does not fit the screen is ignored")]
fn act_on_face_light(visit: &mut Visit, action: &Action, now: Now) -> Vec<Effect> {
    match action {
        Action::BeginFlash => visit.begin_face_light(),
        Action::SkipFlash => visit.end_face_light(FlashOutcome::Declined, now),
        Action::FlashShown { index } => vec![Effect::SelfieLight(SelfieLight::Shown(*index))],
        Action::FlashDone => visit.end_face_light(FlashOutcome::Played, now),
        _does_not_fit => Vec::new(),
    }
}
