//! Finding the card: picture → [`Quad`].
//!
//! The net sees 256×256 pixels and answers with a heat map per *semantic* corner, so orientation comes for free. It
//! first sees the whole picture, then twice its own crop, which makes small cards as precise as large ones.
//! Invariant: quads are in the coordinates of the picture given. Deliberately lacks tracking between frames.

mod peaks;

use frame::{Border, Frame, Homography, Point, Quad, Sampling};
use inference::{Model, RunError, Tensor};

use crate::params::LocaliseParams;
use peaks::best_quad;

/// Side of the net's input.
const INPUT_PX: u32 = 256;
/// Longest side of the picture inside it.
const CONTENT_PX: u32 = 232;
/// Grey around the picture.
const PADDING: u8 = 114;
/// Where the crop of a refinement lies in the input: left, top, width, height (the card's shape).
const CROP_PX: (f32, f32, f32, f32) = (12.0, 48.0, 232.0, 160.0);

/// A possible card.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub quad: Quad,
    /// Log-likelihood-like: 0 is perfect, below about −4 is doubtful.
    pub score: f32,
}

/// The picture at halving sizes, so that crops sample near their own resolution.
pub(crate) struct Pyramid<'a> {
    full: &'a Frame,
    /// Half its sides, a quarter, and so on.
    smaller: Vec<Frame>,
}

impl<'a> Pyramid<'a> {
    pub fn of(full: &'a Frame) -> Self {
        let mut smaller: Vec<Frame> = Vec::new();
        loop {
            let last = smaller.last().unwrap_or(full);
            if last.width().min(last.height()) < 2 * INPUT_PX {
                return Self { full, smaller };
            }
            smaller.push(last.resized(last.width() / 2, last.height() / 2));
        }
    }

    pub fn full(&self) -> &Frame {
        self.full
    }

    /// The smallest level that still has at least `1 / shrink` of the full resolution, and its scale per axis.
    pub fn level(&self, shrink: f32) -> (&Frame, f32, f32) {
        let index = (shrink.max(1.0).log2().floor() as usize).min(self.smaller.len());
        let level = index.checked_sub(1).map_or(self.full, |nth| &self.smaller[nth]);
        let scale = |a: u32, b: u32| a as f32 / b as f32;
        (level, scale(level.width(), self.full().width()), scale(level.height(), self.full().height()))
    }
}

pub(crate) struct Localiser<'a> {
    pub model: &'a dyn Model,
    pub params: &'a LocaliseParams,
}

impl Localiser<'_> {
    /// Candidates found in the whole picture, best first: upright, and turned by quarters if that is doubtful.
    pub fn coarse(&self, pyramid: &Pyramid<'_>) -> Result<Vec<Candidate>, RunError> {
        let mut found = vec![self.look(pyramid.full(), 0)?];
        if found[0].score < self.params.retry_below {
            for quarters in 1..4 {
                found.push(self.look(pyramid.full(), quarters)?);
            }
            found.sort_by(|a, b| b.score.total_cmp(&a.score));
        }
        Ok(found)
    }

    /// Candidates in overlapping windows of half the picture's size: for cards too small for the whole view.
    pub fn windows(&self, pyramid: &Pyramid<'_>) -> Result<Vec<Candidate>, RunError> {
        let full = pyramid.full();
        let (w, h) = (full.width() as f32 - 1.0, full.height() as f32 - 1.0);
        let mut found = Vec::new();
        for (cx, cy) in [(0.5, 0.5), (0.27, 0.27), (0.73, 0.27), (0.27, 0.73), (0.73, 0.73)] {
            let half = 0.27;
            let window = Quad::rect((cx - half) * w, (cy - half) * h, (cx + half) * w, (cy + half) * h);
            found.extend(self.look_through(pyramid, &window)?);
        }
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        Ok(found)
    }

    /// Looks again at the candidate's own crop, and closer still unless that moved nothing; keeps the old corners where the new
    /// ones are worse. The mean of both looks is nearer to the truth than either.
    pub fn refine(&self, pyramid: &Pyramid<'_>, candidate: Candidate) -> Result<Candidate, RunError> {
        let mut best = candidate;
        let mut before: Option<Quad> = None;
        for &margin in &self.params.refine_margins {
            let inner = inner_quad(margin);
            let Some((input, to_picture)) = crop(pyramid, &best.quad, &inner) else { break };
            let seen = self.run(&input)?;
            let furthest = seen.quad.0.iter().zip(inner.0).map(|(a, b)| a.distance(b)).fold(0.0, f32::max);
            let moved = furthest / (CROP_PX.2 * 0.8);
            if seen.score > self.params.refine_accept && moved < self.params.refine_max_move {
                let quad = seen.quad.map(|p| to_picture.apply(p));
                best = Candidate {
                    quad: before.map_or(quad, |before| before.towards(&quad, 0.5)),
                    score: seen.score,
                };
                before = Some(quad);
                if moved < self.params.refine_settled {
                    break;
                }
            }
        }
        Ok(best)
    }

    /// One look at the whole picture, from its smallest level, turned by quarters.
    pub fn glance(&self, pyramid: &Pyramid<'_>, quarters: u8) -> Result<Candidate, RunError> {
        let (small, sx, sy) = pyramid.level(f32::MAX);
        let seen = self.look(small, quarters)?;
        Ok(Candidate { quad: seen.quad.map(|p| Point::new(p.x / sx, p.y / sy)), ..seen })
    }

    /// One look at the crop around `quad` with this margin, whatever it shows; `None` if the quad has no area.
    pub fn look_closer(
        &self,
        pyramid: &Pyramid<'_>,
        quad: &Quad,
        margin: f32,
    ) -> Result<Option<Candidate>, RunError> {
        let Some((input, to_picture)) = crop(pyramid, quad, &inner_quad(margin)) else { return Ok(None) };
        let seen = self.run(&input)?;
        Ok(Some(Candidate { quad: seen.quad.map(|p| to_picture.apply(p)), score: seen.score }))
    }

    fn look(&self, picture: &Frame, quarters: u8) -> Result<Candidate, RunError> {
        let long = picture.width().max(picture.height()) as f32;
        let scale = CONTENT_PX as f32 / long;
        let side = |v: u32| ((v as f32 * scale).round() as u32).clamp(1, CONTENT_PX);
        let small = picture.resized(side(picture.width()), side(picture.height())).rotated_ccw(quarters);
        let (x, y) = ((INPUT_PX - small.width()) / 2, (INPUT_PX - small.height()) / 2);
        let seen = self.run(&paste(&small, x, y))?;
        let size = (picture.width() as f32, picture.height() as f32);
        let quad = seen.quad.map(|p| {
            let turned = Point::new((p.x - x as f32) / scale, (p.y - y as f32) / scale);
            unturn(turned, size, quarters)
        });
        Ok(Candidate { quad, score: seen.score })
    }

    fn look_through(&self, pyramid: &Pyramid<'_>, window: &Quad) -> Result<Option<Candidate>, RunError> {
        let scale = CONTENT_PX as f32 / window.width().max(window.height());
        let (w, h) = (window.width() * scale, window.height() * scale);
        let (x, y) = ((INPUT_PX as f32 - w) / 2.0, (INPUT_PX as f32 - h) / 2.0);
        let inner = Quad::rect(x, y, x + w, y + h);
        let Some((input, to_picture)) = crop(pyramid, window, &inner) else { return Ok(None) };
        let seen = self.run(&input)?;
        Ok(Some(Candidate { quad: seen.quad.map(|p| to_picture.apply(p)), score: seen.score }))
    }

    /// The net itself: BGR planes, −1 to 1.
    fn run(&self, input: &Frame) -> Result<Candidate, RunError> {
        let side = INPUT_PX as usize;
        let plane = |c: usize| input.data().iter().skip(c).step_by(3).map(|&v| f32::from(v) / 127.5 - 1.0);
        let values = plane(2).chain(plane(1)).chain(plane(0)).collect();
        let tensor = Tensor::new(&[1, 3, side, side], values).expect("three planes of the input's size");
        let maps = self.model.run(&tensor)?;
        best_quad(&maps).ok_or_else(|| RunError::Failed(format!("corner maps of shape {:?}", maps.shape())))
    }
}

/// The shape the net must be prepared for.
pub(crate) const INPUT_SHAPE: [usize; 4] = [1, 3, INPUT_PX as usize, INPUT_PX as usize];

fn paste(small: &Frame, left: u32, top: u32) -> Frame {
    let mut data = vec![PADDING; (INPUT_PX * INPUT_PX * 3) as usize];
    let row_bytes = small.width() as usize * 3;
    for (y, row) in small.data().chunks_exact(row_bytes).enumerate() {
        let at = ((top as usize + y) * INPUT_PX as usize + left as usize) * 3;
        data[at..at + row_bytes].copy_from_slice(row);
    }
    Frame::new(INPUT_PX, INPUT_PX, data).expect("the canvas has its own size")
}

/// The net's input with `quad` of the picture at `inner`, nothing but padding outside the crop window, and the map
/// from input to picture.
fn crop(pyramid: &Pyramid<'_>, quad: &Quad, inner: &Quad) -> Option<(Frame, Homography)> {
    let (level, sx, sy) = pyramid.level(quad.width() / inner.width());
    let to_picture = Homography::between(inner, quad)?;
    let scaled = quad.map(|p| Point::new(p.x * sx, p.y * sy));
    let (left, top, width, height) = window_around(inner);
    let local = inner.map(|p| Point::new(p.x - left as f32, p.y - top as f32));
    let to_level = Homography::between(&local, &scaled)?;
    let content = level.warped(&to_level, (width, height), Sampling::Bilinear, Border::Constant(PADDING));
    Some((paste(&content, left, top), to_picture))
}

/// Where the card lies in the input when its crop is taken with this margin.
fn inner_quad(margin: f32) -> Quad {
    let (left, top, width, height) = CROP_PX;
    Quad::rect(
        left + margin * width,
        top + margin * height,
        left + (1.0 - margin) * width,
        top + (1.0 - margin) * height,
    )
}

/// The part of the input a crop may fill: the card-shaped window for cards, a square for other shapes.
fn window_around(inner: &Quad) -> (u32, u32, u32, u32) {
    let (left, top, width, height) = CROP_PX;
    let fits =
        inner.0.iter().all(|p| (left..=left + width).contains(&p.x) && (top..=top + height).contains(&p.y));
    if fits && inner.width() < width {
        (left as u32, top as u32, width as u32, height as u32)
    } else {
        let edge = (INPUT_PX - CONTENT_PX) / 2;
        (edge, edge, CONTENT_PX, CONTENT_PX)
    }
}

/// Undoes `quarters` counter-clockwise turns of a picture of this size.
fn unturn(mut p: Point, (width, height): (f32, f32), quarters: u8) -> Point {
    for turn in (0..quarters).rev() {
        let width_before = if turn % 2 == 0 { width } else { height };
        p = Point::new(width_before - 1.0 - p.y, p.x);
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_back_is_exact() {
        let frame = {
            let data = (0..7 * 5).flat_map(|i| [i as u8; 3]).collect();
            Frame::new(7, 5, data).unwrap()
        };
        for quarters in 0..4 {
            let turned = frame.rotated_ccw(quarters);
            let p = unturn(Point::new(2.0, 1.0), (7.0, 5.0), quarters);
            assert_eq!(turned.pixel(2, 1), frame.pixel(p.x as u32, p.y as u32), "{quarters}");
        }
    }

    #[test]
    fn the_pyramid_halves_until_the_input_size() {
        let picture = Frame::filled(2100, 1200, [0; 3]);
        let pyramid = Pyramid::of(&picture);
        assert_eq!(pyramid.smaller.len(), 2);
        assert_eq!(pyramid.level(1.9).0.width(), 2100);
        assert_eq!(pyramid.level(2.1).0.width(), 1050);
        assert_eq!(pyramid.level(64.0).0.width(), 525);
    }
}
