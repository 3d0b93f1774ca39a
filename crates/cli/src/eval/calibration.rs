//! Whether a confidence means what it says: the calibration curve and its expected error.
//!
//! Invariant: only answers the reader stood by count. Deliberately absent: mending the confidences, which
//! is the reader's own business.

use super::score::Judged;

/// Ten bins: each holds enough fields on sets of a few dozen cards to be worth a dot on the curve.
pub const BINS: usize = 10;

/// One bin of the calibration curve.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// Answers whose confidence fell into this bin.
    pub count: usize,
    /// Right ones among them.
    pub exact: usize,
    /// Sum of their confidences.
    pub confidence_sum: f64,
}

impl Bin {
    /// Mean confidence, 0 when the bin is empty.
    pub fn confidence(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.confidence_sum / self.count as f64 }
    }

    /// Share that was right, 0 when the bin is empty.
    pub fn exactness(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.exact as f64 / self.count as f64 }
    }
}

/// The calibration curve of everything answered.
#[derive(Clone, Debug, Default)]
pub struct Curve {
    /// Equal-width bins over 0–1.
    pub bins: [Bin; BINS],
}

impl Curve {
    /// Counts one judgement; abstentions do not count.
    pub fn add(&mut self, judged: &Judged) {
        if !judged.answered {
            return;
        }
        let confidence = if judged.confidence.is_nan() { 0.0 } else { judged.confidence.clamp(0.0, 1.0) };
        let place = (confidence * BINS as f64) as usize;
        let bin = &mut self.bins[place.min(BINS - 1)];
        bin.count += 1;
        bin.exact += usize::from(judged.exact);
        bin.confidence_sum += confidence;
    }

    /// Expected calibration error: mean distance between confidence and exactness, weighted by count.
    pub fn ece(&self) -> f64 {
        let total: usize = self.bins.iter().map(|bin| bin.count).sum();
        if total == 0 {
            return 0.0;
        }
        let gap = |bin: &Bin| bin.count as f64 * (bin.confidence() - bin.exactness()).abs();
        self.bins.iter().map(gap).sum::<f64>() / total as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(confidence: f64, exact: bool, answered: bool) -> Judged {
        Judged { exact, answered, confidence, edits: 0, chars: 1 }
    }

    #[test]
    fn the_error_is_the_weighted_gap() {
        let mut curve = Curve::default();
        for exact in [true, true, true, false] {
            curve.add(&judged(0.75, exact, true));
        }
        assert!(curve.ece() < 1e-9);
        curve.add(&judged(1.0, false, true));
        curve.add(&judged(0.1, false, false));
        assert!((curve.ece() - 0.2).abs() < 1e-9, "{}", curve.ece());
    }

    #[test]
    fn full_confidence_and_nonsense_stay_inside_the_bins() {
        let mut curve = Curve::default();
        for confidence in [1.0, 2.0, -1.0, f64::NAN] {
            curve.add(&judged(confidence, true, true));
        }
        assert_eq!(curve.bins.iter().map(|bin| bin.count).sum::<usize>(), 4);
        assert!(curve.ece().is_finite());
    }
}
