"""Fits what `font_match` makes of its measures: from `digits` dumps of drawn cards to the tables in Rust.

Every measure of a digit is taken against its line: the difference from the line's median over what is usual plus the line's own spread,
and of that ln(1 + z²), for outliers are common. Their weighted sum tells edited digits from printed ones; weights are never negative.
One measure alone tells where it lies beyond all printed digits. The limit is what so many printed lines exceed (`--alarms`). Invariant: this file and `crates/vision/src/tamper/font.rs` say the same.
Deliberately lacks a choice of measures.
Usage: `python make_tamper.py --seed fit-1 --cards 40 --out build/fit-1`, then
`cargo run -p vision --example digits models/training/build/fit-1 > fit-1.tsv`, then `python fit_font.py fit-1.tsv [--held-out fit-2.tsv]`.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fit_confidence import probability

MEASURES = ("across", "down", "wide", "tall", "extra", "missing", "rest", "unlike", "dark", "weight", "sharpness", "ink red", "ink blue",
            "ground", "ground red", "ground blue", "noise", "texture")
ONE_SIDED = ("extra", "missing", "rest", "unlike", "dark")
FIELDS = ("nik", "dateOfBirth")
PRIOR, SHRINKAGE = .6, .05  # a digit; drawn forgers are not all forgers: every measure keeps a say unless edits speak against it
ROOM = 1.25  # beyond the farthest of all printed digits a single measure tells
LEAST = .003  # of what is usual: most printed digits lack no ink at all


@dataclass(frozen=True)
class Line:
    """One card's line: its group, severity, measures (a row a digit) and which digits were edited."""

    group: str
    severity: str
    likeness: float
    marks: np.ndarray
    edited: np.ndarray


def load(paths: list[Path], field: str) -> list[Line]:
    """Lines of a field, in the dumps' order."""
    rows: dict[tuple[str, str], list[list[str]]] = {}
    for cells in (line.split("\t") for path in paths for line in path.read_text().splitlines()):
        if cells[2] == field:
            rows.setdefault((cells[0], cells[1]), []).append(cells)
    found = []
    for (_, kind), digits in rows.items():
        severity, group = kind.split("/")
        marks = np.array([[float(value) for value in cells[6:]] for cells in digits])
        edited = np.array([cells[4] == "1" for cells in digits])
        found.append(Line(group, severity, float(digits[0][5]), marks, edited))
    return found


def honest(lines: list[Line]) -> list[Line]:
    """Lines as printed: those without an edit, and what was left alone of the others."""
    left = [replace(line, marks=line.marks[~line.edited], edited=line.edited[~line.edited]) for line in lines]
    return [line for line in left if len(line.marks) > 4]


def usual(lines: list[Line]) -> np.ndarray:
    """What digits of printed lines differ by, measure by measure."""
    apart = [np.abs(line.marks - np.median(line.marks, 0)) for line in honest(lines)]
    return np.maximum(1.48 * np.median(np.concatenate(apart), 0), LEAST)


def signs(line: Line, unit: np.ndarray) -> np.ndarray:
    """ln(1 + z²) of every measure of every digit."""
    apart = line.marks - np.median(line.marks, 0)
    spread = 1.48 * np.median(np.abs(apart), 0)
    for nth, name in enumerate(MEASURES):
        apart[:, nth] = np.maximum(apart[:, nth], 0) if name in ONE_SIDED else np.abs(apart[:, nth])
    return np.log1p((apart / (unit + spread)) ** 2)


def newton(rows: np.ndarray, edited: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method, leaving out the measure with the most negative weight until none is negative."""
    used = np.ones(rows.shape[1], bool)
    while True:
        x, w = rows[:, used], np.zeros(used.sum())
        shrinkage = np.full(len(w), SHRINKAGE * edited.sum())
        shrinkage[0] = 1e-3
        prior = np.full(len(w), PRIOR)
        prior[0] = 0
        for _ in range(60):
            p = probability(w, x)
            hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(shrinkage)
            w -= np.clip(np.linalg.solve(hessian, x.T @ (p - edited) + shrinkage * (w - prior)), -2, 2)
        weights = np.zeros(rows.shape[1])
        weights[used] = w
        if (weights[1:] >= 0).all():
            return weights[1:]
        used[1 + np.argmin(weights[1:])] = False


def score(line: Line, unit: np.ndarray, weights: np.ndarray) -> float:
    """How far the digit that stands out most stands out of its line, by all measures together."""
    sums = signs(line, unit) @ weights
    return float(sums.max() - np.median(sums))


@dataclass(frozen=True)
class Judge:
    """What Rust makes of a line."""

    unit: np.ndarray
    weights: np.ndarray
    limit: float
    alone: np.ndarray

    def suspicion(self, line: Line) -> float:
        together = score(line, self.unit, self.weights) / self.limit
        return max(together, float((np.sqrt(np.expm1(signs(line, self.unit))) / self.alone).max()))


def auc(attacked: list[float], honest: list[float]) -> float:
    a, h = np.array(attacked)[:, None], np.array(honest)[None]
    return float(((a > h) + .5 * (a == h)).mean()) if len(attacked) and len(honest) else float("nan")


def tell(lines: list[Line], judge: Judge) -> None:
    """Caught and areas by attack and severity."""
    by: dict[tuple[str, str], list[float]] = {}
    for line in lines:
        group = line.group if line.edited.any() else "printed"
        for severity in (line.severity, "all"):
            by.setdefault((group, severity), []).append(judge.suspicion(line))
    for group in sorted({group for group, _ in by}):
        cells: list[str] = []
        for severity in ("severity0", "severity1", "severity2", "all"):
            found, honest = by.get((group, severity), []), by.get(("printed", severity), [])
            cells.append(f"{sum(v >= 1 for v in found):3d}/{len(found):3d} {auc(found, honest):.3f}")
        print(f"  {group:14s} " + " | ".join(cells))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dumps", type=Path, nargs="+")
    parser.add_argument("--held-out", type=Path, nargs="+", default=[])
    parser.add_argument("--alarms", type=float, default=.006, help="share of printed lines that may exceed the limit")
    args = parser.parse_args()
    for field in FIELDS:
        lines = load(args.dumps, field)
        unit = usual(lines)
        rows = np.concatenate([signs(line, unit) for line in lines])
        edited = np.concatenate([line.edited for line in lines]).astype(float)
        rows = np.concatenate([np.ones((len(rows), 1)), rows], 1)
        weights = newton(rows, edited)
        held = load(args.held_out, field)
        printed = sorted(score(line, unit, weights) for line in lines if not line.edited.any())
        limit = printed[min(len(printed) - 1, int(len(printed) * (1 - args.alarms)))]
        print(f"{field}: {len(lines)} lines, {int(edited.sum())} edited digits, limit {limit:.2f} of {len(printed)} printed lines")
        unedited = np.concatenate([signs(line, unit) for line in lines if not line.edited.any()])
        alone = ROOM * np.sqrt(np.expm1(unedited.max(0)))
        for name, values in (("usual", unit), ("weights", weights), ("alone", alone)):
            print(f"  {name}: [" + ", ".join(f"{value:.3g}" for value in values) + "]")
        print("  weights by name: " + ", ".join(f"{n} {w:.2f}" for n, w in zip(MEASURES, weights, strict=True)))
        tell(held or lines, Judge(unit, weights, limit, alone))


if __name__ == "__main__":
    main()
