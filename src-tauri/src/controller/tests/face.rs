//! The face's part of a visit: its light, its tries, its lock.

use super::*;
use crate::view::{FaceVoteView, FaceVoter, FlashView, VoteOutcome};

pub(super) const VOTES: [FaceVoteView; 2] = [
    FaceVoteView { voter: FaceVoter::ChallengeResponse, outcome: VoteOutcome::Passed },
    FaceVoteView { voter: FaceVoter::ScreenPattern, outcome: VoteOutcome::Failed },
];

impl Window {
    fn tell(&mut self, event: VisitEvent) {
        let id = self.visit_id().unwrap();
        self.handle(Event::Visit(id, event));
    }

    fn tap(&mut self, action: Action) {
        self.handle(Event::Act(action));
    }

    fn fail(&mut self, reason: SelfieFailure) {
        self.tell(VisitEvent::SelfieEnded(reason));
    }

    fn failed_try(&self) -> Option<(SelfieFailure, u32)> {
        let ScreenView::Selfie(selfie) = self.screen() else { return None };
        selfie.failed.map(|failed| (failed.reason, failed.tries_left))
    }

    fn locked(&self) -> Option<crate::view::SelfieLockedView> {
        let ScreenView::SelfieLocked(locked) = self.screen() else { return None };
        Some(locked)
    }

    /// Fails until it is locked.
    fn lock(&mut self) {
        for _try in 0..3 {
            self.tap(Action::TryAgain);
            self.fail(SelfieFailure::Missed);
        }
        assert!(self.locked().is_some_and(|locked| !locked.is_unlocked && locked.failed_tries == 3));
    }

    fn unlock(&mut self) {
        self.tap(Action::UnlockSelfie);
        assert!(matches!(self.screen(), ScreenView::Pin(_)));
        self.handle(Event::Pin(PinNews::Asked { locked_s: 0 }));
        self.tap(Action::EnterPin { pin: "123456".into() });
        self.handle(Event::Pin(PinNews::Right));
    }
}

/// A customer whose card is done, before the camera with their face.
fn sitting(mode: Mode) -> Window {
    let mut window = Window::open(mode, FlowView::IdentityVerification);
    window.tap(Action::Begin { customer_id: None });
    window.tap(Action::Agree);
    for news in [News::Offline, News::Reading, News::Taken] {
        window.happen(Happening::News(news, false));
    }
    window.tap(Action::Accept);
    assert!(matches!(window.screen(), ScreenView::Selfie(_)));
    window
}

#[test]
fn the_face_is_lit_after_it_was_captured_and_before_it_is_judged() {
    let mut window = sitting(Mode::Staff);
    window.tell(given(FlashSubject::Face));
    assert!(matches!(window.screen(), ScreenView::Selfie(_)), "the face comes first");
    window.tell(VisitEvent::SelfieAwaitsLight);
    let ScreenView::Flash(FlashView::Announced { subject, step, .. }) = window.screen() else {
        panic!("announced")
    };
    assert_eq!((subject, step.number), (FlashSubject::Face, 3));
    window.tap(Action::BeginFlash);
    window.tap(Action::BeginFlash);
    assert!(matches!(
        window.screen(),
        ScreenView::Flash(FlashView::Playing { subject: FlashSubject::Face, steps }) if steps.len() == 2
    ));
    window.tap(Action::FlashShown { index: 1 });
    window.tap(Action::FlashDone);
    assert!(matches!(window.screen(), ScreenView::Selfie(selfie) if selfie.is_checking));
    assert_eq!(window.light, (1, 1));
    window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Live)));
    assert!(matches!(window.screen(), ScreenView::Submitting(_)));
    let face = window.faces.pop().unwrap();
    assert_eq!((face.flash, face.gestures, face.failed_tries), (FlashOutcome::Played, Gestures::Asked, 0));
    assert!(face.challenge.is_some());
}

#[test]
fn without_light_the_capture_says_why() {
    #[track_caller]
    fn check(happen: impl FnOnce(&mut Window), expected: FlashOutcome) {
        let mut window = sitting(Mode::Staff);
        happen(&mut window);
        window.tell(VisitEvent::SelfieAwaitsLight);
        if matches!(window.screen(), ScreenView::Flash(_)) {
            window.tap(Action::SkipFlash);
        }
        assert_eq!(window.light.1, 1, "whoever waits is told");
        assert!(matches!(window.screen(), ScreenView::Selfie(selfie) if selfie.is_checking));
        window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Live)));
        assert_eq!(window.faces[0].flash, expected);
    }
    let news = |news| move |window: &mut Window| window.tell(VisitEvent::Challenge(FlashSubject::Face, news));
    check(|_| {}, FlashOutcome::Offline);
    check(news(ChallengeNews::Offline), FlashOutcome::Offline);
    check(news(ChallengeNews::NotPossible), FlashOutcome::NotSeen);
    check(news(ChallengeNews::NotWanted), FlashOutcome::Off);
    check(|window| window.tell(given(FlashSubject::Face)), FlashOutcome::Declined);
    let too_late = |window: &mut Window| {
        window.tell(given(FlashSubject::Face));
        window.wait(300_000);
    };
    check(too_late, FlashOutcome::Offline);
    // The card's is not the face's.
    check(|window| window.tell(given(FlashSubject::Card)), FlashOutcome::Offline);
}

#[test]
fn light_that_no_frame_shows_is_not_claimed() {
    let mut window = sitting(Mode::Staff);
    window.tell(given(FlashSubject::Face));
    window.tell(VisitEvent::SelfieAwaitsLight);
    // The announcement ends by itself, and a window that never reports the end is not waited for.
    window.wait(12_000);
    assert_eq!(window.light, (1, 1));
    let taken = crate::taken::TakenSelfie { has_light: false, ..*selfie(FaceVerdict::Unclear) };
    window.tell(VisitEvent::SelfieTaken(Box::new(taken)));
    assert_eq!(window.faces[0].flash, FlashOutcome::NotSeen);
}

#[test]
fn no_light_is_asked_for_where_it_is_switched_off() {
    let mut window = Window::open(Mode::Staff, FlowView::SelfieLiveness);
    window.controller.settings.values.uses_flash = false;
    window.tap(Action::Begin { customer_id: None });
    window.tap(Action::Agree);
    assert!(matches!(window.sittings[..], [SelfieOrder { wants_light: false, has_gestures: true, .. }]));
    window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Live)));
    assert_eq!(window.faces[0].flash, FlashOutcome::Off);
}

#[test]
fn three_tries_that_failed_need_staff() {
    let mut window = sitting(Mode::SelfService);
    window.fail(SelfieFailure::TimedOut);
    assert_eq!(window.failed_try(), Some((SelfieFailure::TimedOut, 2)));
    // What comes late of a try that failed changes nothing.
    window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Live)));
    window.tell(VisitEvent::SelfieAwaitsLight);
    window.fail(SelfieFailure::Missed);
    assert_eq!(window.failed_try(), Some((SelfieFailure::TimedOut, 2)));
    window.tap(Action::TryAgain);
    assert_eq!(window.failed_try(), None);
    window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Spoof)));
    assert_eq!(window.failed_try(), Some((SelfieFailure::NotConvincing, 1)));
    window.tap(Action::TryAgain);
    window.fail(SelfieFailure::Missed);
    let locked = window.locked().unwrap();
    assert_eq!((locked.reason, locked.is_unlocked, locked.failed_tries), (SelfieFailure::Missed, false, 3));
    for action in [Action::TryAgain, Action::OneMoreTry, Action::WithoutGestures, Action::Shutter] {
        window.tap(action);
        assert!(window.locked().is_some_and(|locked| !locked.is_unlocked));
    }
    assert_eq!((window.sittings.len(), window.faces.len()), (3, 0));
}

#[test]
fn a_camera_that_was_pulled_out_is_nobodys_failure() {
    let mut window = sitting(Mode::Staff);
    for _try in 0..5 {
        window.tell(VisitEvent::SelfieSeen(SelfieView::nothing_seen(SelfieHintCode::CameraLost)));
        window.fail(SelfieFailure::TimedOut);
        assert_eq!(window.failed_try(), Some((SelfieFailure::TimedOut, 3)));
        window.tap(Action::TryAgain);
    }
}

#[test]
fn staff_unlock_with_the_pin_alone_and_choose_how_to_go_on() {
    let mut window = sitting(Mode::SelfService);
    window.lock();
    window.tap(Action::UnlockSelfie);
    window.handle(Event::Pin(PinNews::Wrong { locked_s: 0 }));
    assert!(matches!(window.screen(), ScreenView::Pin(pin) if pin.is_wrong));
    window.tap(Action::Back);
    assert!(window.locked().is_some_and(|locked| !locked.is_unlocked));
    window.unlock();
    assert!(window.locked().is_some_and(|locked| locked.is_unlocked && locked.offers_without_gestures));
    window.tap(Action::OneMoreTry);
    assert!(matches!(window.screen(), ScreenView::Selfie(selfie) if selfie.failed.is_none()));
    assert!(window.sittings.last().is_some_and(|order| order.has_gestures));
    window.fail(SelfieFailure::Missed);
    assert!(window.locked().is_some_and(|locked| !locked.is_unlocked && locked.failed_tries == 4));
    window.unlock();
    window.tap(Action::WithoutGestures);
    assert!(window.sittings.last().is_some_and(|order| !order.has_gestures));
    window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Unclear)));
    let face = window.faces.pop().unwrap();
    assert!(matches!(face.gestures, Gestures::Waived { .. }));
    assert_eq!(face.failed_tries, 4);
}

#[test]
fn reasons_are_shown_to_staff_who_unlocked() {
    let mut window = sitting(Mode::Staff);
    for _try in 0..3 {
        window.tap(Action::TryAgain);
        window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Spoof)));
    }
    assert!(window.locked().unwrap().votes.is_empty());
    window.unlock();
    assert_eq!(window.locked().unwrap().votes, VOTES);
}

#[test]
fn a_customer_cannot_choose_the_pin_that_unlocks() {
    let mut kiosk = sitting(Mode::SelfService);
    kiosk.lock();
    kiosk.tap(Action::UnlockSelfie);
    kiosk.handle(Event::Pin(PinNews::NotChosen));
    assert!(kiosk.locked().is_some_and(|locked| !locked.is_unlocked));
    assert_eq!(kiosk.controller.view(kiosk.now).notice, Some(Notice::NoPin));
    // Staff at a counter may: the PIN is theirs.
    let mut counter = sitting(Mode::Staff);
    counter.lock();
    counter.tap(Action::UnlockSelfie);
    counter.handle(Event::Pin(PinNews::NotChosen));
    assert!(
        matches!(counter.screen(), ScreenView::Pin(pin) if pin.purpose == crate::view::PinPurpose::Choose)
    );
    counter.tap(Action::EnterPin { pin: "123456".into() });
    counter.handle(Event::Pin(PinNews::Right));
    assert!(counter.locked().is_some_and(|locked| locked.is_unlocked));
    assert!(!counter.controller.is_unlocked, "the settings stay shut");
}

#[test]
fn the_locked_screen_can_be_left_and_is_wiped_when_nobody_comes() {
    let mut window = sitting(Mode::Staff);
    window.lock();
    window.tap(Action::Cancel);
    assert!(matches!(window.screen(), ScreenView::Start(_)));
    let mut kiosk = sitting(Mode::SelfService);
    kiosk.lock();
    kiosk.wait(LONG_MS);
    assert!(matches!(kiosk.screen(), ScreenView::Start(_)));
}

#[test]
fn a_launch_hears_that_a_locked_customer_never_passed() {
    let mut window = Window::open(Mode::Staff, FlowView::SelfieLiveness);
    let id = window.launch(false);
    window.tap(Action::Agree);
    window.lock();
    window.tap(Action::Cancel);
    assert_eq!(window.told[&id], Some(Ending::NeverPassed));
}

#[test]
fn a_check_that_never_ends_is_a_try_that_failed() {
    let mut window = sitting(Mode::Staff);
    window.tell(VisitEvent::SelfieAwaitsLight);
    window.wait(14_000);
    assert!(matches!(window.screen(), ScreenView::Selfie(selfie) if selfie.is_checking));
    window.wait(2_000);
    assert_eq!(window.failed_try(), Some((SelfieFailure::TimedOut, 2)));
}

#[test]
fn staff_see_what_this_device_makes_of_a_face_and_a_kiosk_does_not() {
    for mode in [Mode::Staff, Mode::SelfService] {
        let mut window = sitting(mode);
        window.tell(VisitEvent::SelfieTaken(selfie(FaceVerdict::Unclear)));
        window.happen(Happening::News(News::Submitted, false));
        let ScreenView::Outcome(outcome) = window.screen() else { panic!("queued") };
        let told = outcome.face.map(|face| (face.verdict, face.votes, face.flash));
        let expected = (Some(FaceVerdict::Unclear), VOTES.to_vec(), FlashOutcome::Offline);
        assert_eq!(told, (mode == Mode::Staff).then_some(expected));
    }
}

#[test]
fn each_sitting_has_a_challenge_of_its_own() {
    let mut window = sitting(Mode::Staff);
    window.tell(given(FlashSubject::Face));
    window.fail(SelfieFailure::Missed);
    window.tap(Action::TryAgain);
    assert_eq!(window.sittings.len(), 2);
    window.tell(VisitEvent::SelfieAwaitsLight);
    assert!(matches!(window.screen(), ScreenView::Selfie(selfie) if selfie.is_checking), "no old colours");
}
