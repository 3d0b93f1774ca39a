//! From votes to the contract's words: fused opinions, assurance tier, verdict, status, score (contract B.5).
//! Invariant: the tier follows from the two fused opinions and the flash alone.
//! Deliberately lacks weights: a voter that fails is enough to keep a capture from being trusted.

use super::Vote;

/// A capture's outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    pub anti_spoof: Vec<Vote>,
    pub tamper: Vec<Vote>,
    pub anti_spoof_fused: &'static str,
    pub tamper_fused: &'static str,
    pub assurance_tier: &'static str,
    pub verdict: &'static str,
    pub status: &'static str,
    pub score: u8,
}

/// Voters whose failure alone leaves the question open: glare and a dull flash happen to honest people, and stroke
/// statistics say little.
const SOFT: [&str; 3] = ["flash_reflectance", "hologram_check", "font_match"];

/// `all_passed`, `unclear` after one soft failure, else `refuted`.
fn opinion(votes: &[Vote], all_passed: &'static str, refuted: &'static str) -> &'static str {
    let failed: Vec<&Vote> = votes.iter().filter(|vote| !vote.passed).collect();
    match failed.as_slice() {
        [] => all_passed,
        [only] if SOFT.contains(&only.name) => "unclear",
        [_, ..] => refuted,
    }
}

/// Fuses all votes.
pub fn fuse(
    anti_spoof: Vec<Vote>,
    tamper: Vec<Vote>,
    flash_present: bool,
    flash_required: bool,
) -> Judgement {
    let anti_spoof_fused = opinion(&anti_spoof, "live", "spoof");
    let tamper_fused = opinion(&tamper, "authentic", "tampered");
    let sound = anti_spoof_fused == "live" && tamper_fused == "authentic";
    let assurance_tier = match (sound, flash_present) {
        (true, true) => "high",
        (true, false) if !flash_required => "standard",
        (true, false) | (false, _) => "low",
    };
    let (verdict, status) = if assurance_tier != "low" {
        ("passed", "verified")
    } else if anti_spoof_fused == "spoof" && tamper_fused == "tampered" {
        ("failed", "failed")
    } else {
        ("requires_review", "pending")
    };
    let votes = anti_spoof.iter().chain(&tamper);
    let mean = votes.clone().map(|vote| vote.strength).sum::<f64>() / votes.count().max(1) as f64;
    // A score below 50 must not look better than a refusal, nor a pass worse than one.
    let score = if status == "verified" { 50.0 + 50.0 * mean } else { 50.0 * mean };
    let score = score.round().clamp(0.0, 100.0) as u8;
    Judgement { anti_spoof, tamper, anti_spoof_fused, tamper_fused, assurance_tier, verdict, status, score }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vote(name: &'static str, passed: bool) -> Vote {
        Vote { name, passed, reason: String::new(), strength: if passed { 0.9 } else { 0.1 } }
    }

    fn check(votes: [bool; 6], flash_required: bool, expected: (&str, &str, &str, &str)) {
        let [flash, moire, copy, glare, nik, font] = votes;
        let anti = vec![
            vote("flash_reflectance", flash),
            vote("screen_moire", moire),
            vote("specular_check", copy),
            vote("hologram_check", glare),
        ];
        let tamper = vec![vote("nik_consistency", nik), vote("font_match", font)];
        let got = fuse(anti, tamper, true, flash_required);
        assert_eq!(
            (got.anti_spoof_fused, got.tamper_fused, got.assurance_tier, got.verdict),
            expected,
            "{votes:?}"
        );
        assert_eq!(got.score >= 50, got.status == "verified");
    }

    #[test]
    fn the_contract_table() {
        let all = [true; 6];
        check(all, false, ("live", "authentic", "high", "passed"));
        check(
            [false, true, true, true, true, true],
            false,
            ("unclear", "authentic", "low", "requires_review"),
        );
        check([true, false, true, true, true, true], false, ("spoof", "authentic", "low", "requires_review"));
        check([true, true, false, true, true, true], false, ("spoof", "authentic", "low", "requires_review"));
        check([true, true, true, true, false, true], false, ("live", "tampered", "low", "requires_review"));
        check([true, true, true, true, true, false], false, ("live", "unclear", "low", "requires_review"));
        check([true, false, true, true, false, true], false, ("spoof", "tampered", "low", "failed"));
    }

    #[test]
    fn without_flash_the_tier_is_standard_or_low() {
        let votes = || (vec![vote("screen_moire", true)], vec![vote("nik_consistency", true)]);
        let (anti, tamper) = votes();
        assert_eq!(fuse(anti, tamper, false, false).assurance_tier, "standard");
        let (anti, tamper) = votes();
        assert_eq!(fuse(anti, tamper, false, true).verdict, "requires_review");
    }
}
