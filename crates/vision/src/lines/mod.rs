//! Finding text lines on the rectified card.
//!
//! The net paints ribbons through labels and through values, with the local height and centre; components of a
//! ribbon become straight [`TextLine`]s. Invariant: lines live on a 640×400 canvas whatever the picture's size.
//! Deliberately lacks reading order and meaning; see `assemble`.

mod components;
mod tidy;

use frame::Gray;
use inference::{Model, RunError, Tensor};

use crate::params::LineParams;

/// Width of the net's canvas.
pub(crate) const CANVAS_WIDTH_PX: usize = 640;
/// Height of the net's canvas.
pub(crate) const CANVAS_HEIGHT_PX: usize = 400;
/// Share of the canvas left on each side of the card.
pub(crate) const MARGIN: f32 = 0.025;
/// The shape the net must be prepared for.
pub(crate) const INPUT_SHAPE: [usize; 4] = [1, 1, CANVAS_HEIGHT_PX, CANVAS_WIDTH_PX];

/// Canvas x of a share of the card's width.
pub(crate) fn canvas_x(share: f32) -> f32 {
    (share * (1.0 - 2.0 * MARGIN) + MARGIN) * CANVAS_WIDTH_PX as f32
}

/// Canvas y of a share of the card's height.
pub(crate) fn canvas_y(share: f32) -> f32 {
    (share * (1.0 - 2.0 * MARGIN) + MARGIN) * CANVAS_HEIGHT_PX as f32
}

/// What a ribbon was painted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ribbon {
    Label,
    Value,
}

/// A straight line of text: its centre is y = `offset` + `slope`·x, in canvas pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TextLine {
    pub left: f32,
    pub right: f32,
    pub offset: f32,
    pub slope: f32,
    /// Height of a capital.
    pub height: f32,
    pub ribbon: Ribbon,
    /// Ribbon mass: more is surer.
    pub weight: f32,
}

impl TextLine {
    pub fn y_at(&self, x: f32) -> f32 {
        self.offset + self.slope * x
    }

    pub fn centre_x(&self) -> f32 {
        (self.left + self.right) / 2.0
    }

    pub fn centre_y(&self) -> f32 {
        self.y_at(self.centre_x())
    }
}

/// All lines of the rectified card, in no particular order.
pub(crate) fn find(model: &dyn Model, card: &Gray, params: &LineParams) -> Result<Vec<TextLine>, RunError> {
    let small = card.resized(CANVAS_WIDTH_PX as u32, CANVAS_HEIGHT_PX as u32);
    let input =
        Tensor::new(&INPUT_SHAPE, standardised(small.data(), 8.0)).expect("one value per canvas pixel");
    let maps = model.run(&input)?;
    components::lines(&maps, params)
        .map(tidy::tidy)
        .ok_or_else(|| RunError::Failed(format!("line maps of shape {:?}", maps.shape())))
}

/// (x − mean) / (deviation + `floor`): the nets' common input normalisation.
pub(crate) fn standardised(pixels: &[u8], floor: f32) -> Vec<f32> {
    let n = pixels.len().max(1) as f64;
    // In whole numbers, which lose nothing: a canvas of white squares to 2³⁴.
    let sum = pixels.iter().map(|&v| u64::from(v)).sum::<u64>();
    let squares = pixels.iter().map(|&v| u64::from(u32::from(v) * u32::from(v))).sum::<u64>();
    let mean = sum as f64 / n;
    let variance = (squares as f64 / n - mean * mean).max(0.0);
    let (mean, scale) = (mean as f32, 1.0 / (variance.sqrt() as f32 + floor));
    pixels.iter().map(|&v| (f32::from(v) - mean) * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_pictures_standardise_to_zero() {
        assert!(standardised(&[77; 9], 8.0).iter().all(|v| v.abs() < 1e-6));
        let two = standardised(&[0, 200], 0.0);
        assert_eq!(two, [-1.0, 1.0]);
        assert!(standardised(&[], 4.0).is_empty());
    }
}
