//! Which sittings are played.
//!
//! Invariant: honest people and attacks meet the same lights, gestures and colours. Deliberately absent: attackers without a
//! victim.

use camera::sitter::RoomLight;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use session::Cue;
use testkit::attack::Species;

/// Colours that partners light faces with.
const PALETTE: [[u8; 3]; 8] = [
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 0],
    [0, 255, 255],
    [255, 0, 255],
    [255, 255, 255],
    [0, 0, 0],
];
/// Colours of a challenge.
const STEPS: usize = 5;
/// Gestures of a sitting.
const GESTURES: usize = 2;

/// Who is before the camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// The person themselves.
    Honest(String),
    /// Somebody else with their face.
    Attack {
        /// How.
        species: Species,
        /// Whose face.
        victim: String,
        /// Who holds it.
        attacker: String,
    },
}

impl Presented {
    /// What results call it.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Honest(_) => "honest",
            Self::Attack { species, .. } => species.name(),
        }
    }
}

/// One sitting.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its place in the bench.
    pub number: usize,
    /// Who.
    pub presented: Presented,
    /// In which light.
    pub light: RoomLight,
    /// What is asked for.
    pub cues: Vec<Cue>,
    /// Colours and how long each is shown; none without flash.
    pub colours: Vec<([u8; 3], u32)>,
    /// Chooses everything else.
    pub seed: u64,
}

impl Plan {
    fn new(number: usize, presented: Presented, light: RoomLight, has_flash: bool, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed.wrapping_mul(1_000_003).wrapping_add(number as u64));
        let cues = Cue::draw(GESTURES, || rng.random());
        let colours = if has_flash { colours(&mut rng) } else { Vec::new() };
        Self { number, presented, light, cues, colours, seed: rng.random() }
    }

    /// Whether the screen lights the face.
    pub fn has_flash(&self) -> bool {
        !self.colours.is_empty()
    }
}

fn colours(rng: &mut ChaCha8Rng) -> Vec<([u8; 3], u32)> {
    let mut chosen: Vec<([u8; 3], u32)> = Vec::new();
    for _ in 0..STEPS {
        let before = chosen.last().map(|(colour, _)| *colour);
        let others: Vec<[u8; 3]> = PALETTE.into_iter().filter(|colour| Some(*colour) != before).collect();
        let colour = others.choose(rng).copied().unwrap_or(PALETTE[0]);
        chosen.push((colour, rng.random_range(30..=50) * 10));
    }
    chosen
}

/// Everybody in every light, and every kind of attack on everybody; each with flash and without.
pub(super) fn all(names: &[&str], seed: u64) -> Vec<Plan> {
    let mut wanted = Vec::new();
    for name in names {
        for light in RoomLight::ALL {
            wanted.push((Presented::Honest((*name).to_owned()), light));
        }
    }
    for (kind, species) in Species::ALL.into_iter().enumerate() {
        for (nth, victim) in names.iter().enumerate() {
            // Somebody else, except where there is nobody else.
            let apart = 1 + kind % (names.len() - 1).max(1);
            let attacker = names[(nth + apart) % names.len()].to_owned();
            let light = RoomLight::ALL[(nth + kind) % RoomLight::ALL.len()];
            let victim = (*victim).to_owned();
            wanted.push((Presented::Attack { species, victim, attacker }, light));
        }
    }
    let both = wanted.into_iter().flat_map(|(who, light)| [(who.clone(), light, true), (who, light, false)]);
    both.enumerate().map(|(nth, (who, light, flash))| Plan::new(nth, who, light, flash, seed)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_meets_every_light_and_every_attack_with_flash_and_without() {
        let plans = all(&["a", "b", "c"], 1);
        assert_eq!(plans.len(), 2 * (3 * RoomLight::ALL.len() + 3 * Species::ALL.len()));
        for species in Species::ALL {
            let of = |flash: bool| {
                let is_it = |plan: &&Plan| {
                    plan.has_flash() == flash
                        && matches!(&plan.presented, Presented::Attack { species: s, .. } if *s == species)
                };
                plans.iter().filter(is_it).count()
            };
            assert_eq!((of(true), of(false)), (3, 3), "{species:?}");
        }
        for plan in &plans {
            if let Presented::Attack { victim, attacker, .. } = &plan.presented {
                assert_ne!(victim, attacker);
            }
        }
        assert!(
            plans.iter().all(|plan| plan.cues.len() == 2 && plan.cues[0].gesture != plan.cues[1].gesture)
        );
        let lit = plans.iter().filter(|plan| plan.has_flash());
        assert!(lit.clone().all(|plan| plan.colours.windows(2).all(|pair| pair[0].0 != pair[1].0)));
        assert!(lit.clone().any(|plan| plan.colours[0].0 != lit.clone().next().unwrap().colours[0].0));
    }

    #[test]
    fn a_seed_is_a_bench() {
        let drawn = |seed: u64| -> Vec<_> {
            all(&["a", "b"], seed).into_iter().map(|plan| (plan.cues, plan.colours, plan.seed)).collect()
        };
        assert!(drawn(1) == drawn(1) && drawn(1) != drawn(2));
    }
}
