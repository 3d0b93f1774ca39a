//! Every threshold of the live analysis, with where its number comes from.
//!
//! "Webcam set" is 1280×720 webcam pictures of synthetic cards with known covers and burnt spots, drawn by
//! `models/training/make_live.py`. Invariant: plain numbers, no behaviour.

/// All thresholds of the live analysis.
#[derive(Debug, Clone, Default)]
pub struct LiveParams {
    pub(super) track: TrackParams,
    pub(super) pose: PoseParams,
    pub(super) gate: GateParams,
    pub(super) stranger: StrangerParams,
    pub(super) text: TextParams,
}

#[derive(Debug, Clone)]
pub(super) struct TrackParams {
    /// A first look with a lower score is no card. Webcam set: cards score above −3.
    pub found: f32,
    /// A tracked card is kept while its score stays above. Webcam set.
    pub kept: f32,
    /// Margin around the last quad in the crop, as a share of the crop: the localiser's own first refinement.
    pub margin: f32,
    /// A card that moved by more than this share of its width between frames is looked for anew. As in reading.
    pub max_move: f32,
    /// Frames between two looks at the whole picture while a card is followed but not sure to be a KTP.
    pub look_every: u32,
    /// Corners that moved less than this share of the width are noise and are averaged. Webcam set: the net's
    /// corners of a still card vary by 0.3 %.
    pub still: f32,
    /// Weight of the new corners for a card that stands still.
    pub still_weight: f32,
}

impl Default for TrackParams {
    fn default() -> Self {
        Self {
            found: -6.0,
            kept: -6.0,
            margin: 0.12,
            max_move: 0.25,
            look_every: 10,
            still: 0.01,
            still_weight: 0.4,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct PoseParams {
    /// Focal length over the frame's longer side: a webcam of 62° horizontally, the middle of those on sale.
    pub focal_share: f32,
    /// A corner nearer to the frame's edge than this share of the frame's longer side counts as cut off.
    pub edge_share: f32,
    /// Motion is measured over about this long: shorter follows the corners' noise, longer is late.
    pub motion_window_ms: u64,
}

impl Default for PoseParams {
    fn default() -> Self {
        Self { focal_share: 0.83, edge_share: 0.004, motion_window_ms: 130 }
    }
}

#[derive(Debug, Clone)]
pub(super) struct GateParams {
    /// Likeness to a KTP from which a new card is one. Webcam set; scenes: fronts out of focus or in the dark 0.58 and
    /// more, other cards 0.31 at most.
    pub is_ktp: f32,
    /// Likeness below which a card that was one no longer is. Webcam set.
    pub still_ktp: f32,
}

impl Default for GateParams {
    fn default() -> Self {
        Self { is_ktp: 0.55, still_ktp: 0.45 }
    }
}

/// "Scenes" are the simulator's: a KTP's back, a card with a portrait, a payment card, at many places and in many lights.
#[derive(Debug, Clone)]
pub(super) struct StrangerParams {
    /// Frames between two looks: what is held up is held up for long.
    pub every: u32,
    /// Two looks see the same if no corner moved by more than this share of the width.
    pub still: f32,
    /// More like a KTP's front than this is no other card. Scenes: other cards stay below 0.31, fronts above 0.5 unless
    /// they are out of focus.
    pub no_ktp: f32,
    /// Least texture over the paper's level: a blank sheet is no card, and what is out of focus is not judged. Scenes:
    /// payment cards 0.014, backs 0.022, fronts out of focus 0.011.
    pub printed: f32,
    /// The paper's red and blue differ from its luma by at most this share. Scenes: backs 0.2.
    pub pale: f32,
    /// … and its blue exceeds its red by at least this. Scenes: backs 0.1 to 0.3 in neutral light.
    pub bluish: f32,
    /// A cell this far from the paper's colour has another.
    pub odd_colour: f32,
    /// A back has at most this share of such cells.
    pub odd_share: f32,
}

impl Default for StrangerParams {
    fn default() -> Self {
        Self {
            every: 2,
            still: 0.12,
            no_ktp: 0.35,
            printed: 0.0125,
            pale: 0.35,
            bluish: 0.03,
            odd_colour: 0.2,
            odd_share: 0.25,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct TextParams {
    /// Steepest step over ink depth of text that is just readable. Webcam set.
    pub readable: f32,
    /// … of text as sharp as a camera gives it. Webcam set.
    pub crisp: f32,
}

impl Default for TextParams {
    fn default() -> Self {
        Self { readable: 0.25, crisp: 0.6 }
    }
}
