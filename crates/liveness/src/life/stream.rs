//! `stream_integrity`: are these frames a sensor's, each taken once?
//!
//! A sensor never gives the same bytes twice, and never gives none of its noise. Deliberately lacks timing: what a driver
//! buffers has honest frames come in bursts.

use std::collections::HashSet;

use frame::Frame;

use super::fuse::{Outcome, Vote, Voter};
use super::glimpse::fingerprint;

/// Pixels along the picture's edge that noise is measured at.
const PROBES: usize = 400;

/// Thresholds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StreamVoteParams {
    /// Frames that are enough to go by.
    pub least_frames: usize,
    /// A repeat that many frames back or more is a loop; nearer ones are a driver's hiccup …
    pub loop_distance: usize,
    /// … of which this share is too many.
    pub most_repeats: f32,
    /// Less mean change of a still pixel, in levels, is no sensor's noise …
    pub least_grain: f32,
    /// … if so in more than this share of frame pairs.
    pub most_clean: f32,
}

impl Default for StreamVoteParams {
    fn default() -> Self {
        Self { least_frames: 12, loop_distance: 3, most_repeats: 0.1, least_grain: 0.03, most_clean: 0.5 }
    }
}

/// Watches the stream.
#[derive(Clone, Debug, Default)]
pub(super) struct Stream {
    seen: HashSet<u64>,
    recent: Vec<u64>,
    frames: usize,
    repeats: usize,
    loops: usize,
    clean: usize,
    probes: Vec<u8>,
}

impl Stream {
    pub(super) fn see(&mut self, frame: &Frame, params: &StreamVoteParams) {
        let print = fingerprint(frame);
        self.frames += 1;
        if self.recent.contains(&print) {
            self.repeats += 1;
        } else if !self.seen.insert(print) {
            self.loops += 1;
        }
        self.recent.push(print);
        if self.recent.len() > params.loop_distance {
            self.recent.remove(0);
        }
        let probes = probe(frame);
        if self.probes.len() == probes.len() {
            let change: u32 = self.probes.iter().zip(&probes).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
            let grain = change as f32 / probes.len().max(1) as f32;
            self.clean += usize::from(grain < params.least_grain);
        }
        self.probes = probes;
    }

    pub(super) fn vote(&self, params: &StreamVoteParams) -> Vote {
        let Self { frames, repeats, loops, clean, .. } = self;
        if *frames < params.least_frames {
            return Vote::new(
                Voter::StreamIntegrity,
                Outcome::Abstained,
                format!("{frames} frames, too few"),
            );
        }
        let share = |count: usize| count as f32 / *frames as f32;
        let is_sound =
            *loops == 0 && share(*repeats) <= params.most_repeats && share(*clean) <= params.most_clean;
        let reason =
            format!("{frames} frames: {repeats} repeated, {loops} seen before, {clean} without noise");
        Vote::of(Voter::StreamIntegrity, is_sound, reason)
    }
}

/// Bytes along the left, top and right edge.
fn probe(frame: &Frame) -> Vec<u8> {
    let (width, height) = (frame.width(), frame.height());
    (0..PROBES as u32)
        .map(|nth| {
            let along = nth / 3;
            let third = PROBES as u32 / 3;
            let (x, y) = match nth % 3 {
                0 => (2, along * height / third),
                1 => (along * width / third, 2),
                _right => (width.saturating_sub(3), along * height / third),
            };
            frame.pixel(x, y)[1]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frame `nth` of a stream with this much noise.
    fn frame(nth: u32, noise: u32) -> Frame {
        let mut state = nth.wrapping_mul(2_654_435_761).wrapping_add(12_345);
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % (noise + 1)
        };
        let data = (0..64 * 48 * 3).map(|_| u8::try_from(100 + next()).unwrap()).collect();
        Frame::new(64, 48, data).unwrap()
    }

    fn outcome(frames: impl Iterator<Item = Frame>) -> Outcome {
        let params = StreamVoteParams::default();
        let mut stream = Stream::default();
        frames.for_each(|frame| stream.see(&frame, &params));
        stream.vote(&params).outcome
    }

    #[test]
    fn noise_passes_and_frozen_looped_and_clean_streams_do_not() {
        assert_eq!(outcome((0..60).map(|nth| frame(nth, 4))), Outcome::Passed);
        assert_eq!(outcome((0..60).map(|nth| frame(nth.min(20), 4))), Outcome::Failed);
        assert_eq!(outcome((0..60).map(|nth| frame(nth % 25, 4))), Outcome::Failed);
        assert_eq!(
            outcome((0..60).map(|nth| {
                // A clean picture in which only the middle moves.
                let mut data = frame(0, 4).into_data();
                data[(24 * 64 + 32) * 3 + nth % 3] = u8::try_from(nth).unwrap();
                data[61 * 80] = u8::try_from(nth).unwrap();
                Frame::new(64, 48, data).unwrap()
            })),
            Outcome::Failed
        );
        assert_eq!(outcome((0..5).map(|nth| frame(nth, 4))), Outcome::Abstained);
    }

    #[test]
    fn a_hiccup_is_forgiven() {
        assert_eq!(outcome((0..60).map(|nth| frame(if nth == 30 { 29 } else { nth }, 4))), Outcome::Passed);
    }
}
