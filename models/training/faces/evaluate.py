"""Command: measure the exported face nets on held-out synthetic people.

Purpose: `python -m faces.evaluate --pool build/faces --models .. [--cards ../cards]` prints tables, by group where the tile's
labels name one, and writes them into the model cards.
Invariant: people, hands and seeds that no training saw; the ONNX files are run one picture at a time, as the product does.
Deliberately lacks photographs of people: what these figures say about them is said in the cards' limits.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from nets.evaluate import _table, _write, runner

from .crops import Crop
from .detector import collate, decode
from .pool import STATES
from .spoofs import SPECIES
from .train_cropnet import area_under_curve, held_out_crops, predict, score as crop_score
from .train_detector import held_out_scenes, score as scene_score
from .train_passive import held_out_captures

_AT = {name: 17 + k for k, name in enumerate(STATES)}
GROUPS: dict[str, Callable[[np.ndarray], bool]] = {
    "all": lambda row: True,
    "light skin": lambda row: row[_AT["tone"]] < 0.35,
    "middle": lambda row: 0.35 <= row[_AT["tone"]] < 0.65,
    "dark skin": lambda row: row[_AT["tone"]] >= 0.65,
    "women": lambda row: row[_AT["female"]] > 0.5,
    "men": lambda row: row[_AT["female"]] < 0.5,
    "hijab": lambda row: row[_AT["hijab"]] > 0.5,
    "peci": lambda row: row[_AT["peci"]] > 0.5,
    "glasses": lambda row: row[_AT["glasses"]] > 0.5,
    "beard or stubble": lambda row: row[_AT["beard"]] > 0.5,
}
_FEWEST = 25


def _percent(value: float) -> str:
    return "-" if np.isnan(value) else f"{100 * value:.1f} %"


def detector_table(run: Callable, pool: Path, count: int) -> str:
    scenes = held_out_scenes(pool, count)
    rows = []
    for least in (0.3, 0.4, 0.5, 0.6, 0.7):
        s = scene_score(run, scenes, least)
        one = [(x, decode(run(collate([x.image]))[0], least)) for x in scenes if len(x.boxes) == 1 and not len(x.ignored) and x.boxes[0][2] - x.boxes[0][0] > 28]
        exactly = float(np.mean([len(faces) == 1 for _, faces in one])) if one else float("nan")
        rows.append([least, _percent(s["found"]), _percent(exactly), _percent(s["false"]), f"{100 * s['points']:.1f} %", f"{s['faces']} / {len(one)} / {s['empty']}"])
    return _table(["score from", "large faces found", "exactly one claimed where one is", "claims on pictures without a face", "point error / eye distance, median", "n faces / single / empty"], rows)


def crop_table(run: Callable, pool: Path, count: int) -> str:
    crops: list[Crop] = held_out_crops(pool, count)
    rows = []
    for name, belongs in GROUPS.items():
        mine = [c for c in crops if belongs(c.labels)]
        if len(mine) >= _FEWEST:
            s = crop_score(run, mine)
            rows.append([name, len(mine), f"{100 * s['points']:.1f} %", *(f"{s[k]:.3f}" for k in ("yaw", "pitch", "eyes", "mouth", "smile", "covered"))])
    logits, states = predict(run, crops)[2], np.stack([c.states for c in crops])
    shut, open_ = logits[states[:, :2].max(1) < 0.2, :2].mean(1), logits[states[:, :2].min(1) > 0.8, :2].mean(1)
    note = f"\n\nEyes: mean logit when shut {shut.mean():.2f}, when open {open_.mean():.2f}; even errors at {_even(open_, shut):.2f}."
    return _table(["held-out crops", "n", "point error / eye distance, median", "yaw r", "pitch r", "eyes open AUC", "mouth AUC", "smile AUC", "covered AUC"], rows) + note


def _even(high: np.ndarray, low: np.ndarray) -> float:
    """The threshold at which both kinds of error are equally frequent."""
    limits = np.unique(np.concatenate([high, low]))
    return float(min(limits, key=lambda t: abs((high < t).mean() - (low >= t).mean())))


def passive_table(run: Callable, pool: Path, count: int) -> str:
    captures = held_out_captures(pool, count)
    logits = np.array([float(np.ravel(run(collate([c.image])))[0]) for c in captures])
    kind, live = np.array([c.species for c in captures]), np.array([c.species == 0 for c in captures])
    limit = float(np.quantile(logits[live], 0.05))
    rows = [[name, int((kind == k).sum()), f"{area_under_curve(logits[live | (kind == k)], live[live | (kind == k)]):.3f}", _percent(float((logits[kind == k] >= limit).mean()))]
            for k, name in enumerate(SPECIES) if k]
    rows.append(["all attacks", int((~live).sum()), f"{area_under_curve(logits, live):.3f}", _percent(float((logits[~live] >= limit).mean()))])
    lost = [f"{name} {_percent(float((logits[m] < limit).mean()))} (n {m.sum()})" for name, belongs in GROUPS.items()
            if (m := live & np.array([belongs(c.labels) for c in captures])).sum() >= _FEWEST]
    note = f"\n\nThreshold {limit:.2f}, set on these {int(live.sum())} live crops to lose 5 % of them. Live ones lost, by group: {'; '.join(lost)}."
    return _table(["attack", "n", "AUC against live", "taken for live at that threshold"], rows) + note


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--cards", type=Path, help="folder of model cards to write the tables into")
    parser.add_argument("--count", type=int, default=600)
    args = parser.parse_args()
    cv2.setNumThreads(1)
    for name, table in (("face-detector", detector_table), ("face-crop", crop_table), ("face-passive", passive_table)):
        file = args.models / f"{name}.onnx"
        if file.exists():
            text = table(runner(file), args.pool, args.count)
            print(f"## {name}\n\n{text}\n", flush=True)
            if args.cards:
                _write(args.cards / f"{name}.md", text)


if __name__ == "__main__":
    main()
