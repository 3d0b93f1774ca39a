//! Playing a flash challenge: show each colour, sample the light that comes back.
//!
//! Invariant: every sample is computed from a frame that was lit by its colour, taken inside the colour's own
//! time; a colour without such a frame has no sample. Deliberately absent: judging the samples, which is the
//! partner's part.

use bundle::FlashSample;
use camera::{Colour, FrameSource, SourceError, mean_colour};
use gateway::{FlashChallenge, Rgb};

/// How samples are taken.
#[derive(Clone, Copy, Debug)]
pub struct FlashParams {
    /// Where in a colour's time its sample is taken: late enough for screen and exposure to have settled
    /// (the contract's answer R5).
    pub sample_at_percent: u32,
}

impl Default for FlashParams {
    fn default() -> Self {
        Self { sample_at_percent: 70 }
    }
}

/// Shows the challenge's colours in turn and samples each; the screen is plain again afterwards.
pub fn play(
    source: &mut dyn FrameSource,
    challenge: &FlashChallenge,
    params: FlashParams,
) -> Result<Vec<FlashSample>, SourceError> {
    let samples = sample_all(source, challenge, params);
    source.show(None);
    samples
}

fn sample_all(
    source: &mut dyn FrameSource,
    challenge: &FlashChallenge,
    params: FlashParams,
) -> Result<Vec<FlashSample>, SourceError> {
    let mut samples = Vec::with_capacity(challenge.steps.len());
    // The frame before the first colour sets the clock to zero.
    let Some(zero) = source.next_frame()? else { return Ok(samples) };
    let mut start_ms = 0;
    for (colour, hold_ms) in &challenge.steps {
        let step = Step { colour: *colour, start_ms, hold_ms: u64::from(*hold_ms) };
        let Some(sample) = step.sample(source, zero.at_ms, params)? else { break };
        samples.extend(sample);
        start_ms += step.hold_ms;
    }
    Ok(samples)
}

struct Step {
    colour: Rgb,
    start_ms: u64,
    hold_ms: u64,
}

impl Step {
    /// Shows the colour until its time is over. The sample is of the first frame past the sampling point, else
    /// of the last one within the time. `None` when the source ran dry.
    fn sample(
        &self,
        source: &mut dyn FrameSource,
        zero_ms: u64,
        params: FlashParams,
    ) -> Result<Option<Option<FlashSample>>, SourceError> {
        let [r, g, b] = self.colour.0;
        source.show(Some(Colour { r, g, b }));
        let wanted_ms = self.start_ms + self.hold_ms * u64::from(params.sample_at_percent) / 100;
        let end_ms = self.start_ms + self.hold_ms;
        let mut sample = None;
        let mut settled = false;
        loop {
            let Some(taken) = source.next_frame()? else { return Ok(None) };
            let t_ms = taken.at_ms.saturating_sub(zero_ms);
            if t_ms >= end_ms {
                return Ok(Some(sample));
            }
            if t_ms < self.start_ms || settled {
                continue;
            }
            settled = t_ms >= wanted_ms;
            let mean = mean_colour(&taken.frame);
            let t_ms = u32::try_from(t_ms).unwrap_or(u32::MAX);
            sample = Some(FlashSample { t_ms, mean_r: mean.r, mean_g: mean.g, mean_b: mean.b });
        }
    }
}

#[cfg(test)]
mod tests {
    use camera::TimedFrame;
    use frame::Frame;
    use jiff::Timestamp;

    use super::*;

    /// A white wall in a dark room, seen by a camera of a fixed rate.
    struct Wall {
        clock_ms: u64,
        spacing_ms: u64,
        until_ms: u64,
        lit: Colour,
    }

    impl FrameSource for Wall {
        fn next_frame(&mut self) -> Result<Option<TimedFrame>, SourceError> {
            self.clock_ms += self.spacing_ms;
            let Colour { r, g, b } = self.lit;
            let frame = Frame::filled(4, 4, [r, g, b]);
            let taken = TimedFrame { frame, at_ms: self.clock_ms };
            Ok((self.clock_ms <= self.until_ms).then_some(taken))
        }

        fn show(&mut self, colour: Option<Colour>) -> bool {
            self.lit = colour.unwrap_or(Colour { r: 9, g: 9, b: 9 });
            true
        }
    }

    fn wall(spacing_ms: u64, until_ms: u64) -> Wall {
        Wall { clock_ms: 5_000, spacing_ms, until_ms, lit: Colour { r: 9, g: 9, b: 9 } }
    }

    fn challenge(holds_ms: &[u32]) -> FlashChallenge {
        let colours = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0]];
        FlashChallenge {
            id: "fc_0001".into(),
            nonce: "n".into(),
            steps: colours.into_iter().map(Rgb).zip(holds_ms.iter().copied()).collect(),
            expires_at: Timestamp::UNIX_EPOCH,
            hmac_secret: "qe_whsec_EXAMPLEONLY".into(),
        }
    }

    #[test]
    fn each_sample_is_of_its_colour_and_inside_its_time() {
        fn check(spacing_ms: u64, holds_ms: &[u32]) {
            let challenge = challenge(holds_ms);
            let mut wall = wall(spacing_ms, u64::MAX);
            let samples = play(&mut wall, &challenge, FlashParams::default()).unwrap();
            assert_eq!(samples.len(), holds_ms.len(), "at {spacing_ms} ms");
            let mut start = 0;
            for (sample, (Rgb(colour), hold)) in samples.iter().zip(&challenge.steps) {
                assert_eq!([sample.mean_r, sample.mean_g, sample.mean_b], *colour, "at {spacing_ms} ms");
                assert!((start..start + hold).contains(&sample.t_ms), "{sample:?} at {spacing_ms} ms");
                start += hold;
            }
            assert_eq!(wall.lit, Colour { r: 9, g: 9, b: 9 }, "the screen is plain again");
        }
        for spacing_ms in [10, 33, 40, 100, 125] {
            check(spacing_ms, &[500, 300, 400, 500, 400]);
        }
        check(33, &[100, 100, 100, 100, 100]);
    }

    #[test]
    fn a_fast_camera_is_sampled_at_seventy_percent() {
        let samples = play(&mut wall(10, u64::MAX), &challenge(&[500, 300]), FlashParams::default()).unwrap();
        assert_eq!(samples.iter().map(|sample| sample.t_ms).collect::<Vec<_>>(), [350, 710]);
    }

    #[test]
    fn a_source_that_runs_dry_gives_fewer_samples() {
        let challenge = challenge(&[500, 300, 400, 500, 400]);
        assert_eq!(play(&mut wall(50, 5_900), &challenge, FlashParams::default()).unwrap().len(), 2);
        assert!(play(&mut wall(50, 0), &challenge, FlashParams::default()).unwrap().is_empty());
    }
}
