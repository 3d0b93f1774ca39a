//! Random observations, dropped frames, lost cameras, taps at the wrong moment, clocks that jump.
//!
//! That no frame with a hidden NIK is read, that nothing is ordered after the end and that a failed try keeps nothing
//! is checked by the bench at every step.

use ktp::Field;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use session::{
    CardPhase, End, HintCode, Input, Observation, ReadOutcome, ReadingProgress, Retry, Side, Sight,
};

use crate::support::{Bench, good};

fn anything() -> impl Strategy<Value = Observation> {
    let number = prop_oneof![8 => -1.0_f32..2.0, 1 => Just(f32::NAN), 1 => Just(f32::INFINITY)];
    let sights =
        vec![Sight::Nothing, Sight::Ktp, Sight::Ktp, Sight::Ktp, Sight::BackSide, Sight::OtherDocument];
    let sides = || subsequence(vec![Side::Left, Side::Right, Side::Top, Side::Bottom], 0..=4);
    let fields = || subsequence(Field::ALL.to_vec(), 0..=3);
    let numbers =
        (number.clone(), number.clone(), number.clone(), number, -40.0_f32..40.0, -180.0_f32..180.0);
    (select(sights), sides(), fields(), fields(), numbers).prop_map(|(sight, cut_off, glare, cover, n)| {
        Observation {
            sight,
            cut_off,
            glare_fields: glare,
            covered_fields: cover,
            width_share: n.0,
            motion: n.1,
            sharpness: n.2,
            brightness: n.3,
            perspective_degrees: n.4,
            rotation_degrees: n.5,
            glare_side: None,
        }
    })
}

/// Often well, often with one fault, sometimes nonsense.
fn seen() -> impl Strategy<Value = Observation> {
    let faulty = (0..6_u8, subsequence(Field::ALL.to_vec(), 1..=3)).prop_map(|(which, fields)| {
        let mut seen = good();
        match which {
            0 => seen.covered_fields = vec![Field::Nik],
            1 => seen.glare_fields = fields,
            2 => seen.covered_fields = fields,
            3 => seen.motion = 0.5,
            4 => seen.width_share = 0.2,
            _ => seen.sharpness = 0.0,
        }
        seen
    });
    prop_oneof![6 => Just(good()), 3 => faulty, 1 => anything()]
}

fn outcome() -> impl Strategy<Value = ReadOutcome> {
    let failed = subsequence(HintCode::ALL.to_vec(), 0..=3)
        .prop_map(|reasons| ReadOutcome::Failed(Retry { reasons, fields: vec![Field::Nik] }));
    prop_oneof![1 => Just(ReadOutcome::Read), 4 => failed, 1 => Just(ReadOutcome::Broke)]
}

/// Inputs with how often each is given: what lasts is what makes things happen.
fn inputs() -> impl Strategy<Value = (Input, u8)> {
    let once = prop_oneof![
        Just(Input::CameraLost),
        Just(Input::CameraBack),
        Just(Input::Shutter),
        Just(Input::TryAgain),
        Just(Input::Tick),
        (0..5_u32).prop_map(|done| Input::ReadingProgress(ReadingProgress { done, of: 4 })),
        outcome().prop_map(Input::ReadingDone),
    ];
    prop_oneof![5 => (seen().prop_map(Input::Observed), 1..40_u8), 2 => (once, Just(1_u8))]
}

/// Whether `next` may follow `shown` after so long.
fn may_follow(shown: HintCode, next: HintCode, shown_ms: u64) -> bool {
    match (shown, next) {
        (_, HintCode::CameraLost | HintCode::Captured) => true,
        (HintCode::Captured, _) => shown_ms >= 600,
        (HintCode::Hold, _) => shown_ms >= 300,
        (_, HintCode::Hold) => shown_ms >= 600,
        (_, _) => shown_ms >= 1_500,
    }
}

proptest! {
    #[test]
    fn hints_never_flicker(steps in vec((inputs(), 5..200_u64), 1..120)) {
        let mut bench = Bench::new();
        let mut shown = bench.session.view().hint;
        // The first hint of a try is nobody's and may go at once.
        let mut since_ms = None;
        for ((input, times), spacing_ms) in steps {
            for _ in 0..times {
                bench.now_ms += spacing_ms;
                let was_advice = bench.session.view().phase == CardPhase::Advice;
                let view = bench.give(input.clone());
                let is_new_try = was_advice && view.phase != CardPhase::Advice;
                if is_new_try {
                    (shown, since_ms) = (view.hint, None);
                } else if view.hint != shown {
                    let shown_ms = since_ms.map_or(u64::MAX, |since: u64| bench.now_ms - since);
                    prop_assert!(
                        may_follow(shown.code, view.hint.code, shown_ms),
                        "{:?} after {:?} for {} ms", view.hint, shown, shown_ms
                    );
                    (shown, since_ms) = (view.hint, Some(bench.now_ms));
                }
            }
        }
    }

    #[test]
    fn whatever_happens_there_is_an_end(
        steps in vec((inputs(), any::<u64>()), 0..80),
        then in seen(),
        answer in outcome(),
    ) {
        let mut bench = Bench::new();
        for ((input, times), at_ms) in steps {
            bench.now_ms = at_ms;
            for _ in 0..times.min(4) {
                bench.give(input.clone());
            }
        }
        // From here the world is monotonous; it may take five minutes and the readings' own time.
        bench.now_ms = 0;
        for _ in 0..1_000 {
            bench.now_ms += 500;
            if bench.give(Input::Observed(then.clone())).phase == CardPhase::Reading {
                bench.read(answer.clone());
            }
        }
        prop_assert!(bench.ended.is_some(), "{:?}", bench.session.view());
    }

    #[test]
    fn a_person_can_always_leave(steps in vec((inputs(), 0..2_000_u64), 0..60)) {
        let mut bench = Bench::new();
        for ((input, times), spacing_ms) in steps {
            for _ in 0..times {
                bench.now_ms = bench.now_ms.wrapping_add(spacing_ms);
                bench.give(input.clone());
            }
        }
        bench.give(Input::Cancel);
        prop_assert!(matches!(bench.ended, Some(End::Cancelled | End::Taken | End::TimedOut | End::Broken)));
    }
}
