//! Counting tests: reads the summary lines that the runners print themselves and adds them up. Never guesses: a line
//! that is no summary counts nothing.

use std::fmt;
use std::ops::AddAssign;

/// How many tests went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// `test result: ok. 12 passed; 0 failed; 1 ignored; …`, once per test binary.
pub fn of_cargo(line: &str) -> Option<Tally> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    Some(counted(counts))
}

/// ` Tests  1 failed | 11 passed | 2 skipped (14)`, once.
pub fn of_vitest(line: &str) -> Option<Tally> {
    let counts = line.trim_start().strip_prefix("Tests  ")?;
    Some(counted(counts.split_once('(').map_or(counts, |(counts, _)| counts)))
}

/// `12 passed, 3 skipped in 1.20s`, once, perhaps between `=` signs.
pub fn of_pytest(line: &str) -> Option<Tally> {
    let line = line.trim_matches(['=', ' ']);
    let (counts, seconds) = line.rsplit_once(" in ")?;
    let timed = seconds.split(' ').next()?.strip_suffix('s')?.parse::<f64>().is_ok();
    (timed && counts.starts_with(|c: char| c.is_ascii_digit())).then(|| counted(counts))
}

/// Adds up `<number> <word>` pairs; words that are no outcome (`measured`, `warnings`) count nothing.
fn counted(counts: &str) -> Tally {
    let mut tally = Tally::default();
    let words: Vec<&str> = counts.split([' ', ',', ';', '|']).filter(|word| !word.is_empty()).collect();
    for pair in words.windows(2) {
        let Ok(count) = pair[0].parse::<u32>() else { continue };
        match pair[1] {
            "passed" | "xpassed" => tally.passed += count,
            "failed" | "error" | "errors" => tally.failed += count,
            "ignored" | "skipped" | "todo" | "xfailed" => tally.skipped += count,
            _ => {}
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(read: fn(&str) -> Option<Tally>, line: &str, expected: Option<[u32; 3]>) {
        let expected = expected.map(|[passed, failed, skipped]| Tally { passed, failed, skipped });
        assert_eq!(read(line), expected, "{line}");
    }

    #[test]
    fn summaries_are_read_and_other_lines_are_not() {
        let cargo = "test result: FAILED. 12 passed; 2 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.10s";
        check(of_cargo, cargo, Some([12, 2, 1]));
        check(of_cargo, "test result::parse ... ok", None);
        check(of_vitest, "      Tests  1 failed | 11 passed | 2 skipped (14)", Some([11, 1, 2]));
        check(of_vitest, "      Tests  4 passed (4)", Some([4, 0, 0]));
        check(of_vitest, " Test Files  1 passed (1)", None);
        check(
            of_pytest,
            "===== 12 passed, 1 failed, 3 skipped, 2 warnings in 61.20s (0:01:01) =====",
            Some([12, 1, 3]),
        );
        check(of_pytest, "3 skipped in 0.02s", Some([0, 0, 3]));
        check(of_pytest, "1 error in 0.02s", Some([0, 1, 0]));
        check(of_pytest, "12 cards drawn in 3 files", None);
    }

    #[test]
    fn the_sum_reads_as_the_closing_line() {
        let mut sum = Tally::default();
        sum += Tally { passed: 3, failed: 0, skipped: 1 };
        sum += Tally { passed: 4, failed: 1, skipped: 0 };
        assert_eq!(sum.to_string(), "7 passed, 1 failed, 1 skipped");
    }
}
