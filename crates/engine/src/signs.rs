//! The signs of tampering that this device looked for, as they are kept beside a capture.
//!
//! The partner's document has no member for them, and the platform looks for its own; so they lie sealed in the queue, for whoever has
//! to answer for a capture later. Names are the contract's where it has one. Invariant: no value of the card is in them, because a
//! reason names measures and places. Deliberately lacks a verdict.

use serde::Serialize;
use vision::tamper::Vote;

#[derive(Serialize)]
struct SignsRow<'a> {
    voters: Vec<VoteRow<'a>>,
}

#[derive(Serialize)]
struct VoteRow<'a> {
    name: &'static str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suspicion: Option<f64>,
    reason: &'a str,
}

impl<'a> VoteRow<'a> {
    fn of(vote: &'a Vote) -> Self {
        Self {
            name: vote.voter.code(),
            outcome: vote.outcome.code(),
            suspicion: vote.suspicion.map(|suspicion| (f64::from(suspicion) * 100.0).round() / 100.0),
            reason: &vote.reason,
        }
    }
}

/// The votes as JSON; `None` if nothing was looked at.
pub(crate) fn json(votes: &[Vote]) -> Option<String> {
    let signs = SignsRow { voters: votes.iter().map(VoteRow::of).collect() };
    (!votes.is_empty()).then(|| serde_json::to_string(&signs).expect("text and numbers are JSON"))
}

#[cfg(test)]
mod tests {
    use vision::tamper::{Outcome, Voter};

    use super::*;

    #[test]
    fn votes_are_written_in_the_contracts_words() {
        let votes = [
            Vote {
                voter: Voter::FontMatch,
                outcome: Outcome::Suspect,
                suspicion: Some(1.234_5),
                field: Some(ktp::Field::Nik),
                reason: "digit 8 of the NIK stands off the line".to_owned(),
            },
            Vote {
                voter: Voter::SpecularCheck,
                outcome: Outcome::NotJudged,
                suspicion: None,
                field: None,
                reason: "nothing shone on the card".to_owned(),
            },
        ];
        let expected = concat!(
            r#"{"voters":[{"name":"font_match","outcome":"suspect","suspicion":1.23,"#,
            r#""reason":"digit 8 of the NIK stands off the line"},"#,
            r#"{"name":"specular_check","outcome":"not_judged","reason":"nothing shone on the card"}]}"#,
        );
        assert_eq!(json(&votes).as_deref(), Some(expected));
        assert_eq!(json(&[]), None);
    }
}
