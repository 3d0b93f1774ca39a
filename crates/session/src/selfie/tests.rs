//! The guided selfie, played frame by frame.

use proptest::prelude::*;

use super::*;

const REST: SeenFace = SeenFace {
    height: 0.55,
    right: 0.0,
    down: 0.0,
    yaw: 0.0,
    pitch: 0.0,
    roll: 0.0,
    eyes_open: 0.9,
    smile: 0.1,
    mouth_width: 0.8,
    covered: 0.05,
    brightness: 0.5,
    sharpness: 0.8,
    speed: 0.02,
};

fn seen(face: SeenFace) -> SelfieObservation {
    SelfieObservation { faces: 1, face: Some(face), surroundings: 0.5 }
}

fn good() -> SelfieObservation {
    seen(REST)
}

fn nobody() -> SelfieObservation {
    SelfieObservation { faces: 0, face: None, surroundings: 0.5 }
}

struct Play {
    session: SelfieSession,
    now_ms: u64,
    effects: Vec<SelfieEffect>,
}

impl Play {
    fn of(gestures: &[Gesture], awaits_light: bool) -> Self {
        let cues = gestures.iter().map(|gesture| Cue { gesture: *gesture, rest_ms: 250 }).collect();
        let plan = SelfiePlan { cues, awaits_light };
        Self { session: SelfieSession::new(plan, SelfieParams::default()), now_ms: 0, effects: Vec::new() }
    }

    /// Shows the same for so many frames of 33 ms.
    fn show(mut self, frames: u32, what: SelfieObservation) -> Self {
        for _ in 0..frames {
            self.effects.extend(self.session.handle(SelfieInput::Observed(what), self.now_ms));
            self.now_ms += 33;
        }
        self
    }

    fn say(mut self, input: SelfieInput) -> Self {
        self.effects.extend(self.session.handle(input, self.now_ms));
        self
    }

    /// Does what is asked for, each time it is asked.
    fn obey(mut self, most_frames: u32) -> Self {
        let mut doing = 0;
        for _ in 0..most_frames {
            let gesture = self.session.view().gesture.map(|prompt| prompt.gesture);
            doing = if gesture.is_some() { doing + 1 } else { 0 };
            // A person reads for half a second, and holds it for as long.
            let face = match gesture.filter(|_| (15..30).contains(&doing)) {
                Some(Gesture::Blink) => SeenFace { eyes_open: 0.1, ..REST },
                Some(Gesture::TurnLeft) => SeenFace { yaw: 25.0, ..REST },
                Some(Gesture::Smile) => SeenFace { smile: 0.7, mouth_width: 0.95, ..REST },
                None => REST,
            };
            self = self.show(1, seen(face));
        }
        self
    }

    fn count(&self, effect: SelfieEffect) -> usize {
        self.effects.iter().filter(|other| **other == effect).count()
    }

    fn end(&self) -> Option<SelfieEnd> {
        self.session.view().end
    }
}

#[test]
fn a_good_face_is_taken_after_the_hold_and_not_before() {
    let play = Play::of(&[], false).show(36, good());
    assert_eq!(play.end(), None);
    assert!(play.session.view().hint == SelfieHint::Hold && play.session.view().hold > 0.9);
    let play = play.show(24, good());
    assert_eq!((play.end(), play.session.view().hint), (Some(SelfieEnd::Taken), SelfieHint::Captured));
    assert_eq!(play.count(SelfieEffect::Keep), 38);
}

#[test]
fn each_problem_has_its_hint() {
    #[track_caller]
    fn check(what: SelfieObservation, expected: SelfieHint) {
        let play = Play::of(&[], false).show(60, what);
        assert_eq!(play.session.view().hint, expected);
        assert!(play.effects.is_empty(), "{:?}", play.effects);
    }
    check(nobody(), SelfieHint::NobodyThere);
    check(SelfieObservation { surroundings: 0.05, ..nobody() }, SelfieHint::TooDark);
    check(SelfieObservation { faces: 2, ..good() }, SelfieHint::ManyFaces);
    check(seen(SeenFace { height: 0.2, ..REST }), SelfieHint::TooFar);
    check(seen(SeenFace { height: 0.9, ..REST }), SelfieHint::TooClose);
    check(seen(SeenFace { right: 0.9, ..REST }), SelfieHint::OffCentre);
    check(seen(SeenFace { yaw: -30.0, ..REST }), SelfieHint::TurnToCamera);
    check(seen(SeenFace { roll: 25.0, ..REST }), SelfieHint::TurnToCamera);
    check(seen(SeenFace { covered: 0.9, ..REST }), SelfieHint::Covered);
    let dim = SelfieObservation { surroundings: 0.2, ..seen(SeenFace { brightness: 0.08, ..REST }) };
    check(dim, SelfieHint::TooDark);
    check(
        SelfieObservation { surroundings: 0.9, ..seen(SeenFace { brightness: 0.2, ..REST }) },
        SelfieHint::Backlit,
    );
    check(seen(SeenFace { brightness: 0.97, ..REST }), SelfieHint::TooBright);
    check(seen(SeenFace { speed: 1.0, ..REST }), SelfieHint::Moving);
    check(seen(SeenFace { sharpness: 0.1, ..REST }), SelfieHint::Blurry);
}

#[test]
fn what_was_kept_before_a_problem_is_forgotten() {
    let moving = seen(SeenFace { speed: 1.0, ..REST });
    let play = Play::of(&[], false).show(20, good()).show(1, moving).show(10, good());
    assert_eq!(play.count(SelfieEffect::Forget), 1);
    assert!(play.session.view().hold < 0.4);
}

#[test]
fn the_button_takes_what_is_there_but_nobody_is_not() {
    let soft = seen(SeenFace { sharpness: 0.1, ..REST });
    for (what, expected) in [(soft, Some(SelfieEnd::Taken)), (nobody(), None)] {
        let mut play = Play::of(&[], false);
        for _ in 0..11 {
            play = play.show(1, what);
            play.now_ms += 967;
        }
        assert!(play.session.view().offers_shutter);
        assert_eq!(play.say(SelfieInput::Shutter).show(40, what).end(), expected);
    }
}

#[test]
fn a_lost_camera_is_said_at_once_and_forgets() {
    let play = Play::of(&[], false).show(1, good()).say(SelfieInput::CameraLost);
    assert_eq!(play.effects, [SelfieEffect::Keep, SelfieEffect::Forget]);
    assert_eq!(play.session.view().hint, SelfieHint::CameraLost);
    let play = play.say(SelfieInput::CameraBack).show(30, good());
    assert_eq!(play.session.view().hint, SelfieHint::Hold);
}

#[test]
fn gestures_are_asked_for_in_order_and_answered() {
    let play = Play::of(&[Gesture::Smile, Gesture::Blink, Gesture::TurnLeft], false).obey(400);
    assert_eq!(play.end(), Some(SelfieEnd::Taken));
    let expected = [Gesture::Smile, Gesture::Blink, Gesture::TurnLeft].map(|gesture| (gesture, true));
    assert_eq!(play.session.responses(), expected);
    let asked = |gesture| play.count(SelfieEffect::Ask(Some(gesture)));
    assert_eq!(Gesture::ALL.map(asked), [1, 1, 1]);
}

#[test]
fn a_face_that_does_nothing_is_asked_twice_and_then_it_is_over() {
    let play = Play::of(&[Gesture::Blink, Gesture::Smile], false).show(120, good());
    assert!(!play.session.view().gesture.unwrap().is_second_try);
    let play = play.show(110, good());
    assert!(play.session.view().gesture.unwrap().is_second_try);
    let play = play.show(300, good());
    assert_eq!(play.end(), Some(SelfieEnd::Missed));
    assert_eq!(play.session.responses(), [(Gesture::Blink, false)]);
    assert_eq!(play.count(SelfieEffect::Forget), 1);
}

#[test]
fn whoever_leaves_between_gestures_begins_anew() {
    let play = Play::of(&[Gesture::Blink], false).show(60, good()).show(60, nobody());
    assert!(play.session.view().gesture.is_none() && play.session.responses().is_empty());
    assert_eq!(play.count(SelfieEffect::Forget), 1);
    assert_eq!(play.obey(400).end(), Some(SelfieEnd::Taken));
}

#[test]
fn light_comes_last_and_is_waited_for() {
    let play = Play::of(&[Gesture::Blink], true).obey(200);
    assert_eq!((play.end(), play.count(SelfieEffect::AwaitLight)), (None, 1));
    let play = play.say(SelfieInput::CameraLost).say(SelfieInput::CameraBack).show(30, nobody());
    assert_eq!(play.end(), None);
    assert_eq!(play.say(SelfieInput::LightOver).end(), Some(SelfieEnd::Taken));
    let early = Play::of(&[Gesture::Blink], true).show(10, good()).say(SelfieInput::LightOver);
    assert_eq!(early.end(), None);
}

fn any_face() -> impl Strategy<Value = SeenFace> {
    let lie = || prop_oneof![4 => -0.2f32..1.2, 1 => Just(f32::NAN), 1 => -60.0f32..60.0];
    (lie(), lie(), lie(), lie(), lie(), lie(), lie()).prop_map(
        |(height, yaw, eyes_open, smile, mouth_width, speed, brightness)| SeenFace {
            height,
            yaw,
            eyes_open,
            smile,
            mouth_width,
            speed,
            brightness,
            ..REST
        },
    )
}

fn any_input() -> impl Strategy<Value = SelfieInput> {
    prop_oneof![
        8 => Just(SelfieInput::Observed(good())),
        4 => (0u8..3, any_face(), -0.5f32..2.0).prop_map(|(faces, face, surroundings)| {
            SelfieInput::Observed(SelfieObservation { faces, face: (faces > 0).then_some(face), surroundings })
        }),
        1 => Just(SelfieInput::Shutter),
        1 => Just(SelfieInput::LightOver),
        1 => Just(SelfieInput::CameraLost),
        1 => Just(SelfieInput::CameraBack),
        1 => Just(SelfieInput::Tick),
    ]
}

proptest! {
    #[test]
    fn it_always_ends_and_takes_only_what_it_kept(
        inputs in prop::collection::vec((any_input(), 0u64..2_000), 1..400),
        gestures in prop::collection::vec(prop::sample::select(&Gesture::ALL[..]), 0..3),
        awaits_light: bool,
    ) {
        let mut play = Play::of(&gestures, awaits_light);
        let mut kept = 0usize;
        for (input, wait_ms) in inputs {
            play.now_ms += wait_ms;
            for effect in play.session.handle(input, play.now_ms) {
                match effect {
                    SelfieEffect::Keep => kept += 1,
                    SelfieEffect::Forget => kept = 0,
                    SelfieEffect::Finish(SelfieEnd::Taken) => prop_assert!(kept > 0),
                    SelfieEffect::Ask(_) | SelfieEffect::AwaitLight | SelfieEffect::Finish(_) => {}
                }
            }
        }
        for _ in 0..400 {
            play.now_ms += 1_000;
            play.session.handle(SelfieInput::Tick, play.now_ms);
        }
        prop_assert!(play.end().is_some());
    }
}
