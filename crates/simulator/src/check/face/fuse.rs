//! From votes on a face to the contract's words.
//! Invariant: a hard voter that fails is enough; `high` needs the flash and four voters that agree (contract B.7).
//! Deliberately lacks an organisation's own policy, which the contract mentions and does not describe.

use super::super::Vote;

/// What a face comes to, before anybody is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceJudgement {
    pub votes: Vec<Vote>,
    pub fused: &'static str,
    pub assurance_tier: &'static str,
    pub status: &'static str,
    pub score: u8,
}

/// Voters whose failure speaks of a fraud.
const HARD: [&str; 2] = ["silent_passive", "deepfake"];
/// Voters whose failure leaves the question open: people misunderstand gestures, and rooms are bright.
const OPEN: [&str; 2] = ["challenge_response", "flash_reflectance"];
/// Voters that must agree for `high`.
const AGREEING: usize = 4;
/// Fewer than these and there is nothing to go by.
const LEAST: usize = 2;

/// Fuses all votes; `doubt` is a setting's.
pub fn fuse(votes: Vec<Vote>, doubt: bool) -> FaceJudgement {
    let failed = |names: &[&str]| votes.iter().any(|vote| !vote.passed && names.contains(&vote.name));
    let agreeing = votes.iter().filter(|vote| vote.passed).count();
    let is_lit = votes.iter().any(|vote| vote.passed && vote.name == "flash_reflectance");
    let fused = if failed(&HARD) {
        "spoof"
    } else if failed(&OPEN) || agreeing < LEAST || doubt {
        "unclear"
    } else {
        "live"
    };
    let (assurance_tier, status) = match fused {
        "live" if is_lit && agreeing >= AGREEING => ("high", "verified"),
        "live" => ("standard", "verified"),
        "spoof" => ("low", "failed"),
        _unclear => ("low", "pending"),
    };
    let mean = votes.iter().map(|vote| vote.strength).sum::<f64>() / votes.len().max(1) as f64;
    // As for cards: below 50 is no pass, from 50 on it is one.
    let score = if status == "verified" { 50.0 + 50.0 * mean } else { 49.0 * mean };
    let score = score.round().clamp(0.0, 100.0) as u8;
    FaceJudgement { votes, fused, assurance_tier, status, score }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(votes: &[(&'static str, bool)], expected: (&str, &str, &str)) {
        let vote = |(name, passed): &(&'static str, bool)| Vote {
            name,
            passed: *passed,
            reason: String::new(),
            strength: f64::from(u8::from(*passed)),
        };
        let got = fuse(votes.iter().map(vote).collect(), false);
        assert_eq!((got.fused, got.assurance_tier, got.status), expected, "{votes:?}");
        assert_eq!(got.score >= 50, got.status == "verified");
    }

    #[test]
    fn tiers_follow_from_the_voters() {
        const FLASH: &str = "flash_reflectance";
        const GESTURES: &str = "challenge_response";
        const PASSIVE: &str = "silent_passive";
        const KIN: &str = "deepfake";
        let four = [(FLASH, true), (GESTURES, true), (PASSIVE, true), (KIN, true)];
        check(&four, ("live", "high", "verified"));
        check(&[&four[..], &[("rppg", true)]].concat(), ("live", "high", "verified"));
        check(&[&four[..], &[("rppg", false)]].concat(), ("live", "high", "verified"));
        check(&four[1..], ("live", "standard", "verified"));
        check(&[&four[1..], &[("rppg", true)]].concat(), ("live", "standard", "verified"));
        check(&four[..3], ("live", "standard", "verified"));
        check(&[&four[..3], &[("device_attestation", false)]].concat(), ("live", "standard", "verified"));
        check(&[(FLASH, false), four[1], four[2], four[3]], ("unclear", "low", "pending"));
        check(&[four[0], (GESTURES, false), four[2], four[3]], ("unclear", "low", "pending"));
        check(&[four[0], four[1], (PASSIVE, false), four[3]], ("spoof", "low", "failed"));
        check(&[four[0], four[1], four[2], (KIN, false)], ("spoof", "low", "failed"));
        check(&[(PASSIVE, true)], ("unclear", "low", "pending"));
        let doubted = fuse(Vec::new(), true);
        assert_eq!((doubted.fused, doubted.assurance_tier), ("unclear", "low"));
    }
}
