//! What the face does over time: natural blinks, and gestures that were asked for, after a person's reaction time.
//!
//! Invariant: one movement at a time, each begun and ended smoothly. A gesture that is held ends when another is asked for, when
//! none is, or when holding it becomes tiring. Deliberately absent: people who get it wrong.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::state::State;
use crate::Gesture;

/// Reaction to something shown on a screen that one watches.
const REACTION_MS: std::ops::Range<f32> = 300.0..900.0;
const HELD_AT_MOST_MS: f32 = 3_500.0;

/// Where between two states the face is, and what the heart adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attitude {
    /// The state being left.
    pub from: State,
    /// The state being entered.
    pub to: State,
    /// 0 at the first, 1 at the second.
    pub share: f32,
    /// Relative change of the skin's green.
    pub pulse: f32,
}

impl Default for Attitude {
    fn default() -> Self {
        Self { from: State::Neutral, to: State::Neutral, share: 0.0, pulse: 0.0 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Blink,
    Turn,
    Smile,
}

#[derive(Clone, Copy, Debug)]
struct Movement {
    kind: Kind,
    start_ms: f32,
    rise_ms: f32,
    /// When it begins to fall; open while it is held.
    fall_at_ms: Option<f32>,
    fall_ms: f32,
    peak: f32,
}

impl Movement {
    fn level(&self, now_ms: f32) -> f32 {
        let rise = eased((now_ms - self.start_ms) / self.rise_ms);
        let fall = self.fall_at_ms.map_or(0.0, |at| eased((now_ms - at) / self.fall_ms));
        self.peak * rise * (1.0 - fall)
    }

    fn is_over(&self, now_ms: f32) -> bool {
        self.fall_at_ms.is_some_and(|at| now_ms >= at + self.fall_ms)
    }
}

fn eased(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A face over time.
#[derive(Clone)]
pub(super) struct Player {
    rng: ChaCha8Rng,
    blinks: bool,
    pulse_depth: f32,
    heart_hertz: f32,
    heart_phase: f32,
    now_ms: f32,
    movement: Option<Movement>,
    next_blink_ms: f32,
    asked: Option<Gesture>,
    /// When what is asked for now is begun, until it is.
    due_ms: Option<f32>,
}

impl Player {
    pub(super) fn new(seed: u64, blinks: bool, pulse_depth: f32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x0B11);
        let heart_hertz = rng.random_range(1.1..1.5);
        let heart_phase = rng.random_range(0.0..std::f32::consts::TAU);
        let next_blink_ms = rng.random_range(600.0..4_000.0);
        Self {
            rng,
            blinks,
            pulse_depth,
            heart_hertz,
            heart_phase,
            now_ms: 0.0,
            movement: None,
            next_blink_ms,
            asked: None,
            due_ms: None,
        }
    }

    /// Asks for a gesture, or for none. Asking again for the same changes nothing.
    pub(super) fn ask(&mut self, gesture: Option<Gesture>) {
        if gesture != self.asked {
            self.asked = gesture;
            self.due_ms = Some(self.now_ms + self.rng.random_range(REACTION_MS));
        }
    }

    /// The face at this time.
    pub(super) fn at(&mut self, at_ms: u64) -> Attitude {
        self.now_ms = self.now_ms.max(at_ms as f32);
        let now = self.now_ms;
        if self.movement.is_some_and(|movement| movement.is_over(now)) {
            self.movement = None;
            self.next_blink_ms = self.next_blink_ms.max(now + 300.0);
        }
        if self.due_ms.is_some_and(|due| now >= due) {
            self.obey(now);
        }
        if self.blinks && self.movement.is_none() && now >= self.next_blink_ms {
            self.next_blink_ms = now + self.rng.random_range(2_000.0..6_000.0);
            self.movement = Some(self.natural_blink(now));
        }
        let beat = (std::f32::consts::TAU * self.heart_hertz * now / 1000.0 + self.heart_phase).sin();
        let (from, to, share) =
            self.movement.map_or((State::Neutral, State::Neutral, 0.0), |m| between(m.kind, m.level(now)));
        Attitude { from, to, share, pulse: self.pulse_depth * beat }
    }

    /// Begins what is asked for, once whatever else the face does is over.
    fn obey(&mut self, now_ms: f32) {
        if let Some(movement) = &mut self.movement {
            let fall_at = movement.fall_at_ms.get_or_insert(now_ms);
            if movement.kind != Kind::Blink {
                *fall_at = fall_at.min(now_ms.max(movement.start_ms + movement.rise_ms));
            }
            return;
        }
        self.due_ms = None;
        self.movement = self.asked.map(|gesture| self.gesture(gesture, now_ms));
    }

    fn natural_blink(&mut self, start_ms: f32) -> Movement {
        let rise_ms = self.rng.random_range(70.0..110.0);
        let shut_ms = self.rng.random_range(20.0..70.0);
        let fall_ms = self.rng.random_range(110.0..180.0);
        let fall_at_ms = Some(start_ms + rise_ms + shut_ms);
        Movement { kind: Kind::Blink, start_ms, rise_ms, fall_at_ms, fall_ms, peak: 1.0 }
    }

    fn gesture(&mut self, gesture: Gesture, start_ms: f32) -> Movement {
        let rng = &mut self.rng;
        match gesture {
            Gesture::Blink => {
                // "For a moment" is longer than a blink and shorter than a nap.
                let (rise_ms, shut_ms) = (rng.random_range(90.0..150.0), rng.random_range(350.0..900.0));
                let fall_at_ms = Some(start_ms + rise_ms + shut_ms);
                let fall_ms = rng.random_range(120.0..200.0);
                Movement { kind: Kind::Blink, start_ms, rise_ms, fall_at_ms, fall_ms, peak: 1.0 }
            }
            Gesture::TurnLeft => Movement {
                kind: Kind::Turn,
                start_ms,
                rise_ms: rng.random_range(450.0..800.0),
                fall_at_ms: Some(start_ms + HELD_AT_MOST_MS),
                fall_ms: rng.random_range(400.0..700.0),
                peak: rng.random_range(0.8..1.0),
            },
            Gesture::Smile => Movement {
                kind: Kind::Smile,
                start_ms,
                rise_ms: rng.random_range(300.0..600.0),
                fall_at_ms: Some(start_ms + HELD_AT_MOST_MS),
                fall_ms: rng.random_range(350.0..700.0),
                peak: rng.random_range(0.75..1.0),
            },
        }
    }
}

/// The two states around a level of a movement, and where between them.
fn between(kind: Kind, level: f32) -> (State, State, f32) {
    let chain: &[State] = match kind {
        Kind::Blink => &[State::Neutral, State::HalfShut, State::Shut],
        Kind::Turn => &[State::Neutral, State::Turned10, State::Turned20, State::Turned30],
        Kind::Smile => &[State::Neutral, State::SmileHalf, State::Smile],
    };
    let steps = chain.len() - 1;
    let at = level.clamp(0.0, 1.0) * steps as f32;
    let low = (at as usize).min(steps - 1);
    (chain[low], chain[low + 1], at - low as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(gesture: Option<Gesture>, blinks: bool, seconds: u64) -> Vec<Attitude> {
        let mut player = Player::new(5, blinks, 0.0);
        player.at(0);
        player.ask(gesture);
        (1..seconds * 30).map(|k| player.at(k * 33)).collect()
    }

    fn seen(attitudes: &[Attitude], state: State) -> usize {
        attitudes
            .iter()
            .filter(|a| (a.from == state && a.share < 0.3) || (a.to == state && a.share > 0.35))
            .count()
    }

    #[test]
    fn each_gesture_is_followed_after_a_while_and_ends() {
        #[track_caller]
        fn check(gesture: Gesture, peak: State) {
            let attitudes = played(Some(gesture), false, 8);
            let quick = attitudes.iter().position(|a| a.from != a.to).unwrap();
            assert!((9..=30).contains(&quick), "{quick}");
            assert!(seen(&attitudes, peak) >= 3, "{gesture:?}");
            assert!(attitudes.last().unwrap().share < 1e-3);
        }
        check(Gesture::Blink, State::Shut);
        check(Gesture::TurnLeft, State::Turned30);
        check(Gesture::Smile, State::Smile);
    }

    #[test]
    fn what_is_asked_next_ends_what_is_held() {
        let mut player = Player::new(2, true, 0.0);
        player.ask(Some(Gesture::TurnLeft));
        let held = (1..60).map(|k| player.at(k * 33)).filter(|a| a.from == State::Turned20).count();
        assert!(held > 5, "{held}");
        player.ask(Some(Gesture::Smile));
        let after: Vec<_> = (60..150).map(|k| player.at(k * 33)).collect();
        assert!(seen(&after, State::Smile) > 5);
    }

    #[test]
    fn people_blink_by_themselves_unless_told_not_to() {
        let blinking = played(None, true, 30);
        let shut = blinking.windows(2).filter(|w| w[0].to != State::Shut && w[1].to == State::Shut).count();
        assert!((5..=15).contains(&shut), "{shut}");
        assert_eq!(seen(&played(None, false, 30), State::HalfShut), 0);
    }

    #[test]
    fn the_same_seed_plays_the_same() {
        assert_eq!(played(Some(Gesture::Smile), true, 5), played(Some(Gesture::Smile), true, 5));
    }
}
