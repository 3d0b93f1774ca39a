//! `flash_reflectance`: did the light that came back follow the colours that were asked for?
//! Measures the Pearson correlation, over steps and channels, of issued and received colour after each channel's
//! own mean is taken out. Invariant: only samples inside a step's own time window count for it.
//! Deliberately lacks any use of the pictures: the contract's evidence is the sample list.

use serde::{Deserialize, Serialize};

use super::{FlashSample, Vote, strength_above};
use crate::store::rows::ChallengeRow;

/// Thresholds of `flash_reflectance`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FlashParams {
    /// Least correlation. Random answers to five colours stay below it 99 times in 100 (see the test).
    pub min_correlation: f64,
    /// Least share of steps with a sample.
    pub min_steps_share: f64,
    /// Least swing of the received light (levels of 255): less is noise, whatever it correlates with.
    pub min_swing: f64,
    /// A step's first milliseconds do not count: screen and exposure are still changing.
    pub settle_ms: u64,
}

impl Default for FlashParams {
    fn default() -> Self {
        Self { min_correlation: 0.7, min_steps_share: 0.6, min_swing: 1.0, settle_ms: 0 }
    }
}

/// Votes on the samples that answer `challenge`.
pub fn vote(challenge: &ChallengeRow, samples: &[FlashSample], params: &FlashParams) -> Vote {
    let answer =
        |passed, reason: String, strength| Vote { name: "flash_reflectance", passed, reason, strength };
    if samples.is_empty() {
        return answer(false, "flash not performed".to_owned(), 0.0);
    }
    let (issued, received) = pair_steps(challenge, samples, params.settle_ms);
    let steps = challenge.colors.len();
    let needed = (steps as f64 * params.min_steps_share).ceil().max(3.0);
    if (issued.len() as f64) < needed {
        return answer(false, format!("samples for {} of {steps} steps", issued.len()), 0.0);
    }
    let (x, y) = (centred(&issued), centred(&received));
    let swing = (energy(&y) / y.len() as f64).sqrt();
    if swing < params.min_swing {
        return answer(false, format!("no reflected light: swing {swing:.1} levels"), 0.0);
    }
    let product: f64 = x.iter().zip(&y).map(|(a, b)| a * b).sum();
    let correlation = product / (energy(&x) * energy(&y)).sqrt().max(f64::MIN_POSITIVE);
    let reason = format!("correlation {correlation:.2} over {} of {steps} steps", issued.len());
    answer(correlation >= params.min_correlation, reason, strength_above(correlation, params.min_correlation))
}

/// Issued colour and mean received colour of every step that has a sample.
fn pair_steps(
    challenge: &ChallengeRow,
    samples: &[FlashSample],
    settle_ms: u64,
) -> (Vec<[f64; 3]>, Vec<[f64; 3]>) {
    let mut start_ms = 0;
    let mut pairs = (Vec::new(), Vec::new());
    for (color, hold_ms) in challenge.colors.iter().zip(&challenge.hold_ms) {
        let end_ms = start_ms + u64::from(*hold_ms);
        let inside: Vec<&FlashSample> =
            samples.iter().filter(|sample| (start_ms + settle_ms..end_ms).contains(&sample.t_ms)).collect();
        if let (Some(rgb), false) = (parse_color(color), inside.is_empty()) {
            let mean =
                |channel: usize| inside.iter().map(|s| s.mean[channel]).sum::<f64>() / inside.len() as f64;
            pairs.0.push(rgb);
            pairs.1.push([mean(0), mean(1), mean(2)]);
        }
        start_ms = end_ms;
    }
    pairs
}

fn parse_color(text: &str) -> Option<[f64; 3]> {
    let bytes = hex::decode(text.strip_prefix('#')?).ok()?;
    let [r, g, b] = <[u8; 3]>::try_from(bytes).ok()?;
    Some([f64::from(r), f64::from(g), f64::from(b)])
}

/// All values with their channel's mean taken out.
fn centred(steps: &[[f64; 3]]) -> Vec<f64> {
    let count = steps.len() as f64;
    let mut values = Vec::with_capacity(steps.len() * 3);
    for channel in 0..3 {
        let mean = steps.iter().map(|step| step[channel]).sum::<f64>() / count;
        values.extend(steps.iter().map(|step| step[channel] - mean));
    }
    values
}

fn energy(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rand::rngs::StdRng;
    use rand::{RngExt, SeedableRng};

    use super::*;

    fn challenge() -> ChallengeRow {
        ChallengeRow {
            id: String::new(),
            customer_id: String::new(),
            purpose: crate::store::rows::Purpose::Ktp,
            nonce: String::new(),
            colors: ["#FF0000", "#00FF00", "#0000FF", "#FFFFFF", "#000000"].map(str::to_owned).to_vec(),
            hold_ms: vec![500, 300, 400, 500, 400],
            expires_at: Timestamp::UNIX_EPOCH,
            consumed_at: None,
        }
    }

    /// Samples at 70 % of each step: ambient light plus a share of the issued colour.
    fn reflected(share: f64, shift: usize) -> Vec<FlashSample> {
        let challenge = challenge();
        let mut start = 0;
        let mut samples = Vec::new();
        for (at, hold) in challenge.hold_ms.iter().enumerate() {
            let rgb = parse_color(&challenge.colors[(at + shift) % 5]).unwrap();
            let mean = rgb.map(|level| (90.0 + share * level).round());
            samples.push(FlashSample { t_ms: start + u64::from(*hold) * 7 / 10, mean });
            start += u64::from(*hold);
        }
        samples
    }

    #[test]
    fn follows_the_light() {
        let check = |samples: &[FlashSample], expected: bool| {
            let vote = vote(&challenge(), samples, &FlashParams::default());
            assert_eq!(vote.passed, expected, "{}", vote.reason);
        };
        check(&reflected(0.2, 0), true);
        check(&reflected(0.03, 0), true);
        check(&reflected(0.001, 0), false);
        check(&reflected(0.2, 1), false);
        check(&reflected(0.2, 2), false);
        check(&[], false);
        check(&reflected(0.2, 0)[..2], false);
    }

    #[test]
    fn late_samples_do_not_count() {
        let mut samples = reflected(0.2, 0);
        for sample in &mut samples {
            sample.t_ms += 5_000;
        }
        assert!(!vote(&challenge(), &samples, &FlashParams::default()).passed);
    }

    #[test]
    fn guessing_fails_99_times_in_100() {
        let mut rng = StdRng::seed_from_u64(5);
        let mut lucky = 0;
        for _ in 0..2_000 {
            let mut samples = reflected(0.0, 0);
            for sample in &mut samples {
                sample.mean = [(); 3].map(|()| f64::from(rng.random_range(0..=255_u8)));
            }
            lucky += u32::from(vote(&challenge(), &samples, &FlashParams::default()).passed);
        }
        assert!(lucky <= 20, "{lucky} of 2000");
    }
}
