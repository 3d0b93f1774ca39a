"""Command: train the crop net from scratch.

Purpose: `python -m faces.train_cropnet --pool build/faces --out build/facecrop --log logs/face-crop.csv --cpu-minutes 15`.
Invariant: resumes from its checkpoint; held-out tiles are only measured.
Deliberately lacks pre-trained weights and photographs of people.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np
import torch

from nets.replay import Replay
from nets.training import Run, add_arguments

from .backdrops import Backdrops
from .cropnet import CropNet, loss_of, split
from .crops import Crop, CropMaker
from .detector import collate
from .pool import Pool

_NEW, _OLD = 20, 44
_CAPACITY = 20_000
_LOG_EVERY, _MEASURE_EVERY = 100, 400
HELD_OUT_SEED = 810_000_000


def area_under_curve(score: np.ndarray, positive: np.ndarray) -> float:
    """Chance that a positive scores above a negative."""
    above = score[positive][:, None] - score[~positive][None]
    return float((above > 0).mean() + 0.5 * (above == 0).mean()) if above.size else float("nan")


@torch.no_grad()
def predict(outputs_of, crops: list[Crop]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points, angles and logits of all crops, one at a time as the product runs."""
    return split(np.concatenate([np.asarray(outputs_of(collate([c.image]))) for c in crops]))


def score(outputs_of, crops: list[Crop]) -> dict[str, float]:
    """Median point error over the distance of the eyes (faces turned by less than 45°), correlations, areas under curves."""
    points, angles, logits = predict(outputs_of, crops)
    truth = np.stack([c.points for c in crops])
    turned, states, weights = np.stack([c.angles for c in crops]), np.stack([c.states for c in crops]), np.stack([c.weights for c in crops])
    front = (np.abs(turned[:, 0]) < 45) & np.array([c.seen > 0 for c in crops])
    apart = np.maximum(np.linalg.norm(truth[:, 0] - truth[:, 1], axis=1), 0.1)
    error = np.linalg.norm(points - truth, axis=2).mean(1) / apart
    out = {"points": float(np.median(error[front])), "yaw": float(np.corrcoef(angles[:, 0], turned[:, 0])[0, 1]), "pitch": float(np.corrcoef(angles[:, 1], turned[:, 1])[0, 1])}
    eyes = (weights[:, :2].min(1) > 0) & ((states[:, :2].max(1) < 0.2) | (states[:, :2].min(1) > 0.8))
    out["eyes"] = area_under_curve(logits[eyes, :2].mean(1), states[eyes, 0] > 0.5)
    for k, name, high in ((2, "mouth", 0.3), (3, "smile", 0.4), (4, "covered", 0.5)):
        use = (weights[:, k] > 0) & ((states[:, k] < 0.1) | (states[:, k] > high))
        out[name] = area_under_curve(logits[use, k], states[use, k] > 0.2)
    return out


def held_out_crops(pool: Path, count: int) -> list[Crop]:
    make = CropMaker(Pool(pool / "heads", True), Pool(pool / "hands", True), Backdrops(pool / "panoramas"))
    return [make(HELD_OUT_SEED + k) for k in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pool", type=Path, required=True)
    add_arguments(parser, lr=3e-3, seed=60)
    args = parser.parse_args()
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    cv2.setNumThreads(1)
    torch.manual_seed(args.seed)
    model = CropNet().to(memory_format=torch.channels_last)
    run = Run(model, args)
    heads = Pool(args.pool / "heads")
    replay = Replay(CropMaker(heads, Pool(args.pool / "hands"), Backdrops(args.pool / "panoramas")), args.seed * 10_000_000, _CAPACITY, run.extra)
    check = held_out_crops(args.pool, 400)
    model.train()
    sums: dict[str, float] = {}
    while run.going():
        crops = replay.draw(run.rng, _NEW, _OLD)
        varied = [np.clip((c.image.astype(np.float32) - 127.5) * run.noise.uniform(0.7, 1.25) + 127.5 + run.noise.uniform(-15, 15), 0, 255) for c in crops]
        stack = lambda name: torch.from_numpy(np.stack([getattr(c, name) for c in crops]))
        with torch.autocast("cpu", torch.bfloat16):
            rows = model(collate(varied))
        loss, terms = loss_of(rows, stack("points"), stack("angles"), stack("states"), stack("weights"), torch.tensor([c.seen for c in crops]))
        run.descend(loss, len(crops))
        sums = {k: sums.get(k, 0.0) + v / _LOG_EVERY for k, v in terms.items()}
        if run.step % _LOG_EVERY == 0:
            result = score(run.averaged(CropNet()), check) if run.step % _MEASURE_EVERY == 0 else {}
            run.log(**sums, tiles=len(heads), held_out=" ".join(f"{k}={v:.3f}" for k, v in result.items()))
            sums = {}
            heads.rescan()
    run.save()
    print("done", run.step, score(run.averaged(CropNet()), check), flush=True)


if __name__ == "__main__":
    main()
