"""Fits the weights of the reader's confidences: from `measure` dumps of cards nobody trained on to the table in Rust.

Invariant: weights are never negative but the bias, so confidence grows with every sign of trust; the groups, `SCALE`
and `FLOOR` are those of `crates/vision/src/confidence.rs`. Deliberately lacks a choice of model.
Usage: `python make_eval.py --seed fit-1 --out build/fit-1`, then
`LOKET_MEASURE_DUMP=fit-1.tsv cargo run -p vision --example measure models/training/build/fit-1` (the same with another
seed to hold out), then `python fit_confidence.py fit-1.tsv --held-out fit-2.tsv`.
"""

import argparse
from pathlib import Path

import numpy as np

GROUPS = {
    "number": ("nik", "dateOfBirth"),
    "text": ("fullName", "address", "kelurahan", "placeOfBirth"),
    "place": ("kecamatan", "city", "province"),
    "date": ("rtRw", "validUntil", "issueDate"),
    "word": ("gender", "bloodType", "religion", "maritalStatus", "occupation", "nationality"),
}
SCALE, FLOOR = 0.03, -8.0
SHRINKAGE = 0.1  # of the weights, against chance in small groups


def load(paths: list[Path], keys: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Signs of trust (one row a value, with a leading one) and whether the value was exact."""
    signs, exact = [], []
    for line in (line for path in paths for line in path.read_text().splitlines()):
        _, _, key, right, likelihood, posterior, _, supported = line.split("\t")
        if key in keys and np.isfinite(float(likelihood)):
            clear = [-np.log1p(-np.clip(float(value), FLOOR, 0) / SCALE) for value in (likelihood, posterior)]
            signs.append([1.0, *clear, float(supported)])
            exact.append(float(right))
    return np.array(signs), np.array(exact)


def probability(weights: np.ndarray, signs: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-signs @ weights))


def newton(signs: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method."""
    shrinkage = np.full(signs.shape[1], SHRINKAGE)
    shrinkage[0] = 0.01
    weights = np.zeros(signs.shape[1])
    for _ in range(100):
        p = probability(weights, signs)
        hessian = (signs * (p * (1 - p))[:, None]).T @ signs + np.diag(shrinkage)
        weights -= np.clip(np.linalg.solve(hessian, signs.T @ (p - exact) + shrinkage * weights), -2, 2)
    return weights


def fit(signs: np.ndarray, exact: np.ndarray) -> np.ndarray:
    """As [newton], leaving out the sign with the most negative weight until none is negative."""
    used = np.ones(signs.shape[1], bool)
    while True:
        weights = np.zeros(signs.shape[1])
        weights[used] = newton(signs[:, used], exact)
        if (weights[1:] >= 0).all():
            return weights.round(2)
        used[1 + np.argmin(weights[1:])] = False


def report(p: np.ndarray, exact: np.ndarray) -> None:
    """Mean confidence and exactness by tenths, as far as there are answers."""
    tenth = np.minimum((p * 10).astype(int), 9)
    for k in np.unique(tenth):
        at = tenth == k
        print(f"  {k / 10:.1f}: {at.sum():5d} values, mean {p[at].mean():.3f}, exact {exact[at].mean():.3f}")
    sure = p >= 0.99
    print(f"  {sure.sum()} at 0.99 or more, {int((1 - exact[sure]).sum())} of them wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dumps", type=Path, nargs="+")
    parser.add_argument("--held-out", type=Path, nargs="+", default=[])
    args = parser.parse_args()
    seen = []
    for group, keys in GROUPS.items():
        weights = fit(*load(args.dumps, keys))
        print(f"{group:8s} bias {weights[0]:5.2f}  likelihood {weights[1]:5.2f}  posterior {weights[2]:5.2f}  supported {weights[3]:5.2f}")
        signs, exact = load(args.held_out or args.dumps, keys)
        seen.append((probability(weights, signs), exact))
    print("held out" if args.held_out else "on the same cards")
    report(*(np.concatenate(part) for part in zip(*seen, strict=True)))


if __name__ == "__main__":
    main()
