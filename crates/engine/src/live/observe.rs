//! From what `vision` measured to what `session` decides on.
//!
//! Invariant: nothing is judged here, and no pixel passes.

use frame::{Point, Quad};
use session::{Observation, Side, Sight};
use vision::live::{self, Analysis, CardMap};

/// The same facts in the machine's words.
pub(crate) fn observation(analysis: &Analysis) -> Observation {
    Observation {
        sight: match analysis.sight {
            live::Sight::Nothing => Sight::Nothing,
            live::Sight::Ktp => Sight::Ktp,
            live::Sight::BackSide => Sight::BackSide,
            live::Sight::OtherDocument => Sight::OtherDocument,
        },
        width_share: analysis.width_share,
        perspective_degrees: analysis.perspective_degrees,
        rotation_degrees: analysis.rotation_degrees,
        cut_off: analysis.cut_off.iter().copied().map(side).collect(),
        motion: analysis.motion,
        sharpness: analysis.sharpness,
        brightness: analysis.brightness,
        glare_fields: analysis.glare_fields.clone(),
        glare_side: analysis.quad.and_then(|quad| side_of(&analysis.glare, &quad)),
        covered_fields: analysis.covered_fields.clone(),
    }
}

fn side(side: live::Side) -> Side {
    match side {
        live::Side::Left => Side::Left,
        live::Side::Right => Side::Right,
        live::Side::Top => Side::Top,
        live::Side::Bottom => Side::Bottom,
    }
}

/// On which side of the card's middle, as seen in the frame, a region lies; `None` if it lies about the middle.
fn side_of(map: &CardMap, card: &Quad) -> Option<Side> {
    /// Share of the card's size within which nobody could say on which side it is.
    const MIDDLE: f32 = 0.1;
    if map.share() == 0.0 {
        return None;
    }
    let corners: Vec<Point> = map.outlines(card).into_iter().flatten().collect();
    let (middle, region) = (centre(&card.0)?, centre(&corners)?);
    let across = (region.x - middle.x) / card.width().max(1.0);
    let down = (region.y - middle.y) / card.height().max(1.0);
    if across.abs().max(down.abs()) < MIDDLE {
        return None;
    }
    Some(match (across.abs() > down.abs(), across > 0.0, down > 0.0) {
        (true, false, _) => Side::Left,
        (true, true, _) => Side::Right,
        (false, _, false) => Side::Top,
        (false, _, true) => Side::Bottom,
    })
}

fn centre(points: &[Point]) -> Option<Point> {
    let count = points.len() as f32;
    let sum = points.iter().fold(Point::default(), |sum, p| Point::new(sum.x + p.x, sum.y + p.y));
    (count > 0.0).then(|| Point::new(sum.x / count, sum.y / count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_lies_to_a_side_of_the_frame_however_the_card_is_turned() {
        #[track_caller]
        fn check(quad: Quad, cells: [std::ops::Range<usize>; 2], expected: Option<Side>) {
            let [cols, rows] = cells;
            let map = CardMap::from_fn(
                |col, row| {
                    if cols.contains(&col) && rows.contains(&row) { 1.0 } else { 0.0 }
                },
            );
            assert_eq!(side_of(&map, &quad), expected);
        }
        let upright = Quad::rect(200.0, 100.0, 1000.0, 600.0);
        check(upright, [2..6, 8..12], Some(Side::Left));
        check(upright.turned_half(), [2..6, 8..12], Some(Side::Right));
        check(upright, [14..18, 1..4], Some(Side::Top));
        check(upright, [14..18, 9..11], None);
        check(upright, [0..0, 0..0], None);
    }
}
