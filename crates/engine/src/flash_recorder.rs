//! A flash challenge shown by somebody else: which colour is on the screen is told, frames are sampled by their time.
//!
//! Invariant: a sample is of a frame taken while its colour was on the screen, the last before or first after 70 % of
//! its time; colours are held long enough that the screen flashes at most three times in two seconds (WCAG 2.3.1
//! allows three in one). Sample times stay on the challenge's own timeline, however much longer a colour was held,
//! because that is what the partner pairs them by. Deliberately absent: screens, cameras, clocks.

use bundle::FlashSample;
use camera::{Colour, mean_colour};
use frame::Frame;
use gateway::{FlashChallenge, Rgb};

/// Least time of a colour.
const LEAST_HOLD_MS: u32 = 400;
/// Where in a colour's time it has settled (the contract's answer R5).
const SETTLED_PERCENT: u64 = 70;
/// From where on screens and exposures have mostly settled.
const HALF_WAY_PERCENT: u64 = 50;

/// Samples of one challenge.
#[derive(Debug)]
pub struct FlashRecorder {
    steps: Vec<(Rgb, u32)>,
    asked_ms: Vec<u32>,
    shown: Option<(usize, u64)>,
    samples: Vec<Option<FlashSample>>,
    is_settled: bool,
}

impl FlashRecorder {
    /// A recorder that waits for the first colour.
    #[must_use]
    pub fn new(challenge: &FlashChallenge) -> Self {
        let asked_ms: Vec<u32> = challenge.steps.iter().map(|(_, hold_ms)| *hold_ms).collect();
        let held = |(colour, hold_ms): &(Rgb, u32)| (*colour, (*hold_ms).max(LEAST_HOLD_MS));
        let steps: Vec<_> = challenge.steps.iter().map(held).collect();
        let samples = vec![None; steps.len()];
        Self { steps, asked_ms, shown: None, samples, is_settled: false }
    }

    /// The colours and how long each is to be shown, never shorter than asked for.
    #[must_use]
    pub fn steps(&self) -> &[(Rgb, u32)] {
        &self.steps
    }

    /// This colour is on the screen from now on.
    pub fn shown(&mut self, index: usize, now_ms: u64) {
        if index < self.steps.len() {
            self.shown = Some((index, now_ms));
            self.is_settled = false;
        }
    }

    /// Takes in a frame; one taken before the colour was shown, or after its time, is none of its.
    pub fn see(&mut self, frame: &Frame, at_ms: u64) {
        self.sample(at_ms, || mean_colour(frame));
    }

    /// Takes in the mean colour of a part of a frame, under the same rules.
    pub fn see_mean(&mut self, mean: Colour, at_ms: u64) {
        self.sample(at_ms, || mean);
    }

    /// Whether the last colour has been on the screen.
    #[must_use]
    pub fn was_shown_whole(&self) -> bool {
        self.shown.is_some_and(|(index, _)| index + 1 == self.steps.len())
    }

    /// Which colour lit a frame taken at this time, and whether it had settled.
    #[must_use]
    pub fn lit_at(&self, at_ms: u64) -> Option<(usize, bool)> {
        let (index, since_ms) = self.shown?;
        let (passed_ms, held_ms) = (at_ms.checked_sub(since_ms)?, u64::from(self.steps[index].1));
        let has_settled = (held_ms * HALF_WAY_PERCENT / 100..held_ms).contains(&passed_ms);
        Some((index, has_settled))
    }

    fn sample(&mut self, at_ms: u64, mean: impl FnOnce() -> Colour) {
        let Some((index, since_ms)) = self.shown else { return };
        let Some(passed_ms) = at_ms.checked_sub(since_ms) else { return };
        let held_ms = u64::from(self.steps[index].1);
        if self.is_settled || passed_ms >= held_ms {
            return;
        }
        self.is_settled = passed_ms >= held_ms * SETTLED_PERCENT / 100;
        let before_ms: u64 = self.asked_ms[..index].iter().copied().map(u64::from).sum();
        let on_timeline_ms = before_ms + passed_ms * u64::from(self.asked_ms[index]) / held_ms;
        let mean = mean();
        let t_ms = u32::try_from(on_timeline_ms).unwrap_or(u32::MAX);
        self.samples[index] = Some(FlashSample { t_ms, mean_r: mean.r, mean_g: mean.g, mean_b: mean.b });
    }

    /// The samples in order of time; colours that no frame shows have none.
    #[must_use]
    pub fn finish(self) -> Vec<FlashSample> {
        self.samples.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn each_colour_is_sampled_in_its_time_on_the_challenges_timeline() {
        let challenge = FlashChallenge {
            id: "fc_0001".into(),
            nonce: "n".into(),
            steps: vec![(Rgb([255, 0, 0]), 200), (Rgb([0, 255, 0]), 500), (Rgb([0, 0, 255]), 500)],
            expires_at: Timestamp::UNIX_EPOCH,
            hmac_secret: "qe_whsec_EXAMPLEONLY".into(),
        };
        let mut recorder = FlashRecorder::new(&challenge);
        assert_eq!(recorder.steps().iter().map(|step| step.1).collect::<Vec<_>>(), [400, 500, 500]);
        recorder.see(&Frame::filled(2, 2, [9; 3]), 900);
        recorder.shown(0, 1_000);
        recorder.see(&Frame::filled(2, 2, [9; 3]), 990);
        recorder.see(&Frame::filled(2, 2, [200, 0, 0]), 1_300);
        recorder.see(&Frame::filled(2, 2, [1, 1, 1]), 1_380);
        recorder.shown(1, 1_450);
        recorder.see(&Frame::filled(2, 2, [0, 100, 0]), 1_550);
        recorder.shown(2, 2_000);
        recorder.see(&Frame::filled(2, 2, [5; 3]), 2_600);
        recorder.shown(99, 2_700);
        let samples: Vec<_> =
            recorder.finish().iter().map(|s| (s.t_ms, [s.mean_r, s.mean_g, s.mean_b])).collect();
        assert_eq!(samples, [(150, [200, 0, 0]), (300, [0, 100, 0])]);
    }
}
