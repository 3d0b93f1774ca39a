//! A view → pixels.
//!
//! Invariant: same view, same seed, same bytes. Light is added linearly; codes come last, noise after them: a camera's
//! own coding makes the noise of light about equal at all levels. Deliberately absent: colour errors of cheap lenses.

use frame::{Frame, Homography, Point, Quad};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::backdrop::backdrop;
use super::canvas::{Area, Canvas};
use super::cards::{Thing, picture};
use super::light::{Coding, Light, ONE};
use super::pose::{HEIGHT_PX, WIDTH_PX};
use super::texture::{Sampler, Texel, Texture};
use super::view::{Spot, View};
use crate::Colour;

/// Noise of the sensor in codes, in the light it is set for; darker pictures are amplified. A webcam's, indoors.
const NOISE: f32 = 1.3;
/// The most that amplification makes of it.
const MOST_NOISE: f32 = 6.0;
/// Pixels between two places at which the projection is computed exactly.
const SPAN_PX: u32 = 16;
/// Values of the noise table: a prime's worth more than a frame's row, so that rows do not repeat visibly.
const GRAINS: usize = 1 << 16;

/// Paints views of one card.
pub(super) struct Painter {
    card: usize,
    textures: Vec<(Thing, Texture)>,
    backdrop: Canvas,
    canvas: Canvas,
    coding: Coding,
    grains: Vec<i16>,
    skin: [f32; 3],
    seed: u64,
}

impl Painter {
    pub(super) fn new(card: usize, seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x9A17);
        let tone: f32 = rng.random_range(0.25..1.0);
        // Sums of uniform numbers are normal enough; 256 stands for one standard deviation.
        let mut grain = || (0..6).map(|_| rng.random_range(-181..=181_i16)).sum();
        let grains = (0..GRAINS + WIDTH_PX as usize * 3).map(|_| grain()).collect();
        let skin = [0.12 + 0.45 * tone, 0.06 + 0.26 * tone, 0.035 + 0.17 * tone];
        Self {
            card,
            textures: Vec::new(),
            backdrop: backdrop(seed),
            canvas: Canvas::new(),
            coding: Coding::new(),
            grains,
            skin,
            seed,
        }
    }

    /// Uses another card from now on.
    pub(super) fn change_card(&mut self, card: usize) {
        if self.card != card {
            self.card = card;
            self.textures.clear();
        }
    }

    pub(super) fn paint(&mut self, view: &View, screen: Option<Colour>) -> Frame {
        self.canvas.copy(&self.backdrop);
        if let (Some(thing), Some(quad)) = (view.state.thing, view.quad) {
            if let Some(hand) = &view.hand {
                hand.paint(&mut self.canvas, self.skin);
            }
            self.lay(thing, &quad, view);
            view.fingers.iter().for_each(|finger| finger.paint(&mut self.canvas, self.skin));
            self.smear(&quad, view.smear_px);
        }
        self.coded(view.at_ms, Light::of(view.state.lamp, screen))
    }

    /// Lays the card's picture into the canvas.
    fn lay(&mut self, thing: Thing, quad: &Quad, view: &View) {
        let place = self.textures.iter().position(|(of, _)| *of == thing).unwrap_or_else(|| {
            self.textures.push((thing, Texture::of(&picture(thing, self.card))));
            self.textures.len() - 1
        });
        let texture = &self.textures[place].1;
        let Some(to_card) = Homography::between(quad, &Quad::rect(0.0, 0.0, 1.0, 1.0)) else { return };
        let shrink = texture.width() / quad.width().max(1.0);
        // A size whose texels are twice as wide as the blur loses as much detail as the blur does.
        let sampler = texture.at_size(shrink.max(shrink * view.state.defocus_px * 2.0));
        let Some(area) = Area::around(&quad.0, 2.0 + 2.0 * view.state.defocus_px) else { return };
        for y in area.top..area.bottom {
            let mut left = area.left;
            while left < area.right {
                let right = (left + SPAN_PX).min(area.right);
                let ends = [left, right].map(|x| to_card.apply(Point::new(x as f32, y as f32)));
                if may_touch(ends) {
                    let row = &mut self.canvas.row_mut(y)[left as usize..right as usize];
                    lay_span(row, ends, sampler, view.spot.as_ref());
                }
                left = right;
            }
        }
    }

    fn smear(&mut self, quad: &Quad, (across_px, down_px): (f32, f32)) {
        let reaches = [across_px, down_px].map(|way| (way / 2.0).round() as usize);
        let Some(area) = Area::around(&quad.0, 4.0 + across_px.max(down_px)) else { return };
        if reaches[0] > 0 {
            self.canvas.blur_across(area, reaches[0].min(60));
        }
        if reaches[1] > 0 {
            self.canvas.blur_down(area, reaches[1].min(60));
        }
    }

    /// The canvas as a camera codes it under this light.
    fn coded(&mut self, at_ms: u64, light: Light) -> Frame {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed.wrapping_mul(31).wrapping_add(at_ms));
        let sigma = (NOISE * (0.6 / light.mean().max(0.001)).sqrt()).clamp(NOISE * 0.7, MOST_NOISE);
        let scale = (sigma * 16.0) as i32;
        let tables = self.coding.under(light);
        let mut data = vec![0; (WIDTH_PX * HEIGHT_PX * 3) as usize];
        for (y, out) in (0..HEIGHT_PX).zip(data.chunks_exact_mut(WIDTH_PX as usize * 3)) {
            let grains = &self.grains[rng.random_range(0..GRAINS)..][..out.len()];
            let pixels = out.chunks_exact_mut(3).zip(self.canvas.row(y)).zip(grains.chunks_exact(3));
            for ((out, pixel), grain) in pixels {
                for i in 0..3 {
                    let code = i32::from(tables[i][usize::from(pixel[i] >> 2)]);
                    out[i] = (code + ((i32::from(grain[i]) * scale + 2048) >> 12)).clamp(0, 255) as u8;
                }
            }
        }
        Frame::new(WIDTH_PX, HEIGHT_PX, data).expect("as many bytes as the frame has")
    }
}

/// Whether a span between these places of the card can touch it.
fn may_touch([from, to]: [Point; 2]) -> bool {
    const RIM: f32 = 0.05;
    let beyond = |a: f32, b: f32| a.max(b) < -RIM || a.min(b) > 1.0 + RIM;
    !beyond(from.x, to.x) && !beyond(from.y, to.y)
}

fn lay_span(row: &mut [[u16; 3]], [from, to]: [Point; 2], sampler: Sampler<'_>, spot: Option<&Spot>) {
    let step = 1.0 / row.len() as f32;
    let (du, dv) = ((to.x - from.x) * step, (to.y - from.y) * step);
    let (mut u, mut v) = (from.x, from.y);
    for pixel in row {
        let texel = sampler.read(u, v);
        if texel[3] > 0.0 {
            let shine = spot.map_or(0.0, |spot| spot.light_at(u, v));
            *pixel = over(*pixel, texel, shine);
        }
        u += du;
        v += dv;
    }
}

/// A texel with a reflection on it, over what is behind.
#[inline]
fn over(behind: [u16; 3], texel: Texel, shine: f32) -> [u16; 3] {
    let (bare, shine) = (1.0 - texel[3], shine * texel[3] * ONE);
    std::array::from_fn(|i| (texel[i] + f32::from(behind[i]) * bare + shine) as u16)
}
