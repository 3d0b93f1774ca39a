"""Compares synthetic pictures with real ones by the same ruler: medians within 15 %, spreads at least as wide.

Usage: `python match_reality.py [--count N] [--report FILE.md]`. Exit code 1 if any metric fails.
The reference (`synth/reality.toml`) holds aggregates only. Invariant: pictures follow the natural conditions
(`severity=None`) and the template shares of the real set, from seeds used for nothing else.
"""

import argparse
import random
import sys
import tomllib
import warnings
from pathlib import Path

import cv2
import numpy as np

from synth import card, measure, people, world

MEDIAN_TOLERANCE = 0.15
SHARES = {"scan": {"A": 6, "B": 11, "C": 6}, "photo": {"A": 4, "B": 6, "C": 26}}
"""Template shares of the real set, per profile."""
SEED = 6_100_000
MAX_SIDE_PX = 1600


def measured(profile: str, count: int) -> list[measure.Metrics]:
    """Metrics of so many pictures of a profile, each with its template under `template`."""
    rows = []
    for k in range(count):
        rng = random.Random(f"{SEED}-{profile}-{k}")
        template = people.weighted(rng, SHARES[profile])
        printed = card.render(rng, person=people.random_person(rng, template))
        shot = world.photograph(rng, printed, profile, max_side_px=MAX_SIDE_PX)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            rows.append(measure.measure(shot.image, shot.quad) | {"template": template})
    return rows


def compare(name: str, values: list[float], reference: list[float]) -> tuple[bool, str]:
    """One table row: whether the metric passes, and its numbers."""
    low, middle, high = np.percentile([v for v in values if np.isfinite(v)], [10, 50, 90])
    off = middle / reference[1] - 1
    spread = (high - low) / (reference[2] - reference[0])
    passed = abs(off) <= MEDIAN_TOLERANCE and spread >= 1.0
    real, ours = (" / ".join(f"{v:.3g}" for v in row) for row in (reference, (low, middle, high)))
    return passed, f"| {name} | {real} | {ours} | {off:+.0%} | {spread:.2f} | {'pass' if passed else 'FAIL'} |"


def report(count: int) -> tuple[bool, str]:
    """The whole comparison as a Markdown table."""
    with (Path(__file__).parent / "synth" / "reality.toml").open("rb") as handle:
        reference = tomllib.load(handle)
    rows = {profile: measured(profile, count) for profile in SHARES}
    lines = [f"# Synthetic pictures against real ones ({count} per profile)", "",
             "p10 / median / p90 on real and synthetic pictures, deviation of the median, p10-p90 range over the real one.", "",
             "| metric | real | synthetic | median off | spread ratio | |", "|---|---|---|---|---|---|"]
    results = []
    for profile in SHARES:
        results += [compare(f"{profile} {key}", [r[key] for r in rows[profile] if key in r], row) for key, row in reference[profile].items()]
    for template, row in reference["val_wt"].items():
        pool = [r["val_wt"] for shots in rows.values() for r in shots if r["template"] == template and "val_wt" in r]
        results.append(compare(f"stroke/cap {template}", pool, row))
    passed = sum(ok for ok, _ in results)
    lines += [line for _, line in results] + ["", f"{passed} of {len(results)} metrics pass."]
    return passed == len(results), "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    cv2.setNumThreads(1)
    passed, text = report(options.count)
    print(text)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
