//! Linear equations.
//!
//! Invariant: a solution is finite. Deliberately lacks matrices of any other use.

/// The solution by Gauss's elimination with the largest pivots; `None` if there is not one.
pub(crate) fn solved<const N: usize>(mut rows: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    /// A pivot below this is none.
    const LEAST: f64 = 1e-9;
    for i in 0..N {
        let pivot = (i..N).max_by(|&a, &b| rows[a][i].abs().total_cmp(&rows[b][i].abs()))?;
        rows.swap(i, pivot);
        right.swap(i, pivot);
        let (row, value) = (rows[i], right[i]);
        if row[i].abs() < LEAST {
            return None;
        }
        for other in (0..N).filter(|&other| other != i) {
            let share = rows[other][i] / row[i];
            rows[other].iter_mut().zip(row).for_each(|(v, by)| *v -= share * by);
            right[other] -= share * value;
        }
    }
    let found = std::array::from_fn(|i| right[i] / rows[i][i]);
    found.iter().all(|v: &f64| v.is_finite()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::solved;

    #[test]
    fn equations_with_one_solution_are_solved() {
        let found = solved([[0.0, 2.0, 1.0], [1.0, 1.0, 1.0], [2.0, 0.0, -1.0]], [7.0, 6.0, -1.0]).unwrap();
        assert!(found.iter().zip([1.0, 2.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        assert_eq!(solved([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0]), None);
        assert_eq!(solved([[f64::NAN]], [1.0]), None);
    }
}
