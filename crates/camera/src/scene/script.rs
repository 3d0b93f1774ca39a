//! What happens in front of the camera: a list of timed cues, and the state of things at any moment.
//!
//! Invariant: the state depends on the script and the time alone. After the last cue everything stays as it is: the card
//! is held still. Deliberately absent: pixels, and the small unrest of a real hand, which is the scene's.

use ktp::Field;

use super::cards::{CardTruth, Thing};
use super::pose::{Pose, Vector};
use super::track::{Steps, Track};

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cue {
    /// When it begins.
    pub at_ms: u64,
    /// How long it takes; 0 is at once.
    pub over_ms: u64,
    /// What it is.
    pub act: Act,
}

/// A side of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The left.
    Left,
    /// The right.
    Right,
    /// The top.
    Top,
    /// The bottom.
    Bottom,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Something slides in from a side to the middle.
    Enter(Thing, Side),
    /// Whatever is there slides out.
    Leave(Side),
    /// The card's centre moves to these shares of the frame.
    Move {
        /// From the left.
        x: f32,
        /// From the top.
        y: f32,
    },
    /// The card comes nearer or goes away, until it takes this share of the frame's width.
    Distance(f32),
    /// The card tilts to these angles.
    Tilt {
        /// About its upright axis.
        yaw_degrees: f32,
        /// About its level axis.
        pitch_degrees: f32,
    },
    /// The card turns in the picture's plane to this angle; 180 is upside down.
    Turn(f32),
    /// The card is turned over; something else comes to the front.
    TurnOver(Thing),
    /// A lamp is reflected by this field, as the card will be held when the cue is over. The lamp stays where it is:
    /// tilting the card moves the reflection.
    Glare(Field),
    /// The lamp goes out.
    NoGlare,
    /// A finger comes over this field.
    Finger(Field),
    /// It goes away.
    NoFinger,
    /// The room's light, 1 being what the camera is set for.
    Lamp(f32),
    /// The picture loses focus by this many pixels; 0 is sharp.
    Defocus(f32),
    /// The hand shakes by this share of the card's width.
    Shake(f32),
    /// The camera is pulled out, and is back when the cue is over.
    Unplug,
}

/// A card and what happens to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Which of the bundled cards is used; see [`CARD_COUNT`](super::CARD_COUNT).
    pub card: usize,
    /// In order of time.
    pub cues: Vec<Cue>,
}

impl Script {
    /// A script in which nothing happens.
    pub fn new(card: usize) -> Self {
        Self { card, cues: Vec::new() }
    }

    /// The same script with one more thing happening.
    #[must_use]
    pub fn cue(mut self, at_ms: u64, over_ms: u64, act: Act) -> Self {
        self.cues.push(Cue { at_ms, over_ms, act });
        self
    }

    /// When the last cue is over.
    pub fn end_ms(&self) -> u64 {
        self.cues.iter().map(|cue| cue.at_ms + cue.over_ms).max().unwrap_or(0)
    }
}

/// How things are at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct State {
    pub thing: Option<Thing>,
    pub pose: Pose,
    /// The field a finger goes for and how far it has come, 0–1.
    pub finger: Option<(Field, f32)>,
    /// Where the lamp is and how bright, 0–1.
    pub glare: Option<(Vector, f32)>,
    pub lamp: f32,
    pub defocus_px: f32,
    pub shake: f32,
    pub is_unplugged: bool,
}

/// A script made ready to be asked.
#[derive(Clone, Debug)]
pub(super) struct Score {
    thing: Steps<Option<Thing>>,
    x: Track,
    y: Track,
    width: Track,
    yaw: Track,
    pitch: Track,
    roll: Track,
    finger: Steps<Option<Field>>,
    reach: Track,
    lamp_at: Steps<Option<Vector>>,
    glare: Track,
    lamp: Track,
    defocus: Track,
    shake: Track,
    unplugged: Steps<bool>,
}

/// Width at which a card is comfortably read: a little over half of the frame.
const COMFORTABLE_WIDTH: f32 = 0.62;

impl Score {
    pub(super) fn of(script: &Script) -> Self {
        let mut score = Self {
            thing: Steps::new(None),
            x: Track::new(0.5),
            y: Track::new(0.5),
            width: Track::new(COMFORTABLE_WIDTH),
            yaw: Track::new(0.0),
            pitch: Track::new(0.0),
            roll: Track::new(0.0),
            finger: Steps::new(None),
            reach: Track::new(0.0),
            lamp_at: Steps::new(None),
            glare: Track::new(0.0),
            lamp: Track::new(1.0),
            defocus: Track::new(0.0),
            shake: Track::new(0.0),
            unplugged: Steps::new(false),
        };
        let mut cues = script.cues.clone();
        cues.sort_by_key(|cue| cue.at_ms);
        cues.iter().for_each(|cue| score.play(cue));
        // Lamps are placed by how the card will be held, which is known only now.
        cues.iter().for_each(|cue| score.light(cue, CardTruth::of(script.card)));
        score
    }

    fn play(&mut self, &Cue { at_ms, over_ms, act }: &Cue) {
        match act {
            Act::Enter(thing, side) => {
                let (x, y) = outside(side);
                self.thing.set(at_ms, Some(thing));
                self.x.go(at_ms, 0, x);
                self.y.go(at_ms, 0, y);
                self.shift(at_ms, over_ms, (0.5, 0.5));
            }
            Act::Leave(side) => {
                self.shift(at_ms, over_ms, outside(side));
                self.thing.set(at_ms + over_ms, None);
            }
            Act::Move { x, y } => self.shift(at_ms, over_ms, (x, y)),
            Act::Distance(width) => self.width.go(at_ms, over_ms, width),
            Act::Tilt { yaw_degrees, pitch_degrees } => {
                self.yaw.go(at_ms, over_ms, yaw_degrees);
                self.pitch.go(at_ms, over_ms, pitch_degrees);
            }
            Act::Turn(degrees) => self.roll.go(at_ms, over_ms, degrees),
            Act::TurnOver(thing) => {
                let half_ms = over_ms / 2;
                self.yaw.go(at_ms, half_ms, 90.0);
                self.yaw.go(at_ms + half_ms, 0, -90.0);
                self.thing.set(at_ms + half_ms, Some(thing));
                self.yaw.go(at_ms + half_ms, half_ms, 0.0);
            }
            Act::Glare(_) | Act::NoGlare => {}
            Act::Finger(field) => {
                self.finger.set(at_ms, Some(field));
                self.reach.go(at_ms, over_ms, 1.0);
            }
            Act::NoFinger => self.reach.go(at_ms, over_ms, 0.0),
            Act::Lamp(level) => self.lamp.go(at_ms, over_ms, level),
            Act::Defocus(px) => self.defocus.go(at_ms, over_ms, px),
            Act::Shake(share) => self.shake.go(at_ms, over_ms, share),
            Act::Unplug => {
                self.unplugged.set(at_ms, true);
                self.unplugged.set(at_ms + over_ms, false);
            }
        }
    }

    fn shift(&mut self, at_ms: u64, over_ms: u64, (x, y): (f32, f32)) {
        self.x.go(at_ms, over_ms, x);
        self.y.go(at_ms, over_ms, y);
    }

    fn light(&mut self, cue: &Cue, truth: &CardTruth) {
        if cue.act == Act::NoGlare {
            self.glare.go(cue.at_ms, cue.over_ms, 0.0);
        }
        let Act::Glare(field) = cue.act else { return };
        let Some(place) = truth.places.get(&field).and_then(|places| places.first()) else { return };
        let (u, v) = place.centre();
        let lamp = self.pose(cue.at_ms + cue.over_ms).lamp_reflected_at(u, v);
        self.lamp_at.set(cue.at_ms, Some(lamp));
        self.glare.go(cue.at_ms, cue.over_ms, 1.0);
    }

    fn pose(&self, ms: u64) -> Pose {
        Pose {
            x: self.x.at(ms),
            y: self.y.at(ms),
            width_share: self.width.at(ms),
            yaw_degrees: self.yaw.at(ms),
            pitch_degrees: self.pitch.at(ms),
            roll_degrees: self.roll.at(ms),
        }
    }

    pub(super) fn at(&self, ms: u64) -> State {
        let (reach, glare) = (self.reach.at(ms), self.glare.at(ms));
        State {
            thing: self.thing.at(ms),
            pose: self.pose(ms),
            finger: self.finger.at(ms).filter(|_| reach > 0.0).map(|field| (field, reach)),
            glare: self.lamp_at.at(ms).filter(|_| glare > 0.0).map(|lamp| (lamp, glare)),
            lamp: self.lamp.at(ms),
            defocus_px: self.defocus.at(ms),
            shake: self.shake.at(ms),
            is_unplugged: self.unplugged.at(ms),
        }
    }
}

/// A centre from which nothing of the card is in the frame.
fn outside(side: Side) -> (f32, f32) {
    match side {
        Side::Left => (-0.6, 0.5),
        Side::Right => (1.6, 0.5),
        Side::Top => (0.5, -0.8),
        Side::Bottom => (0.5, 1.8),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_come_and_go_at_their_times() {
        let script = Script::new(0)
            .cue(100, 400, Act::Enter(Thing::Back, Side::Left))
            .cue(1_000, 400, Act::TurnOver(Thing::Card))
            .cue(2_000, 500, Act::Leave(Side::Right));
        let score = Score::of(&script);
        let thing = |ms| score.at(ms).thing;
        assert_eq!(
            [0, 100, 1_000, 1_300, 2_499, 2_500].map(thing),
            [None, Some(Thing::Back), Some(Thing::Back), Some(Thing::Card), Some(Thing::Card), None]
        );
        assert!(score.at(100).pose.x < 0.0 && score.at(600).pose.x == 0.5 && score.at(2_400).pose.x > 1.0);
        assert!(score.at(1_150).pose.yaw_degrees > 30.0 && score.at(1_250).pose.yaw_degrees < -30.0);
        assert_eq!(script.end_ms(), 2_500);
    }

    #[test]
    fn the_lamp_is_reflected_by_its_field_as_the_card_is_then_held() {
        let script = Script::new(0)
            .cue(0, 0, Act::Enter(Thing::Card, Side::Left))
            .cue(500, 200, Act::Glare(Field::Nik))
            .cue(3_000, 100, Act::NoGlare)
            .cue(600, 0, Act::Tilt { yaw_degrees: 5.0, pitch_degrees: 3.0 });
        let score = Score::of(&script);
        let state = score.at(1_000);
        let (lamp, strength) = state.glare.unwrap();
        let (u, v) = state.pose.reflection(lamp).unwrap();
        let (wanted_u, wanted_v) = CardTruth::of(0).places[&Field::Nik][0].centre();
        assert!((u - wanted_u).abs() < 0.01 && (v - wanted_v).abs() < 0.01 && strength == 1.0, "{u} {v}");
        assert_eq!((score.at(499).glare, score.at(3_100).glare), (None, None));
    }

    #[test]
    fn fingers_and_outages_end() {
        let script = Script::new(0).cue(100, 100, Act::Finger(Field::Nik)).cue(500, 100, Act::NoFinger).cue(
            700,
            300,
            Act::Unplug,
        );
        let score = Score::of(&script);
        assert_eq!(
            [100, 200, 500, 600].map(|ms| score.at(ms).finger.map(|(_, reach)| reach)),
            [None, Some(1.0), Some(1.0), None]
        );
        assert_eq!([699, 700, 999, 1_000].map(|ms| score.at(ms).is_unplugged), [false, true, true, false]);
    }
}
