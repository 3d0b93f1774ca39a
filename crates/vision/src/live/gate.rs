//! Is this a KTP? The localiser's score alone lets faces and rooms pass.
//!
//! The answer is how alike the pattern of texture and of brightness is to the average card's, cell by cell, under any
//! light. Invariant: likenesses lie in −1 to 1. Deliberately lacks reading of labels: that is the reader's gate, which
//! has the last word.

use super::appearance::Expected;
use super::cells::Cells;

/// Cells brighter than this show a lamp, not a card.
const BURNT: f32 = 240.0;

/// Likeness to the front of a KTP.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likeness {
    /// Of where the fine structure is.
    pub texture: f32,
    /// Of light and dark.
    pub luma: f32,
}

impl Likeness {
    pub fn of(cells: &Cells) -> Self {
        let pairs = |seen: fn(&super::cells::Cell) -> f32, wanted: fn(&Expected) -> f32| -> Vec<(f32, f32)> {
            let told = cells.iter().enumerate().filter(|(_, cell)| cell.luma() < BURNT);
            told.map(|(i, cell)| (seen(cell), wanted(&Expected::at(i)))).collect()
        };
        // Square roots: one patterned cell must not outweigh ten rows of text.
        let texture = correlation(&pairs(|c| c.texture.sqrt(), |e| e.texture.sqrt()));
        let luma = correlation(&pairs(super::cells::Cell::luma, |e| {
            0.299 * e.rgb[0] + 0.587 * e.rgb[1] + 0.114 * e.rgb[2]
        }));
        Self { texture, luma }
    }

    /// One number for the gate.
    ///
    /// Out of focus the fine structure is gone, and light and dark alone have to tell: they must agree nearly wholly.
    pub fn overall(self) -> f32 {
        /// How much more alike than texture and luma together luma alone must be.
        const ALONE: f32 = 0.3;
        (0.7 * self.texture + 0.3 * self.luma).max(self.luma - ALONE)
    }
}

/// Pearson's, 0 where nothing varies.
fn correlation(pairs: &[(f32, f32)]) -> f32 {
    let n = pairs.len().max(1) as f32;
    let (ma, mb) = pairs.iter().fold((0.0, 0.0), |(a, b), p| (a + p.0 / n, b + p.1 / n));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in pairs {
        ab += (a - ma) * (b - mb);
        aa += (a - ma).powi(2);
        bb += (b - mb).powi(2);
    }
    let scale = (aa * bb).sqrt();
    if scale > 1e-6 { (ab / scale).clamp(-1.0, 1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::{Likeness, correlation};

    #[test]
    fn a_card_out_of_focus_is_told_by_light_and_dark() {
        let overall = |texture, luma| Likeness { texture, luma }.overall();
        assert!(overall(0.1, 0.93) > 0.6 && overall(0.2, 0.6) < 0.35);
        assert!((overall(0.8, 0.9) - 0.83).abs() < 1e-4);
    }

    #[test]
    fn likeness_ignores_light() {
        let pairs: Vec<(f32, f32)> =
            (0..50).map(|i| ((i * i % 13) as f32, (i * i % 13) as f32 * 0.3 + 7.0)).collect();
        assert!((correlation(&pairs) - 1.0).abs() < 1e-4);
        assert_eq!(correlation(&[(1.0, 2.0), (1.0, 5.0)]), 0.0);
        assert_eq!(correlation(&[]), 0.0);
    }
}
