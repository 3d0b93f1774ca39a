//! `challenge_response`: were at least two different gestures asked for, and all of them seen?
//! Invariant: a gesture that nobody here knows counts for nothing.
//! Deliberately lacks a look at the pictures: the contract's evidence is the client's own list.

use std::collections::BTreeSet;

use super::super::Vote;
use super::Claims;

/// The contract names these and says that there are more.
const KNOWN: [&str; 3] = ["blink", "turn_left", "smile"];
/// One alone is guessed too easily by a recording.
const MIN_GESTURES: usize = 2;

/// Votes on what was asked and answered.
pub fn vote(claims: &Claims) -> Vote {
    let answer = |passed: bool, reason: String| Vote {
        name: "challenge_response",
        passed,
        reason,
        strength: if passed { 1.0 } else { 0.0 },
    };
    let asked: BTreeSet<&str> = claims.asked.iter().map(String::as_str).collect();
    let known = asked.iter().filter(|gesture| KNOWN.contains(gesture)).count();
    if known < MIN_GESTURES {
        return answer(false, format!("{known} known gestures asked for, {MIN_GESTURES} are needed"));
    }
    let is_seen = |gesture: &&&str| {
        let mut answers = claims.answered.iter().filter(|(name, _)| name == **gesture).peekable();
        answers.peek().is_some() && answers.all(|(_, satisfied)| *satisfied)
    };
    let seen = asked.iter().filter(is_seen).count();
    let strange = claims.answered.iter().filter(|(name, _)| !asked.contains(name.as_str())).count();
    let passed = seen == asked.len() && strange == 0;
    answer(passed, format!("{seen} of {} gestures seen", asked.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &[&str], answered: &[(&str, bool)], expected: bool) {
        let claims = Claims {
            asked: asked.iter().map(|name| (*name).to_owned()).collect(),
            answered: answered.iter().map(|(name, seen)| ((*name).to_owned(), *seen)).collect(),
            ..Claims::default()
        };
        let vote = vote(&claims);
        assert_eq!(vote.passed, expected, "{}", vote.reason);
    }

    #[test]
    fn two_different_ones_all_seen() {
        check(&["blink", "smile"], &[("blink", true), ("smile", true)], true);
        check(
            &["blink", "smile", "turn_left"],
            &[("smile", true), ("blink", true), ("turn_left", true)],
            true,
        );
        check(&["blink", "smile"], &[("blink", true), ("smile", false)], false);
        check(&["blink", "smile"], &[("blink", true)], false);
        check(&["blink"], &[("blink", true)], false);
        check(&["blink", "blink"], &[("blink", true), ("blink", true)], false);
        check(&["blink", "wink"], &[("blink", true), ("wink", true)], false);
        check(&["blink", "smile"], &[("blink", true), ("smile", true), ("turn_left", true)], false);
        check(&["blink", "smile"], &[("blink", true), ("blink", false), ("smile", true)], false);
        check(&[], &[], false);
    }
}
