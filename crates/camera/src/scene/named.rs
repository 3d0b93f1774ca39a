//! The scenes that have a name: what demonstrations and end-to-end tests play.
//!
//! Invariant: in every scene but `empty` the card ends up well held, so that a capture can succeed. What is
//! wrong lasts long enough to be read.

use ktp::Field;

use super::cards::Thing;
use super::script::{Act, Script, Side};

/// Names of all scenes, the ordinary one first.
pub const SCENE_NAMES: [&str; 15] = [
    "happy",
    "glare",
    "finger",
    "far",
    "close",
    "tilted",
    "upside-down",
    "cut-off",
    "back",
    "other",
    "dark",
    "blurry",
    "shaky",
    "empty",
    "unplugged",
];

/// When the card begins to enter, and how long it takes.
const ENTERS_MS: (u64, u64) = (400, 800);
/// When what is wrong begins to be put right, and how long that takes.
const MENDED_MS: (u64, u64) = (5_000, 600);

const UPRIGHT: Act = Act::Tilt { yaw_degrees: 0.0, pitch_degrees: 0.0 };

impl Script {
    /// The scene of this name; `None` for a name that [`SCENE_NAMES`] does not list.
    pub fn named(name: &str) -> Option<Self> {
        let comes = |thing| Self::new(0).cue(ENTERS_MS.0, ENTERS_MS.1, Act::Enter(thing, Side::Right));
        let card = || comes(Thing::Card);
        let script = match name {
            "happy" => card(),
            "glare" => card()
                .cue(0, 0, Act::Glare(Field::Nik))
                .mended(Act::Tilt { yaw_degrees: 0.0, pitch_degrees: 9.0 }),
            "finger" => card().cue(0, 0, Act::Finger(Field::Nik)).mended(Act::NoFinger),
            "far" => card().cue(0, 0, Act::Distance(0.3)).mended(Act::Distance(0.62)),
            "close" => card().cue(0, 0, Act::Distance(1.02)).mended(Act::Distance(0.62)),
            "tilted" => card().cue(0, 0, Act::Tilt { yaw_degrees: 26.0, pitch_degrees: 0.0 }).mended(UPRIGHT),
            "upside-down" => card().cue(0, 0, Act::Turn(180.0)).mended(Act::Turn(0.0)),
            "cut-off" => card()
                .cue(ENTERS_MS.0 + ENTERS_MS.1, 300, Act::Move { x: 0.78, y: 0.5 })
                .mended(Act::Move { x: 0.5, y: 0.5 }),
            "back" => comes(Thing::Back).mended(Act::TurnOver(Thing::Card)),
            "other" => comes(Thing::Licence).mended(Act::Leave(Side::Right)).cue(
                MENDED_MS.0 + 1_500,
                ENTERS_MS.1,
                Act::Enter(Thing::Card, Side::Left),
            ),
            "dark" => card().cue(0, 0, Act::Lamp(0.05)).mended(Act::Lamp(1.0)),
            "blurry" => card().cue(0, 0, Act::Defocus(5.0)).mended(Act::Defocus(0.0)),
            "shaky" => card().cue(0, 0, Act::Shake(0.05)).mended(Act::Shake(0.0)),
            "empty" => Self::new(0),
            "unplugged" => card().cue(ENTERS_MS.0 + 500, 5_000, Act::Unplug),
            _unknown => return None,
        };
        Some(script)
    }

    /// The same script with what is wrong put right.
    fn mended(self, act: Act) -> Self {
        self.cue(MENDED_MS.0, MENDED_MS.1, act)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_scene_and_no_other_has() {
        for name in SCENE_NAMES {
            assert!(Script::named(name).is_some(), "{name}");
        }
        assert_eq!(Script::named("Happy"), None);
    }
}
