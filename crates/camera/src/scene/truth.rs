//! What is really so in a frame, for whoever judges those that have to find it out.
//!
//! Invariant: computed from the script's geometry, never from pixels.

use std::collections::BTreeMap;

use frame::{Homography, Point, Quad};
use ktp::Field;

use super::cards::{CardTruth, Place, Thing};
use super::pose::{HEIGHT_PX, WIDTH_PX};
use super::script::Side;
use super::view::{Spot, View};

/// The truth of one frame.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneTruth {
    /// When, in milliseconds since the script began.
    pub at_ms: u64,
    /// What is held in front of the camera; may still be outside the frame.
    pub thing: Option<Thing>,
    /// Its corners in its own order, in pixels; `None` if it cannot be seen.
    pub quad: Option<Quad>,
    /// Share of it that lies inside the frame.
    pub in_view: f32,
    /// The sides of the frame that cut corners off.
    pub cut_off: Vec<Side>,
    /// Width as a share of the frame's.
    pub width_share: f32,
    /// Angle between its normal and the camera's axis.
    pub tilt_degrees: f32,
    /// Turn in the picture's plane, clockwise, −180 to 180.
    pub roll_degrees: f32,
    /// Mean speed of its corners, in card widths a second.
    pub speed: f32,
    /// The room's light; 1 is what the camera is set for.
    pub lamp: f32,
    /// Blur by focus, in pixels.
    pub defocus_px: f32,
    /// Share of each field that fingers hide; fields without any are left out.
    pub covered: BTreeMap<Field, f32>,
    /// Share of each field that a reflection burns out; fields without any are left out.
    pub washed_out: BTreeMap<Field, f32>,
    /// Whether the camera gives no frames.
    pub is_unplugged: bool,
}

impl SceneTruth {
    pub(super) fn of(view: &View, card: usize) -> Self {
        let places = (view.state.thing == Some(Thing::Card)).then(|| &CardTruth::of(card).places);
        let shares = |hit: &dyn Fn(f32, f32) -> bool| -> BTreeMap<Field, f32> {
            let fields = places.into_iter().flatten();
            fields
                .map(|(field, places)| (*field, share_of(places, hit)))
                .filter(|(_, share)| *share > 0.0)
                .collect()
        };
        let to_frame = view.quad.and_then(|quad| Homography::between(&Quad::rect(0.0, 0.0, 1.0, 1.0), &quad));
        let covered = |u, v| {
            let at = to_frame.map(|map| map.apply(Point::new(u, v)));
            at.is_some_and(|at| view.fingers.iter().any(|finger| finger.covers(at)))
        };
        let burnt = |u, v| view.spot.is_some_and(|spot| spot.light_at(u, v) >= Spot::BURNT);
        Self {
            at_ms: view.at_ms,
            thing: view.state.thing,
            quad: view.quad,
            in_view: to_frame
                .map_or(0.0, |map| share_of(&[WHOLE], &|u, v| is_inside(map.apply(Point::new(u, v))))),
            cut_off: view.quad.map(|quad| cut_off(&quad)).unwrap_or_default(),
            width_share: view.quad.map_or(0.0, |quad| quad.width() / WIDTH_PX as f32),
            tilt_degrees: view.state.pose.tilt_degrees(),
            roll_degrees: (view.state.pose.roll_degrees + 180.0).rem_euclid(360.0) - 180.0,
            speed: view.speed,
            lamp: view.state.lamp,
            defocus_px: view.state.defocus_px,
            covered: shares(&covered),
            washed_out: shares(&burnt),
            is_unplugged: view.state.is_unplugged,
        }
    }
}

const WHOLE: Place = Place { left: 0.0, top: 0.0, right: 1.0, bottom: 1.0 };

/// Share of the places' area for which `hit` holds.
fn share_of(places: &[Place], hit: &dyn Fn(f32, f32) -> bool) -> f32 {
    /// Points looked at per place.
    const GRID: (usize, usize) = (32, 6);
    let (mut area, mut found) = (0.0, 0.0);
    for place in places {
        let cell = (place.right - place.left) * (place.bottom - place.top) / (GRID.0 * GRID.1) as f32;
        for step in 0..GRID.0 * GRID.1 {
            let (column, row) = ((step % GRID.0) as f32 + 0.5, (step / GRID.0) as f32 + 0.5);
            let u = place.left + (place.right - place.left) * column / GRID.0 as f32;
            let v = place.top + (place.bottom - place.top) * row / GRID.1 as f32;
            area += cell;
            found += if hit(u, v) { cell } else { 0.0 };
        }
    }
    if area > 0.0 { found / area } else { 0.0 }
}

fn is_inside(at: Point) -> bool {
    (0.0..WIDTH_PX as f32).contains(&at.x) && (0.0..HEIGHT_PX as f32).contains(&at.y)
}

fn cut_off(quad: &Quad) -> Vec<Side> {
    let any = |beyond: fn(&Point) -> bool| quad.0.iter().any(beyond);
    let sides = [
        (Side::Left, any(|p| p.x < 0.0)),
        (Side::Right, any(|p| p.x >= WIDTH_PX as f32)),
        (Side::Top, any(|p| p.y < 0.0)),
        (Side::Bottom, any(|p| p.y >= HEIGHT_PX as f32)),
    ];
    sides.into_iter().filter(|(_, is_cut)| *is_cut).map(|(side, _)| side).collect()
}
