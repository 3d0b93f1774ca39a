//! A line of print, cut out level and at one size.
//!
//! Invariant: capitals are about [`CAP`] pixels high and centred between top and bottom. Deliberately lacks reading.

use frame::{Border, Frame, Homography, Sampling};

use crate::reading::PrintedLine;

/// Height of a capital in a strip.
pub(super) const CAP: f32 = 24.0;
/// Height of a strip.
pub(super) const HEIGHT: usize = 48;

/// A cut-out line.
pub(super) struct Strip {
    pub width: usize,
    pub luma: Vec<f32>,
    /// (red, blue) less luma.
    pub chroma: Vec<(f32, f32)>,
    /// Where the line's text ends, from what found it.
    pub end: f32,
}

impl Strip {
    /// The last `caps` capitals of a line, and two more beyond its end.
    pub fn cut(card: &Frame, line: &PrintedLine, caps: f32) -> Option<Self> {
        let card_width = card.width() as f32;
        let cap_px = line.height * card_width;
        let is_sane =
            (4.0..200.0).contains(&cap_px) && (0.0..1.5).contains(&line.right) && line.offset.abs() < 2.0;
        if !is_sane {
            return None;
        }
        let scale = CAP / cap_px;
        let before = caps.min(line.right / line.height);
        let width = ((before + 2.0) * CAP) as usize;
        let left = line.right * card_width - before * cap_px;
        let top = (line.offset + line.slope * left / card_width) * card_width - HEIGHT as f32 / 2.0 / scale;
        let step = f64::from(1.0 / scale);
        let to_card = Homography::affine([
            [step, 0.0, f64::from(left)],
            [step * f64::from(line.slope), step, f64::from(top)],
        ]);
        let size = (u32::try_from(width).ok()?, HEIGHT as u32);
        let cut = card.warped(&to_card, size, Sampling::Bilinear, Border::Replicate);
        let (mut luma, mut chroma) = (Vec::with_capacity(width * HEIGHT), Vec::with_capacity(width * HEIGHT));
        for pixel in cut.data().chunks_exact(3) {
            let [r, g, b] = [pixel[0], pixel[1], pixel[2]].map(f32::from);
            let y = 0.299 * r + 0.587 * g + 0.114 * b;
            luma.push(y);
            chroma.push((r - y, b - y));
        }
        Some(Self { width, luma, chroma, end: before * CAP })
    }

    pub fn at(&self, x: usize, y: usize) -> f32 {
        self.luma[y * self.width + x]
    }

    /// Ink of each column within the capital's rows: how much darker than the paper around it.
    pub fn ink(&self) -> Vec<f32> {
        let skip = ((HEIGHT as f32 - CAP) / 2.0) as usize;
        let mean = |x: usize, rows: &mut dyn Iterator<Item = usize>| {
            let (sum, count) = rows.fold((0.0, 0), |(sum, count), y| (sum + self.at(x, y), count + 1));
            sum / count.max(1) as f32
        };
        let bare: Vec<f32> =
            (0..self.width).map(|x| mean(x, &mut (0..skip / 2).chain(HEIGHT - skip / 2..HEIGHT))).collect();
        let near = |x: usize| x.saturating_sub(24)..(x + 25).min(self.width);
        (0..self.width)
            .map(|x| {
                let around = &bare[near(x)];
                let paper = around.iter().sum::<f32>() / around.len() as f32;
                (paper - mean(x, &mut (skip..HEIGHT - skip))).max(0.0)
            })
            .collect()
    }
}
