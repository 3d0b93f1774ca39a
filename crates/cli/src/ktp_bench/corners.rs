//! How well a card was found: distance of corners, and overlap of quads.
//!
//! Invariant: corners are compared in the card's own order, so a card found upside down is not found well. Deliberately absent:
//! quads that are not convex; cards seen by a camera are.

use frame::{Point, Quad};

/// Mean distance of the four corners, in percent of the card's width.
pub fn error_percent(truth: &Quad, found: &Quad) -> f64 {
    let distances = truth.0.iter().zip(found.0).map(|(a, b)| f64::from(a.distance(b)));
    100.0 * distances.sum::<f64>() / 4.0 / f64::from(truth.width().max(1.0))
}

/// Intersection over union.
pub fn overlap(a: &Quad, b: &Quad) -> f64 {
    let (first, second) = (clockwise(a), clockwise(b));
    let common = area(&clipped(&first, &second));
    let union = area(&first) + area(&second) - common;
    if union > 0.0 { common / union } else { 0.0 }
}

fn clockwise(quad: &Quad) -> Vec<Point> {
    let mut corners = quad.0.to_vec();
    if signed_area(&corners) < 0.0 {
        corners.reverse();
    }
    corners
}

fn signed_area(corners: &[Point]) -> f64 {
    let next = corners.iter().cycle().skip(1);
    let cross = |(a, b): (&Point, &Point)| f64::from(a.x) * f64::from(b.y) - f64::from(b.x) * f64::from(a.y);
    corners.iter().zip(next).map(cross).sum::<f64>() / 2.0
}

fn area(corners: &[Point]) -> f64 {
    signed_area(corners).abs()
}

/// What of `subject` lies inside the convex `window` (Sutherland and Hodgman).
fn clipped(subject: &[Point], window: &[Point]) -> Vec<Point> {
    let mut kept = subject.to_vec();
    for (a, b) in window.iter().zip(window.iter().cycle().skip(1)) {
        let side = |p: &Point| (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
        let mut next = Vec::with_capacity(kept.len() + 1);
        for (p, q) in kept.iter().zip(kept.iter().cycle().skip(1)) {
            let (here, there) = (side(p), side(q));
            if here >= 0.0 {
                next.push(*p);
            }
            if (here < 0.0) != (there < 0.0) {
                let share = here / (here - there);
                next.push(Point::new(p.x + share * (q.x - p.x), p.y + share * (q.y - p.y)));
            }
        }
        kept = next;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &Quad, b: &Quad, expected: f64) {
        assert!((overlap(a, b) - expected).abs() < 1e-6, "{}", overlap(a, b));
        assert!((overlap(b, a) - expected).abs() < 1e-6);
    }

    #[test]
    fn overlap_is_shared_area_over_all() {
        let square = Quad::rect(0.0, 0.0, 10.0, 10.0);
        check(&square, &square, 1.0);
        check(&square, &square.turned_half(), 1.0);
        check(&square, &square.mirrored(), 1.0);
        check(&square, &Quad::rect(5.0, 0.0, 15.0, 10.0), 1.0 / 3.0);
        check(&square, &Quad::rect(20.0, 0.0, 30.0, 10.0), 0.0);
        check(&square, &Quad::rect(2.0, 2.0, 7.0, 7.0), 0.25);
        let diamond = Quad([(5.0, 0.0), (10.0, 5.0), (5.0, 10.0), (0.0, 5.0)].map(|(x, y)| Point::new(x, y)));
        check(&square, &diamond, 0.5);
        check(&Quad::rect(1.0, 1.0, 1.0, 1.0), &Quad::rect(1.0, 1.0, 1.0, 1.0), 0.0);
    }

    #[test]
    fn corners_are_compared_in_the_cards_order() {
        let card = Quad::rect(0.0, 0.0, 200.0, 100.0);
        let moved = card.map(|p| Point::new(p.x + 3.0, p.y + 4.0));
        assert!((error_percent(&card, &moved) - 2.5).abs() < 1e-6);
        assert!(error_percent(&card, &card.turned_half()) > 100.0);
    }
}
