//! From trust to a calibrated probability.
//!
//! Invariant: confidences lie in 0–1 and grow with every sign of trust. Deliberately lacks per-card adjustment: a
//! field's confidence speaks for the field alone.

use ktp::Field;

use crate::decode::Decoded;
use crate::logits::sigmoid;
use crate::reading::{FieldReading, Trust};

/// Logistic weights of one group of fields, fitted by `models/training/fit_confidence.py` on 600 synthetic cards drawn
/// like the evaluation set from other seeds (10,000 values). Constants found on either half held on the other, except
/// that names of places came out slightly worse.
struct Weights {
    bias: f32,
    likelihood: f32,
    posterior: f32,
    supported: f32,
}

/// Below this confidence the reader abstains. Fit: of values between 0.1 and 0.2, one in fourteen was right, of
/// those between 0.2 and 0.3 one in three.
const ANSWER_FROM: f32 = 0.2;
/// Log-probabilities below this say no more than this.
const FLOOR: f32 = -8.0;
/// Chance of error from which on doubt is counted by its order of magnitude. Fit: best of 0.01–3 for free text.
const SCALE: f32 = 0.03;

fn weights(field: Field) -> Weights {
    match field {
        Field::Nik | Field::DateOfBirth => {
            Weights { bias: 5.63, likelihood: 1.25, posterior: 0.73, supported: 4.34 }
        }
        Field::FullName | Field::Address | Field::Kelurahan | Field::PlaceOfBirth => {
            Weights { bias: 5.17, likelihood: 1.78, posterior: 0.0, supported: 4.8 }
        }
        Field::Kecamatan | Field::City | Field::Province => {
            Weights { bias: 1.02, likelihood: 0.38, posterior: 0.0, supported: 6.89 }
        }
        Field::RtRw | Field::ValidUntil | Field::IssueDate => {
            Weights { bias: 5.86, likelihood: 1.34, posterior: 0.26, supported: 0.0 }
        }
        Field::Gender
        | Field::BloodType
        | Field::Religion
        | Field::MaritalStatus
        | Field::Occupation
        | Field::Nationality => Weights { bias: 0.79, likelihood: 0.06, posterior: 0.0, supported: 5.01 },
    }
}

/// The estimated probability that the value is exactly right.
fn probability(field: Field, trust: &Trust) -> f32 {
    let w = weights(field);
    let logit = w.bias
        + w.likelihood * clearness(trust.log_likelihood)
        + w.posterior * clearness(trust.log_posterior)
        + if trust.supported { w.supported } else { 0.0 };
    // Agreement with the rest of the card makes a text likelier, but not likelier than beside its rivals on the same card.
    let among_rivals = if w.posterior > 0.0 { trust.log_posterior.exp() } else { 1.0 };
    among_rivals.min(sigmoid(logit))
}

/// 0 for certainty, falling with the order of magnitude of the doubt.
fn clearness(log_probability: f32) -> f32 {
    -(-log_probability.clamp(FLOOR, 0.0) / SCALE).ln_1p()
}

/// The field as it is handed out: an answer, or an abstention where the confidence is too low.
pub(crate) fn rated(field: Field, decoded: Decoded) -> FieldReading {
    let confidence = if decoded.value.is_some() { probability(field, &decoded.trust) } else { 0.0 };
    let value = decoded.value.filter(|_| confidence >= ANSWER_FROM);
    FieldReading { value, printed: decoded.printed, confidence, trust: decoded.trust }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(log_likelihood: f32) -> Decoded {
        let trust = Trust { log_likelihood, log_posterior: 0.0, length: 10, supported: false };
        Decoded { value: Some("CONTOH".to_owned()), printed: "CONTOH".to_owned(), trust }
    }

    #[test]
    fn clear_text_is_answered_and_noise_is_not() {
        for field in Field::ALL {
            let clear = rated(field, decoded(-0.01));
            let doubtful = rated(field, decoded(-3.0));
            assert!(clear.confidence > 0.65 && clear.value.is_some(), "{field}");
            assert!(doubtful.confidence < clear.confidence, "{field}");
        }
        assert_eq!(rated(Field::FullName, decoded(-3.0)).value, None);
    }

    #[test]
    fn nothing_read_has_no_confidence() {
        let nothing = Decoded { value: None, ..decoded(0.0) };
        assert_eq!(rated(Field::Nik, nothing).confidence, 0.0);
    }
}
