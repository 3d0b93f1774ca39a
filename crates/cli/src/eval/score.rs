//! How one answer is judged against the truth, and how judgements add up.
//!
//! Invariant: pure arithmetic; a field without any reading is never exact, not even against a dash.
//! Deliberately absent: files, pictures, and what to print.

use serde::Serialize;

/// What the reader said about one field.
#[derive(Clone, Debug, Default)]
pub struct Answer {
    /// The best guess, whether or not the reader stood by it.
    pub best: Option<String>,
    /// Whether the reader stood by it.
    pub answered: bool,
    /// The confidence that came with it, 0–1.
    pub confidence: f64,
}

/// One answer judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Equal once everything but letters and digits is removed.
    pub exact: bool,
    /// The reader stood by its answer.
    pub answered: bool,
    /// The confidence that came with it.
    pub confidence: f64,
    /// Insertions, deletions and substitutions to get from the answer to the truth.
    pub edits: usize,
    /// Letters and digits in the truth.
    pub chars: usize,
}

/// Letters and digits only, upper case: what two values are compared by.
pub fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// Judges one answer.
pub fn judge(truth: &str, answer: &Answer) -> Judged {
    let want = bare(truth);
    let got = answer.best.as_deref().map(bare);
    let edits = strsim::levenshtein(&want, got.as_deref().unwrap_or_default());
    Judged {
        exact: got.is_some_and(|got| got == want),
        answered: answer.answered,
        confidence: answer.confidence,
        edits,
        chars: want.chars().count(),
    }
}

/// Counts over many judgements. Serialises to the keys of `eval --json`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    scored: usize,
    exact: usize,
    answered: usize,
    answered_exact: usize,
    edits: usize,
    chars: usize,
}

/// A tally as `eval --json` prints it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TallyView {
    /// Fields with a known truth.
    pub scored: usize,
    /// Right, answered or not.
    pub exact: usize,
    /// Character error rate, 0–1 (above 1 where more was read than is there).
    pub cer: f64,
    /// Fields the reader stood by.
    pub answered: usize,
    /// Right among those.
    pub answered_exact: usize,
}

impl Tally {
    /// Counts one judgement.
    pub fn add(&mut self, judged: &Judged) {
        self.scored += 1;
        self.exact += usize::from(judged.exact);
        self.answered += usize::from(judged.answered);
        self.answered_exact += usize::from(judged.answered && judged.exact);
        self.edits += judged.edits;
        self.chars += judged.chars;
    }

    /// The counts as printed.
    pub fn view(&self) -> TallyView {
        TallyView {
            scored: self.scored,
            exact: self.exact,
            cer: rounded(ratio(self.edits, self.chars)),
            answered: self.answered,
            answered_exact: self.answered_exact,
        }
    }
}

impl TallyView {
    /// Share of the scored fields that are exact.
    pub fn exactness(&self) -> f64 {
        ratio(self.exact, self.scored)
    }

    /// Share of the answered fields that are exact.
    pub fn answered_exactness(&self) -> f64 {
        ratio(self.answered_exact, self.answered)
    }

    /// Share of the scored fields that were answered.
    pub fn coverage(&self) -> f64 {
        ratio(self.answered, self.scored)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Four decimals: as fine as a few thousand fields can tell apart.
pub fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn answer(best: Option<&str>) -> Answer {
        Answer { best: best.map(str::to_owned), answered: best.is_some(), confidence: 0.9 }
    }

    #[test]
    fn exactness_looks_at_letters_and_digits_alone() {
        fn check(truth: &str, best: Option<&str>, exact: bool, edits: usize) {
            let judged = judge(truth, &answer(best));
            assert_eq!((judged.exact, judged.edits), (exact, edits), "{truth} {best:?}");
        }
        check("JL. MERDEKA NO. 1", Some("JL MERDEKA NO1"), true, 0);
        check("001/002", Some("001002"), true, 0);
        check("001/002", Some("001/003"), false, 1);
        check("-", Some("-"), true, 0);
        check("-", Some("A"), false, 1);
        check("-", None, false, 0);
        check("SEUMUR HIDUP", None, false, 11);
        check("ISLAM", Some("islam"), true, 0);
    }

    #[test]
    fn a_tally_separates_right_from_stood_by() {
        let mut tally = Tally::default();
        tally.add(&judge("ISLAM", &answer(Some("ISLAM"))));
        tally.add(&judge("ISLAM", &Answer { best: Some("ISLAM".into()), answered: false, confidence: 0.2 }));
        tally.add(&judge("ISLAM", &answer(Some("ISLAN"))));
        tally.add(&judge("ISLAM", &answer(None)));
        let want = TallyView { scored: 4, exact: 2, cer: 0.3, answered: 2, answered_exact: 1 };
        assert_eq!(tally.view(), want);
        assert_eq!(tally.view().answered_exactness(), 0.5);
    }

    proptest! {
        #[test]
        fn judging_never_panics_and_equal_text_is_exact(truth in any::<String>(), other in any::<String>()) {
            prop_assert!(judge(&truth, &answer(Some(&truth))).exact);
            let judged = judge(&truth, &answer(Some(&other)));
            prop_assert_eq!(judged.exact, judged.edits == 0);
        }
    }
}
