//! One moment of a scene, in the frame's pixels: the card's corners, the reflection, fingers, and how fast it moves.
//!
//! Invariant: depends on the script, the seed and the time alone. The hand that holds the card is never quite still.

use frame::{Homography, Point, Quad};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::cards::CardTruth;
use super::hand::Stroke;
use super::pose::{ASPECT, Pose};
use super::script::{Score, Script, State};

/// Time the shutter is open: 1/60 s, what a webcam takes indoors.
const EXPOSURE_MS: f32 = 16.0;
/// Unrest of a hand that holds still, in card widths: a fifth of a millimetre.
const TREMOR: f32 = 0.002;
/// Radius of a finger in card widths: 14 mm across.
const FINGER: f32 = 0.082;

/// A lamp's reflection on the card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    u: f32,
    v: f32,
    strength: f32,
}

impl Spot {
    /// Added light from which paper burns out under the lamp's own light.
    pub(super) const BURNT: f32 = 1.0;
    /// Radii in shares of the card's width and height: a lamp longer than wide, seen in a slightly rough mirror.
    const RADII: (f32, f32) = (0.13, 0.12);
    /// Radii at which nothing is left of it.
    const REACH: f32 = 3.0;

    /// Light added at these shares of the card's width and height, 1 being white paper.
    #[inline]
    pub(super) fn light_at(&self, u: f32, v: f32) -> f32 {
        let (x, y) = ((u - self.u) / Self::RADII.0, (v - self.v) / Self::RADII.1);
        let squared = x * x + y * y;
        if squared >= Self::REACH * Self::REACH {
            return 0.0;
        }
        let fade = 1.0 - squared / (Self::REACH * Self::REACH);
        let core = ((1.25 - squared.sqrt()) * 2.0).clamp(0.0, 1.0);
        self.strength * (2.6 * core + 0.12 * fade * fade)
    }
}

/// One moment.
pub(super) struct View {
    pub at_ms: u64,
    pub state: State,
    pub quad: Option<Quad>,
    /// Mean way of the corners while the shutter is open, in pixels.
    pub smear_px: (f32, f32),
    /// Card widths a second.
    pub speed: f32,
    pub spot: Option<Spot>,
    /// Over the card.
    pub fingers: Vec<Stroke>,
    /// Behind it.
    pub hand: Option<Stroke>,
}

/// A script with the hand of a seed.
pub(super) struct Stage {
    score: Score,
    pub card: usize,
    /// Phases of the hand's unrest.
    phases: [f32; 6],
    /// Where along the lower edge the thumb is, from −0.5 to 0.5.
    thumb: f32,
    /// From which side fingers come, in radians from upright.
    slant: f32,
}

impl Stage {
    pub(super) fn new(script: &Script, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x57A6E);
        Self {
            score: Score::of(script),
            card: script.card,
            phases: std::array::from_fn(|_| rng.random_range(0.0..std::f32::consts::TAU)),
            thumb: rng.random_range(-0.3..0.3),
            slant: rng.random_range(-0.4..0.4),
        }
    }

    pub(super) fn state(&self, at_ms: u64) -> State {
        self.score.at(at_ms)
    }

    pub(super) fn view(&self, at_ms: u64) -> View {
        let mut state = self.score.at(at_ms);
        state.pose = self.pose(at_ms as f32);
        let quad = state.thing.and_then(|_| state.pose.quad());
        let (dx, dy) = self.way(at_ms as f32, EXPOSURE_MS);
        let width_px = quad.map_or(1.0, |quad| quad.width().max(1.0));
        let spot = state.glare.and_then(|(lamp, strength)| {
            let (u, v) = state.pose.reflection(lamp)?;
            Some(Spot { u, v, strength })
        });
        View {
            at_ms,
            state,
            quad,
            smear_px: (dx, dy),
            speed: dx.hypot(dy) / width_px * 1000.0 / EXPOSURE_MS,
            spot,
            fingers: quad.map(|quad| self.fingers(&state, &quad)).unwrap_or_default(),
            hand: quad.map(|quad| hand(&quad)),
        }
    }

    /// The script's pose with the unrest of the hand.
    fn pose(&self, ms: f32) -> Pose {
        let state = self.score.at(ms.max(0.0) as u64);
        let wave = |hertz: f32, phase: f32| (std::f32::consts::TAU * hertz * ms / 1000.0 + phase).sin();
        let [a, b, c, d, e, f] = self.phases;
        let across = TREMOR * (0.6 * wave(0.7, a) + 0.4 * wave(1.9, b)) + state.shake * wave(3.1, c);
        let down = TREMOR * (0.6 * wave(0.6, d) + 0.4 * wave(1.7, e)) + state.shake * 0.7 * wave(2.6, f);
        let pose = state.pose;
        Pose {
            x: pose.x + across * pose.width_share,
            y: pose.y + down * pose.width_share * 16.0 / 9.0,
            roll_degrees: pose.roll_degrees + 0.4 * wave(0.5, b) + state.shake * 40.0 * wave(2.2, a),
            ..pose
        }
    }

    /// Mean way of the corners over a time around `ms`, in pixels, per axis.
    fn way(&self, ms: f32, over_ms: f32) -> (f32, f32) {
        let half = (over_ms / 2.0).max(8.0);
        let ends = [ms - half, ms + half].map(|ms| self.pose(ms).quad());
        let [Some(from), Some(to)] = ends else { return (0.0, 0.0) };
        let mean =
            |of: fn(Point, Point) -> f32| from.0.iter().zip(to.0).map(|(a, b)| of(*a, b)).sum::<f32>() / 4.0;
        (mean(|a, b| (b.x - a.x).abs()), mean(|a, b| (b.y - a.y).abs()))
    }

    /// The thumb on the lower edge, and the finger that the script asks for.
    fn fingers(&self, state: &State, quad: &Quad) -> Vec<Stroke> {
        let mut fingers = vec![thumb(quad, self.thumb)];
        let Some((field, reach)) = state.finger.filter(|_| state.pose.tilt_degrees() < 60.0) else {
            return fingers;
        };
        let place = CardTruth::of(self.card).places.get(&field).and_then(|places| places.first());
        let map = Homography::between(&Quad::rect(0.0, 0.0, 1.0, 1.0), quad);
        let (Some(place), Some(map)) = (place, map) else { return fingers };
        let (u, v) = place.centre();
        let away = (self.slant.sin(), if v < 0.5 { -self.slant.cos() } else { self.slant.cos() });
        // Lengths are card widths from here on: a share of the height is a length over the aspect.
        let at = |length: f32| map.apply(Point::new(u + away.0 * length, v + away.1 * length * ASPECT));
        let short = (1.0 - reach) * 1.2 + FINGER * 0.5;
        fingers.push(Stroke { tip: at(short), root: at(short + 1.4), radius_px: FINGER * quad.width() });
        fingers
    }
}

fn middle(a: Point, b: Point, share: f32) -> Point {
    Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
}

/// The edge that is lowest in the frame, whichever of the card's it is.
fn lower_edge(quad: &Quad) -> (Point, Point) {
    let edges: [(Point, Point); 4] = std::array::from_fn(|i| (quad.0[i], quad.0[(i + 1) % 4]));
    let lowest = edges.into_iter().max_by(|a, b| (a.0.y + a.1.y).total_cmp(&(b.0.y + b.1.y)));
    lowest.unwrap_or(edges[2])
}

/// A thumb over the rim, where nothing is printed.
fn thumb(quad: &Quad, place: f32) -> Stroke {
    /// Card widths by which it reaches over the rim: 3 mm.
    const GRIP: f32 = 0.035;
    let (a, b) = lower_edge(quad);
    let radius_px = FINGER * quad.width();
    let rim = middle(a, b, 0.5 + place);
    let tip = Point::new(rim.x, rim.y + radius_px - GRIP * quad.width());
    Stroke { tip, root: Point::new(tip.x + 0.3 * radius_px, tip.y + 6.0 * radius_px), radius_px }
}

/// The hand behind the card, with the arm that leaves the frame below.
fn hand(quad: &Quad) -> Stroke {
    let (a, b) = lower_edge(quad);
    let (rim, wide) = (middle(a, b, 0.5), quad.width());
    let tip = Point::new(rim.x, rim.y - 0.05 * wide);
    Stroke { tip, root: Point::new(rim.x + 0.25 * wide, rim.y + 1.6 * wide), radius_px: 0.2 * wide }
}
