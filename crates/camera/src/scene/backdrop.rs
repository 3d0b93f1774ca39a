//! What lies behind the card: a desk, a cloth or a plain wall, grown from the seed.
//!
//! Invariant: same seed, same picture. It is a little out of focus, as things behind a near card are.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::canvas::Canvas;
use super::light::ONE;
use super::pose::{HEIGHT_PX, WIDTH_PX};

/// Kinds of surface: colour (reflectance), grain across and along in pixels, and how strong the grain is.
struct Surface {
    colour: [f32; 3],
    across_px: f32,
    along_px: f32,
    grain: f32,
}

const SURFACES: [Surface; 5] = [
    Surface { colour: [0.40, 0.22, 0.10], across_px: 9.0, along_px: 260.0, grain: 0.35 },
    Surface { colour: [0.12, 0.07, 0.04], across_px: 14.0, along_px: 340.0, grain: 0.45 },
    Surface { colour: [0.55, 0.53, 0.50], across_px: 160.0, along_px: 200.0, grain: 0.10 },
    Surface { colour: [0.08, 0.11, 0.14], across_px: 24.0, along_px: 30.0, grain: 0.20 },
    Surface { colour: [0.20, 0.30, 0.22], across_px: 60.0, along_px: 50.0, grain: 0.25 },
];

/// The backdrop of a seed.
pub(super) fn backdrop(seed: u64) -> Canvas {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0xBAC4);
    let surface = &SURFACES[rng.random_range(0..SURFACES.len())];
    let brightness: f32 = rng.random_range(0.75..1.2);
    let noise = Noise::new(&mut rng);
    let (towards_x, towards_y): (f32, f32) = (rng.random_range(-0.3..0.3), rng.random_range(-0.3..0.1));
    let mut canvas = Canvas::new();
    for y in 0..HEIGHT_PX {
        let row = canvas.row_mut(y);
        for x in 0..WIDTH_PX {
            let (px, py) = (x as f32, y as f32);
            let grain = noise.at(px / surface.along_px, py / surface.across_px)
                + 0.5 * noise.at(px / surface.along_px * 2.3 + 7.0, py / surface.across_px * 2.1);
            let slope = towards_x * (px / WIDTH_PX as f32 - 0.5) + towards_y * (py / HEIGHT_PX as f32 - 0.5);
            let tone = brightness * (1.0 + surface.grain * grain + slope);
            row[x as usize] = surface.colour.map(|share| (share * tone.max(0.05) * ONE) as u16);
        }
    }
    canvas
}

/// Smooth noise from a lattice of random heights, −1 to 1.
struct Noise {
    heights: Vec<f32>,
}

const SIDE: usize = 64;

impl Noise {
    fn new(rng: &mut ChaCha8Rng) -> Self {
        Self { heights: (0..SIDE * SIDE).map(|_| rng.random_range(-1.0..1.0)).collect() }
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (fx, fy) = (ease(x - left), ease(y - top));
        let height = |dx: usize, dy: usize| {
            let (x, y) = ((left as usize + dx) % SIDE, (top as usize + dy) % SIDE);
            self.heights[y * SIDE + x]
        };
        let above = height(0, 0) + (height(1, 0) - height(0, 0)) * fx;
        let below = height(0, 1) + (height(1, 1) - height(0, 1)) * fx;
        above + (below - above) * fy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_differ_and_repeat() {
        assert!(backdrop(1) == backdrop(1));
        assert!(backdrop(1) != backdrop(2));
    }
}
