//! The window's state as it is shown.
//!
//! Invariant: rendering changes nothing; the same state at the same time gives the same view.

use gateway::onekyc::{Advice, ReasonCode};

use super::Controller;
use super::aside::Aside;
use super::event::{CardEnd, Now};
use super::visit::{CONSENT_VERSION, Stage, Step, Visit};
use crate::theme::Theme;
use crate::view::{
    AppView, CameraView, CardView, ConsentView, HelpView, HintCode, HintView, Mode, OpeningView, OutcomeView,
    RetryView, ScreenView, SelfieHintCode, SelfieView, StartView, StatusView, SubmittingView, ThemeView,
};

/// Of the queue at the start: what fits on the smallest display, and a little to scroll.
const ITEMS_AT_START: usize = 8;

impl Controller {
    /// The whole window; whoever sends it sets the revision.
    pub(crate) fn view(&self, now: Now) -> AppView {
        let screen = self.screen(now);
        AppView {
            revision: 0,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            mode: self.mode(),
            language: self.language,
            theme: ThemeView {
                appearance: self.appearance,
                partner: self.theme().map(|theme| theme.on(screen.name())),
            },
            link: self.link,
            counts: self.queue.counts,
            demo: self.demo.clone(),
            idle: self.asking,
            notice: self.notice.map(|(notice, _)| notice),
            screen,
        }
    }

    /// The look of whoever launched the visit, else of this installation.
    fn theme(&self) -> Option<&Theme> {
        let launched = self.visit.as_ref().and_then(|visit| visit.launch.as_ref()?.theme.as_ref());
        launched.or(self.settings.theme.as_ref())
    }

    /// The screen on top.
    pub(super) fn screen(&self, now: Now) -> ScreenView {
        let values = &self.settings.values;
        match (self.asides.last(), &self.visit) {
            (Some(Aside::Help(topic)), _) => ScreenView::Help(HelpView { topic: *topic }),
            (Some(Aside::Queue(queue)), _) => ScreenView::Queue(queue.view(self.is_sending)),
            (Some(Aside::Pin(pin)), _) => ScreenView::Pin(pin.view(now.ms)),
            (Some(Aside::Settings(settings)), _) => {
                ScreenView::Settings(settings.view(values, &self.settings.data_dir, &self.camera))
            }
            (None, Some(visit)) => self.visit_screen(visit, now),
            (None, None) if !self.is_ready() => self.opening(),
            (None, None) => self.start(),
        }
    }

    fn opening(&self) -> ScreenView {
        let waiting = || StatusView::waiting(env!("CARGO_PKG_VERSION"));
        let status = self.status.as_ref().map_or_else(waiting, |status| (**status).clone());
        ScreenView::Opening(OpeningView { status })
    }

    fn start(&self) -> ScreenView {
        let shown = match self.mode() {
            Mode::Field => ITEMS_AT_START,
            Mode::Staff | Mode::SelfService => 0,
        };
        ScreenView::Start(StartView {
            captured_today: self.queue.captured_today,
            delivered_today: self.queue.delivered_today,
            asks_customer_id: self.mode() != Mode::SelfService,
            items: self.queue.items.iter().take(shown).cloned().collect(),
            trouble: self.trouble(),
            flow: self.settings.flow,
        })
    }

    fn visit_screen(&self, visit: &Visit, now: Now) -> ScreenView {
        match &visit.stage {
            Stage::Consent => ScreenView::Consent(ConsentView {
                text_version: CONSENT_VERSION.to_owned(),
                flow: visit.plan.flow,
                recipient: self.recipient(visit),
                receipt_days: self.settings.receipt_days,
                capture_days: self.settings.capture_days,
            }),
            Stage::Card => ScreenView::Card(self.card(visit)),
            Stage::Flash(flash) => ScreenView::Flash(flash.view(visit.step(Step::Card), now.ms)),
            Stage::Reading => ScreenView::Reading(visit.reading()),
            Stage::Review => match &visit.review {
                Some(review) => ScreenView::Review(review.view(visit.step(Step::Review))),
                None => ScreenView::Reading(visit.reading()),
            },
            Stage::Selfie | Stage::SelfieCheck { .. } => ScreenView::Selfie(self.selfie(visit)),
            Stage::SelfieLight(light) => ScreenView::Flash(light.view(visit.step(Step::Selfie), now.ms)),
            Stage::SelfieLocked => ScreenView::SelfieLocked(visit.selfie_locked()),
            Stage::Submitting { stage, since_ms, upload } => ScreenView::Submitting(SubmittingView {
                step: visit.step(Step::Send),
                stage: *stage,
                sent_bytes: upload.map_or(0, |upload| upload.sent_bytes),
                total_bytes: upload.map_or(0, |upload| upload.total_bytes),
                is_slow: visit.is_slow(*since_ms, now.ms),
            }),
            Stage::Outcome { view, leaves_at_ms } => {
                ScreenView::Outcome(self.outcome(view, *leaves_at_ms, now))
            }
        }
    }

    /// Who receives what is captured: whoever launched the visit, where that is known, else this installation's partner.
    fn recipient(&self, visit: &Visit) -> Option<String> {
        let launch = visit.launch.as_ref();
        let by_theme = launch.and_then(|launch| launch.theme.as_ref()).map(|theme| theme.view.name.clone());
        let by_host = || launch.map(|launch| launch.host.clone());
        by_theme.or_else(|| self.settings.recipient.clone()).or_else(by_host)
    }

    fn card(&self, visit: &Visit) -> CardView {
        let mut view = match &visit.seen {
            Some(seen) => seen.view.clone(),
            None => nothing_seen(&self.camera),
        };
        view.step = visit.step(Step::Card);
        view.camera = self.camera.clone();
        view.again.clone_from(&visit.again);
        if !self.settings.values.shows_measures || self.mode() == Mode::SelfService {
            view.measures = None;
        }
        if let Some(end) = visit.ended {
            let reason = match end {
                CardEnd::TimedOut => view.hint.code,
                CardEnd::Broken => HintCode::Blurry,
            };
            view.retry = Some(RetryView { reasons: vec![reason], fields: Vec::new() });
        }
        view
    }

    fn selfie(&self, visit: &Visit) -> SelfieView {
        let hint = match &self.camera {
            CameraView::Starting | CameraView::Live { .. } => SelfieHintCode::NobodyThere,
            CameraView::Lost { .. } => SelfieHintCode::CameraLost,
        };
        let mut view = visit.face.seen().cloned().unwrap_or_else(|| SelfieView::nothing_seen(hint));
        view.is_checking = matches!(visit.stage, Stage::SelfieCheck { .. });
        view.failed = visit.face.failed_try();
        view.step = visit.step(Step::Selfie);
        view.camera = self.camera.clone();
        view.again.clone_from(&visit.again);
        view
    }

    fn outcome(&self, view: &OutcomeView, leaves_at_ms: Option<u64>, now: Now) -> OutcomeView {
        let left_s =
            |at_ms: u64| u32::try_from(at_ms.saturating_sub(now.ms).div_ceil(1000)).unwrap_or(u32::MAX);
        let mut view = OutcomeView { leaves_in_s: leaves_at_ms.map(left_s), ..view.clone() };
        if self.mode() == Mode::SelfService {
            // Scores and voters are for staff; a reason too, unless the customer can do something about it.
            (view.checks, view.tier, view.onekyc, view.face) = (Vec::new(), None, None, None);
            view.reason = view.reason.filter(|word| view.retake.is_some() || customer_can_act(word));
        }
        view
    }
}

/// Whether a customer who stands alone at a kiosk can do something about a reason of the partner's.
fn customer_can_act(reason: &str) -> bool {
    match ReasonCode::from(reason).advice() {
        Advice::TryLater | Advice::AnotherContact => true,
        Advice::RecaptureCard
        | Advice::RetakeSelfie
        | Advice::RetakeSelfieOnceThenStaff
        | Advice::UploadAgain
        | Advice::Staff
        | Advice::Rejected => false,
    }
}

/// Before the first frame.
pub(super) fn nothing_seen(camera: &CameraView) -> CardView {
    let code = match camera {
        CameraView::Starting | CameraView::Live { .. } => HintCode::NoCard,
        CameraView::Lost { .. } => HintCode::CameraLost,
    };
    CardView {
        step: crate::view::StepView { number: 1, of: 1 },
        camera: camera.clone(),
        hint: HintView { code, direction: None, fields: Vec::new() },
        quad: None,
        regions: Vec::new(),
        hold: 0.0,
        offers_help: false,
        offers_shutter: false,
        failed_tries: 0,
        retry: None,
        again: None,
        measures: None,
    }
}
