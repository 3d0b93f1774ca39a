//! A share of a count, and how sure it is.

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rate {
    pub part: usize,
    pub whole: usize,
}

/// Of the normal distribution, for 95 %.
const Z: f64 = 1.959_964;

impl Rate {
    /// Counts one more.
    pub(super) fn add(&mut self, is_part: bool) {
        self.part += usize::from(is_part);
        self.whole += 1;
    }

    /// 0 of nothing is 0.
    pub(super) fn share(self) -> f64 {
        rounded(self.part as f64 / self.whole.max(1) as f64)
    }

    /// The 95 % interval of Wilson (1927), which holds for few and for none.
    pub(super) fn interval(self) -> [f64; 2] {
        if self.whole == 0 {
            return [0.0, 1.0];
        }
        let (n, p) = (self.whole as f64, self.part as f64 / self.whole as f64);
        let middle = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
        [rounded((middle - half).max(0.0)), rounded((middle + half).min(1.0))]
    }
}

fn rounded(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_wilsons() {
        #[track_caller]
        fn check(part: usize, whole: usize, expected: [f64; 2]) {
            assert_eq!(Rate { part, whole }.interval(), expected);
        }
        check(0, 10, [0.0, 0.2775]);
        check(10, 10, [0.7225, 1.0]);
        check(5, 10, [0.2366, 0.7634]);
        check(0, 0, [0.0, 1.0]);
        assert_eq!(Rate { part: 1, whole: 3 }.share(), 0.3333);
    }
}
