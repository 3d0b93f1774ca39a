//! How regions of the picture move between two frames.
//!
//! One least-squares step of Lucas and Kanade (1981) per region on a small grey picture. Invariant: motion is in pixels
//! of that small picture; a region without texture has none. Deliberately lacks dense flow: three regions are compared.

use frame::{Frame, Gray};

use crate::face::Bounds;

/// Width that motion is measured at.
const SMALL_PX: u32 = 80;
/// Least mean squared gradient, in levels: a plain wall has no motion to see.
const LEAST_TEXTURE: f32 = 6.0;
/// Least share of both directions: one straight edge says nothing about motion along it.
const LEAST_ISOTROPY: f32 = 0.02;

/// Motion of a region.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shift {
    pub x: f32,
    pub y: f32,
}

/// Motions between two frames.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Motion {
    /// The face.
    pub face: Option<Shift>,
    /// Beside and above the head.
    pub ring: Option<Shift>,
    /// The picture's edge.
    pub border: Option<Shift>,
}

/// The small grey picture that motion is measured on.
pub(super) fn small(frame: &Frame) -> Gray {
    let height = (frame.height() * SMALL_PX / frame.width().max(1)).clamp(8, 2 * SMALL_PX);
    frame.resized(SMALL_PX, height).to_gray()
}

/// Motion from `before` to `now`; `face` is in pixels of a frame of `frame_width`.
pub(super) fn between(before: &Gray, now: &Gray, face: &Bounds, frame_width: u32) -> Motion {
    if before.height() != now.height() {
        return Motion::default();
    }
    let scale = SMALL_PX as f32 / frame_width.max(1) as f32;
    let scaled = Bounds {
        x: face.x * scale,
        y: face.y * scale,
        width: face.width * scale,
        height: face.height * scale,
    };
    let (inner, outer, head) = (scaled.grown(-0.1), scaled.grown(0.9), scaled.grown(0.45));
    let is_in =
        |b: &Bounds, x: f32, y: f32| (b.x..b.x + b.width).contains(&x) && (b.y..b.y + b.height).contains(&y);
    let (width, height) = (SMALL_PX as f32, now.height() as f32);
    let is_edge = |x: f32, y: f32| x < 0.07 * width || x > 0.93 * width || y < 0.07 * height;
    let sideways = |x: f32| x < head.x || x > head.x + head.width;
    Motion {
        face: shift(before, now, |x, y| is_in(&inner, x, y)),
        ring: shift(before, now, |x, y| {
            let is_beside = (sideways(x) && y < scaled.y + 0.5 * scaled.height) || y < head.y;
            is_in(&outer, x, y) && is_beside && !is_edge(x, y)
        }),
        border: shift(before, now, |x, y| is_edge(x, y) && !is_in(&outer, x, y)),
    }
}

fn shift(before: &Gray, now: &Gray, is_in: impl Fn(f32, f32) -> bool) -> Option<Shift> {
    let (mut xx, mut xy, mut yy, mut xt, mut yt, mut count) =
        (0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32, 0.0f32);
    for y in 1..now.height() - 1 {
        let rows = [before.row(y - 1), before.row(y), before.row(y + 1)];
        for x in 1..SMALL_PX as usize - 1 {
            if !is_in(x as f32 + 0.5, y as f32 + 0.5) {
                continue;
            }
            let gx = (f32::from(rows[1][x + 1]) - f32::from(rows[1][x - 1])) / 2.0;
            let gy = (f32::from(rows[2][x]) - f32::from(rows[0][x])) / 2.0;
            let gt = f32::from(now.row(y)[x]) - f32::from(rows[1][x]);
            (xx, xy, yy) = (xx + gx * gx, xy + gx * gy, yy + gy * gy);
            (xt, yt, count) = (xt + gx * gt, yt + gy * gt, count + 1.0);
        }
    }
    let (trace, det) = (xx + yy, xx * yy - xy * xy);
    if count < 24.0 || trace / count < LEAST_TEXTURE || det < LEAST_ISOTROPY * trace * trace / 4.0 {
        return None;
    }
    Some(Shift { x: (xy * yt - yy * xt) / det, y: (xy * xt - xx * yt) / det })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A patterned wall moved by `wall`, a patterned disc before it moved by `disc`, in pixels of 640.
    fn scene(wall: f32, disc: f32) -> Frame {
        let pattern =
            |x: f32, y: f32, pitch: f32| ((x / pitch).sin() * (y / pitch).cos() * 60.0 + 120.0) as u8;
        let mut data = Vec::new();
        for y in 0..480 {
            for x in 0..640 {
                let (fx, fy) = (x as f32, y as f32);
                let is_disc = (fx - disc - 320.0).hypot(fy - 240.0) < 80.0;
                let luma = if is_disc { pattern(fx - disc, fy, 11.0) } else { pattern(fx - wall, fy, 17.0) };
                data.extend([luma; 3]);
            }
        }
        Frame::new(640, 480, data).unwrap()
    }

    #[test]
    fn regions_move_each_on_its_own() {
        let face = Bounds { x: 260.0, y: 180.0, width: 120.0, height: 120.0 };
        let still = small(&scene(0.0, 0.0));
        let check = |wall: f32, disc: f32| {
            let motion = between(&still, &small(&scene(wall, disc)), &face, 640);
            let (seen_disc, seen_wall) = (motion.face.unwrap().x, motion.ring.unwrap().x);
            assert!((seen_disc - disc / 8.0).abs() < 0.2, "{seen_disc} for {disc}");
            assert!((seen_wall - wall / 8.0).abs() < 0.2, "{seen_wall} for {wall}");
            assert!((motion.border.unwrap().x - wall / 8.0).abs() < 0.2);
        };
        check(0.0, 4.0);
        check(4.0, 4.0);
        check(3.0, 0.0);
    }

    #[test]
    fn plain_walls_have_no_motion() {
        let plain = small(&Frame::filled(640, 480, [90; 3]));
        let face = Bounds { x: 260.0, y: 180.0, width: 120.0, height: 120.0 };
        let motion = between(&plain, &plain, &face, 640);
        assert!(motion.face.is_none() && motion.ring.is_none() && motion.border.is_none());
    }
}
