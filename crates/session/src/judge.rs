//! What is wrong with one observation.
//!
//! Invariant: findings come most important first; limits have play, so a finding that was there ends later than it
//! began. Deliberately lacks time: how long something must last is decided elsewhere.

use ktp::Field;

use crate::hint::{Direction, Hint, HintCode};
use crate::observation::{Observation, Side, Sight};
use crate::params::{CardParams, Limit};

/// The problems of an observation, most important first; none if all is well. `before` are the codes found last;
/// `lenient` looks at hidden fields only where they must be read.
pub(crate) fn problems(
    seen: &Observation,
    before: &[HintCode],
    lenient: bool,
    params: &CardParams,
) -> Vec<Hint> {
    let other = match seen.sight {
        Sight::Nothing => Some(HintCode::NoCard),
        Sight::OtherDocument => Some(HintCode::OtherDocument),
        Sight::BackSide => Some(HintCode::BackSide),
        Sight::Ktp => None,
    };
    if let Some(code) = other {
        return vec![Hint::plain(code)];
    }
    let above = |code, value: f32, limit: Limit| {
        value > if before.contains(&code) { limit.clear } else { limit.raise }
    };
    let below = |code, value: f32, limit: Limit| {
        value < if before.contains(&code) { limit.clear } else { limit.raise }
    };
    let mut found = Vec::new();
    let mut plain = |code, is_there: bool| {
        if is_there {
            found.push(Hint::plain(code));
        }
    };
    use HintCode as Code;
    plain(Code::UpsideDown, above(Code::UpsideDown, seen.rotation_degrees.abs(), params.upside_down));
    plain(Code::TooFar, below(Code::TooFar, seen.width_share, params.too_far));
    plain(Code::TooClose, above(Code::TooClose, seen.width_share, params.too_close));
    plain(Code::Tilted, above(Code::Tilted, seen.perspective_degrees, params.tilted));
    plain(Code::TooDark, below(Code::TooDark, seen.brightness, params.too_dark));
    plain(Code::TooBright, above(Code::TooBright, seen.brightness, params.too_bright));
    let moves = above(Code::Moving, seen.motion, params.moving);
    // What moves is smeared: the focus can be judged once it is held still.
    plain(Code::Blurry, !moves && below(Code::Blurry, seen.sharpness, params.blurry));
    plain(Code::Moving, moves);
    found.extend(cut_off(&seen.cut_off));
    found.extend(hidden(Code::Obstructed, &seen.covered_fields, None, lenient, params));
    let away = seen.glare_side.map(away_from);
    found.extend(hidden(Code::Glare, &seen.glare_fields, away, lenient, params));
    found.sort_by_key(|hint| hint.code);
    found.dedup_by_key(|hint| hint.code);
    found
}

/// Cut off at one side the card is moved away from it; at opposite sides it is too close.
fn cut_off(sides: &[Side]) -> Option<Hint> {
    let first = sides.first()?;
    let both = |a, b| sides.contains(&a) && sides.contains(&b);
    if both(Side::Left, Side::Right) || both(Side::Top, Side::Bottom) {
        return Some(Hint::plain(HintCode::TooClose));
    }
    Some(Hint { direction: Some(away_from(*first)), ..Hint::plain(HintCode::CutOff) })
}

fn hidden(
    code: HintCode,
    fields: &[Field],
    direction: Option<Direction>,
    lenient: bool,
    params: &CardParams,
) -> Option<Hint> {
    let counts = |field: &&Field| !lenient || **field == Field::Nik || params.must_read.contains(field);
    let mut fields: Vec<Field> = fields.iter().filter(counts).copied().collect();
    fields.sort_unstable();
    fields.dedup();
    (!fields.is_empty()).then_some(Hint { code, direction, fields })
}

fn away_from(side: Side) -> Direction {
    match side {
        Side::Left => Direction::Right,
        Side::Right => Direction::Left,
        Side::Top => Direction::Down,
        Side::Bottom => Direction::Up,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::tests::good;

    fn codes(seen: &Observation, before: &[HintCode], lenient: bool) -> Vec<HintCode> {
        problems(seen, before, lenient, &CardParams::default()).iter().map(|hint| hint.code).collect()
    }

    #[test]
    fn each_cause_has_its_hint_most_important_first() {
        #[track_caller]
        fn check(change: impl FnOnce(&mut Observation), expected: &[HintCode]) {
            let mut seen = good();
            change(&mut seen);
            assert_eq!(codes(&seen, &[], false), expected, "{seen:?}");
        }
        use HintCode as Code;
        check(|_| {}, &[]);
        check(|o| o.sight = Sight::Nothing, &[Code::NoCard]);
        check(|o| o.sight = Sight::BackSide, &[Code::BackSide]);
        check(|o| o.sight = Sight::OtherDocument, &[Code::OtherDocument]);
        check(|o| o.rotation_degrees = -172.0, &[Code::UpsideDown]);
        check(|o| o.rotation_degrees = 40.0, &[]);
        check(|o| o.width_share = 0.44, &[Code::TooFar]);
        check(|o| o.width_share = 0.96, &[Code::TooClose]);
        check(|o| o.perspective_degrees = 12.5, &[Code::Tilted]);
        check(|o| o.brightness = 0.1, &[Code::TooDark]);
        check(|o| o.brightness = 1.0, &[Code::TooBright]);
        check(|o| o.sharpness = 0.1, &[Code::Blurry]);
        check(|o| o.motion = 0.5, &[Code::Moving]);
        let smeared = |o: &mut Observation| {
            o.motion = 0.5;
            o.sharpness = 0.1;
        };
        check(smeared, &[Code::Moving]);
        check(|o| o.cut_off = vec![Side::Top], &[Code::CutOff]);
        check(|o| o.cut_off = vec![Side::Left, Side::Right], &[Code::TooClose]);
        check(|o| o.covered_fields = vec![Field::Nik], &[Code::Obstructed]);
        let all = |o: &mut Observation| {
            o.motion = 0.5;
            o.glare_fields = vec![Field::Address];
            o.cut_off = vec![Side::Left];
        };
        check(all, &[Code::CutOff, Code::Glare, Code::Moving]);
    }

    #[test]
    fn limits_have_play() {
        let at_limit = Observation { width_share: 0.46, ..good() };
        assert_eq!(codes(&at_limit, &[], false), []);
        assert_eq!(codes(&at_limit, &[HintCode::TooFar], false), [HintCode::TooFar]);
    }

    #[test]
    fn a_card_is_moved_away_from_the_side_it_is_cut_off_at() {
        let hint = |side| cut_off(&[side]).and_then(|hint| hint.direction);
        assert_eq!(hint(Side::Left), Some(Direction::Right));
        assert_eq!(hint(Side::Bottom), Some(Direction::Up));
    }

    #[test]
    fn leniency_looks_only_at_what_must_be_read() {
        let mut seen = Observation { covered_fields: vec![Field::IssueDate], ..good() };
        assert_eq!(codes(&seen, &[], false), [HintCode::Obstructed]);
        assert_eq!(codes(&seen, &[], true), []);
        seen.glare_fields = vec![Field::Nik];
        assert_eq!(codes(&seen, &[], true), [HintCode::Glare]);
    }
}
