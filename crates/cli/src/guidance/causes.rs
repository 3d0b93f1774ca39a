//! What is really wrong in a frame, by the simulator's truth.
//!
//! A cause is *certain* beyond its limit by what a measure may be off, and *possible* from where the machine may already
//! or may still speak of it. Invariant: what is certain is possible too. Deliberately absent: pixels, and the machine's
//! own numbers: limits are those of the guide's table of hints.

use camera::scene::{SceneTruth, Side, Thing};
use frame::Point;
use ktp::Field;
use session::{Direction, Hint, HintCode};

/// Frame of the simulator.
const FRAME_PX: (f32, f32) = (1280.0, 720.0);

/// The causes in a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Causes {
    /// Surely wrong.
    certain: Vec<HintCode>,
    /// Perhaps wrong.
    possible: Vec<HintCode>,
    /// Sides of the frame that cut the card off, or nearly.
    sides: Vec<Side>,
    /// Fields of which something is hidden.
    hidden: Vec<Field>,
}

impl Causes {
    /// The causes in a frame of this truth; `speed` is that of the card over some frames.
    pub fn of(truth: &SceneTruth, speed: f32) -> Self {
        let mut causes = Self::default();
        let Some(thing) = truth.thing.filter(|_| truth.in_view > 0.02 && truth.quad.is_some()) else {
            causes.add(HintCode::NoCard, true, true);
            return causes;
        };
        // Half a card is a card for one and nothing for another.
        causes.add(HintCode::NoCard, truth.in_view < 0.15, truth.in_view < 0.85);
        let edge_on = truth.tilt_degrees > 50.0;
        causes.add(HintCode::NoCard, false, edge_on);
        match thing {
            Thing::Card => causes.add_card(truth, speed),
            Thing::Back => causes.add_other(HintCode::BackSide, truth),
            Thing::Licence | Thing::Payment => causes.add_other(HintCode::OtherDocument, truth),
        }
        causes
    }

    /// Whether nothing is wrong, not even perhaps.
    pub fn is_good(&self) -> bool {
        self.possible.is_empty()
    }

    /// The most important of what is surely wrong.
    pub fn primary(&self) -> Option<HintCode> {
        self.certain.first().copied()
    }

    /// Whether this may be shown now: the primary cause, or one more important that may be there.
    pub fn allows(&self, hint: &Hint) -> bool {
        let is_named =
            self.possible.contains(&hint.code) && self.primary().is_none_or(|code| hint.code <= code);
        is_named && self.details_agree(hint)
    }

    /// Whether this is, or perhaps is, one of the causes, however important others are.
    pub fn includes(&self, hint: &Hint) -> bool {
        self.possible.contains(&hint.code)
    }

    /// The direction leads away from a side that cuts off; of the fields named one is hidden.
    #[allow(clippy::wildcard_enum_match_arm, reason = "other hints have no details")]
    fn details_agree(&self, hint: &Hint) -> bool {
        match hint.code {
            HintCode::CutOff => {
                hint.direction.is_some_and(|way| self.sides.iter().any(|side| away(*side) == way))
            }
            HintCode::Obstructed | HintCode::Glare => {
                hint.fields.iter().any(|field| self.hidden.contains(field))
            }
            _other => true,
        }
    }

    fn add(&mut self, code: HintCode, is_certain: bool, is_possible: bool) {
        for (list, is_there) in
            [(&mut self.certain, is_certain), (&mut self.possible, is_possible || is_certain)]
        {
            if is_there && !list.contains(&code) {
                list.push(code);
                list.sort_unstable();
            }
        }
    }

    /// Of another card nothing else matters.
    fn add_other(&mut self, code: HintCode, truth: &SceneTruth) {
        let is_whole = truth.in_view > 0.99 && truth.tilt_degrees < 25.0;
        self.add(code, is_whole, true);
        // At a glance, on its way in or turning, it may be taken for nothing.
        self.add(HintCode::NoCard, false, !is_whole);
    }

    fn add_card(&mut self, truth: &SceneTruth, speed: f32) {
        let width = truth.width_share;
        let (tilt, turn) = (truth.tilt_degrees, truth.roll_degrees.abs());
        self.add(HintCode::UpsideDown, turn > 80.0, turn > 55.0);
        let is_cut_both_ways = self.add_cut_off(truth);
        self.add(HintCode::TooFar, width < 0.44, width < 0.48);
        self.add(HintCode::TooClose, width > 0.96 || is_cut_both_ways, width > 0.92 || is_cut_both_ways);
        self.add(HintCode::Tilted, tilt > 13.5, tilt > 9.0);
        let most =
            |shares: &std::collections::BTreeMap<Field, f32>| shares.values().copied().fold(0.0, f32::max);
        self.hidden = truth.covered.keys().chain(truth.washed_out.keys()).copied().collect();
        self.add(HintCode::Obstructed, most(&truth.covered) > 0.12, !truth.covered.is_empty());
        self.add(HintCode::Glare, most(&truth.washed_out) > 0.12, !truth.washed_out.is_empty());
        self.add(HintCode::TooDark, truth.lamp < 0.14, truth.lamp < 0.35);
        self.add(HintCode::TooBright, truth.lamp > 2.6, truth.lamp > 1.6);
        self.add(HintCode::Blurry, truth.defocus_px > 3.5, truth.defocus_px > 1.0);
        self.add(HintCode::Moving, speed > 0.2, speed > 0.08);
    }

    /// Answers whether opposite sides cut the card off, surely.
    fn add_cut_off(&mut self, truth: &SceneTruth) -> bool {
        let beyond = |margin_px: f32| -> Vec<Side> {
            let Some(quad) = truth.quad else { return Vec::new() };
            let any = |is_out: &dyn Fn(&Point) -> bool| quad.0.iter().any(is_out);
            let sides = [
                (Side::Left, any(&|p| p.x < -margin_px)),
                (Side::Right, any(&|p| p.x > FRAME_PX.0 + margin_px)),
                (Side::Top, any(&|p| p.y < -margin_px)),
                (Side::Bottom, any(&|p| p.y > FRAME_PX.1 + margin_px)),
            ];
            sides.into_iter().filter(|(_, is_out)| *is_out).map(|(side, _)| side).collect()
        };
        let both = |sides: &[Side]| {
            let all = |a, b| sides.contains(&a) && sides.contains(&b);
            all(Side::Left, Side::Right) || all(Side::Top, Side::Bottom)
        };
        // The corners found are right to about 8 px.
        let (certain, possible) = (beyond(12.0), beyond(-12.0));
        self.add(HintCode::CutOff, !certain.is_empty() && !both(&certain), !possible.is_empty());
        self.add(HintCode::TooClose, false, both(&possible));
        self.sides = possible;
        both(&certain)
    }
}

fn away(side: Side) -> Direction {
    match side {
        Side::Left => Direction::Right,
        Side::Right => Direction::Left,
        Side::Top => Direction::Down,
        Side::Bottom => Direction::Up,
    }
}

#[cfg(test)]
mod tests {
    use camera::scene::{Act, Scene, Script};

    use super::*;

    #[test]
    fn each_trouble_has_its_cause() {
        #[track_caller]
        fn check(act: Act, expected: Option<HintCode>) {
            let script = Script::new(0).cue(0, 0, Act::Enter(Thing::Card, Side::Left)).cue(0, 0, act);
            let truth = Scene::new(&script, 1).truth_at(1_000);
            let causes = Causes::of(&truth, truth.speed);
            assert_eq!(causes.primary(), expected, "{act:?}: {causes:?}");
            assert_eq!(causes.is_good(), expected.is_none());
        }
        check(Act::Distance(0.6), None);
        check(Act::Distance(0.3), Some(HintCode::TooFar));
        check(Act::Distance(1.1), Some(HintCode::TooClose));
        check(Act::Turn(180.0), Some(HintCode::UpsideDown));
        check(Act::Tilt { yaw_degrees: 20.0, pitch_degrees: 0.0 }, Some(HintCode::Tilted));
        check(Act::Move { x: 0.2, y: 0.5 }, Some(HintCode::CutOff));
        check(Act::Finger(Field::Nik), Some(HintCode::Obstructed));
        check(Act::Glare(Field::Nik), Some(HintCode::Glare));
        check(Act::Lamp(0.08), Some(HintCode::TooDark));
        check(Act::Lamp(3.5), Some(HintCode::TooBright));
        check(Act::Defocus(5.0), Some(HintCode::Blurry));
        check(Act::Enter(Thing::Back, Side::Left), Some(HintCode::BackSide));
        check(Act::Leave(Side::Left), Some(HintCode::NoCard));
    }

    #[test]
    fn a_hint_must_lead_the_right_way() {
        let script = Script::new(0).cue(0, 0, Act::Enter(Thing::Card, Side::Left)).cue(
            0,
            0,
            Act::Move { x: 0.2, y: 0.5 },
        );
        let truth = Scene::new(&script, 1).truth_at(1_000);
        let causes = Causes::of(&truth, truth.speed);
        let towards = |way| Hint { direction: Some(way), ..Hint::plain(HintCode::CutOff) };
        assert!(causes.allows(&towards(Direction::Right)) && !causes.allows(&towards(Direction::Left)));
        assert!(!causes.allows(&Hint::plain(HintCode::Moving)));
    }
}
