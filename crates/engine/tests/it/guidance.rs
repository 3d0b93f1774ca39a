//! Whatever is wrong with a card that comes into view is named within half a second.

use camera::scene::{Act, Scene, Script, Side, Thing};
use engine::live::{GuidedCard, GuidedParams};
use inference::ModelSource;
use jiff::civil::Date;
use ktp::Field;
use session::HintCode;
use vision::live::{LiveAnalyser, Sight};

/// A guided capture that has looked at a scene for so long, at 20 frames a second.
fn watched(thing: Thing, acts: &[Act], seed: u64, for_ms: u64) -> GuidedCard {
    let enter = Script::new(seed as usize).cue(0, 0, Act::Enter(thing, Side::Left));
    let script = acts.iter().fold(enter, |script, act| script.cue(0, 0, *act));
    let mut scene = Scene::new(&script, seed);
    let analyser = LiveAnalyser::load(&ModelSource::from_env()).unwrap();
    let mut card = GuidedCard::new(analyser, Date::constant(2026, 9, 1), GuidedParams::default());
    for at_ms in (1_000..=1_000 + for_ms).step_by(50) {
        card.see(&scene.frame_at(at_ms), at_ms).unwrap();
    }
    card
}

#[test]
fn every_trouble_is_named() {
    let mut seed = 0;
    let mut check = |acts: &[Act], expected: HintCode| {
        seed += 1;
        let shown = watched(Thing::Card, acts, seed, 500).view().session.hint.code;
        assert_eq!(shown, expected, "{acts:?}");
    };
    let tilt = |yaw_degrees, pitch_degrees| Act::Tilt { yaw_degrees, pitch_degrees };
    check(&[], HintCode::Hold);
    check(&[Act::Lamp(0.6), tilt(4.0, -5.0)], HintCode::Hold);
    check(&[Act::Distance(0.33)], HintCode::TooFar);
    check(&[Act::Distance(1.1)], HintCode::TooClose);
    check(&[tilt(25.0, 0.0)], HintCode::Tilted);
    check(&[tilt(3.0, -20.0)], HintCode::Tilted);
    check(&[Act::Turn(180.0)], HintCode::UpsideDown);
    check(&[Act::Turn(90.0)], HintCode::UpsideDown);
    check(&[Act::Move { x: 0.22, y: 0.5 }], HintCode::CutOff);
    check(&[Act::Finger(Field::Nik)], HintCode::Obstructed);
    check(&[Act::Finger(Field::Religion)], HintCode::Obstructed);
    check(&[Act::Glare(Field::FullName)], HintCode::Glare);
    check(&[Act::Lamp(0.07)], HintCode::TooDark);
    check(&[Act::Lamp(3.5)], HintCode::TooBright);
    check(&[Act::Defocus(5.0)], HintCode::Blurry);
    check(&[Act::Defocus(5.0), Act::Lamp(0.07)], HintCode::TooDark);
    check(&[Act::Shake(0.05)], HintCode::Moving);
}

#[test]
fn other_cards_are_told_from_none() {
    let mut seed = 0;
    let mut check = |thing, acts: &[Act], expected: Sight| {
        seed += 1;
        let view = watched(thing, acts, seed, 250).view();
        assert_eq!(view.analysis.map(|analysis| analysis.sight), Some(expected), "{thing:?} {acts:?}");
    };
    check(Thing::Back, &[], Sight::BackSide);
    check(Thing::Back, &[Act::Turn(180.0), Act::Distance(0.5)], Sight::BackSide);
    check(Thing::Back, &[Act::Defocus(8.0), Act::Leave(Side::Left)], Sight::Nothing);
    check(Thing::Licence, &[], Sight::OtherDocument);
    check(Thing::Payment, &[Act::Lamp(0.7)], Sight::OtherDocument);
    check(Thing::Card, &[Act::Defocus(8.0)], Sight::Ktp);
}
