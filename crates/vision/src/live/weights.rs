//! The small net of the maps: standardise, one hidden layer, two answers.
//!
//! Its numbers are `trouble.bin`: little-endian f32, means, scales, hidden weights by feature, hidden biases, output
//! weights by hidden unit, output biases. Invariant: answers lie in 0–1. Deliberately lacks a runtime: 770
//! multiplications a cell are cheaper than handing tensors over.

use super::trouble::FEATURES;

/// Hidden units.
const HIDDEN: usize = 24;
const OUTPUTS: usize = 2;
const COUNT: usize = 2 * FEATURES + FEATURES * HIDDEN + HIDDEN + HIDDEN * OUTPUTS + OUTPUTS;

static BYTES: &[u8; COUNT * 4] = include_bytes!("trouble.bin");

fn number(index: usize) -> f32 {
    let at = index * 4;
    f32::from_le_bytes([BYTES[at], BYTES[at + 1], BYTES[at + 2], BYTES[at + 3]])
}

/// Likelihood of glare and of a cover, 0–1.
pub(super) fn strengths(features: &[f32; FEATURES]) -> [f32; OUTPUTS] {
    let hidden_at = 2 * FEATURES;
    let bias_at = hidden_at + FEATURES * HIDDEN;
    let mut hidden: [f32; HIDDEN] = std::array::from_fn(|h| number(bias_at + h));
    for (f, value) in features.iter().enumerate() {
        let standard = ((value - number(f)) / number(FEATURES + f)).clamp(-6.0, 6.0);
        hidden
            .iter_mut()
            .enumerate()
            .for_each(|(h, sum)| *sum += standard * number(hidden_at + f * HIDDEN + h));
    }
    let output_at = bias_at + HIDDEN;
    std::array::from_fn(|o| {
        let weighed: f32 =
            hidden.iter().enumerate().map(|(h, v)| v.max(0.0) * number(output_at + h * OUTPUTS + o)).sum();
        1.0 / (1.0 + (-weighed - number(output_at + HIDDEN * OUTPUTS + o)).exp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_finite_and_scales_positive() {
        assert!((0..COUNT).all(|i| number(i).is_finite()));
        assert!((0..FEATURES).all(|f| number(FEATURES + f) > 0.0));
    }

    #[test]
    fn answers_are_likelihoods_for_any_features() {
        for value in [-1e9, -1.0, 0.0, 1.0, 1e9] {
            assert!(strengths(&[value; FEATURES]).iter().all(|v| (0.0..=1.0).contains(v)), "{value}");
        }
    }
}
