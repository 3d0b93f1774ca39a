//! The whole window, driven by taps and news in any order.

#![allow(clippy::wildcard_enum_match_arm, reason = "a test looks at what it is about")]

mod face;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use engine::Scan;
use gateway::{Endpoint, FlashChallenge, Grant, Rgb};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

use super::review::tests::reading;
use super::*;
use crate::action::Action;
use crate::view::{
    FaceVerdict, FlashOutcome, FlashSubject, FlowView, ModelView, ModelsView, OneKycView, OutcomeResult,
    OutcomeView, QueueView, RetakeView, ScreenView, SelfieFailure, SelfieHintCode, SelfieView,
    SettingsValues, VirtualCameraPolicy,
};

/// More than any wait of a kiosk: idle, countdown, a flash, an outcome that leaves by itself.
const LONG_MS: u64 = 180_000;
const TICK_MS: u64 = 500;

fn configured(mode: Mode, flow: FlowView) -> Configured {
    Configured {
        flow,
        knows_light: true,
        values: SettingsValues {
            mode,
            language: Language::Id,
            appearance: Appearance::System,
            theme: None,
            camera: None,
            virtual_cameras: VirtualCameraPolicy::Warn,
            gateway_url: None,
            gestures: 2,
            uses_flash: true,
            shows_measures: false,
            idle_s: 30,
        },
        theme: None,
        data_dir: String::new(),
        recipient: None,
        receipt_days: None,
        capture_days: None,
        is_saved: false,
    }
}

fn taken() -> Box<crate::taken::TakenCard> {
    let scan = Scan::of(reading(0.99), &[], date(2026, 11, 21));
    let card = engine::live::TakenCard { scan, frames: Vec::new(), first_at_ms: 0 };
    Box::new(crate::taken::TakenCard { card, captured_at: Timestamp::UNIX_EPOCH })
}

fn selfie(verdict: FaceVerdict) -> Box<crate::taken::TakenSelfie> {
    let best = frame::Frame::filled(8, 8, [200, 150, 120]);
    let judgement = liveness::Judgement { verdict: liveness::LocalVerdict::Unclear, votes: Vec::new() };
    let life = engine::live::Life {
        responses: Vec::new(),
        passive_scores: Vec::new(),
        flash_samples: Vec::new(),
        pulse_samples: Vec::new(),
        judgement,
    };
    let selfie = engine::live::TakenSelfie { best, additional: None, at_ms: 0, life };
    Box::new(crate::taken::TakenSelfie {
        selfie,
        captured_at: Timestamp::UNIX_EPOCH,
        verdict,
        votes: face::VOTES.to_vec(),
        has_light: true,
    })
}

/// The partner wants another picture.
fn refused() -> OutcomeView {
    OutcomeView {
        result: OutcomeResult::Refused,
        retake: Some(RetakeView::Card),
        reason: Some("NOT_EKTP".into()),
        onekyc: Some(OneKycView {
            status: "COMPLETED".into(),
            result: Some("INVALID".into()),
            reason_code: Some("NOT_EKTP".into()),
            correlation_id: String::new(),
        }),
        ..OutcomeView::queued("item".into(), FlashOutcome::Offline)
    }
}

fn challenge() -> FlashChallenge {
    FlashChallenge {
        id: "fc_0001".into(),
        nonce: "n".into(),
        steps: vec![(Rgb([255, 0, 0]), 500), (Rgb([0, 0, 255]), 500)],
        // Long ago by this machine's clock, which must not matter.
        expires_at: Timestamp::UNIX_EPOCH,
        hmac_secret: "qe_whsec_EXAMPLEONLY".into(),
    }
}

/// News of a visit, as the work behind the window tells them.
#[derive(Clone, Copy, Debug)]
enum News {
    Challenge,
    Offline,
    Reading,
    Looking,
    Taken,
    TimedOut,
    FlashSeen,
    Stored,
    Submitted,
    SelfieSeen,
    FaceChallenge,
    AwaitsLight,
    SelfieTaken,
    SelfieSpoof,
    SelfieMissed,
    Refused,
}

const NEWS: [News; 16] = [
    News::Challenge,
    News::Offline,
    News::Reading,
    News::Looking,
    News::Taken,
    News::TimedOut,
    News::FlashSeen,
    News::Stored,
    News::Submitted,
    News::SelfieSeen,
    News::FaceChallenge,
    News::AwaitsLight,
    News::SelfieTaken,
    News::SelfieSpoof,
    News::SelfieMissed,
    News::Refused,
];

fn given(subject: FlashSubject) -> VisitEvent {
    VisitEvent::Challenge(subject, ChallengeNews::Given { challenge: challenge(), lives_ms: 300_000 })
}

impl News {
    fn event(self) -> VisitEvent {
        let seen = |stage| {
            VisitEvent::Seen(Box::new(CardSeen { view: render::nothing_seen(&CameraView::Starting), stage }))
        };
        match self {
            Self::Challenge => given(FlashSubject::Card),
            Self::FaceChallenge => given(FlashSubject::Face),
            Self::Offline => VisitEvent::Challenge(FlashSubject::Card, ChallengeNews::Offline),
            Self::Reading => seen(CardStage::Reading { done: 1, of: 5 }),
            Self::Looking => seen(CardStage::Looking),
            Self::Taken => VisitEvent::Taken(taken()),
            Self::TimedOut => VisitEvent::CardEnded(CardEnd::TimedOut),
            Self::FlashSeen => VisitEvent::FlashSeen(Vec::new()),
            Self::SelfieSeen => VisitEvent::SelfieSeen(SelfieView::nothing_seen(SelfieHintCode::NobodyThere)),
            Self::AwaitsLight => VisitEvent::SelfieAwaitsLight,
            Self::SelfieTaken => VisitEvent::SelfieTaken(selfie(FaceVerdict::Live)),
            Self::SelfieSpoof => VisitEvent::SelfieTaken(selfie(FaceVerdict::Spoof)),
            Self::SelfieMissed => VisitEvent::SelfieEnded(SelfieFailure::Missed),
            Self::Refused => VisitEvent::Submitted(Box::new(refused())),
            Self::Stored => VisitEvent::Stored("item".into()),
            Self::Submitted => {
                VisitEvent::Submitted(Box::new(OutcomeView::queued("item".into(), FlashOutcome::Offline)))
            }
        }
    }
}

/// Something that may happen at any moment.
#[derive(Clone, Debug)]
enum Happening {
    Tap(Tap),
    /// Of the visit that is, or of the one before it.
    News(News, bool),
    RightPin,
    CloseAsked,
    /// A partner's front end launches a flow; whether help is the partner's.
    Launch(bool),
    /// The camera is lost, or is back.
    CameraLost(bool),
    Wait(u64),
}

/// An action by its name: actions have no `Debug`, because a PIN may be in one.
#[derive(Clone)]
struct Tap(&'static str, Action);

impl fmt::Debug for Tap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A visit that gets somewhere is as likely as one that goes nowhere.
fn on_the_way() -> Vec<Tap> {
    vec![
        Tap("begin", Action::Begin { customer_id: None }),
        Tap("agree", Action::Agree),
        Tap("begin flash", Action::BeginFlash),
        Tap("accept", Action::Accept),
    ]
}

fn beside_it() -> Vec<Tap> {
    vec![
        Tap("touch", Action::Touch),
        Tap("help", Action::OpenHelp),
        Tap("back", Action::Back),
        Tap("cancel", Action::Cancel),
        Tap("decline", Action::Decline),
        Tap("shutter", Action::Shutter),
        Tap("try again", Action::TryAgain),
        Tap("unlock", Action::UnlockSelfie),
        Tap("one more try", Action::OneMoreTry),
        Tap("without gestures", Action::WithoutGestures),
        Tap("skip flash", Action::SkipFlash),
        Tap("flash done", Action::FlashDone),
        Tap("correct", Action::Correct { key: "fullName".into(), value: "NAMA LAIN".into() }),
        Tap("undo", Action::Undo),
        Tap("retake", Action::Retake),
        Tap("go on", Action::GoOn),
        Tap("finish", Action::Finish),
        Tap("queue", Action::OpenQueue),
        Tap("item", Action::OpenItem { id: Some("item".into()) }),
        Tap("settings", Action::OpenSettings),
        Tap("change PIN", Action::ChangePin),
    ]
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        3 => proptest::sample::select(beside_it()).prop_map(Happening::Tap),
        3 => proptest::sample::select(on_the_way()).prop_map(Happening::Tap),
        6 => (proptest::sample::select(NEWS.to_vec()), proptest::bool::weighted(0.1))
            .prop_map(|(news, is_stale)| Happening::News(news, is_stale)),
        1 => Just(Happening::RightPin),
        1 => Just(Happening::CloseAsked),
        2 => any::<bool>().prop_map(Happening::Launch),
        1 => any::<bool>().prop_map(Happening::CameraLost),
        2 => (1..60_000_u64).prop_map(Happening::Wait),
    ]
}

/// A window, and what must be true of it.
struct Window {
    controller: Controller,
    now: Now,
    agreed: BTreeSet<VisitId>,
    has_card: bool,
    has_face: bool,
    /// What every launch was told.
    told: BTreeMap<LaunchId, Option<Ending>>,
    /// Sittings before the camera.
    sittings: Vec<SelfieOrder>,
    /// What went with each face.
    faces: Vec<FaceOrder>,
    /// How often a face's light began, and how often it was over.
    light: (u32, u32),
}

impl Window {
    fn open(mode: Mode, flow: FlowView) -> Self {
        let now = Now { ms: 0, at: Timestamp::UNIX_EPOCH, today: date(2026, 11, 21) };
        let controller = Controller::new(configured(mode, flow));
        let agreed = BTreeSet::new();
        let told = BTreeMap::new();
        let mut window = Self {
            controller,
            now,
            agreed,
            has_card: false,
            has_face: false,
            told,
            sittings: Vec::new(),
            faces: Vec::new(),
            light: (0, 0),
        };
        let models = ModelsView::Ready { models: Vec::<ModelView>::new() };
        let queue = QueueView::NotCreated { path: String::new() };
        let status = StatusView { version: String::new(), models, queue };
        window.handle(Event::Opened(Box::new(status)));
        assert!(matches!(window.screen(), ScreenView::Start(_)));
        window
    }

    fn screen(&self) -> ScreenView {
        self.controller.view(self.now).screen
    }

    fn visit_id(&self) -> Option<VisitId> {
        self.controller.visit.as_ref().map(|visit| visit.id)
    }

    fn handle(&mut self, event: Event) {
        let before = self.visit_id();
        let is_agreement =
            matches!(event, Event::Act(Action::Agree)) && matches!(self.screen(), ScreenView::Consent(_));
        if let (true, Some(id)) = (is_agreement, before) {
            self.agreed.insert(id);
        }
        let took = match &event {
            Event::Visit(id, VisitEvent::Taken(_)) => Some(*id) == before,
            _other => false,
        };
        self.has_card |= took;
        self.has_face |=
            matches!(&event, Event::Visit(id, VisitEvent::SelfieTaken(_)) if Some(*id) == before);
        let effects = self.controller.handle(event, self.now);
        self.note_failed_face(before);
        let after = self.visit_id();
        if before.is_some() && after != before {
            let forgets = effects.iter().any(|effect| matches!(effect, Effect::Forget));
            let lets_go = effects.iter().any(|effect| matches!(effect, Effect::CameraOff));
            assert!(forgets && lets_go, "a visit ends with everything forgotten and the camera off");
        }
        if after != before {
            (self.has_card, self.has_face) = (false, false);
        }
        for effect in effects {
            self.check(&effect);
            if let Effect::Submit(order) = effect {
                self.faces.extend(order.face);
            }
        }
    }

    /// A face that did not convince is not one that is submitted.
    fn note_failed_face(&mut self, visit: Option<VisitId>) {
        let current = self.controller.visit.as_ref().filter(|current| Some(current.id) == visit);
        if current.is_some_and(|visit| visit.face.has_failed()) {
            self.has_face = false;
        }
    }

    fn check(&mut self, effect: &Effect) {
        match effect {
            Effect::GuideSelfie(order) => {
                assert!(self.agreed.contains(&order.visit), "camera before consent");
                let is_launched = self.controller.visit.as_ref().is_some_and(|visit| visit.launch.is_some());
                assert!(!(is_launched && order.wants_light), "a launched flow is asked for no colours");
                self.sittings.push(*order);
            }
            Effect::SelfieLight(SelfieLight::Begin(_)) => self.light.0 += 1,
            Effect::SelfieLight(SelfieLight::Over) => self.light.1 += 1,
            Effect::BeginVisit(order) => {
                assert!(self.agreed.contains(&order.visit), "camera before consent");
                let is_launched = self.controller.visit.as_ref().is_some_and(|visit| visit.launch.is_some());
                assert!(!(is_launched && order.wants_flash), "a launched flow is asked for no colours");
            }
            Effect::CameraOn => {
                let agreed = self.visit_id().is_some_and(|id| self.agreed.contains(&id));
                assert!(agreed || self.controller.is_unlocked, "camera before consent");
            }
            Effect::Submit(order) => {
                assert!(self.agreed.contains(&order.visit), "a capture without consent");
                let (has_card, has_face) =
                    (std::mem::take(&mut self.has_card), std::mem::take(&mut self.has_face));
                assert!(has_card || !order.flow.has_card(), "one card is submitted once");
                assert!(has_face || !order.flow.has_face(), "one face is submitted once");
                assert_eq!(order.taken.is_some(), order.flow.has_card());
                assert_eq!(order.selfie.is_some(), order.flow.has_face());
                assert_eq!(order.face.is_some(), order.flow.has_face());
                assert_eq!(order.flash == FlashOutcome::Played, !order.samples.is_empty());
            }
            Effect::TellLaunch(id, ending) | Effect::RefuseLaunch(id, ending) => {
                let before = self.told.insert(*id, Some(ending.clone()));
                assert_eq!(before, Some(None), "a launch is told its end once");
            }
            Effect::LeaveLaunch(id) => assert!(self.told[id].is_some(), "the browser goes on after the end"),
            Effect::Retry(_) | Effect::ExportItem(_) | Effect::Discard(_) | Effect::SaveSettings(_) => {
                assert_ne!(self.controller.mode(), Mode::SelfService, "not for customers");
            }
            _harmless => {}
        }
    }

    fn wait(&mut self, ms: u64) {
        let until_ms = self.now.ms + ms;
        while self.now.ms < until_ms {
            self.now.ms += TICK_MS;
            self.handle(Event::Tick);
        }
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Tap(Tap(_, action)) => self.handle(Event::Act(action)),
            Happening::News(news, is_stale) => {
                let id = self.controller.visits.saturating_sub(VisitId::from(is_stale));
                let before = is_stale.then(|| self.screen());
                self.handle(Event::Visit(id, news.event()));
                if let Some(before) = before {
                    assert_eq!(self.screen(), before, "news of a visit that is over change nothing");
                }
            }
            Happening::RightPin => self.handle(Event::Pin(PinNews::Right)),
            Happening::CloseAsked => self.handle(Event::CloseAsked),
            Happening::Launch(ends_on_help) => drop(self.launch(ends_on_help)),
            Happening::CameraLost(is_lost) => self.lose_camera(is_lost),
            Happening::Wait(ms) => self.wait(ms),
        }
    }

    fn launch(&mut self, ends_on_help: bool) -> LaunchId {
        let id = self.told.len() as LaunchId + 1;
        self.told.insert(id, None);
        let order = LaunchOrder {
            id,
            flow: self.controller.settings.flow,
            grant: Grant {
                base_url: Endpoint::parse("https://onekyc.example.test").unwrap(),
                correlation_id: uuid::Uuid::nil(),
                token: "EXAMPLEONLY".into(),
                user_id: None,
            },
            host: "onekyc.example.test".into(),
            language: Some(Language::En),
            appearance: Some(Appearance::Dark),
            theme: None,
            ends_on_help,
        };
        self.handle(Event::Launched(Box::new(order)));
        id
    }

    fn lose_camera(&mut self, is_lost: bool) {
        let lost = CameraView::Lost { problem: crate::view::CameraProblem::Absent, name: None };
        self.handle(Event::Camera(if is_lost { lost } else { CameraView::Starting }));
    }

    /// The way out that the screen offers.
    fn leave(&mut self) {
        let news = |news: News, id| Event::Visit(id, news.event());
        let event = match (self.screen(), self.visit_id()) {
            (
                ScreenView::Help(_) | ScreenView::Queue(_) | ScreenView::Pin(_) | ScreenView::Settings(_),
                _,
            ) => Event::Act(Action::Back),
            (ScreenView::Submitting(_), Some(id)) => news(News::Submitted, id),
            (ScreenView::Outcome(_), _) => Event::Act(Action::Finish),
            _other => Event::Act(Action::Cancel),
        };
        self.handle(event);
    }
}

fn any_flow() -> impl Strategy<Value = FlowView> {
    let all = vec![FlowView::KtpScan, FlowView::SelfieLiveness, FlowView::IdentityVerification];
    proptest::sample::select(all)
}

proptest! {
    #[test]
    fn nothing_is_captured_before_consent_and_every_screen_has_a_way_out(
        mode in proptest::sample::select(vec![Mode::Staff, Mode::SelfService, Mode::Field]),
        flow in any_flow(),
        happenings in proptest::collection::vec(happening(), 0..60),
    ) {
        let mut window = Window::open(mode, flow);
        for happening in happenings {
            window.happen(happening);
        }
        // Help on settings behind a PIN, over a visit: no stack is higher.
        for _step in 0..6 {
            window.leave();
        }
        prop_assert!(matches!(window.screen(), ScreenView::Start(_)), "stuck on {:?}", window.screen());
        let untold = window.told.iter().find(|(_, ending)| ending.is_none());
        prop_assert!(untold.is_none(), "nobody was told the end of launch {untold:?}");
        prop_assert_eq!(window.controller.language, Language::Id, "a launch's language goes with it");
    }

    #[test]
    fn a_kiosk_that_is_left_alone_comes_back_to_the_start(
        flow in any_flow(),
        happenings in proptest::collection::vec(happening(), 0..60),
    ) {
        let mut window = Window::open(Mode::SelfService, flow);
        for happening in happenings {
            window.happen(happening);
        }
        // What was asked for is answered.
        for news in [News::Taken, News::FlashSeen, News::SelfieTaken, News::Submitted] {
            window.happen(Happening::News(news, false));
            window.wait(LONG_MS);
        }
        prop_assert!(matches!(window.screen(), ScreenView::Start(_)), "stuck on {:?}", window.screen());
        prop_assert!(window.controller.visit.is_none());
    }
}

#[test]
fn a_challenge_lives_by_the_partners_clock() {
    let check = |waited_ms: u64, has_flash: bool| {
        let mut window = Window::open(Mode::Staff, FlowView::KtpScan);
        window.handle(Event::Act(Action::Begin { customer_id: None }));
        window.handle(Event::Act(Action::Agree));
        window.happen(Happening::News(News::Challenge, false));
        window.wait(waited_ms);
        window.happen(Happening::News(News::Reading, false));
        assert_eq!(matches!(window.screen(), ScreenView::Flash(_)), has_flash, "after {waited_ms} ms");
    };
    check(10_000, true);
    check(400_000, false);
}

/// A window of staff that agreed to a flow.
fn agreed(flow: FlowView) -> Window {
    let mut window = Window::open(Mode::Staff, flow);
    window.handle(Event::Act(Action::Begin { customer_id: None }));
    window.handle(Event::Act(Action::Agree));
    window
}

#[test]
fn identity_verification_is_the_card_then_the_face_then_one_submission() {
    let mut window = agreed(FlowView::IdentityVerification);
    for news in [News::Offline, News::Reading, News::Taken] {
        window.happen(Happening::News(news, false));
    }
    assert!(
        matches!(window.screen(), ScreenView::Review(review) if review.step.number == 2 && review.step.of == 4)
    );
    window.handle(Event::Act(Action::Accept));
    window.happen(Happening::News(News::SelfieSeen, false));
    assert!(matches!(window.screen(), ScreenView::Selfie(selfie) if selfie.step.number == 3));
    window.happen(Happening::News(News::SelfieTaken, false));
    assert!(matches!(window.screen(), ScreenView::Submitting(sending) if sending.step.number == 4));
}

#[test]
fn what_the_partner_wants_again_is_captured_in_the_same_visit_three_times_at_most() {
    let mut window = agreed(FlowView::SelfieLiveness);
    let visit = window.visit_id();
    for capture in 1..=3 {
        assert!(matches!(window.screen(), ScreenView::Selfie(_)), "capture {capture}");
        for news in [News::SelfieSeen, News::SelfieTaken, News::Refused] {
            window.happen(Happening::News(news, false));
        }
        let ScreenView::Outcome(outcome) = window.screen() else { panic!("refused") };
        assert_eq!(outcome.retake.is_some(), capture < 3);
        window.handle(Event::Act(Action::Retake));
        if let ScreenView::Selfie(selfie) = window.screen() {
            assert_eq!(selfie.again.as_deref(), Some("NOT_EKTP"));
        }
    }
    assert!(matches!(window.screen(), ScreenView::Outcome(_)));
    assert_eq!(window.visit_id(), visit);
}

/// A window of staff in front of which a launched customer agreed.
fn launched(ends_on_help: bool) -> (Window, LaunchId) {
    let mut window = Window::open(Mode::Staff, FlowView::KtpScan);
    let id = window.launch(ends_on_help);
    window.handle(Event::Act(Action::Agree));
    assert_eq!(window.controller.view(window.now).language, Language::En);
    (window, id)
}

#[test]
fn each_way_out_of_a_launched_visit_is_told_as_what_it_is() {
    #[track_caller]
    fn check(ends_on_help: bool, happen: impl FnOnce(&mut Window), expected: Option<Ending>) {
        let (mut window, id) = launched(ends_on_help);
        happen(&mut window);
        assert_eq!(window.told[&id], expected);
    }
    let act = |action: Action| move |window: &mut Window| window.handle(Event::Act(action));
    check(false, act(Action::Cancel), Some(Ending::Cancelled));
    check(false, act(Action::OpenHelp), None);
    check(true, act(Action::OpenHelp), Some(Ending::HelpClicked));
    let timed_out = |window: &mut Window| {
        window.happen(Happening::News(News::TimedOut, false));
        window.handle(Event::Act(Action::Cancel));
    };
    check(false, timed_out, Some(Ending::NeverPassed));
    let lost = |window: &mut Window| {
        window.lose_camera(true);
        window.wait(10_000);
    };
    check(false, lost, None);
    let lost_long = |window: &mut Window| {
        window.lose_camera(true);
        window.wait(30_000);
    };
    check(false, lost_long, Some(Ending::CameraMissing));
    let queued = |window: &mut Window| {
        for news in [News::Offline, News::Reading, News::Taken] {
            window.happen(Happening::News(news, false));
        }
        window.handle(Event::Act(Action::Accept));
        window.happen(Happening::News(News::Submitted, false));
    };
    check(false, queued, Some(Ending::Pending { submission_id: None }));
}

#[test]
fn a_launch_waits_for_the_window_and_not_for_a_customer() {
    let mut window = Window::open(Mode::Staff, FlowView::KtpScan);
    window.handle(Event::Act(Action::Begin { customer_id: None }));
    let busy = window.launch(false);
    assert_eq!(window.told[&busy], Some(Ending::Busy));
    let status = window.controller.status.take();
    window.controller.visit = None;
    let early = window.launch(false);
    let earlier = window.launch(false);
    assert_eq!((&window.told[&early], &window.told[&earlier]), (&None, &Some(Ending::Busy)));
    window.handle(Event::Opened(status.unwrap()));
    assert!(matches!(window.screen(), ScreenView::Consent(_)));
}
