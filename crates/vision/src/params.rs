//! Every threshold of the reader, with where its number comes from.
//!
//! "Trial" is the first whole path, tuned on synthetic cards and measured on 61 real ones; "eval" is the committed
//! synthetic set. Invariant: plain numbers, no behaviour. Deliberately lacks anything a user should set.

/// All thresholds.
#[derive(Debug, Clone, Default)]
pub struct ReaderParams {
    pub(crate) localise: LocaliseParams,
    pub(crate) rectify: RectifyParams,
    pub(crate) lines: LineParams,
    pub(crate) recognise: RecogniseParams,
    pub(crate) gate: GateParams,
    pub(crate) together: TogetherParams,
}

#[derive(Debug, Clone)]
pub(crate) struct LocaliseParams {
    /// Below this score the picture is looked at turned by quarters too. Trial.
    pub retry_below: f32,
    /// Margin left around the card in each refinement crop, as a share of the crop. Trial.
    pub refine_margins: [f32; 2],
    /// A refinement with a lower score is dropped. Trial.
    pub refine_accept: f32,
    /// A refinement that moves a corner by more than this share of the card's width is dropped. Trial.
    pub refine_max_move: f32,
    /// A refinement that moves no corner by more than this share of the card's width is the last.
    pub refine_settled: f32,
}

impl Default for LocaliseParams {
    fn default() -> Self {
        Self {
            retry_below: -2.5,
            refine_margins: [0.12, 0.08],
            refine_accept: -4.0,
            refine_max_move: 0.25,
            refine_settled: 0.01,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct RectifyParams {
    /// Pixels of the rectified picture per pixel of card. Trial.
    pub oversampling: f32,
    /// Narrowest rectified picture: the line finder's canvas. Trial.
    pub min_width_px: f32,
    /// Widest: text 36 px high, more than the recogniser's 32. Trial.
    pub max_width_px: f32,
    /// Shrinking by more than this averages areas first. Trial.
    pub area_average_above: f32,
}

impl Default for RectifyParams {
    fn default() -> Self {
        Self { oversampling: 1.05, min_width_px: 640.0, max_width_px: 1280.0, area_average_above: 1.5 }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct LineParams {
    /// Ribbon probability that counts as text. Trial.
    pub ribbon: f32,
    /// Smallest component, in cells. Trial.
    pub min_cells: usize,
    /// Fragments of one row merge over gaps below this many line heights. Trial.
    pub merge_gap: f32,
    /// … if their rows differ by less than this many heights. Trial.
    pub merge_offset: f32,
    /// … and their heights by less than this factor. Trial.
    pub merge_height: f32,
    /// Steepest line after merging, as dy/dx. Trial.
    pub max_slope: f32,
}

impl Default for LineParams {
    fn default() -> Self {
        Self {
            ribbon: 0.5,
            min_cells: 2,
            merge_gap: 2.2,
            merge_offset: 0.35,
            merge_height: 1.6,
            max_slope: 0.08,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct RecogniseParams {
    /// Space kept left and right of a line, in line heights. Trial.
    pub side_margin: f32,
    /// Space kept above and below the line's own height, in line heights. Trial.
    pub vertical_margin: f32,
    /// A line whose weakest character the glancer gives less than this is read with care. Of 1,938 held-out lines, tails among
    /// them, 74 % are above: 99.0 % of those are right, and 98.7 % with care.
    pub careful_below: f32,
    /// A line whose weakest character is below this probability is read again from other crops. Trial.
    pub reread_below: f32,
    /// Longest crop: 25 times its height; no line of a card is longer.
    pub max_width_px: u32,
}

impl Default for RecogniseParams {
    fn default() -> Self {
        Self {
            side_margin: 0.45,
            vertical_margin: 0.33,
            careful_below: 0.85,
            reread_below: 0.75,
            max_width_px: 1024,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct TogetherParams {
    /// Fields that readings together are less sure of are looked for in the pictures laid over one another.
    pub sure: f32,
    /// Pictures of whose fields the confidences sum to less than this share of the best picture's are left out: they are
    /// shaken or covered.
    pub nearly: f32,
}

impl Default for TogetherParams {
    fn default() -> Self {
        Self { sure: 0.9, nearly: 0.6 }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct GateParams {
    /// Labels that must be read for a KTP. Trial: real cards showed at least 12 of 14, other pictures never 3.
    pub min_labels: usize,
    /// With a 16-digit number of a valid form, so many labels do: cards whose left edge is cut off.
    pub min_labels_with_nik: usize,
    /// From so many labels seen at a glance on, doubtful lines are read from more crops. Fit cards of severity 3: brings
    /// back a third of the lost ones; pictures without a card show 1 at most, and 1 would cost seconds for nothing.
    pub min_labels_to_reread: usize,
    /// Fewer labels than this make the reader look for the card elsewhere before it answers.
    pub sure_labels: usize,
    /// With so many labels read, those told by their shapes count towards `sure_labels`, and the long ones are not read:
    /// the five short ones but one. Pictures without a card never showed 3.
    pub min_labels_beside_shapes: usize,
    /// Fewer lines of readable text than this make "no card" rather than "another document".
    pub min_text_lines: usize,
}

impl Default for GateParams {
    fn default() -> Self {
        Self {
            min_labels: 5,
            min_labels_with_nik: 3,
            min_labels_to_reread: 2,
            sure_labels: 9,
            min_labels_beside_shapes: 4,
            min_text_lines: 4,
        }
    }
}
