//! Why a try failed: from the fields that could not be read back to what lay over them.
//!
//! Invariant: a reason is named only if the frames that were read show it, and there is always one. Deliberately
//! absent: words.

use ktp::Field;
use session::{HintCode, Observation, Retry};
use vision::Verdict;

/// Measures from which a frame's weakness explains why text could not be read. They are less strict than what holds a
/// capture up, or the frame would not have been kept.
struct Weak;

impl Weak {
    /// Half as sharp again as the least that is kept.
    const SHARPNESS: f32 = 0.75;
    /// Darker than a well exposed card.
    const DARK: f32 = 0.45;
    /// Brighter than one.
    const BRIGHT: f32 = 0.95;
    /// Half of what is allowed.
    const MOTION: f32 = 0.08;
    /// Two thirds of what is allowed.
    const PERSPECTIVE_DEGREES: f32 = 8.0;
    /// Narrow enough for letters of less than 12 px in a 1280 px frame.
    const WIDTH_SHARE: f32 = 0.5;
}

/// What was wrong with the frames that were read, given what could not be read in them.
pub(crate) fn advice(verdict: Verdict, lacking: Vec<Field>, seen: &[Observation]) -> Retry {
    let reasons = match verdict {
        Verdict::NoCard => vec![HintCode::NoCard],
        Verdict::OtherDocument => vec![HintCode::OtherDocument],
        Verdict::Ktp => reasons(&lacking, seen),
    };
    Retry { reasons, fields: lacking }
}

fn reasons(lacking: &[Field], seen: &[Observation]) -> Vec<HintCode> {
    let half = |is_so: &dyn Fn(&Observation) -> bool| {
        !seen.is_empty() && seen.iter().filter(|one| is_so(one)).count() * 2 >= seen.len()
    };
    let hides = |fields: &[Field]| lacking.iter().any(|field| fields.contains(field));
    let causes: [(HintCode, &dyn Fn(&Observation) -> bool); 8] = [
        (HintCode::TooFar, &|one| one.width_share < Weak::WIDTH_SHARE),
        (HintCode::Tilted, &|one| one.perspective_degrees > Weak::PERSPECTIVE_DEGREES),
        (HintCode::Obstructed, &|one| hides(&one.covered_fields)),
        (HintCode::Glare, &|one| hides(&one.glare_fields)),
        (HintCode::TooDark, &|one| one.brightness < Weak::DARK),
        (HintCode::TooBright, &|one| one.brightness > Weak::BRIGHT),
        (HintCode::Blurry, &|one| one.sharpness < Weak::SHARPNESS),
        (HintCode::Moving, &|one| one.motion > Weak::MOTION),
    ];
    let mut reasons: Vec<HintCode> =
        causes.into_iter().filter(|(_, is_so)| half(*is_so)).map(|(code, _)| code).collect();
    if reasons.is_empty() {
        // Nothing measured explains it: what is left are strokes too fine for this camera at this distance.
        reasons.push(HintCode::Blurry);
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_what_the_frames_show() {
        #[track_caller]
        fn check(change: impl FnOnce(&mut Observation), lacking: &[Field], expected: &[HintCode]) {
            let mut seen =
                Observation { width_share: 0.7, sharpness: 0.9, brightness: 0.75, ..Observation::default() };
            change(&mut seen);
            let good = Observation { sharpness: 0.9, ..seen.clone() };
            assert_eq!(reasons(lacking, &[seen, good]), expected);
        }
        check(|_| {}, &[Field::Nik], &[HintCode::Blurry]);
        check(|o| o.covered_fields = vec![Field::Nik], &[Field::Nik], &[HintCode::Obstructed]);
        check(|o| o.covered_fields = vec![Field::Nik], &[Field::FullName], &[HintCode::Blurry]);
        let dim_and_shiny = |o: &mut Observation| {
            o.brightness = 0.35;
            o.glare_fields = vec![Field::FullName, Field::Address];
        };
        check(dim_and_shiny, &[Field::FullName], &[HintCode::Glare, HintCode::TooDark]);
    }

    #[test]
    fn another_document_is_called_one() {
        let retry = advice(Verdict::OtherDocument, vec![Field::Nik], &[]);
        assert_eq!(retry.reasons, [HintCode::OtherDocument]);
        assert_eq!(advice(Verdict::Ktp, vec![Field::Nik], &[]).reasons, [HintCode::Blurry]);
    }
}
