//! Every threshold of the voters, and where its number comes from.
//!
//! "Seed 1" is the set of `loketctl bench tamper --seed 1`, on which thresholds were chosen; those of digits were fitted to 629
//! cards of the seed `fit-1` (`models/training/fit_font.py`). What they come to is measured on seed 2. Invariant: plain numbers, no
//! behaviour. Deliberately lacks anything a user should set.

use ktp::Field;

use super::measure::MEASURES;

/// All thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct TamperParams {
    /// A field at least this sure may contradict another.
    pub sure_confidence: f32,
    /// What a region code of another place comes to: never a suspicion by itself.
    pub elsewhere_suspicion: f32,
    /// Least distance of colour between photograph and paper; see `photocopy`. Seed 1.
    pub least_colour: f32,
    /// Tallest spectral peak over the card, in nepers. Seed 1.
    pub most_peak: f32,
    /// Least difference of ln(red/blue) between backdrop and paper for the backdrop to have a colour. Seed 1.
    pub least_backdrop: f32,
    /// What a digit of the NIK may differ from its neighbours.
    pub(super) nik_digits: FontParams,
    /// The same of the birth date, whose digits are half as high.
    pub(super) date_digits: FontParams,
    /// Least share of the card that a highlight covers. Seed 1.
    pub least_highlight_share: f32,
    /// How far, in card widths, the card's corners must move between frames for its highlights to tell. Seed 1.
    pub least_motion: f32,
    /// A highlight that moves less than this over the card, in card widths, is printed on it. Seed 1.
    pub least_wander: f32,
    /// Change of colour between frames that is a play of colours. Not measured on holograms: none are drawn.
    pub least_play: f32,
}

impl Default for TamperParams {
    fn default() -> Self {
        Self {
            sure_confidence: 0.9,
            elsewhere_suspicion: 0.3,
            least_colour: 0.33,
            most_peak: 4.0,
            least_backdrop: 0.3,
            nik_digits: FontParams {
                least_confidence: 0.5,
                least_fit: 0.85,
                usual: [
                    0.00453, 0.003, 0.0108, 0.00573, 0.003, 0.003, 0.0715, 0.14, 0.0249, 0.0514, 0.0947,
                    0.0079, 0.00858, 0.0086, 0.00403, 0.00465, 0.15, 0.147,
                ],
                weights: [
                    1.16, 1.07, 0.828, 0.481, 0.249, 0.381, 0.0, 0.717, 0.617, 0.248, 0.756, 0.274, 0.993,
                    0.494, 0.342, 0.289, 0.306, 0.304,
                ],
                limit: 8.3,
                alone: [
                    3.53, 6.94, 4.18, 7.34, 19.4, 33.5, 8.66, 10.1, 3.05, 7.88, 7.57, 6.51, 6.97, 5.24, 15.8,
                    22.5, 7.74, 4.77,
                ],
            },
            date_digits: FontParams {
                least_confidence: 0.5,
                least_fit: 0.8,
                usual: [
                    0.00893, 0.00425, 0.0247, 0.0159, 0.00525, 0.003, 0.135, 0.312, 0.0555, 0.147, 0.131,
                    0.00822, 0.00858, 0.015, 0.00376, 0.00443, 0.0956, 0.158,
                ],
                weights: [
                    1.23, 0.483, 0.172, 0.0, 0.516, 0.749, 0.0811, 0.362, 0.122, 0.612, 0.587, 0.228, 0.0483,
                    0.784, 0.0, 0.234, 0.0, 0.0221,
                ],
                limit: 5.2,
                alone: [
                    7.16, 11.9, 6.6, 9.76, 8.14, 34.6, 3.71, 3.6, 3.9, 4.82, 5.63, 13.2, 13.9, 8.11, 27.3,
                    23.7, 19.2, 5.52,
                ],
            },
            least_highlight_share: 0.009,
            least_motion: 0.01,
            least_wander: 0.08,
            least_play: 0.25,
        }
    }
}

impl TamperParams {
    pub(super) fn of_digits(&self, field: Field) -> &FontParams {
        if field == Field::Nik { &self.nik_digits } else { &self.date_digits }
    }
}

/// How far a digit may stand out of its line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FontParams {
    /// A line read less surely is not judged: with a wrong digit every form is a wrong one.
    pub least_confidence: f32,
    /// Lines whose forms fit worse than this, as a median of correlations, are not judged.
    pub least_fit: f32,
    /// What a measure differs by on genuine lines, in the order of [`Measure::ALL`](super::measure::Measure::ALL); a
    /// line's own spread is added.
    pub usual: [f32; MEASURES],
    /// How much a measure's difference says, in the same order.
    pub weights: [f32; MEASURES],
    /// The sum at which suspecting begins.
    pub limit: f32,
    /// The difference at which a measure alone is enough, in what is usual, in the same order: a quarter beyond all drawn lines.
    pub alone: [f32; MEASURES],
}
