//! What a person is told, and when the picture is taken.

use ktp::Field;
use session::{
    CardPhase, Direction, End, HintCode, Input, Observation, ReadOutcome, ReadingProgress, Retry, Side, Sight,
};

use crate::support::{Bench, good, nik_hidden, with};

#[test]
fn the_right_hint_comes_within_half_a_second_of_its_cause() {
    #[track_caller]
    fn check(seen: &Observation, expected: HintCode) {
        for spacing_ms in [33, 66, 100, 200] {
            // From the start, and after another hint that has been read.
            for before in [None, Some(Observation::default()), Some(with(|seen| seen.width_share = 0.3))] {
                let mut bench = Bench::new();
                if let Some(before) = before {
                    bench.show(&before, 2_000, spacing_ms);
                }
                // Focus is told from haste by a frame more, which a camera of five frames a second has late.
                let is_late = expected == HintCode::Blurry && spacing_ms > 100;
                let late_ms = if is_late { spacing_ms } else { 0 };
                let view = bench.show(seen, 500 - spacing_ms + late_ms, spacing_ms);
                assert_eq!(view.hint.code, expected, "{seen:?} every {spacing_ms} ms");
            }
        }
    }
    use HintCode as Code;
    check(&Observation::default(), Code::NoCard);
    check(&with(|o| o.sight = Sight::OtherDocument), Code::OtherDocument);
    check(&with(|o| o.sight = Sight::BackSide), Code::BackSide);
    check(&with(|o| o.rotation_degrees = 178.0), Code::UpsideDown);
    check(&with(|o| o.cut_off = vec![Side::Right]), Code::CutOff);
    check(&with(|o| o.width_share = 0.3), Code::TooFar);
    check(&with(|o| o.width_share = 0.99), Code::TooClose);
    check(&with(|o| o.perspective_degrees = 20.0), Code::Tilted);
    check(&nik_hidden(), Code::Obstructed);
    check(&with(|o| o.glare_fields = vec![Field::FullName]), Code::Glare);
    check(&with(|o| o.brightness = 0.1), Code::TooDark);
    check(&with(|o| o.brightness = 1.0), Code::TooBright);
    check(&with(|o| o.sharpness = 0.1), Code::Blurry);
    check(&with(|o| o.motion = 0.6), Code::Moving);
}

#[test]
fn hints_say_where() {
    let mut bench = Bench::new();
    let hint = bench.show(&with(|seen| seen.cut_off = vec![Side::Left]), 500, 33).hint;
    assert_eq!((hint.code, hint.direction), (HintCode::CutOff, Some(Direction::Right)));
    let mut bench = Bench::new();
    let glare = with(|seen| {
        seen.glare_fields = vec![Field::FullName, Field::Nik];
        seen.glare_side = Some(Side::Top);
    });
    let hint = bench.show(&glare, 500, 33).hint;
    assert_eq!((hint.direction, hint.fields), (Some(Direction::Down), vec![Field::Nik, Field::FullName]));
}

#[test]
fn a_good_pose_is_taken_soon() {
    for spacing_ms in [33, 66, 100, 200, 300] {
        let mut bench = Bench::new();
        bench.show(&with(|seen| seen.motion = 0.9), 1_700, spacing_ms);
        let good_ms = bench.now_ms;
        bench.show(&good(), 1_500, spacing_ms);
        let took_ms = bench.reads_ms.first().expect("taken") - good_ms;
        assert!((600..=1_300).contains(&took_ms), "{took_ms} ms with a frame every {spacing_ms} ms");
    }
}

#[test]
fn lesser_problems_that_pass_do_not_hold_it_up() {
    let mut bench = Bench::new();
    bench.show(&good(), 400, 33);
    bench.show(&with(|seen| seen.sharpness = 0.1), 66, 33);
    bench.show(&good(), 400, 33);
    assert_eq!(bench.reads_ms.len(), 1);
    assert!(bench.kept.iter().all(|kept| kept.sharpness > 0.5), "the blurred ones are not among those kept");
}

#[test]
fn one_glimpse_of_a_finger_on_the_nik_begins_anew() {
    let mut bench = Bench::new();
    bench.show(&good(), 550, 33);
    bench.show(&nik_hidden(), 33, 33);
    assert!(bench.kept.is_empty());
    bench.show(&good(), 550, 33);
    assert!(bench.reads_ms.is_empty());
    bench.show(&good(), 200, 33);
    assert_eq!(bench.reads_ms.len(), 1);
}

#[test]
fn success_is_shown_and_then_the_reading() {
    let mut bench = Bench::new();
    let view = bench.show(&good(), 750, 33);
    assert_eq!((view.phase, view.hint.code), (CardPhase::Captured, HintCode::Captured));
    assert_eq!(bench.read(ReadOutcome::Read).phase, CardPhase::Captured, "success stays on the screen");
    assert_eq!(bench.wait(700).phase, CardPhase::Ended(End::Taken));

    let mut bench = Bench::new();
    bench.show(&good(), 750, 33);
    bench.give(Input::ReadingProgress(ReadingProgress { done: 1, of: 4 }));
    let view = bench.wait(700);
    assert_eq!(view.phase, CardPhase::Reading);
    assert_eq!(view.reading, Some(ReadingProgress { done: 1, of: 4 }));
    assert_eq!(bench.read(ReadOutcome::Read).phase, CardPhase::Ended(End::Taken));
    assert!(!bench.kept.is_empty());
}

#[test]
fn a_failed_try_gives_advice_and_another_try() {
    let retry = Retry { reasons: vec![HintCode::Glare], fields: vec![Field::Nik] };
    let fail = |bench: &mut Bench| {
        bench.show(&good(), 1_500, 33);
        bench.wait(700);
        bench.read(ReadOutcome::Failed(retry.clone()))
    };
    let mut bench = Bench::new();
    let view = fail(&mut bench);
    assert_eq!((view.phase, view.retry.as_ref(), view.failed_tries), (CardPhase::Advice, Some(&retry), 1));
    assert!(bench.kept.is_empty());
    assert_eq!(bench.give(Input::TryAgain).phase, CardPhase::Looking);
    assert_eq!(fail(&mut bench).phase, CardPhase::Advice);
    let view = bench.wait(6_100);
    assert_eq!(view.phase, CardPhase::Looking, "it goes on by itself");
    assert!(view.offers_shutter, "after the second failed try");
}

#[test]
fn help_and_shutter_are_offered_to_who_gets_no_further() {
    let mut bench = Bench::new();
    let far = with(|seen| seen.width_share = 0.3);
    assert!(!bench.show(&far, 4_900, 33).offers_help);
    let view = bench.show(&far, 500, 33);
    assert!(view.offers_help && !view.offers_shutter);
    bench.give(Input::Shutter);
    assert!(bench.reads_ms.is_empty(), "not offered yet");
    assert!(bench.show(&far, 5_000, 33).offers_shutter);
    bench.give(Input::Shutter);
    bench.show(&far, 300, 33);
    assert_eq!(bench.reads_ms.len(), 1, "by hand even a small card is read");
}

#[test]
fn the_shutter_does_not_take_a_hidden_nik() {
    let mut bench = Bench::new();
    bench.show(&nik_hidden(), 10_100, 33);
    bench.give(Input::Shutter);
    let view = bench.show(&nik_hidden(), 1_300, 33);
    assert!(bench.reads_ms.is_empty());
    let retry = view.retry.expect("advice");
    assert_eq!((retry.reasons, retry.fields), (vec![HintCode::Obstructed], vec![Field::Nik]));
}

#[test]
fn after_a_while_fingers_may_lie_where_nothing_must_be_read() {
    let mut bench = Bench::new();
    let thumb = with(|seen| seen.covered_fields = vec![Field::IssueDate]);
    assert_eq!(bench.show(&thumb, 5_500, 33).hint.code, HintCode::Obstructed);
    assert!(bench.reads_ms.is_empty());
    bench.show(&thumb, 1_500, 33);
    assert_eq!(bench.reads_ms.len(), 1);
}

#[test]
fn a_lost_camera_is_said_at_once_and_carries_on() {
    let mut bench = Bench::new();
    bench.show(&good(), 300, 33);
    assert_eq!(bench.give(Input::CameraLost).hint.code, HintCode::CameraLost);
    assert!(bench.kept.is_empty());
    assert_eq!(bench.wait(20_000).hint.code, HintCode::CameraLost);
    bench.give(Input::CameraBack);
    bench.show(&good(), 1_200, 33);
    assert_eq!(bench.reads_ms.len(), 1);
}

#[test]
fn nobody_there_is_an_end() {
    let mut bench = Bench::new();
    bench.show(&Observation::default(), 121_000, 500);
    assert_eq!(bench.ended, Some(End::TimedOut));
    let mut bench = Bench::new();
    bench.give(Input::Cancel);
    assert_eq!(bench.ended, Some(End::Cancelled));
    let mut bench = Bench::new();
    bench.show(&good(), 1_000, 33);
    bench.wait(31_000);
    assert_eq!(bench.ended, Some(End::Broken), "a reading that never comes");
}
