//! Every threshold of the voters, and where its number comes from.
//!
//! "Seed 1" is the set of `loketctl bench tamper --seed 1`, on which thresholds were chosen; what they come to is measured on
//! seed 2. Invariant: plain numbers, no behaviour. Deliberately lacks anything a user should set.

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
                least_fit: 0.9,
                limits: [0.042, 0.04, 0.2, 0.18, 0.24, 0.027, 0.115, 0.062, 0.04, 1.9],
                spreads: 2.5,
            },
            date_digits: FontParams {
                least_confidence: 0.5,
                least_fit: 0.86,
                limits: [0.05, 0.06, 0.065, 0.045, 0.4, 0.052, 0.32, 0.14, 0.115, 1.9],
                spreads: 2.5,
            },
            least_highlight_share: 0.009,
            least_motion: 0.01,
            least_wander: 0.08,
            least_play: 0.25,
        }
    }
}

/// How far a digit may stand out of its line, measure by measure: beyond what its neighbours differ among themselves.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FontParams {
    /// A line read less surely is not judged: with a wrong digit every form is a wrong one.
    pub least_confidence: f32,
    /// Lines whose forms fit worse than this, as a median of correlations, are not judged. Seed 1.
    pub least_fit: f32,
    /// Limit of each measure, in the order of [`super::fit::Measure::ALL`]. Seed 1.
    pub limits: [f32; 10],
    /// How many spreads of its line (1.48 median deviations) a digit may lie further out. Seed 1.
    pub spreads: f32,
}
