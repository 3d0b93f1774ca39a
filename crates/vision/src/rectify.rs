//! Straightening: the card's quad → an upright grey picture with a margin.
//!
//! Invariant: the result has the aspect of the line finder's canvas, so positions there and here differ by one
//! factor. Shrinking averages areas first: thin strokes fade instead of breaking. Deliberately lacks correction of
//! bent cards.

use frame::{Border, Gray, Homography, Point, Quad, Sampling};

use crate::lines::{CANVAS_HEIGHT_PX, CANVAS_WIDTH_PX, MARGIN};
use crate::params::RectifyParams;

/// Where the card lies in a rectified picture of this width.
fn card_quad(width: f32, height: f32) -> Quad {
    Quad::rect(MARGIN * width, MARGIN * height, (1.0 - MARGIN) * width, (1.0 - MARGIN) * height)
}

/// Size of the rectified picture for a card this wide in the original.
fn target_size(card_px: f32, params: &RectifyParams) -> (u32, u32) {
    let width = (card_px * params.oversampling).clamp(params.min_width_px, params.max_width_px) as u32;
    (width, width * CANVAS_HEIGHT_PX as u32 / CANVAS_WIDTH_PX as u32)
}

/// The upright card, grey. `None` if the quad has no area.
pub(crate) fn rectify(picture: &Gray, quad: &Quad, params: &RectifyParams) -> Option<Gray> {
    let (width, height) = target_size(quad.width(), params);
    let shrink = quad.width() / width as f32;
    let target = card_quad(width as f32, height as f32);
    if shrink <= params.area_average_above {
        let map = Homography::between(&target, quad)?;
        let sampling = if shrink < 1.0 { Sampling::Bicubic } else { Sampling::Bilinear };
        return Some(picture.warped(&map, (width, height), sampling, Border::Replicate));
    }
    let side = |v: u32| ((v as f32 / shrink).round() as u32).max(1);
    let small = picture.resized(side(picture.width()), side(picture.height()));
    let scale_x = small.width() as f32 / picture.width() as f32;
    let scale_y = small.height() as f32 / picture.height() as f32;
    let scaled = quad.map(|p| Point::new(p.x * scale_x, p.y * scale_y));
    let map = Homography::between(&target, &scaled)?;
    Some(small.warped(&map, (width, height), Sampling::Bicubic, Border::Replicate))
}

/// The same view in colour, for people to look at.
pub(crate) fn rectify_colour(
    picture: &frame::Frame,
    quad: &Quad,
    params: &RectifyParams,
) -> Option<frame::Frame> {
    let (width, height) = target_size(quad.width(), params);
    let map = Homography::between(&card_quad(width as f32, height as f32), quad)?;
    Some(picture.warped(&map, (width, height), Sampling::Bilinear, Border::Replicate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_lands_inside_the_margin() {
        let mut data = vec![20u8; 1000 * 700];
        for y in 100..600 {
            data[y * 1000 + 100..y * 1000 + 893].fill(200);
        }
        let picture = Gray::new(1000, 700, data).unwrap();
        let quad = Quad::rect(100.0, 100.0, 892.0, 599.0);
        let card = rectify(&picture, &quad, &RectifyParams::default()).unwrap();
        assert_eq!((card.width(), card.height()), (831, 519));
        assert!(card.row(4).iter().all(|&v| v < 60));
        assert!(card.row(260)[30..800].iter().all(|&v| v > 190));
        let flat = Quad::rect(5.0, 5.0, 5.0, 5.0);
        assert!(rectify(&picture, &flat, &RectifyParams::default()).is_none());
    }
}
