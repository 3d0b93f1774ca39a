//! The frames of a burst, the readable ones first.
//!
//! Invariant: never more than a fixed number, whatever the camera gives. Deliberately absent: when a burst begins.

use frame::Frame;
use session::Observation;

/// How frames of a burst are chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BurstParams {
    /// Frames kept: as many as are read at worst. Eight of 1280×720 take 22 MB.
    pub most: usize,
}

impl Default for BurstParams {
    fn default() -> Self {
        Self { most: 8 }
    }
}

/// A frame that may be read.
pub(crate) struct KeptFrame {
    pub(crate) frame: Frame,
    pub(crate) at_ms: u64,
    pub(crate) seen: Observation,
}

/// Frames that may be read, best first.
#[derive(Default)]
pub(crate) struct Burst(Vec<KeptFrame>);

impl Burst {
    /// Keeps a copy of the frame if it is among the best.
    pub(crate) fn keep(&mut self, frame: &Frame, at_ms: u64, seen: &Observation, params: BurstParams) {
        let mine = readability(seen);
        // Of equals the earlier stays: a card that is held long begins to sink.
        let place = self.0.partition_point(|kept| readability(&kept.seen) >= mine);
        if place < params.most {
            self.0.truncate(params.most - 1);
            self.0.insert(place, KeptFrame { frame: frame.clone(), at_ms, seen: seen.clone() });
        }
    }

    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }

    /// Hands the frames over, best first.
    pub(crate) fn take(&mut self) -> Vec<KeptFrame> {
        std::mem::take(&mut self.0)
    }
}

/// How well the text of a frame can be read: sharp, still and large is good, every hidden field is bad.
fn readability(seen: &Observation) -> f32 {
    /// A hidden field costs as much as a tenth of the sharpness: other frames may show it.
    const HIDDEN_FIELD: f32 = 0.1;
    /// A card width a second costs as much as all sharpness: it smears what looked sharp a frame before.
    const MOTION: f32 = 1.0;
    /// Twice the width is worth a fifth of the sharpness.
    const WIDTH: f32 = 0.4;
    let hidden = seen.glare_fields.len() + seen.covered_fields.len();
    seen.sharpness + WIDTH * seen.width_share - MOTION * seen.motion - HIDDEN_FIELD * hidden as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use ktp::Field;

    #[test]
    fn the_best_frames_are_kept_and_come_first() {
        let still = |sharpness| Observation { sharpness, width_share: 0.7, ..Observation::default() };
        let seen = [
            still(0.6),
            Observation { motion: 0.3, ..still(0.9) },
            still(0.9),
            Observation { glare_fields: vec![Field::Address], ..still(0.95) },
            still(0.9),
            still(0.2),
        ];
        let mut burst = Burst::default();
        let params = BurstParams { most: 3 };
        for (at_ms, seen) in (0..).zip(&seen) {
            burst.keep(&Frame::filled(2, 2, [0; 3]), at_ms, seen, params);
        }
        let order: Vec<u64> = burst.take().iter().map(|kept| kept.at_ms).collect();
        assert_eq!(order, [2, 4, 3]);
        assert!(burst.take().is_empty());
    }
}
