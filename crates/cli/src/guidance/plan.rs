//! What happens in each script: who holds which card how, what goes wrong, when, and how it is put right.
//!
//! Invariant: seed and number decide the plan; after its last cue the card is held as the guide wants it. Deliberately
//! absent: what ought to be shown, which the truth of the frames decides.

use camera::scene::{Act, CARD_COUNT, Scene, Script, Side, Thing};
use ktp::Field;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What goes wrong in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Nothing.
    Clean,
    /// The lamp changes, within what the camera bears.
    Lamp,
    /// The card is taken away and brought back.
    Gone,
    Far,
    Close,
    Tilted,
    Turned,
    CutOff,
    Finger,
    FingerOnNik,
    Glare,
    GlareOnNik,
    Dark,
    Bright,
    Blurred,
    Shaken,
    Back,
    OtherCard,
}

impl Trouble {
    const ALL: [Self; 18] = [
        Self::Clean,
        Self::FingerOnNik,
        Self::Far,
        Self::GlareOnNik,
        Self::Tilted,
        Self::Back,
        Self::Blurred,
        Self::Close,
        Self::Finger,
        Self::Dark,
        Self::CutOff,
        Self::OtherCard,
        Self::Glare,
        Self::Shaken,
        Self::Turned,
        Self::Bright,
        Self::Gone,
        Self::Lamp,
    ];

    /// Troubles that go well together with any other that the same card can have.
    const SECOND: [Self; 7] =
        [Self::Dark, Self::Blurred, Self::Tilted, Self::FingerOnNik, Self::Finger, Self::Far, Self::Shaken];
}

/// One script to play.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its number.
    pub number: usize,
    /// What goes wrong, in order.
    pub troubles: Vec<Trouble>,
    /// What happens.
    pub script: Script,
    /// The scene's seed: desk, hand, noise.
    pub seed: u64,
}

/// How the card is held when all is well.
#[derive(Clone, Copy)]
struct Comfort {
    width: f32,
    yaw_degrees: f32,
    pitch_degrees: f32,
    roll_degrees: f32,
    lamp: f32,
}

impl Plan {
    /// The plan of this number.
    pub fn new(seed: u64, number: usize) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let comfort = Comfort {
            width: rng.random_range(0.52..0.70),
            yaw_degrees: rng.random_range(-5.0..5.0),
            pitch_degrees: rng.random_range(-5.0..5.0),
            roll_degrees: rng.random_range(-4.0..4.0),
            lamp: rng.random_range(0.7..1.25),
        };
        let first = Trouble::ALL[number % Trouble::ALL.len()];
        let mut troubles = vec![first];
        let alone = [Trouble::Clean, Trouble::Lamp, Trouble::Gone];
        // Every third has two troubles at once, put right one after the other.
        if number / Trouble::ALL.len() % 3 == 2 && !alone.contains(&first) {
            troubles.extend(Trouble::SECOND.choose(&mut rng).filter(|second| **second != first));
        }
        let mut plan = Self {
            number,
            troubles,
            script: Script::new(rng.random_range(0..CARD_COUNT)),
            seed: rng.random(),
        };
        plan.compose(comfort, &mut rng);
        plan
    }

    #[allow(clippy::wildcard_enum_match_arm, reason = "all other troubles are a card's")]
    fn compose(&mut self, comfort: Comfort, rng: &mut ChaCha8Rng) {
        self.act(0, 0, Act::Distance(comfort.width));
        self.act(0, 0, comfort.tilt());
        self.act(0, 0, Act::Turn(comfort.roll_degrees));
        self.act(0, 0, Act::Lamp(comfort.lamp));
        let side = *[Side::Left, Side::Right, Side::Top, Side::Bottom].choose(rng).unwrap_or(&Side::Right);
        let thing = match self.troubles[0] {
            Trouble::Back => Thing::Back,
            Trouble::OtherCard => *[Thing::Licence, Thing::Payment].choose(rng).unwrap_or(&Thing::Licence),
            _card => Thing::Card,
        };
        let (enters_ms, over_ms) = (rng.random_range(200..1_400), rng.random_range(400..800));
        self.act(enters_ms, over_ms, Act::Enter(thing, side));
        let there_ms = enters_ms + over_ms;
        // Half of the troubles come in with the card, the others when it is already held well.
        let mut from_ms = if rng.random_bool(0.5) { 0 } else { there_ms + rng.random_range(50..400) };
        let mut until_ms = from_ms.max(there_ms) + rng.random_range(2_000..2_800);
        for trouble in self.troubles.clone() {
            self.spoil(trouble, from_ms, comfort, rng);
            until_ms = self.mend(trouble, until_ms, comfort, rng) + rng.random_range(1_900..2_400);
            from_ms = from_ms.max(there_ms);
        }
    }

    fn act(&mut self, at_ms: u64, over_ms: u64, act: Act) {
        let script = std::mem::replace(&mut self.script, Script::new(0));
        self.script = script.cue(at_ms, over_ms, act);
    }

    /// The trouble begins; before the card is there it begins at once.
    fn spoil(&mut self, trouble: Trouble, from_ms: u64, comfort: Comfort, rng: &mut ChaCha8Rng) {
        let over_ms = if from_ms == 0 { 0 } else { rng.random_range(150..400) };
        let sign = |rng: &mut ChaCha8Rng| if rng.random_bool(0.5) { 1.0 } else { -1.0 };
        let act = match trouble {
            Trouble::Clean | Trouble::Back | Trouble::OtherCard => return,
            Trouble::Lamp => Act::Lamp(comfort.lamp * rng.random_range(0.65..0.8)),
            Trouble::Gone => {
                let from_ms = from_ms.max(1_300);
                return self.act(from_ms, 400, Act::Leave(Side::Left));
            }
            Trouble::Far => Act::Distance(rng.random_range(0.26..0.41)),
            Trouble::Close => Act::Distance(rng.random_range(1.0..1.15)),
            Trouble::Tilted => comfort.tilted(sign(rng) * rng.random_range(17.0..32.0), rng.random_bool(0.5)),
            Trouble::Turned => Act::Turn(*[180.0, 180.0, 90.0, -90.0, 130.0].choose(rng).unwrap_or(&180.0)),
            Trouble::CutOff => {
                let (x, y) =
                    *[(0.25, 0.5), (0.77, 0.5), (0.5, 0.2), (0.5, 0.82)].choose(rng).unwrap_or(&(0.2, 0.5));
                // A card comes in to the middle: it goes astray from there.
                let there_ms = self.script.end_ms();
                return self.act(from_ms.max(there_ms), 300, Act::Move { x, y });
            }
            Trouble::Finger => Act::Finger(field(rng)),
            Trouble::FingerOnNik => Act::Finger(Field::Nik),
            Trouble::Glare => Act::Glare(field(rng)),
            Trouble::GlareOnNik => Act::Glare(Field::Nik),
            Trouble::Dark => Act::Lamp(rng.random_range(0.04..0.10)),
            Trouble::Bright => Act::Lamp(rng.random_range(3.0..4.0)),
            Trouble::Blurred => Act::Defocus(rng.random_range(4.0..8.0)),
            Trouble::Shaken => Act::Shake(rng.random_range(0.03..0.08)),
        };
        self.act(from_ms, over_ms, act);
    }

    /// The trouble is put right; answers when that is done.
    fn mend(&mut self, trouble: Trouble, at_ms: u64, comfort: Comfort, rng: &mut ChaCha8Rng) -> u64 {
        let over_ms = rng.random_range(250..600);
        let act = match trouble {
            Trouble::Clean => return at_ms,
            Trouble::Lamp | Trouble::Dark | Trouble::Bright => Act::Lamp(comfort.lamp),
            Trouble::Gone => Act::Enter(Thing::Card, Side::Right),
            Trouble::Far | Trouble::Close => Act::Distance(comfort.width),
            Trouble::Tilted => comfort.tilt(),
            Trouble::Turned => Act::Turn(comfort.roll_degrees),
            Trouble::CutOff => Act::Move { x: 0.5, y: 0.5 },
            Trouble::Finger | Trouble::FingerOnNik => Act::NoFinger,
            // The lamp stays where it is: it is the card that is tilted away.
            Trouble::Glare | Trouble::GlareOnNik => {
                let away = self.away_from_lamp(at_ms, over_ms);
                away.filter(|_| self.troubles.len() == 1 && rng.random_bool(0.5)).unwrap_or(Act::NoGlare)
            }
            Trouble::Blurred => Act::Defocus(0.0),
            Trouble::Shaken => Act::Shake(0.0),
            Trouble::Back => Act::TurnOver(Thing::Card),
            Trouble::OtherCard => {
                self.act(at_ms, over_ms, Act::Leave(Side::Right));
                self.act(at_ms + over_ms + 900, over_ms, Act::Enter(Thing::Card, Side::Left));
                return at_ms + 2 * over_ms + 900;
            }
        };
        self.act(at_ms, over_ms, act);
        at_ms + over_ms
    }

    /// A tilt, still flat enough, by which the reflection leaves everything that is read; if there is one.
    fn away_from_lamp(&self, at_ms: u64, over_ms: u64) -> Option<Act> {
        let tilts = [8.5, -8.5].map(|pitch_degrees| Act::Tilt { yaw_degrees: 0.0, pitch_degrees });
        tilts.into_iter().find(|tilt| {
            let tilted = self.script.clone().cue(at_ms, over_ms, *tilt);
            let truth = Scene::new(&tilted, self.seed).truth_at(at_ms + over_ms + 100);
            truth.washed_out.is_empty()
        })
    }
}

impl Comfort {
    fn tilt(self) -> Act {
        Act::Tilt { yaw_degrees: self.yaw_degrees, pitch_degrees: self.pitch_degrees }
    }

    fn tilted(self, degrees: f32, is_yaw: bool) -> Act {
        if is_yaw {
            Act::Tilt { yaw_degrees: degrees, pitch_degrees: self.pitch_degrees }
        } else {
            Act::Tilt { yaw_degrees: self.yaw_degrees, pitch_degrees: degrees }
        }
    }
}

/// A field other than the NIK, as likely in any corner of the card.
fn field(rng: &mut ChaCha8Rng) -> Field {
    let all = [
        Field::FullName,
        Field::DateOfBirth,
        Field::Gender,
        Field::Address,
        Field::RtRw,
        Field::Kecamatan,
        Field::Religion,
        Field::Occupation,
        Field::ValidUntil,
    ];
    *all.choose(rng).unwrap_or(&Field::FullName)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_repeat_and_end_with_a_card() {
        for number in 0..60 {
            let (plan, again) = (Plan::new(7, number), Plan::new(7, number));
            assert_eq!((&plan.script, plan.seed), (&again.script, again.seed));
            let truth = Scene::new(&plan.script, plan.seed).truth_at(plan.script.end_ms() + 100);
            let causes = super::super::causes::Causes::of(&truth, truth.speed);
            assert!(causes.is_good(), "{number} {:?}: {causes:?} {truth:?}", plan.troubles);
        }
        assert_ne!(Plan::new(7, 0).script, Plan::new(8, 0).script);
    }
}
