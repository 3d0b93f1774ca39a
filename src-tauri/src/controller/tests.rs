//! The whole window, driven by taps and news in any order.

use std::collections::BTreeSet;
use std::fmt;

use engine::Scan;
use gateway::{FlashChallenge, Rgb};
use jiff::Timestamp;
use jiff::civil::date;
use proptest::prelude::*;

use super::review::tests::reading;
use super::*;
use crate::action::Action;
use crate::view::{
    FlashOutcome, ModelView, ModelsView, OutcomeView, QueueView, ScreenView, SettingsValues,
    VirtualCameraPolicy,
};

/// More than any wait of a kiosk: idle, countdown, a flash, an outcome that leaves by itself.
const LONG_MS: u64 = 180_000;
const TICK_MS: u64 = 500;

fn configured(mode: Mode) -> Configured {
    Configured {
        values: SettingsValues {
            mode,
            language: Language::Id,
            appearance: Appearance::System,
            theme: None,
            camera: None,
            virtual_cameras: VirtualCameraPolicy::Warn,
            gateway_url: None,
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
    let scan = Scan::of(reading(0.99), date(2026, 11, 21));
    let card = engine::live::TakenCard { scan, frames: Vec::new(), first_at_ms: 0 };
    Box::new(crate::taken::TakenCard { card, captured_at: Timestamp::UNIX_EPOCH })
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
}

const NEWS: [News; 9] = [
    News::Challenge,
    News::Offline,
    News::Reading,
    News::Looking,
    News::Taken,
    News::TimedOut,
    News::FlashSeen,
    News::Stored,
    News::Submitted,
];

impl News {
    fn event(self) -> VisitEvent {
        let seen = |stage| {
            VisitEvent::Seen(Box::new(CardSeen { view: render::nothing_seen(&CameraView::Starting), stage }))
        };
        match self {
            Self::Challenge => {
                VisitEvent::Challenge(ChallengeNews::Given { challenge: challenge(), lives_ms: 300_000 })
            }
            Self::Offline => VisitEvent::Challenge(ChallengeNews::Offline),
            Self::Reading => seen(CardStage::Reading { done: 1, of: 5 }),
            Self::Looking => seen(CardStage::Looking),
            Self::Taken => VisitEvent::Taken(taken()),
            Self::TimedOut => VisitEvent::CardEnded(CardEnd::TimedOut),
            Self::FlashSeen => VisitEvent::FlashSeen(Vec::new()),
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
        2 => (1..60_000_u64).prop_map(Happening::Wait),
    ]
}

/// A window, and what must be true of it.
struct Window {
    controller: Controller,
    now: Now,
    agreed: BTreeSet<VisitId>,
    has_card: bool,
}

impl Window {
    fn open(mode: Mode) -> Self {
        let now = Now { ms: 0, at: Timestamp::UNIX_EPOCH, today: date(2026, 11, 21) };
        let controller = Controller::new(configured(mode));
        let mut window = Self { controller, now, agreed: BTreeSet::new(), has_card: false };
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
        let effects = self.controller.handle(event, self.now);
        let after = self.visit_id();
        if before.is_some() && after != before {
            let forgets = effects.iter().any(|effect| matches!(effect, Effect::Forget));
            let lets_go = effects.iter().any(|effect| matches!(effect, Effect::CameraOff));
            assert!(forgets && lets_go, "a visit ends with everything forgotten and the camera off");
        }
        if after != before {
            self.has_card = false;
        }
        for effect in &effects {
            self.check(effect);
        }
    }

    fn check(&mut self, effect: &Effect) {
        match effect {
            Effect::BeginVisit(order) => assert!(self.agreed.contains(&order.visit), "camera before consent"),
            Effect::CameraOn => {
                let agreed = self.visit_id().is_some_and(|id| self.agreed.contains(&id));
                assert!(agreed || self.controller.is_unlocked, "camera before consent");
            }
            Effect::Submit(order) => {
                assert!(self.agreed.contains(&order.visit), "a capture without consent");
                assert!(std::mem::take(&mut self.has_card), "one card is submitted once");
                assert_eq!(order.flash == FlashOutcome::Played, !order.samples.is_empty());
            }
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
            Happening::Wait(ms) => self.wait(ms),
        }
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

proptest! {
    #[test]
    fn nothing_is_captured_before_consent_and_every_screen_has_a_way_out(
        mode in proptest::sample::select(vec![Mode::Staff, Mode::SelfService, Mode::Field]),
        happenings in proptest::collection::vec(happening(), 0..60),
    ) {
        let mut window = Window::open(mode);
        for happening in happenings {
            window.happen(happening);
        }
        // Help on settings behind a PIN, over a visit: no stack is higher.
        for _step in 0..6 {
            window.leave();
        }
        prop_assert!(matches!(window.screen(), ScreenView::Start(_)), "stuck on {:?}", window.screen());
    }

    #[test]
    fn a_kiosk_that_is_left_alone_comes_back_to_the_start(
        happenings in proptest::collection::vec(happening(), 0..60),
    ) {
        let mut window = Window::open(Mode::SelfService);
        for happening in happenings {
            window.happen(happening);
        }
        // What was asked for is answered.
        for news in [News::Taken, News::FlashSeen, News::Submitted] {
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
        let mut window = Window::open(Mode::Staff);
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
