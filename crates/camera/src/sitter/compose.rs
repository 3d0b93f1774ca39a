//! Layers and light become what reaches the camera.
//!
//! Invariant: light adds up: each pixel is the room's light on a thing plus the screen's light on it. Layers are lit again only
//! when the light changes. Deliberately absent: exposure and noise, which are the sensor's.

use std::sync::Arc;

use super::canvas::Canvas;
use super::morph::{Lit, morph};
use super::play::Attitude;
use super::portrait::{Layer, Portrait};
use super::state::State;
use super::sway::Place;
use super::{FaceTruth, SitterParams};
use crate::Colour;
use crate::scene::light::to_linear;

/// What the screen gives to the room behind, over what it gives to the person: it is several times farther away.
const SCREEN_ON_ROOM: f32 = 0.08;
/// How far the room moves when the camera shakes, over how far the head does.
const ROOM_PARALLAX: f32 = 0.45;
/// The neutral face is this much of its box away from the box's middle at most: skin, where the pulse shows.
const SKIN_RADIUS: (f32, f32) = (0.42, 0.46);
/// Height of frames that pixels of sway are meant for.
const SWAY_HEIGHT_PX: f32 = 480.0;

#[derive(Clone, Copy, PartialEq)]
struct Light {
    head: [f32; 3],
    room: [f32; 3],
    screen: [f32; 3],
}

pub(super) struct Stage {
    portrait: Arc<Portrait>,
    light: Option<Light>,
    lit: Vec<Option<Lit>>,
    room: Canvas,
    between: Lit,
    canvas: Canvas,
}

impl Stage {
    pub(super) fn new(portrait: Arc<Portrait>, width: usize, height: usize) -> Self {
        let neutral = &portrait.layers[0];
        let room = Canvas::new(portrait.room.width() as usize, portrait.room.height() as usize);
        Self {
            light: None,
            lit: Vec::new(),
            room,
            between: Lit {
                left: 0,
                top: 0,
                width: neutral.width,
                height: neutral.height,
                pixels: Vec::new(),
            },
            canvas: Canvas::new(width, height),
            portrait,
        }
    }

    pub(super) fn portrait(&self) -> &Arc<Portrait> {
        &self.portrait
    }

    pub(super) fn canvas(&self) -> &Canvas {
        &self.canvas
    }

    pub(super) fn draw(
        &mut self,
        params: &SitterParams,
        attitude: &Attitude,
        place: &Place,
        shown: Option<Colour>,
    ) -> &Canvas {
        self.relight(params, shown);
        for state in [State::Neutral, attitude.from, attitude.to] {
            self.light_up(state);
        }
        self.draw_room(place);
        if params.is_absent {
            return &self.canvas;
        }
        let is_morphed = self.prepare(attitude);
        let frame = self.placing(params, place);
        let lit = if is_morphed { &self.between } else { lit_of(&self.lit, State::Neutral) };
        let [left, top, right, bottom] = self.portrait.truth(State::Neutral).box_px;
        let skin = Skin {
            centre: ((left + right) / 2.0, (top + bottom) / 2.0),
            radius: ((right - left) * SKIN_RADIUS.0, (bottom - top) * SKIN_RADIUS.1),
            pulse: attitude.pulse,
        };
        draw_head(&mut self.canvas, lit, &frame, &skin);
        &self.canvas
    }

    /// Forgets what is lit when the light is another.
    fn relight(&mut self, params: &SitterParams, shown: Option<Colour>) {
        let levels = params.light.levels();
        let colour = shown.map_or([0.0; 3], |c| [c.r, c.g, c.b].map(to_linear));
        let mean = levels.head.iter().sum::<f32>() / 3.0;
        let light =
            Light { head: levels.head, room: levels.room, screen: colour.map(|c| c * levels.screen * mean) };
        if self.light == Some(light) {
            return;
        }
        self.light = Some(light);
        self.lit = State::ALL.map(|_| None).into();
        let gains: [f32; 3] = std::array::from_fn(|i| light.room[i] + SCREEN_ON_ROOM * light.screen[i]);
        let tables = gains.map(table);
        let codes = self.portrait.room.data().chunks_exact(3);
        for (pixel, code) in self.room.pixels.iter_mut().zip(codes) {
            *pixel = std::array::from_fn(|i| tables[i][usize::from(code[i])]);
        }
    }

    fn light_up(&mut self, state: State) {
        let (Some(light), None) = (self.light, &self.lit[state as usize]) else { return };
        self.lit[state as usize] = Some(lit(&self.portrait.layers[state as usize], &light));
    }

    /// Puts the room into the canvas, enlarged so that it fills the frame wherever the camera shakes to.
    fn draw_room(&mut self, place: &Place) {
        let (width, height) = (self.canvas.width(), self.canvas.height());
        let unit = height as f32 / SWAY_HEIGHT_PX;
        let (wide, tall) = (self.room.width() as f32 * 0.9, self.room.height() as f32 * 0.9);
        let scale = (wide / width as f32).min(tall / height as f32);
        let shift = place.shake_px.map(|shake| shake * ROOM_PARALLAX * unit);
        let middle = (self.room.width() as f32 / 2.0, self.room.height() as f32 / 2.0);
        let across: Vec<(usize, f32)> = (0..width)
            .map(|x| middle.0 + (x as f32 - width as f32 / 2.0 - shift[0]) * scale)
            .map(|x| split(x, self.room.width()))
            .collect();
        for (y, row) in self.canvas.pixels.chunks_exact_mut(width).enumerate() {
            let from_y = middle.1 + (y as f32 - height as f32 / 2.0 - shift[1]) * scale;
            let (top, share) = split(from_y, self.room.height());
            let above = &self.room.pixels[top * self.room.width()..][..2 * self.room.width()];
            let (above, below) = above.split_at(self.room.width());
            for (pixel, (left, fx)) in row.iter_mut().zip(&across) {
                let (a, b, c, d) = (above[*left], above[left + 1], below[*left], below[left + 1]);
                *pixel = std::array::from_fn(|i| {
                    let (upper, lower) = (a[i] + (b[i] - a[i]) * fx, c[i] + (d[i] - c[i]) * fx);
                    upper + (lower - upper) * share
                });
            }
        }
    }

    /// Puts what lies between two states together; answers whether the face is in such a state at all.
    fn prepare(&mut self, attitude: &Attitude) -> bool {
        if attitude.from == attitude.to || (attitude.from == State::Neutral && attitude.share < 1e-3) {
            return false;
        }
        let Some(flow) = &self.portrait.flows[attitude.to as usize] else { return false };
        self.between.pixels.clone_from(&lit_of(&self.lit, State::Neutral).pixels);
        let (first, second) = (lit_of(&self.lit, attitude.from), lit_of(&self.lit, attitude.to));
        morph(&mut self.between, first, second, flow, attitude.share);
        true
    }

    /// How layers lie in the frame.
    fn placing(&self, params: &SitterParams, place: &Place) -> Placing {
        let [left, top, right, bottom] = self.portrait.truth(State::Neutral).box_px;
        let unit = params.height_px as f32 / SWAY_HEIGHT_PX;
        let scale = place.zoom * params.face_share * params.height_px as f32 / (bottom - top);
        let at = |axis: usize, centre: f32, side: u32| {
            centre * side as f32 + unit * (place.head_px[axis] + place.shake_px[axis])
        };
        Placing {
            pivot: ((left + right) / 2.0, (top + bottom) / 2.0),
            centre: (at(0, params.centre.0, params.width_px), at(1, params.centre.1, params.height_px)),
            cos: place.tilt.cos() * scale,
            sin: place.tilt.sin() * scale,
        }
    }

    pub(super) fn face(&self, params: &SitterParams, attitude: &Attitude, place: &Place) -> FaceTruth {
        let placing = self.placing(params, place);
        let (a, b, f) =
            (self.portrait.truth(attitude.from), self.portrait.truth(attitude.to), attitude.share);
        let mix = |a: f32, b: f32| a + (b - a) * f;
        let points = std::array::from_fn(|k| {
            let at = |i: usize| mix(a.points_px[k][i], b.points_px[k][i]);
            placing.apply(at(0), at(1))
        });
        let corner = |i: usize| mix(a.box_px[i], b.box_px[i]);
        let ([left, top], [right, bottom]) =
            (placing.apply(corner(0), corner(1)), placing.apply(corner(2), corner(3)));
        FaceTruth {
            box_px: [left, top, right, bottom],
            points_px: points,
            yaw_degrees: mix(a.yaw, b.yaw),
            eyes_open: mix(a.eyes_open, b.eyes_open),
            smile: mix(a.smile, b.smile),
        }
    }
}

fn lit_of(lit: &[Option<Lit>], state: State) -> &Lit {
    lit[state as usize].as_ref().expect("every state is lit before it is drawn")
}

/// A place between two of `count` pixels: the first of them, and the share of the second.
fn split(place: f32, count: usize) -> (usize, f32) {
    let place = place.clamp(0.0, (count - 1) as f32);
    let first = (place as usize).min(count - 2);
    (first, place - first as f32)
}

/// Light of each code under this much of it.
fn table(gain: f32) -> [f32; 256] {
    std::array::from_fn(|code| gain * to_linear(u8::try_from(code).unwrap_or(u8::MAX)))
}

fn lit(layer: &Layer, light: &Light) -> Lit {
    let (room, screen) = (light.head.map(table), light.screen.map(table));
    let codes = layer.room.data().chunks_exact(3).zip(layer.screen.data().chunks_exact(3));
    let pixels = codes.zip(&layer.cover).map(|((by_room, by_screen), cover)| {
        let share = f32::from(*cover) / 255.0;
        let colour = |i: usize| room[i][usize::from(by_room[i])] + screen[i][usize::from(by_screen[i])];
        [colour(0) * share, colour(1) * share, colour(2) * share, share]
    });
    Lit {
        left: layer.left,
        top: layer.top,
        width: layer.width,
        height: layer.height,
        pixels: pixels.collect(),
    }
}

/// Layer to frame: turned and enlarged about the pivot.
struct Placing {
    pivot: (f32, f32),
    centre: (f32, f32),
    cos: f32,
    sin: f32,
}

impl Placing {
    fn apply(&self, x: f32, y: f32) -> [f32; 2] {
        let (x, y) = (x - self.pivot.0, y - self.pivot.1);
        [self.centre.0 + self.cos * x - self.sin * y, self.centre.1 + self.sin * x + self.cos * y]
    }

    /// From the frame back into the layer.
    fn back(&self, x: f32, y: f32) -> (f32, f32) {
        let (x, y) = (x - self.centre.0, y - self.centre.1);
        let size = self.cos * self.cos + self.sin * self.sin;
        let along = (self.cos * x + self.sin * y) / size;
        let across = (self.cos * y - self.sin * x) / size;
        (self.pivot.0 + along, self.pivot.1 + across)
    }
}

struct Skin {
    centre: (f32, f32),
    radius: (f32, f32),
    pulse: f32,
}

fn draw_head(canvas: &mut Canvas, lit: &Lit, placing: &Placing, skin: &Skin) {
    let (width, height) = (canvas.width(), canvas.height());
    let (wide, tall) = (lit.width as f32 - 0.5, lit.height as f32 - 0.5);
    for y in 0..height {
        let row = &mut canvas.pixels[y * width..][..width];
        for (x, pixel) in row.iter_mut().enumerate() {
            let (u, v) = placing.back(x as f32, y as f32);
            if u < -0.5 || v < -0.5 || u > wide {
                continue;
            }
            // Below the layer the chest goes on.
            let [r, g, b, cover] = lit.sample(u, v.min(tall));
            if cover <= 0.0 {
                continue;
            }
            let (dx, dy) = ((u - skin.centre.0) / skin.radius.0, (v - skin.centre.1) / skin.radius.1);
            let g = if dx * dx + dy * dy < 1.0 { g * (1.0 + skin.pulse) } else { g };
            let behind = 1.0 - cover;
            *pixel = [r + behind * pixel[0], g + behind * pixel[1], b + behind * pixel[2]];
        }
    }
}
