//! Frames of one holding: the best, and the best half a second away from it.
//!
//! Invariant: few frames are in memory at any time.

use frame::Frame;
use liveness::SelfieLook;

/// The second picture is at least so long from the best: the same instant twice would show no life.
const APART_MS: u64 = 500;

/// Frames that were kept.
#[derive(Debug, Default)]
pub(super) struct Keepers(Vec<Kept>);

#[derive(Debug)]
struct Kept {
    frame: Frame,
    at_ms: u64,
    score: f32,
}

/// The pictures of a selfie.
#[derive(Debug)]
pub(super) struct Pictures {
    pub best: Frame,
    pub additional: Option<Frame>,
    pub at_ms: u64,
}

impl Keepers {
    /// The best of each half of [`APART_MS`]: so few, and still two that are far enough apart.
    pub(super) fn keep(&mut self, frame: &Frame, at_ms: u64, look: &SelfieLook) {
        let Some((face, quality)) = &look.face else { return };
        let score =
            quality.sharpness + face.expression.eyes_open - face.expression.covered - 0.5 * look.speed;
        let slot = |kept: &Kept| kept.at_ms / (APART_MS / 2) == at_ms / (APART_MS / 2);
        match self.0.iter_mut().find(|kept| slot(kept)) {
            Some(kept) if kept.score >= score => {}
            Some(kept) => *kept = Kept { frame: frame.clone(), at_ms, score },
            None => self.0.push(Kept { frame: frame.clone(), at_ms, score }),
        }
    }

    pub(super) fn take(&mut self) -> Option<Pictures> {
        let mut kept = std::mem::take(&mut self.0);
        kept.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut kept = kept.into_iter();
        let best = kept.next()?;
        let additional = kept.find(|other| other.at_ms.abs_diff(best.at_ms) >= APART_MS);
        Some(Pictures {
            best: best.frame,
            additional: additional.map(|other| other.frame),
            at_ms: best.at_ms,
        })
    }
}

#[cfg(test)]
mod tests {
    use frame::Point;
    use liveness::{Bounds, Expression, Face, FaceQuality, Pose};

    use super::*;

    fn keep(keepers: &mut Keepers, at_ms: u64, sharpness: f32) {
        let face = Face {
            bounds: Bounds::default(),
            score: 1.0,
            points: [Point::new(0.0, 0.0); 5],
            pose: Pose::default(),
            expression: Expression::default(),
        };
        let quality = FaceQuality { sharpness, ..FaceQuality::default() };
        let look = SelfieLook { face: Some((face, quality)), ..SelfieLook::default() };
        keepers.keep(&Frame::filled(4, 4, [u8::try_from(at_ms / 10).unwrap(); 3]), at_ms, &look);
    }

    #[test]
    fn the_second_picture_is_half_a_second_away_from_the_best() {
        let mut keepers = Keepers::default();
        for (at_ms, sharpness) in [(0, 0.5), (100, 0.6), (300, 0.9), (600, 0.8), (900, 0.7), (1_100, 0.6)] {
            keep(&mut keepers, at_ms, sharpness);
        }
        let taken = keepers.take().unwrap();
        assert_eq!((taken.at_ms, taken.best.pixel(0, 0)[0]), (300, 30));
        assert_eq!(taken.additional.unwrap().pixel(0, 0)[0], 90);
        assert!(keepers.take().is_none());
    }

    #[test]
    fn a_moment_gives_one_picture() {
        let mut keepers = Keepers::default();
        keep(&mut keepers, 10, 0.5);
        keep(&mut keepers, 40, 0.7);
        let taken = keepers.take().unwrap();
        assert_eq!(taken.at_ms, 40);
        assert!(taken.additional.is_none());
    }
}
