//! From trust to a calibrated probability.
//!
//! Invariant: confidences lie in 0–1 and grow with every sign of trust. Deliberately lacks per-card adjustment: a
//! field's confidence speaks for the field alone.

use ktp::Field;

use crate::decode::Decoded;
use crate::reading::{FieldReading, Trust};

/// Logistic weights of one group of fields, fitted on 120 synthetic cards drawn like the evaluation set from other
/// seeds, read with two generations of nets (about 4,300 values).
struct Weights {
    bias: f32,
    likelihood: f32,
    posterior: f32,
    supported: f32,
}

/// Below this confidence the reader abstains. Eval: of answers between 0.2 and 0.4, a third were still right.
const ANSWER_FROM: f32 = 0.08;
/// Log-probabilities below this say no more than this.
const FLOOR: f32 = -8.0;

fn weights(field: Field) -> Weights {
    match field {
        Field::Nik | Field::DateOfBirth => {
            Weights { bias: 2.82, likelihood: 0.81, posterior: 1.19, supported: 3.61 }
        }
        Field::FullName | Field::Address | Field::Kelurahan | Field::PlaceOfBirth => {
            Weights { bias: 3.44, likelihood: 2.3, posterior: 0.75, supported: 1.93 }
        }
        Field::Kecamatan | Field::City | Field::Province => {
            Weights { bias: 1.35, likelihood: 0.57, posterior: 0.59, supported: 3.86 }
        }
        Field::RtRw | Field::ValidUntil | Field::IssueDate => {
            Weights { bias: 4.06, likelihood: 1.01, posterior: 2.3, supported: 0.02 }
        }
        Field::Gender
        | Field::BloodType
        | Field::Religion
        | Field::MaritalStatus
        | Field::Occupation
        | Field::Nationality => Weights { bias: 1.0, likelihood: 0.1, posterior: 0.2, supported: 4.7 },
    }
}

/// The estimated probability that the value is exactly right.
fn probability(field: Field, trust: &Trust) -> f32 {
    let w = weights(field);
    let logit = w.bias
        + w.likelihood * trust.log_likelihood.clamp(FLOOR, 0.0)
        + w.posterior * trust.log_posterior.clamp(FLOOR, 0.0)
        + if trust.supported { w.supported } else { 0.0 };
    1.0 / (1.0 + (-logit).exp())
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
            assert!(clear.confidence > 0.7 && clear.value.is_some(), "{field}");
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
