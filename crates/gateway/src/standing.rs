//! What a receipt comes to, for whoever shows it to people.
//!
//! Invariants: the worst of card and face counts; what we cannot read is for a person to look at; nothing of tier `low` passes.
//! Lacks on purpose: OneKYC's own words, which it has beside it.

use crate::receipt::{AssuranceTier, FaceReceipt, Receipt, Verdict, VerificationStatus};

/// What a capture comes to, from best to worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// The partner accepts it.
    Accepted,
    /// The partner is still at work.
    Pending,
    /// A person looks at it.
    Review,
    /// The partner refuses it.
    Refused,
}

impl Standing {
    /// One of a closed set of words, for views.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Pending => "pending",
            Self::Review => "review",
            Self::Refused => "refused",
        }
    }
}

impl Receipt {
    /// The whole capture's standing.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let face = self.face.as_ref().map_or(Standing::Accepted, FaceReceipt::standing);
        self.card_standing().max(face)
    }

    fn card_standing(&self) -> Standing {
        let said = match (&self.verdict, &self.status) {
            (Some(Verdict::Passed), _) | (None, VerificationStatus::Verified) => Standing::Accepted,
            (Some(Verdict::Failed), _) | (None, VerificationStatus::Failed) => Standing::Refused,
            (None, VerificationStatus::Pending) if self.onekyc.is_some() => Standing::Pending,
            (Some(Verdict::RequiresReview | Verdict::Other(_)), _)
            | (None, VerificationStatus::Pending | VerificationStatus::Other(_)) => Standing::Review,
        };
        at_tier(said, self.assurance_tier.as_ref())
    }
}

impl FaceReceipt {
    /// The face's standing alone. Where the partner decided, a refusal that its record leaves open is for a person.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let said = match (self.allow, &self.status) {
            (Some(true), _) | (None, VerificationStatus::Verified) => Standing::Accepted,
            (Some(false), VerificationStatus::Verified | VerificationStatus::Failed)
            | (None, VerificationStatus::Failed) => Standing::Refused,
            (Some(false) | None, VerificationStatus::Pending | VerificationStatus::Other(_)) => {
                Standing::Review
            }
        };
        at_tier(said, self.assurance_tier.as_ref())
    }
}

/// The contract never trusts `low` by itself.
fn at_tier(said: Standing, tier: Option<&AssuranceTier>) -> Standing {
    if tier == Some(&AssuranceTier::Low) { said.max(Standing::Review) } else { said }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn receipt(card: &Value, face: Option<Value>) -> Receipt {
        let mut json = json!({"verificationId": "ver_0001", "status": "verified", "origin": "answered"});
        let object = json.as_object_mut().unwrap();
        object.extend(card.as_object().unwrap().clone());
        if let Some(mut face) = face {
            let named = json!({"verificationId": "ver_0002", "origin": "answered"});
            face.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
            object.insert("face".to_owned(), face);
        }
        serde_json::from_value(json).unwrap()
    }

    #[track_caller]
    fn check(card: Value, face: Option<Value>, expected: Standing) {
        assert_eq!(receipt(&card, face).standing(), expected);
    }

    #[test]
    fn a_card_alone() {
        use Standing::{Accepted, Refused, Review};
        check(json!({"verdict": "passed", "assuranceTier": "standard"}), None, Accepted);
        check(json!({"verdict": "passed", "assuranceTier": "low"}), None, Review);
        check(json!({"verdict": "requires_review"}), None, Review);
        check(json!({"verdict": "a later word"}), None, Review);
        check(json!({"verdict": "failed", "assuranceTier": "low"}), None, Refused);
        check(json!({"status": "pending"}), None, Review);
        check(json!({"status": "failed"}), None, Refused);
        check(json!({}), None, Accepted);
    }

    #[test]
    fn the_worst_of_both_counts() {
        use Standing::{Accepted, Refused, Review};
        let passed = || json!({"verdict": "passed", "assuranceTier": "high"});
        let face = |allow: Option<bool>, status: &str, tier: &str| {
            Some(json!({"allow": allow, "status": status, "assuranceTier": tier}))
        };
        check(passed(), face(Some(true), "verified", "high"), Accepted);
        check(passed(), face(Some(true), "pending", "standard"), Accepted);
        check(passed(), face(Some(true), "verified", "low"), Review);
        check(passed(), face(Some(false), "pending", "standard"), Review);
        check(passed(), face(Some(false), "verified", "high"), Refused);
        check(passed(), face(Some(false), "failed", "low"), Refused);
        check(passed(), face(None, "verified", "standard"), Accepted);
        check(passed(), face(None, "verified", "low"), Review);
        check(passed(), face(None, "pending", "low"), Review);
        check(passed(), face(None, "failed", "low"), Refused);
        check(json!({"verdict": "requires_review"}), face(Some(true), "verified", "high"), Review);
        check(json!({"verdict": "failed"}), face(Some(true), "verified", "high"), Refused);
    }
}
